# What every container needs: its image, its log, its metrics and the key.
data "aws_iam_policy_document" "container" {
  for_each = {
    job     = { repository = var.job_repository_arn, log_groups = ["ProcessingJobs", "TrainingJobs"] }
    serving = { repository = var.serving_repository_arn, log_groups = ["Endpoints/${var.name}", "Endpoints/${var.name}-staging"] }
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [each.value.repository]
  }

  # ECR has no resource level for this.
  statement {
    sid       = "LogInToRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid     = "Log"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = flatten([
      for group in each.value.log_groups : [
        "${local.arn_prefixes.logs}:log-group:/aws/sagemaker/${group}",
        "${local.arn_prefixes.logs}:log-group:/aws/sagemaker/${group}:*",
      ]
    ])
  }

  # CloudWatch has no resource level for this.
  statement {
    sid       = "Measure"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringLike"
      variable = "cloudwatch:namespace"
      values   = ["AWS/SageMaker", "/aws/sagemaker/*", "aws/sagemaker/*"]
    }
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }

  # SageMaker encrypts the volumes of instances by grants.
  statement {
    sid       = "GrantKey"
    actions   = ["kms:CreateGrant"]
    resources = [var.key_arn]

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}
