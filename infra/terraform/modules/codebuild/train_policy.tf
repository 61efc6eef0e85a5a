locals {
  pipeline_folders   = [for arn in [var.sagemaker_pipeline_arn, var.monitoring_pipeline_arn] : "sagemaker/${element(split("/", arn), 1)}"]
  model_package_arns = "${replace(var.model_package_group_arn, ":model-package-group/", ":model-package/")}/*"
}

# What `kedro sagemaker run --wait-for-completion` and `kedro sagemaker update` call.
data "aws_iam_policy_document" "train" {
  statement {
    sid = "RunPipeline"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:CreatePipeline",
      "sagemaker:DescribePipeline",
      "sagemaker:StartPipelineExecution",
      "sagemaker:UpdatePipeline",
    ]
    resources = [var.sagemaker_pipeline_arn]
  }

  statement {
    sid = "UpdateMonitoring"
    actions = [
      "sagemaker:AddTags",
      "sagemaker:CreatePipeline",
      "sagemaker:DescribePipeline",
      "sagemaker:UpdatePipeline",
    ]
    resources = [var.monitoring_pipeline_arn]
  }

  statement {
    sid       = "WatchExecutions"
    resources = ["${var.sagemaker_pipeline_arn}/execution/*"]

    actions = [
      "sagemaker:DescribePipelineExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:StopPipelineExecution",
    ]
  }

  statement {
    sid       = "LookAtModels"
    actions   = ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
    resources = [var.model_package_group_arn, local.model_package_arns]
  }

  # It has no resource level.
  statement {
    sid       = "FindModelPackageGroup"
    actions   = ["sagemaker:ListModelPackageGroups"]
    resources = ["*"]
  }

  statement {
    sid       = "GiveJobsTheirRole"
    actions   = ["iam:PassRole"]
    resources = [var.execution_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }

  statement {
    sid       = "ListData"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = concat(["data/*"], [for folder in local.pipeline_folders : "${folder}/*"])
    }
  }

  statement {
    sid       = "ReadData"
    actions   = ["s3:GetObject"]
    resources = [for folder in concat(["data"], local.pipeline_folders) : "${var.data_bucket_arn}/${folder}/*"]
  }

  statement {
    sid       = "UploadDefinition"
    actions   = ["s3:PutObject"]
    resources = [for folder in local.pipeline_folders : "${var.data_bucket_arn}/${folder}/*"]
  }

  statement {
    sid     = "ReadLogsOfJobs"
    actions = ["logs:DescribeLogStreams", "logs:GetLogEvents"]
    resources = [
      for group in ["ProcessingJobs", "TrainingJobs"] :
      "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/sagemaker/${group}:*"
    ]
  }
}
