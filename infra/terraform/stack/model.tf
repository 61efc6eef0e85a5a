# The way of a model: jobs of SageMaker make it, endpoints answer by it.
module "sagemaker" {
  source = "../modules/sagemaker"

  name                   = local.name
  key_arn                = module.kms.key_arn
  data_bucket_arn        = module.s3.data_bucket_arn
  job_repository_arn     = module.ecr.job_repository_arn
  serving_repository_arn = module.ecr.serving_repository_arn
}

module "endpoint" {
  source = "../modules/endpoint"

  name               = local.name
  key_arn            = module.kms.key_arn
  environment        = var.environment
  template           = "${local.delivery}/cloudformation/endpoint.yml"
  endpoint_role_arn  = module.sagemaker.endpoint_role_arn
  data_bucket        = module.s3.data_bucket
  topic_arn          = module.cloudwatch.topic_arn
  staging            = var.staging_endpoint
  production         = var.production_endpoint
  model              = var.model
  log_retention_days = var.log_retention_days
}
