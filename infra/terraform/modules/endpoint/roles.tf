data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["cloudformation.amazonaws.com"]
    }

    # CloudFormation names no source when it takes on the role of a stack; who may pass it the role is what bounds it.
  }
}

resource "aws_iam_role" "cloudformation" {
  name               = "${var.name}-cloudformation"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "cloudformation" {
  name   = "endpoints"
  role   = aws_iam_role.cloudformation.id
  policy = data.aws_iam_policy_document.cloudformation.json
}

# CloudFormation makes up the names of models, configurations and job definitions: tags say which are this environment's.
locals {
  generated_arns = [for type in ["data-quality-job-definition", "endpoint-config", "model"] : "${local.arn_prefix}:${type}/*"]

  named_arns = concat(
    [for deployment in values(local.deployments) : "${local.arn_prefix}:endpoint/${deployment.endpoint}"],
    ["${local.arn_prefix}:monitoring-schedule/${local.deployments.production.endpoint}-data-quality"],
  )

  alarm_arns = [
    for deployment in values(local.deployments) :
    "${replace(local.arn_prefix, ":sagemaker:", ":cloudwatch:")}:alarm:${deployment.stack}-*"
  ]

  tags = { project = "abalone", environment = var.environment }
}

data "aws_iam_policy_document" "cloudformation" {
  statement {
    sid = "Create"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:CreateDataQualityJobDefinition",
      "sagemaker:CreateEndpoint",
      "sagemaker:CreateEndpointConfig",
      "sagemaker:CreateModel",
      "sagemaker:CreateMonitoringSchedule",
    ]
    resources = concat(local.named_arns, local.generated_arns)

    dynamic "condition" {
      for_each = local.tags
      content {
        test     = "StringEquals"
        variable = "aws:RequestTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid = "DeleteGenerated"
    actions = [
      "sagemaker:DeleteDataQualityJobDefinition",
      "sagemaker:DeleteEndpointConfig",
      "sagemaker:DeleteModel",
    ]
    resources = local.generated_arns

    dynamic "condition" {
      for_each = local.tags
      content {
        test     = "StringEquals"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid = "ChangeNamed"
    actions = [
      "sagemaker:DeleteEndpoint",
      "sagemaker:DeleteMonitoringSchedule",
      "sagemaker:StartMonitoringSchedule",
      "sagemaker:StopMonitoringSchedule",
      "sagemaker:UpdateEndpoint",
      "sagemaker:UpdateEndpointWeightsAndCapacities",
      "sagemaker:UpdateMonitoringSchedule",
    ]
    # An update of an endpoint names its new configuration.
    resources = concat(local.named_arns, ["${local.arn_prefix}:endpoint-config/*"])
  }

  statement {
    sid = "Describe"
    actions = [
      "sagemaker:DescribeDataQualityJobDefinition",
      "sagemaker:DescribeEndpoint",
      "sagemaker:DescribeEndpointConfig",
      "sagemaker:DescribeModel",
      "sagemaker:DescribeMonitoringSchedule",
      "sagemaker:ListTags",
    ]
    resources = concat(local.named_arns, local.generated_arns)
  }

  statement {
    sid       = "PassRoles"
    actions   = ["iam:PassRole"]
    resources = concat([var.endpoint_role_arn], var.monitoring_role_arn[*])

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }

  statement {
    sid = "KeepAlarms"
    actions = [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:ListTagsForResource",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
    ]
    resources = local.alarm_arns
  }

  # Alarms are looked at all at once.
  statement {
    sid       = "LookAtAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["${replace(local.arn_prefix, ":sagemaker:", ":cloudwatch:")}:alarm:*"]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:DescribeKey"]
    resources = [var.key_arn]
  }

  # SageMaker encrypts the disks of instances by grants.
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
