resource "aws_iam_role" "execution" {
  name               = local.execution_role_name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "jobs"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

# The pipeline starts jobs and registers models; the jobs read and write the data.
data "aws_iam_policy_document" "execution" {
  source_policy_documents = concat(
    [data.aws_iam_policy_document.container["job"].json],
    data.aws_iam_policy_document.network[*].json,
  )

  # SageMaker names what a pipeline starts so.
  statement {
    sid = "RunJobs"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:CreateProcessingJob",
      "sagemaker:CreateTrainingJob",
      "sagemaker:DescribeProcessingJob",
      "sagemaker:DescribeTrainingJob",
      "sagemaker:StopProcessingJob",
      "sagemaker:StopTrainingJob",
    ]
    resources = [
      "${local.arn_prefixes.sagemaker}:processing-job/pipelines-*",
      "${local.arn_prefixes.sagemaker}:training-job/pipelines-*",
    ]
  }

  statement {
    sid       = "PassItselfToJobs"
    actions   = ["iam:PassRole"]
    resources = [local.execution_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }

  statement {
    sid = "RegisterModels"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:CreateModelPackage",
      "sagemaker:DescribeModelPackage",
      "sagemaker:DescribeModelPackageGroup",
    ]
    resources = [local.model_package_group_arn, "${local.arn_prefixes.sagemaker}:model-package/${var.name}/*"]
  }

  # Registration checks that the service's image is there.
  statement {
    sid       = "FindServingImage"
    actions   = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"]
    resources = [var.serving_repository_arn]
  }

  # Model Monitor's image, which is in an account of SageMaker's in each region.
  statement {
    sid       = "PullMonitorImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = ["${local.aws}:ecr:${data.aws_region.current.name}:*:repository/sagemaker-model-monitor-analyzer"]
  }

  # Each execution is a trial of the experiment that is called as the pipeline; trials are called as executions.
  statement {
    sid = "RecordExperiment"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:AssociateTrialComponent",
      "sagemaker:CreateExperiment",
      "sagemaker:CreateTrial",
      "sagemaker:CreateTrialComponent",
      "sagemaker:DescribeExperiment",
      "sagemaker:DescribeTrial",
      "sagemaker:DescribeTrialComponent",
      "sagemaker:UpdateTrialComponent",
    ]
    resources = [
      "${local.arn_prefixes.sagemaker}:experiment/${var.name}",
      "${local.arn_prefixes.sagemaker}:experiment/${var.name}-monitoring",
      "${local.arn_prefixes.sagemaker}:experiment-trial/*",
      "${local.arn_prefixes.sagemaker}:experiment-trial-component/pipelines-*",
    ]
  }

  statement {
    sid       = "ListData"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [var.data_bucket_arn]
  }

  # A dataset is replaced whole, which deletes what was there.
  statement {
    sid     = "UseData"
    actions = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = [
      "${var.data_bucket_arn}/data/*",
      "${var.data_bucket_arn}/sagemaker/${var.name}/*",
      "${var.data_bucket_arn}/sagemaker/${var.name}-monitoring/*",
    ]
  }

  # CloudWatch has no resource level for this.
  statement {
    sid       = "PublishMonitoring"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Abalone"]
    }
  }

  statement {
    sid       = "AskForRetraining"
    actions   = ["events:PutEvents"]
    resources = ["${local.arn_prefixes.events}:event-bus/default"]

    condition {
      test     = "StringEquals"
      variable = "events:source"
      values   = ["abalone.monitoring"]
    }
  }
}

# Jobs in a network of the account have an interface there.
data "aws_iam_policy_document" "network" {
  count = var.vpc == null ? 0 : 1

  statement {
    sid = "UseInterfaces"
    actions = [
      "ec2:CreateNetworkInterface",
      "ec2:CreateNetworkInterfacePermission",
      "ec2:DeleteNetworkInterface",
      "ec2:DeleteNetworkInterfacePermission",
    ]
    resources = concat(
      ["${local.arn_prefixes.ec2}:network-interface/*"],
      [for id in var.vpc.subnet_ids : "${local.arn_prefixes.ec2}:subnet/${id}"],
      [for id in var.vpc.security_group_ids : "${local.arn_prefixes.ec2}:security-group/${id}"],
    )
  }

  # EC2 has no resource level for these.
  statement {
    sid = "FindNetwork"
    actions = [
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
    ]
    resources = ["*"]
  }
}
