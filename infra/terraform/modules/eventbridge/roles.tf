data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values = [join(":", [
        "arn", data.aws_partition.current.partition, "events", data.aws_region.current.name,
        data.aws_caller_identity.current.account_id, "rule/${var.name}-*",
      ])]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-events"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "this" {
  name   = "targets"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.targets.json
}

data "aws_iam_policy_document" "targets" {
  dynamic "statement" {
    for_each = local.from_codecommit ? [var.pipeline_arn] : []
    content {
      sid       = "StartPipeline"
      actions   = ["codepipeline:StartPipelineExecution"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = var.monitoring_schedule == null ? [] : [var.monitoring_pipeline_arn]
    content {
      sid       = "StartMonitoring"
      actions   = ["sagemaker:StartPipelineExecution"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "AskForRetraining"
    actions   = ["states:StartExecution"]
    resources = [var.retraining_state_machine_arn]
  }

  # The state machine keeps its input encrypted.
  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}
