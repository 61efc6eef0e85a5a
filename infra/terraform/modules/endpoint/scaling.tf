# CloudFormation may let the production endpoint scale, when it does.
data "aws_iam_policy_document" "scaling" {
  count = length(local.scaling_parameters) > 0 ? 1 : 0

  # Application Auto Scaling makes up the ids of its targets.
  statement {
    sid = "ScaleEndpoints"
    actions = [
      "application-autoscaling:DeleteScalingPolicy",
      "application-autoscaling:DeregisterScalableTarget",
      "application-autoscaling:PutScalingPolicy",
      "application-autoscaling:RegisterScalableTarget",
    ]
    resources = ["${replace(local.arn_prefix, ":sagemaker:", ":application-autoscaling:")}:scalable-target/*"]

    condition {
      test     = "StringEquals"
      variable = "application-autoscaling:service-namespace"
      values   = ["sagemaker"]
    }
  }

  # Application Auto Scaling has no resource level for these.
  statement {
    sid = "DescribeScaling"
    actions = [
      "application-autoscaling:DescribeScalableTargets",
      "application-autoscaling:DescribeScalingPolicies",
    ]
    resources = ["*"]
  }

  # Target tracking makes its own alarms.
  statement {
    sid       = "TrackTarget"
    actions   = ["cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms", "cloudwatch:PutMetricAlarm"]
    resources = ["${replace(local.arn_prefix, ":sagemaker:", ":cloudwatch:")}:alarm:TargetTracking-endpoint/${var.name}/*"]
  }

  statement {
    sid       = "MakeScalingRole"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["arn:${data.aws_partition.current.partition}:iam::${local.account_id}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/*"]

    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values   = ["sagemaker.application-autoscaling.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "scaling" {
  count = length(local.scaling_parameters) > 0 ? 1 : 0

  name   = "scaling"
  role   = aws_iam_role.cloudformation.id
  policy = data.aws_iam_policy_document.scaling[0].json
}
