mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan

  mock_resource "aws_codebuild_report_group" {
    defaults = { arn = "arn:aws:codebuild:eu-west-1:123456789012:report-group/mocked" }
  }
}

variables {
  name                    = "abalone-dev"
  environment             = "dev"
  key_arn                 = "arn:aws:kms:eu-west-1:123456789012:key/1"
  artifacts_bucket_arn    = "arn:aws:s3:::abalone-dev-artifacts"
  data_bucket_arn         = "arn:aws:s3:::abalone-dev-data"
  job_repository_arn      = "arn:aws:ecr:eu-west-1:123456789012:repository/abalone-dev-job"
  serving_repository_arn  = "arn:aws:ecr:eu-west-1:123456789012:repository/abalone-dev-serving"
  execution_role_arn      = "arn:aws:iam::123456789012:role/abalone-dev-sagemaker"
  model_package_group_arn = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/abalone-dev"
  sagemaker_pipeline_arn  = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone-dev"
  monitoring_pipeline_arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone-dev-monitoring"
  ingestion_engine        = "pandas"
  parameter_prefix        = "/abalone/dev"
  log_retention_days      = 90
}

run "projects_are_those_of_the_buildspecs" {
  command = plan

  module {
    source = "./modules/codebuild"
  }

  assert {
    condition     = toset(keys(output.project_names)) == toset(["verify", "image", "train", "deploy"])
    error_message = "There are other projects than verify, image, train and deploy."
  }

  assert {
    condition = alltrue([
      for key, project in aws_codebuild_project.this :
      project.source[0].buildspec == "delivery/buildspec/${key}.yml" && project.source[0].type == "CODEPIPELINE"
    ])
    error_message = "A project does not run its buildspec from the pipeline."
  }
}

run "only_image_is_privileged_and_everything_is_encrypted" {
  command = plan

  module {
    source = "./modules/codebuild"
  }

  assert {
    condition = [
      for key, project in aws_codebuild_project.this : key if project.environment[0].privileged_mode
    ] == ["image"]
    error_message = "Another project than image is privileged, or image is not."
  }

  assert {
    condition     = alltrue([for project in aws_codebuild_project.this : project.encryption_key == var.key_arn])
    error_message = "Artifacts are not encrypted with the key."
  }

  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.key_arn && group.retention_in_days == 90
    ])
    error_message = "Logs are not encrypted with the key, or kept for ever."
  }
}

run "terraforms_values_come_from_ssm" {
  command = plan

  module {
    source = "./modules/codebuild"
  }

  assert {
    condition = {
      for variable in aws_codebuild_project.this["train"].environment[0].environment_variable :
      variable.name => join(" ", compact([variable.type, variable.value]))
      } == {
      ABALONE_BUCKET           = "PARAMETER_STORE /abalone/dev/pipeline/bucket"
      ABALONE_ENV              = "dev"
      ABALONE_EXECUTION_ROLE   = "PARAMETER_STORE /abalone/dev/pipeline/execution-role"
      ABALONE_INGESTION_ENGINE = "pandas"
      ABALONE_KMS_KEY          = "PARAMETER_STORE /abalone/dev/pipeline/kms-key"
    }
    error_message = "train does not get what its buildspec needs."
  }

  assert {
    condition = toset(flatten([
      for s in data.aws_iam_policy_document.build["image"].statement : s.resources if s.sid == "ReadParameters"
      ])) == toset([
      "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/pipeline/repository",
      "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/pipeline/serving-repository",
    ])
    error_message = "image may read other parameters than its own."
  }
}

run "each_role_may_do_what_its_project_needs_and_no_more" {
  command = plan

  module {
    source = "./modules/codebuild"
  }

  assert {
    condition = alltrue([
      for key, document in data.aws_iam_policy_document.assume :
      contains(
        flatten(document.statement[0].condition[*].values),
        "arn:aws:codebuild:eu-west-1:123456789012:project/abalone-dev-${key}",
      )
    ])
    error_message = "A role can be assumed for another project."
  }

  assert {
    condition = toset([
      for s in concat(
        data.aws_iam_policy_document.verify.statement,
        data.aws_iam_policy_document.image.statement,
        data.aws_iam_policy_document.train.statement,
        data.aws_iam_policy_document.deploy.statement,
      ) : s.sid if contains(s.resources, "*")
    ]) == toset(["LogIn", "FindModelPackageGroup"])
    error_message = "A statement is for every resource that need not be."
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.deploy.statement : [s.actions, s.resources]
      ] == [
      [toset(["ssm:PutParameter"]), toset(["arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/serving/model"])],
    ]
    error_message = "deploy may do more than write serving/model."
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.train.statement : [tolist(s.resources), flatten(s.condition[*].values)]
      if contains(s.actions, "iam:PassRole")
    ] == [[tolist([var.execution_role_arn]), ["sagemaker.amazonaws.com"]]]
    error_message = "train passes another role, or to another service."
  }

  assert {
    condition = toset(flatten([
      for s in data.aws_iam_policy_document.train.statement : s.resources if contains(s.actions, "s3:PutObject")
    ])) == toset([for folder in ["abalone-dev", "abalone-dev-monitoring"] : "arn:aws:s3:::abalone-dev-data/sagemaker/${folder}/*"])
    error_message = "train writes elsewhere than below its pipelines' folders."
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.train.statement : s.resources if contains(s.actions, "sagemaker:StartPipelineExecution")
    ] == [toset([var.sagemaker_pipeline_arn])]
    error_message = "train starts another pipeline than that of the model."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/codebuild"
  }

  variables {
    environment      = "staging"
    parameter_prefix = "abalone/"
  }

  expect_failures = [var.environment, var.parameter_prefix]
}
