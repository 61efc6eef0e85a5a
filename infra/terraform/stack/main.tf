# What everything else stands on: key, buckets, images, the source of the code, parameters.
module "kms" {
  source = "../modules/kms"

  name                 = local.name
  deletion_window_days = var.key_deletion_window_days
}

module "s3" {
  source = "../modules/s3"

  name          = local.name
  key_arn       = module.kms.key_arn
  force_destroy = var.force_destroy
}

module "ecr" {
  source = "../modules/ecr"

  name         = local.name
  key_arn      = module.kms.key_arn
  force_delete = var.force_destroy
}

module "codecommit" {
  source = "../modules/codecommit"
  count  = local.on_codecommit ? 1 : 0

  name    = local.name
  key_arn = module.kms.key_arn
}

module "codeconnections" {
  source = "../modules/codeconnections"
  count  = local.on_codecommit ? 0 : 1

  name          = local.name
  provider_type = var.source_code.provider
}

module "ssm" {
  source = "../modules/ssm"

  prefix = local.parameter_prefix
  parameters = {
    "pipeline/bucket"              = module.s3.data_bucket
    "pipeline/execution-role"      = module.sagemaker.execution_role_arn
    "pipeline/repository"          = module.ecr.job_repository_url
    "pipeline/serving-repository"  = module.ecr.serving_repository_url
    "pipeline/kms-key"             = module.kms.key_arn
    "pipeline/model-package-group" = module.sagemaker.model_package_group_name
    "pipeline/pipeline-name"       = module.codepipeline.pipeline_name

    # Settings of the service on the hosts; the release adds the model.
    "serving/capture"             = "s3://${module.s3.data_bucket}/data/01_raw/captures"
    "serving/endpoint_name"       = local.name
    "serving/variant_name"        = "hosts"
    "serving/forwarded_allow_ips" = module.network.vpc_cidr
    "serving/monitoring"          = "s3://${module.s3.data_bucket}/data/08_reporting/monitoring.html"
    "serving/metrics_environment" = var.environment

    "thresholds/rmse"            = tostring(var.thresholds.rmse)
    "thresholds/mae"             = tostring(var.thresholds.mae)
    "thresholds/coverage"        = tostring(var.thresholds.coverage)
    "thresholds/latency-p95-ms"  = tostring(var.thresholds.latency_p95_ms)
    "retraining/cool-down-hours" = tostring(var.retraining.cool_down_hours)
    "retraining/new-data-share"  = tostring(var.retraining.new_data_share)
  }
}

module "cloud9" {
  source = "../modules/cloud9"
  count  = var.cloud9_instance_type == null ? 0 : 1

  name          = local.name
  subnet_id     = module.network.host_subnet_ids[0]
  instance_type = var.cloud9_instance_type
}
