# What every machine needs: logs, traces, its key, and the topic that is told of failures.
data "aws_iam_policy_document" "runtime" {
  # Step Functions delivers its logs itself; CloudWatch has no resource level for these.
  statement {
    sid = "DeliverLogs"
    actions = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    resources = ["*"]
  }

  # X-Ray has no resource level for these.
  statement {
    sid = "Trace"
    actions = [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }

  statement {
    sid       = "TellOfFailures"
    actions   = ["sns:Publish"]
    resources = [var.topic_arn]
  }
}

data "aws_iam_policy_document" "etl" {
  source_policy_documents = [data.aws_iam_policy_document.runtime.json]

  statement {
    sid       = "RunJob"
    actions   = ["glue:GetJobRun", "glue:StartJobRun"]
    resources = [var.glue_job_arn]
  }
}

data "aws_iam_policy_document" "system_test" {
  source_policy_documents = [data.aws_iam_policy_document.runtime.json]

  statement {
    sid       = "InvokeFunctions"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.function_arns.evaluate_endpoint, var.function_arns.register_model]
  }

  statement {
    sid       = "ReadThresholds"
    actions   = ["ssm:GetParametersByPath"]
    resources = [for path in ["thresholds", "thresholds/*"] : "${local.arn_prefixes.ssm}:parameter${var.parameter_prefix}/${path}"]
  }
}

data "aws_iam_policy_document" "retraining" {
  source_policy_documents = [data.aws_iam_policy_document.runtime.json]

  statement {
    sid       = "InvokeFunctions"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.function_arns.launch_retraining]
  }
}
