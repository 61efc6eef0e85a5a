data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  parameter_arn_prefix = "arn:${local.partition}:ssm:${local.region}:${local.account}:parameter"

  # What a project may do beyond what all of them may.
  own_policies = {
    verify = data.aws_iam_policy_document.verify.json
    image  = data.aws_iam_policy_document.image.json
    train  = data.aws_iam_policy_document.train.json
    deploy = data.aws_iam_policy_document.deploy.json
  }
}

resource "aws_iam_role" "this" {
  for_each = local.projects

  name               = "${var.name}-codebuild-${each.key}"
  description        = each.value.description
  assume_role_policy = data.aws_iam_policy_document.assume[each.key].json
}

resource "aws_iam_role_policy" "build" {
  for_each = local.projects

  name   = "build"
  role   = aws_iam_role.this[each.key].id
  policy = data.aws_iam_policy_document.build[each.key].json
}

resource "aws_iam_role_policy" "own" {
  for_each = local.projects

  name   = each.key
  role   = aws_iam_role.this[each.key].id
  policy = local.own_policies[each.key]
}

data "aws_iam_policy_document" "assume" {
  for_each = local.projects

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codebuild.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:codebuild:${local.region}:${local.account}:project/${var.name}-${each.key}"]
    }
  }
}

data "aws_iam_policy_document" "build" {
  for_each = local.projects

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
  }

  statement {
    sid       = "HandOnArtifacts"
    actions   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
    resources = ["${var.artifacts_bucket_arn}/${var.name}/*"]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${local.region}.${data.aws_partition.current.dns_suffix}"]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.parameters) > 0 ? ["ReadParameters"] : []

    content {
      sid     = statement.value
      actions = ["ssm:GetParameters"]
      resources = [
        for path in values(each.value.parameters) : "${local.parameter_arn_prefix}${var.parameter_prefix}/${path}"
      ]
    }
  }
}
