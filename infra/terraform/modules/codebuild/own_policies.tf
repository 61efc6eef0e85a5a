data "aws_iam_policy_document" "verify" {
  statement {
    sid       = "WriteReports"
    actions   = ["codebuild:BatchPutTestCases", "codebuild:CreateReport", "codebuild:UpdateReport"]
    resources = [aws_codebuild_report_group.tests.arn]
  }
}

data "aws_iam_policy_document" "image" {
  statement {
    sid = "PushImages"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [var.job_repository_arn, var.serving_repository_arn]
  }

  # It has no resource level.
  statement {
    sid       = "LogIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid       = "NameModel"
    actions   = ["ssm:PutParameter"]
    resources = ["${local.parameter_arn_prefix}${var.parameter_prefix}/serving/model"]
  }
}
