data "aws_iam_policy_document" "codecommit" {
  statement {
    sid = "ReadCodeCommit"
    actions = [
      "codecommit:CancelUploadArchive",
      "codecommit:GetBranch",
      "codecommit:GetCommit",
      "codecommit:GetRepository",
      "codecommit:GetUploadArchiveStatus",
      "codecommit:UploadArchive",
    ]
    resources = var.source_code.repository_arn[*]
  }

  # The repository is encrypted, and its reader has to be allowed what a writer is.
  statement {
    sid = "UseKeyOfRepository"
    actions = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]
    resources = [var.key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["codecommit.${local.region}.${local.dns_suffix}"]
    }
  }
}

data "aws_iam_policy_document" "connection" {
  # CodePipeline still asks for connections by the name that they had before.
  statement {
    sid       = "ReadConnection"
    actions   = ["codeconnections:UseConnection", "codestar-connections:UseConnection"]
    resources = var.source_code.connection_arn[*]
  }
}

data "aws_iam_policy_document" "artifacts" {
  statement {
    sid       = "HandOnArtifacts"
    actions   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
    resources = ["${var.artifacts_bucket_arn}/${var.name}/*"]
  }

  statement {
    sid       = "LookAtBucket"
    actions   = ["s3:GetBucketLocation", "s3:GetBucketVersioning"]
    resources = [var.artifacts_bucket_arn]
  }

  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [for service in ["s3", "sns", "states"] : "${service}.${local.region}.${local.dns_suffix}"]
    }
  }
}

data "aws_iam_policy_document" "actions" {
  statement {
    sid       = "Build"
    actions   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"]
    resources = values(var.project_arns)
  }

  statement {
    sid       = "Prepare"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.launch_etl_function_arn]
  }

  statement {
    sid       = "TestSystem"
    actions   = ["states:DescribeStateMachine", "states:StartExecution"]
    resources = [var.system_test_state_machine_arn]
  }

  statement {
    sid       = "WatchSystemTest"
    actions   = ["states:DescribeExecution"]
    resources = ["${replace(var.system_test_state_machine_arn, ":stateMachine:", ":execution:")}:*"]
  }

  dynamic "statement" {
    for_each = var.require_approval ? ["AskForApproval"] : []

    content {
      sid       = statement.value
      actions   = ["sns:Publish"]
      resources = [var.topic_arn]
    }
  }
}

data "aws_iam_policy_document" "release" {
  statement {
    sid = "MakeStacks"
    actions = [
      "cloudformation:CreateStack",
      "cloudformation:DeleteStack",
      "cloudformation:DescribeStackEvents",
      "cloudformation:DescribeStacks",
      "cloudformation:UpdateStack",
    ]
    resources = local.stack_arns
  }

  statement {
    sid       = "GiveStacksTheirRole"
    actions   = ["iam:PassRole"]
    resources = [var.cloudformation_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["cloudformation.amazonaws.com"]
    }
  }

  statement {
    sid = "DeployRevision"
    actions = [
      "codedeploy:CreateDeployment",
      "codedeploy:GetApplication",
      "codedeploy:GetApplicationRevision",
      "codedeploy:GetDeployment",
      "codedeploy:RegisterApplicationRevision",
    ]
    resources = [var.codedeploy_application_arn, var.codedeploy_deployment_group_arn]
  }

  statement {
    sid       = "ReadDeploymentConfig"
    actions   = ["codedeploy:GetDeploymentConfig"]
    resources = ["arn:${local.partition}:codedeploy:${local.region}:${local.account}:deploymentconfig:*"]
  }
}
