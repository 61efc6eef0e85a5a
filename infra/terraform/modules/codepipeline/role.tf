data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name
  dns_suffix = data.aws_partition.current.dns_suffix

  stack_arns = [
    for stack in [var.staging.stack, var.production.stack] :
    "arn:${local.partition}:cloudformation:${local.region}:${local.account}:stack/${stack}/*"
  ]
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-codepipeline"
  description        = "Stages of the delivery pipeline."
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "this" {
  name   = "codepipeline"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codepipeline.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "this" {
  source_policy_documents = [
    local.from_codecommit ? data.aws_iam_policy_document.codecommit.json : data.aws_iam_policy_document.connection.json,
    data.aws_iam_policy_document.artifacts.json,
    data.aws_iam_policy_document.actions.json,
    data.aws_iam_policy_document.release.json,
  ]
}
