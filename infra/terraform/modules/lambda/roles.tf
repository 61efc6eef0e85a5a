data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.names

  name               = each.value
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name   = "function"
  role   = aws_iam_role.this[each.key].id
  policy = each.value.policy
}

# What every function needs to run: its own log, its trace, its variables, and somewhere to leave what it cannot handle.
data "aws_iam_policy_document" "runtime" {
  for_each = local.names

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.arn_prefixes.logs}:log-group:/aws/lambda/${each.value}:*"]
  }

  # X-Ray has no resource level for these.
  statement {
    sid       = "Trace"
    actions   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    resources = ["*"]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }

  statement {
    sid       = "KeepFailedEvents"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]
  }

  statement {
    sid       = "TellOfFailedEvents"
    actions   = ["sns:Publish"]
    resources = [var.topic_arn]
  }
}

locals {
  arn_prefixes = {
    for service in ["logs", "ssm"] : service => join(":", [
      "arn", data.aws_partition.current.partition, service, data.aws_region.current.name,
      data.aws_caller_identity.current.account_id,
    ])
  }
}
