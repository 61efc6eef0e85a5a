# Resilient: hosts and endpoint instances in two zones, private hosts, releases one at a time after an approval.
provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "abalone"
      environment = "prd"
      managed_by  = "terraform"
    }
  }

  s3_use_path_style = var.emulated
  max_retries       = var.emulated ? 2 : null
}

module "abalone" {
  source = "../../stack"

  environment       = "prd"
  source_code       = var.source_code
  alert_emails      = var.alert_emails
  monthly_limit_usd = var.monthly_limit_usd

  allowed_cidrs   = var.allowed_cidrs
  certificate_arn = var.certificate_arn
  network         = { cidr = "10.30.0.0/16", nat_gateway = true }
  hosts           = { instance_type = "t3.medium", minimum = 2, maximum = 6, deletion_protection = !var.force_destroy }
  deployment      = { config_name = "CodeDeployDefault.OneAtATime" }

  staging_endpoint = { instance_type = "ml.m5.large" }
  production_endpoint = {
    instance_type      = "ml.m5.large"
    minimum_instances  = 2
    maximum_instances  = 4
    deployment         = "ROLLING"
    capture_percentage = 20
  }
  require_approval = true

  etl        = { worker_type = "G.1X", number_of_workers = 4, timeout_minutes = 60 }
  retraining = { schedule = "rate(30 days)", on_new_data = true, cool_down_hours = 24, new_data_share = 0.1 }

  monitoring_schedule = "rate(1 day)"

  log_retention_days       = 365
  key_deletion_window_days = 30
  force_destroy            = var.force_destroy

  emulated = var.emulated
}
