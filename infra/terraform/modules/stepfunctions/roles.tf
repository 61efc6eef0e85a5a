data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  arn_prefixes = {
    for service in ["ssm", "states"] : service => join(":", [
      "arn", data.aws_partition.current.partition, service, data.aws_region.current.name,
      data.aws_caller_identity.current.account_id,
    ])
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.names

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn_prefixes.states}:stateMachine:${each.value}"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.names

  name               = each.value
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}

resource "aws_iam_role_policy" "this" {
  for_each = local.machines

  name   = "states"
  role   = aws_iam_role.this[each.key].id
  policy = each.value.policy
}
