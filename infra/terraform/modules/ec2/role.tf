data "aws_caller_identity" "current" {}

locals {
  arn_prefix = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  # with its slash in front, as in /abalone/dev/serving
  settings_arn = "arn:${data.aws_partition.current.partition}:ssm:${local.arn_prefix}:parameter${var.parameter_path}"
}

resource "aws_iam_role" "host" {
  name               = "${var.name}-host"
  description        = "Hosts of the prediction service."
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_instance_profile" "host" {
  name = "${var.name}-host"
  role = aws_iam_role.host.name
}

resource "aws_iam_role_policy" "host" {
  name   = "host"
  role   = aws_iam_role.host.id
  policy = data.aws_iam_policy_document.host.json
}

# EC2 names no source account when it assumes the role of an instance; iam:PassRole is what bounds who may give it one.
data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "host" {
  statement {
    sid       = "ReadSettings"
    actions   = ["ssm:GetParameter", "ssm:GetParametersByPath"]
    resources = concat([local.settings_arn, "${local.settings_arn}/*"], var.api_key_parameter_arn[*])
  }

  statement {
    sid       = "FindModels"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["data/06_models/*", "sagemaker/*/models/*"]
    }
  }

  statement {
    sid       = "ReadModels"
    actions   = ["s3:GetObject"]
    resources = ["${var.data_bucket_arn}/data/06_models/*", "${var.data_bucket_arn}/sagemaker/*/models/*"]
  }

  statement {
    sid       = "ReadMonitoringReport"
    actions   = ["s3:GetObject"]
    resources = ["${var.data_bucket_arn}/data/08_reporting/monitoring.html"]
  }

  statement {
    sid       = "ReadRevisions"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${var.artifacts_bucket_arn}/${var.name}/*"]
  }

  statement {
    sid       = "WriteCaptures"
    actions   = ["s3:PutObject"]
    resources = ["${var.data_bucket_arn}/data/01_raw/captures/*"]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values = [
        for service in ["s3", "ssm"] :
        "${service}.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"
      ]
    }
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = [var.service_log_group_arn, "${var.service_log_group_arn}:*"]
  }

  # In the place of AmazonSSMManagedInstanceCore, which may read every parameter of the account.
  statement {
    sid       = "RegisterWithSessionManager"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = ["arn:${data.aws_partition.current.partition}:ec2:${local.arn_prefix}:instance/*"]
  }

  # These have no resource level.
  statement {
    sid = "OpenSessions"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }
}
