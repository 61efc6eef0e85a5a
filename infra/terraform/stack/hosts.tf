# The prediction service on hosts of its own, behind a load balancer.
module "network" {
  source = "../modules/network"

  name               = local.name
  cidr               = var.network.cidr
  nat_gateway        = var.network.nat_gateway
  key_arn            = module.kms.key_arn
  log_retention_days = var.log_retention_days
}

module "ec2" {
  source = "../modules/ec2"

  name                     = local.name
  vpc_id                   = module.network.vpc_id
  load_balancer_subnet_ids = module.network.public_subnet_ids
  host_subnet_ids          = module.network.host_subnet_ids
  instance_type            = var.hosts.instance_type
  minimum_hosts            = var.hosts.minimum
  maximum_hosts            = var.hosts.maximum
  deletion_protection      = var.hosts.deletion_protection
  certificate_arn          = var.certificate_arn
  allowed_cidrs            = var.allowed_cidrs
  key_arn                  = module.kms.key_arn
  data_bucket_arn          = module.s3.data_bucket_arn
  artifacts_bucket_arn     = module.s3.artifacts_bucket_arn
  logs_bucket              = module.s3.logs_bucket
  parameter_path           = "${local.parameter_prefix}/serving"
  service_log_group_name   = module.cloudwatch.service_log_group_name
  service_log_group_arn    = module.cloudwatch.service_log_group_arn
  emulated                 = var.emulated
}

module "codedeploy" {
  source = "../modules/codedeploy"

  name                   = local.name
  key_arn                = module.kms.key_arn
  autoscaling_group_name = module.ec2.autoscaling_group_name
  target_group_name      = module.ec2.target_group_name
  alarm_names            = module.cloudwatch.rollback_alarm_names
  deployment_config_name = var.deployment.config_name
  blue_green             = var.deployment.blue_green
  topic_arn              = module.cloudwatch.topic_arn
}
