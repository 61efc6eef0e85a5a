# Small and cheap: one host, one endpoint instance, no approval, nothing protected from a destroy.
provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "abalone"
      environment = "dev"
      managed_by  = "terraform"
    }
  }

  s3_use_path_style = var.emulated
  max_retries       = var.emulated ? 2 : null
}

module "abalone" {
  source = "../../stack"

  environment       = "dev"
  source_code       = var.source_code
  alert_emails      = var.alert_emails
  monthly_limit_usd = var.monthly_limit_usd

  allowed_cidrs   = var.allowed_cidrs
  certificate_arn = var.certificate_arn
  network         = { cidr = "10.20.0.0/16", nat_gateway = false }
  hosts           = { instance_type = "t3.small", minimum = 1, maximum = 1, deletion_protection = false }
  deployment      = { config_name = "CodeDeployDefault.AllAtOnce" }

  staging_endpoint    = { instance_type = "ml.t2.medium" }
  production_endpoint = { instance_type = "ml.t2.medium", capture_percentage = 100 }
  require_approval    = false

  etl        = { worker_type = "G.1X", number_of_workers = 2, timeout_minutes = 30 }
  retraining = { on_new_data = true, cool_down_hours = 1 }

  log_retention_days       = 30
  key_deletion_window_days = 7
  force_destroy            = var.force_destroy

  emulated = var.emulated
}
