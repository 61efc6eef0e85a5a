data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  logs_arn_prefix = join(":", [
    "arn", data.aws_partition.current.partition, "logs", data.aws_region.current.name,
    data.aws_caller_identity.current.account_id,
  ])
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = local.role_name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "this" {
  name   = "job"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.job.json
}

data "aws_iam_policy_document" "job" {
  statement {
    sid       = "ListBuckets"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [var.data_bucket_arn, var.artifacts_bucket_arn]
  }

  statement {
    sid       = "ReadPackage"
    actions   = ["s3:GetObject"]
    resources = ["${var.artifacts_bucket_arn}/${local.prefix}/*"]
  }

  statement {
    sid       = "UseTemporaryFolder"
    actions   = ["s3:DeleteObject", "s3:PutObject"]
    resources = ["${var.artifacts_bucket_arn}/${local.prefix}/temporary/*"]
  }

  statement {
    sid       = "ReadBatches"
    actions   = ["s3:GetObject"]
    resources = ["${var.data_bucket_arn}/data/01_raw/*"]
  }

  # A dataset is replaced whole, which deletes what was there.
  statement {
    sid     = "WriteTables"
    actions = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = [
      for layer in ["02_intermediate", "03_primary", "05_model_input", "08_reporting"] :
      "${var.data_bucket_arn}/data/${layer}/*"
    ]
  }

  # Glue has no resource level for this.
  statement {
    sid       = "ReadSecurityConfiguration"
    actions   = ["glue:GetSecurityConfiguration"]
    resources = ["*"]
  }

  statement {
    sid     = "Log"
    actions = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = flatten([
      for name in values(local.log_groups) :
      ["${local.logs_arn_prefix}:log-group:${name}", "${local.logs_arn_prefix}:log-group:${name}:*"]
    ])
  }

  # CloudWatch has no resource level for this; the job's own figures are in one namespace, Glue's in the other.
  statement {
    sid       = "Measure"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Abalone", "Glue"]
    }
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}
