locals {
  # The keys are those of delivery/buildspec/, of the roles' own permissions and of the outputs. `parameters` are read
  # from SSM: they are Terraform's values, and what the pipeline makes comes with each action.
  projects = {
    verify = {
      description     = "Lints and tests the commit, and builds its wheel."
      compute_type    = "BUILD_GENERAL1_MEDIUM"
      timeout_minutes = 60
      privileged      = false
      parameters      = {}
      variables       = {}
    }
    image = {
      description     = "Builds the images of the commit, and pushes them."
      compute_type    = "BUILD_GENERAL1_SMALL"
      timeout_minutes = 45
      # Docker's daemon needs it.
      privileged = true
      parameters = {
        ABALONE_REPOSITORY         = "pipeline/repository"
        ABALONE_SERVING_REPOSITORY = "pipeline/serving-repository"
      }
      variables = {}
    }
    train = {
      description     = "Runs the pipeline of SageMaker, and waits for it."
      compute_type    = "BUILD_GENERAL1_SMALL"
      timeout_minutes = 240
      privileged      = false
      parameters = {
        ABALONE_BUCKET         = "pipeline/bucket"
        ABALONE_EXECUTION_ROLE = "pipeline/execution-role"
        ABALONE_KMS_KEY        = "pipeline/kms-key"
      }
      variables = {
        ABALONE_ENV              = var.environment
        ABALONE_INGESTION_ENGINE = var.ingestion_engine
      }
    }
    deploy = {
      description     = "Makes the revision for the hosts, and names the model that they serve."
      compute_type    = "BUILD_GENERAL1_SMALL"
      timeout_minutes = 30
      privileged      = false
      parameters      = {}
      variables       = { ABALONE_PARAMETER_PREFIX = var.parameter_prefix }
    }
  }
}

resource "aws_codebuild_project" "this" {
  for_each = local.projects

  name           = "${var.name}-${each.key}"
  description    = each.value.description
  service_role   = aws_iam_role.this[each.key].arn
  build_timeout  = each.value.timeout_minutes
  encryption_key = var.key_arn

  source {
    type      = "CODEPIPELINE"
    buildspec = "delivery/buildspec/${each.key}.yml"
  }

  artifacts {
    type = "CODEPIPELINE"
  }

  environment {
    type            = "LINUX_CONTAINER"
    image           = var.image
    compute_type    = each.value.compute_type
    privileged_mode = each.value.privileged

    dynamic "environment_variable" {
      for_each = each.value.variables

      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }

    dynamic "environment_variable" {
      for_each = each.value.parameters

      content {
        type  = "PARAMETER_STORE"
        name  = environment_variable.key
        value = "${var.parameter_prefix}/${environment_variable.value}"
      }
    }
  }

  logs_config {
    cloudwatch_logs {
      group_name = aws_cloudwatch_log_group.this[each.key].name
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.projects

  name              = "/aws/codebuild/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

# CodeBuild finds it by its name: that of the project, and the key in the buildspec's `reports`.
resource "aws_codebuild_report_group" "tests" {
  name           = "${var.name}-verify-tests"
  type           = "TEST"
  delete_reports = true

  export_config {
    type = "NO_EXPORT"
  }
}
