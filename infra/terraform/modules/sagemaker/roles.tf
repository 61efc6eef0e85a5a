data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  aws     = "arn:${data.aws_partition.current.partition}"
  account = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"

  arn_prefixes = {
    cloudwatch = "${local.aws}:cloudwatch:${local.account}"
    ec2        = "${local.aws}:ec2:${local.account}"
    events     = "${local.aws}:events:${local.account}"
    iam        = "${local.aws}:iam::${data.aws_caller_identity.current.account_id}"
    logs       = "${local.aws}:logs:${local.account}"
    sagemaker  = "${local.aws}:sagemaker:${local.account}"
  }

  execution_role_name     = "${var.name}-sagemaker"
  execution_role_arn      = "${local.arn_prefixes.iam}:role/${local.execution_role_name}"
  model_package_group_arn = "${local.arn_prefixes.sagemaker}:model-package-group/${var.name}"

  # as conf/<env>/sagemaker.yml calls them
  pipeline_arn            = "${local.arn_prefixes.sagemaker}:pipeline/${var.name}"
  monitoring_pipeline_arn = "${local.arn_prefixes.sagemaker}:pipeline/${var.name}-monitoring"
}

# SageMaker acts only for what is in this account.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn_prefixes.sagemaker}:*"]
    }
  }
}
