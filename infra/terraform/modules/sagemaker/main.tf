resource "aws_sagemaker_model_package_group" "this" {
  model_package_group_name        = var.name
  model_package_group_description = "Models of ${var.name}: registered by its pipeline, approved by its system test."
}

resource "aws_sagemaker_model_package_group_policy" "this" {
  model_package_group_name = aws_sagemaker_model_package_group.this.model_package_group_name
  resource_policy          = data.aws_iam_policy_document.group.json
}

# Roles of this account and environment only.
data "aws_iam_policy_document" "group" {
  statement {
    sid = "UseModels"
    actions = [
      "sagemaker:CreateModelPackage",
      "sagemaker:DescribeModelPackage",
      "sagemaker:DescribeModelPackageGroup",
      "sagemaker:ListModelPackages",
      "sagemaker:UpdateModelPackage",
    ]
    resources = [local.model_package_group_arn, "${local.arn_prefixes.sagemaker}:model-package/${var.name}/*"]

    principals {
      type        = "AWS"
      identifiers = ["${local.arn_prefixes.iam}:root"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = ["${local.arn_prefixes.iam}:role/${var.name}-*"]
    }
  }
}
