# What tells people how all of it does, and what it costs.
module "cloudwatch" {
  source = "../modules/cloudwatch"

  name                     = local.name
  environment              = var.environment
  key_arn                  = module.kms.key_arn
  alert_emails             = var.alert_emails
  load_balancer_arn_suffix = module.ec2.load_balancer_arn_suffix
  target_group_arn_suffix  = module.ec2.target_group_arn_suffix
  autoscaling_group_name   = module.ec2.autoscaling_group_name
  production_endpoint_name = module.endpoint.production.endpoint
  pipeline_name            = local.pipeline_name
  state_machine_arns       = module.stepfunctions.state_machine_arns
  function_names           = module.lambda.function_names
  dead_letter_queue_names  = { events = module.eventbridge.dead_letter_queue_name, functions = module.lambda.dead_letter_queue_name }
  sagemaker_pipeline_arns  = [module.sagemaker.pipeline_arn, module.sagemaker.monitoring_pipeline_arn]
  monitoring_is_scheduled  = var.monitoring_schedule != null
  data_bucket              = module.s3.data_bucket
  log_retention_days       = var.log_retention_days
  monthly_limit_usd        = var.monthly_limit_usd
  limits                   = var.alarm_limits
}

module "budgets" {
  source = "../modules/budgets"

  name              = local.name
  monthly_limit_usd = var.monthly_limit_usd
  alert_emails      = var.alert_emails
  topic_arn         = module.cloudwatch.topic_arn
}
