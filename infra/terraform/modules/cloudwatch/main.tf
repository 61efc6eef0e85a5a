data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.name
  partition = data.aws_partition.current.partition
}

resource "aws_cloudwatch_log_group" "service" {
  name              = "/abalone/${var.name}/service"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}
