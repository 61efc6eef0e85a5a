# The delivery pipeline, from a commit or a batch to what answers in production.
module "codebuild" {
  source = "../modules/codebuild"

  name                    = local.name
  environment             = var.environment
  key_arn                 = module.kms.key_arn
  artifacts_bucket_arn    = module.s3.artifacts_bucket_arn
  data_bucket_arn         = module.s3.data_bucket_arn
  job_repository_arn      = module.ecr.job_repository_arn
  serving_repository_arn  = module.ecr.serving_repository_arn
  execution_role_arn      = module.sagemaker.execution_role_arn
  model_package_group_arn = module.sagemaker.model_package_group_arn
  sagemaker_pipeline_arn  = module.sagemaker.pipeline_arn
  monitoring_pipeline_arn = module.sagemaker.monitoring_pipeline_arn
  ingestion_engine        = var.ingestion_engine
  parameter_prefix        = local.parameter_prefix
  log_retention_days      = var.log_retention_days
}

module "codepipeline" {
  source = "../modules/codepipeline"

  name                             = local.pipeline_name
  key_arn                          = module.kms.key_arn
  artifacts_bucket                 = module.s3.artifacts_bucket
  artifacts_bucket_arn             = module.s3.artifacts_bucket_arn
  source_code                      = local.source_code
  project_names                    = module.codebuild.project_names
  project_arns                     = module.codebuild.project_arns
  launch_etl_function_name         = module.lambda.function_names["launch_etl"]
  launch_etl_function_arn          = module.lambda.function_arns["launch_etl"]
  system_test_state_machine_arn    = module.stepfunctions.state_machine_arns["system_test"]
  cloudformation_role_arn          = module.endpoint.cloudformation_role_arn
  staging                          = module.endpoint.staging
  production                       = module.endpoint.production
  codedeploy_application_name      = module.codedeploy.application_name
  codedeploy_application_arn       = module.codedeploy.application_arn
  codedeploy_deployment_group_name = module.codedeploy.deployment_group_name
  codedeploy_deployment_group_arn  = module.codedeploy.deployment_group_arn
  require_approval                 = var.require_approval
  topic_arn                        = module.cloudwatch.topic_arn
}
