# What each function calls, beyond what every function needs to run (roles.tf).

data "aws_iam_policy_document" "launch_etl" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["launch_etl"].json]

  statement {
    sid       = "StartEtl"
    actions   = ["states:StartExecution"]
    resources = [var.etl_state_machine_arn]
  }

  statement {
    sid       = "FollowEtl"
    actions   = ["states:DescribeExecution"]
    resources = ["${replace(var.etl_state_machine_arn, ":stateMachine:", ":execution:")}:*"]
  }

  # CodePipeline has no resource level for these; a job can only be answered by whom it was given to.
  statement {
    sid       = "AnswerPipeline"
    actions   = ["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "evaluate_endpoint" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["evaluate_endpoint"].json]

  statement {
    sid       = "AskEndpoint"
    actions   = ["sagemaker:InvokeEndpoint"]
    resources = var.endpoint_arns
  }

  statement {
    sid       = "ReadHeldOutRows"
    actions   = ["s3:GetObject"]
    resources = ["${var.data_bucket_arn}/data/05_model_input/held_out.csv"]
  }

  # Without it S3 says that a missing object is forbidden.
  statement {
    sid       = "TellMissingFromForbidden"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]
  }

  statement {
    sid       = "WriteReports"
    actions   = ["s3:PutObject"]
    resources = ["${var.data_bucket_arn}/data/08_reporting/system_test/*"]
  }
}

data "aws_iam_policy_document" "register_model" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["register_model"].json]

  statement {
    sid       = "DecideOnModels"
    actions   = ["sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"]
    resources = ["${replace(var.model_package_group_arn, ":model-package-group/", ":model-package/")}/*"]
  }
}

data "aws_iam_policy_document" "launch_retraining" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["launch_retraining"].json]

  statement {
    sid       = "StartPipeline"
    actions   = ["codepipeline:ListPipelineExecutions", "codepipeline:StartPipelineExecution"]
    resources = [var.pipeline_arn]
  }

  statement {
    sid       = "KeepClaim"
    actions   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    resources = ["${var.data_bucket_arn}/state/retraining/*"]
  }

  # It measures the landing zone; and without it S3 says that a missing object is forbidden.
  statement {
    sid       = "ListData"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]
  }

  statement {
    sid       = "ReadLimits"
    actions   = ["ssm:GetParameter"]
    resources = [for name in ["cool-down-hours", "new-data-share"] : "${local.arn_prefixes.ssm}:parameter${var.parameter_prefix}/retraining/${name}"]
  }
}
