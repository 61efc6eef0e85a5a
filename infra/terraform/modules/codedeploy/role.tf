data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  deployment_group_name = "${var.name}-service"

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  autoscaling_group_arn = join(":", [
    "arn", local.partition, "autoscaling", local.region, local.account,
    "autoScalingGroup:*:autoScalingGroupName/${var.autoscaling_group_name}",
  ])
  target_group_arn = join(":", [
    "arn", local.partition, "elasticloadbalancing", local.region, local.account,
    "targetgroup/${var.target_group_name}/*",
  ])
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-codedeploy"
  description        = "Deployments to the hosts of the prediction service."
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "this" {
  name   = "codedeploy"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codedeploy.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values = [join(":", [
        "arn", local.partition, "codedeploy", local.region, local.account,
        "deploymentgroup:${var.name}/${local.deployment_group_name}",
      ])]
    }
  }
}

# In the place of AWSCodeDeployRole, which may change every Auto Scaling group and load balancer of the account.
data "aws_iam_policy_document" "this" {
  statement {
    sid = "HoldNewHosts"
    actions = [
      "autoscaling:CompleteLifecycleAction",
      "autoscaling:DeleteLifecycleHook",
      "autoscaling:PutLifecycleHook",
      "autoscaling:RecordLifecycleActionHeartbeat",
      "autoscaling:ResumeProcesses",
      "autoscaling:SuspendProcesses",
    ]
    resources = [local.autoscaling_group_arn]
  }

  statement {
    sid       = "ControlTraffic"
    actions   = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]
    resources = [local.target_group_arn]
  }

  statement {
    sid       = "LookAtAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:*"]
  }

  # These have no resource level.
  statement {
    sid = "LookAtHosts"
    actions = [
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeLifecycleHooks",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceStatus",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "Notify"
    actions   = ["sns:Publish"]
    resources = [var.topic_arn]
  }

  statement {
    sid       = "EncryptNotifications"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sns.${local.region}.${data.aws_partition.current.dns_suffix}"]
    }
  }
}
