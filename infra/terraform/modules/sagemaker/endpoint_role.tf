resource "aws_iam_role" "endpoint" {
  name               = "${var.name}-endpoint"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "endpoint" {
  name   = "endpoint"
  role   = aws_iam_role.endpoint.id
  policy = data.aws_iam_policy_document.endpoint.json
}

# An endpoint reads its model and image, and writes captures.
data "aws_iam_policy_document" "endpoint" {
  source_policy_documents = [data.aws_iam_policy_document.container["serving"].json]

  statement {
    sid       = "ReadModels"
    actions   = ["s3:GetObject"]
    resources = ["${var.data_bucket_arn}/sagemaker/${var.name}/models/*"]
  }

  statement {
    sid       = "ListModels"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["sagemaker/${var.name}/models/*"]
    }
  }

  # An update of the endpoint is undone when one of them goes off.
  statement {
    sid       = "LookAtRollbackAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["${local.arn_prefixes.cloudwatch}:alarm:*"]
  }

  statement {
    sid       = "WriteCaptures"
    actions   = ["s3:PutObject"]
    resources = ["${var.data_bucket_arn}/data/01_raw/captures/*"]
  }
}
