# The way of a batch: it lands, the ETL prepares it, and retraining is thought about.
module "glue" {
  source = "../modules/glue"

  name                 = local.name
  environment          = var.environment
  key_arn              = module.kms.key_arn
  data_bucket          = module.s3.data_bucket
  data_bucket_arn      = module.s3.data_bucket_arn
  artifacts_bucket     = module.s3.artifacts_bucket
  artifacts_bucket_arn = module.s3.artifacts_bucket_arn
  package_directory    = "${local.build}/glue"
  worker_type          = var.etl.worker_type
  number_of_workers    = var.etl.number_of_workers
  timeout_minutes      = var.etl.timeout_minutes
  log_retention_days   = var.log_retention_days
}

module "lambda" {
  source = "../modules/lambda"

  name                     = local.name
  key_arn                  = module.kms.key_arn
  package                  = "${local.build}/lambdas.zip"
  data_bucket              = module.s3.data_bucket
  data_bucket_arn          = module.s3.data_bucket_arn
  parameter_prefix         = local.parameter_prefix
  pipeline_name            = local.pipeline_name
  pipeline_arn             = local.pipeline_arn
  etl_state_machine_arn    = local.etl_state_machine_arn
  model_package_group_name = module.sagemaker.model_package_group_name
  model_package_group_arn  = module.sagemaker.model_package_group_arn
  endpoint_arns            = module.endpoint.endpoint_arns
  topic_arn                = module.cloudwatch.topic_arn
  log_retention_days       = var.log_retention_days
  emulated                 = var.emulated
}

module "stepfunctions" {
  source = "../modules/stepfunctions"

  name                  = local.name
  key_arn               = module.kms.key_arn
  definitions_directory = "${local.delivery}/state_machines"
  glue_job_name         = module.glue.job_name
  glue_job_arn          = module.glue.job_arn
  function_arns         = module.lambda.function_arns
  topic_arn             = module.cloudwatch.topic_arn
  parameter_prefix      = local.parameter_prefix
  log_retention_days    = var.log_retention_days
  emulated              = var.emulated
}

module "eventbridge" {
  source = "../modules/eventbridge"

  name                         = local.name
  key_arn                      = module.kms.key_arn
  data_bucket                  = module.s3.data_bucket
  source_code                  = local.source_code
  pipeline_arn                 = module.codepipeline.pipeline_arn
  launch_etl_function_name     = module.lambda.function_names["launch_etl"]
  launch_etl_function_arn      = module.lambda.function_arns["launch_etl"]
  retraining_state_machine_arn = module.stepfunctions.state_machine_arns["retraining"]
  monitoring_pipeline_arn      = module.sagemaker.monitoring_pipeline_arn
  monitoring_schedule          = var.monitoring_schedule
  retraining_schedule          = var.retraining.schedule
  retraining_on_new_data       = var.retraining.on_new_data
}
