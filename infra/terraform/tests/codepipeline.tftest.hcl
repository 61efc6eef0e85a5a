mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                 = "abalone-dev"
  key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/1"
  artifacts_bucket     = "abalone-dev-artifacts"
  artifacts_bucket_arn = "arn:aws:s3:::abalone-dev-artifacts"
  source_code = {
    type           = "codecommit"
    repository     = "abalone-dev"
    repository_arn = "arn:aws:codecommit:eu-west-1:123456789012:abalone-dev"
    branch         = "main"
  }
  project_names = {
    verify = "abalone-dev-verify"
    image  = "abalone-dev-image"
    train  = "abalone-dev-train"
    deploy = "abalone-dev-deploy"
  }
  project_arns = {
    verify = "arn:aws:codebuild:eu-west-1:123456789012:project/abalone-dev-verify"
    image  = "arn:aws:codebuild:eu-west-1:123456789012:project/abalone-dev-image"
    train  = "arn:aws:codebuild:eu-west-1:123456789012:project/abalone-dev-train"
    deploy = "arn:aws:codebuild:eu-west-1:123456789012:project/abalone-dev-deploy"
  }
  launch_etl_function_name      = "abalone-dev-launch-etl"
  launch_etl_function_arn       = "arn:aws:lambda:eu-west-1:123456789012:function:abalone-dev-launch-etl"
  system_test_state_machine_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:abalone-dev-system-test"
  cloudformation_role_arn       = "arn:aws:iam::123456789012:role/abalone-dev-cloudformation"
  staging                       = { stack = "abalone-dev-staging", endpoint = "abalone-dev-staging" }
  production = {
    stack      = "abalone-dev-production"
    endpoint   = "abalone-dev"
    parameters = { InitialInstanceCount = "2" }
  }
  codedeploy_application_name      = "abalone-dev"
  codedeploy_application_arn       = "arn:aws:codedeploy:eu-west-1:123456789012:application:abalone-dev"
  codedeploy_deployment_group_name = "abalone-dev-service"
  codedeploy_deployment_group_arn = join(":", [
    "arn:aws:codedeploy:eu-west-1:123456789012:deploymentgroup", "abalone-dev/abalone-dev-service",
  ])
  require_approval = true
  topic_arn        = "arn:aws:sns:eu-west-1:123456789012:abalone-dev"
}

run "stages_are_in_order_and_a_failed_release_is_rolled_back" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  assert {
    condition = aws_codepipeline.this.stage[*].name == tolist([
      "Source", "Verify", "Prepare", "Train", "Stage", "SystemTest", "Approve", "Release",
    ])
    error_message = "The stages are others, or in another order."
  }

  assert {
    condition     = aws_codepipeline.this.stage[1].action[*].name == tolist(["Verify", "Image"])
    error_message = "The commit is not verified, or has no images."
  }

  assert {
    condition = [for action in aws_codepipeline.this.stage[7].action : "${action.run_order} ${action.name}"] == [
      "1 Endpoint", "2 Revision", "3 Hosts",
    ]
    error_message = "Hosts do not follow the endpoint."
  }

  assert {
    condition = [
      for stage in aws_codepipeline.this.stage : stage.name if length(stage.on_failure) > 0
    ] == ["Release"]
    error_message = "Another stage than Release is rolled back, or Release is not."
  }

  assert {
    condition     = aws_codepipeline.this.stage[7].on_failure[0].result == "ROLLBACK"
    error_message = "A failed release stays."
  }
}

run "approval_is_a_switch" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  variables {
    require_approval = false
  }

  assert {
    condition     = !contains(aws_codepipeline.this.stage[*].name, "Approve")
    error_message = "Somebody has to approve."
  }

  assert {
    condition = !contains(flatten([
      for s in data.aws_iam_policy_document.actions.statement : tolist(s.actions)
    ]), "sns:Publish")
    error_message = "The role may notify of approvals that are not asked for."
  }
}

run "pipeline_is_of_version_2_and_encrypted" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  assert {
    condition     = aws_codepipeline.this.pipeline_type == "V2" && aws_codepipeline.this.execution_mode == "SUPERSEDED"
    error_message = "The pipeline is not of version 2, or executions run side by side."
  }

  assert {
    condition = [
      for store in aws_codepipeline.this.artifact_store :
      [store.location, store.encryption_key[0].id, store.encryption_key[0].type]
    ] == [["abalone-dev-artifacts", var.key_arn, "KMS"]]
    error_message = "Artifacts are not encrypted with the key."
  }
}

run "stages_hand_on_what_they_made_from_an_unpolled_source" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  assert {
    condition = {
      for variable in jsondecode(aws_codepipeline.this.stage[3].action[0].configuration.EnvironmentVariables) :
      variable.name => variable.value
      } == {
      ABALONE_IMAGE         = "#{Image.ABALONE_IMAGE}"
      ABALONE_SERVING_IMAGE = "#{Image.ABALONE_SERVING_IMAGE}"
    }
    error_message = "Training does not run the images of the commit."
  }

  assert {
    condition = jsondecode(aws_codepipeline.this.stage[5].action[0].configuration.Input) == {
      endpoint_name     = "abalone-dev-staging"
      model_package_arn = "#{Train.MODEL_PACKAGE_ARN}"
    }
    error_message = "The system test is not of the staging endpoint and the trained model."
  }

  assert {
    condition = jsondecode(aws_codepipeline.this.stage[7].action[0].configuration.ParameterOverrides) == {
      EndpointName         = "abalone-dev"
      Image                = "#{Image.ABALONE_SERVING_IMAGE}"
      InitialInstanceCount = "2"
      ModelDataUrl         = "#{Train.MODEL_DATA_URL}"
    }
    error_message = "The production endpoint does not get the tested model."
  }

  assert {
    condition     = aws_codepipeline.this.stage[7].action[2].input_artifacts == tolist(["Revision"])
    error_message = "CodeDeploy does not get the revision."
  }

  assert {
    condition = aws_codepipeline.this.stage[0].action[0].configuration == tomap({
      BranchName = "main", PollForSourceChanges = "false", RepositoryName = "abalone-dev"
    })
    error_message = "CodeCommit is polled, or another branch is built."
  }
}

run "code_comes_through_a_connection" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  variables {
    source_code = {
      type           = "codeconnections"
      repository     = "owner/abalone"
      branch         = "main"
      connection_arn = "arn:aws:codeconnections:eu-west-1:123456789012:connection/1"
    }
  }

  assert {
    condition     = aws_codepipeline.this.stage[0].action[0].provider == "CodeStarSourceConnection"
    error_message = "The source is no connection."
  }

  assert {
    condition     = aws_codepipeline.this.stage[0].action[0].configuration.FullRepositoryId == "owner/abalone"
    error_message = "The source is another repository."
  }
}

run "role_may_do_no_more_than_the_stages_need" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  assert {
    condition = length([
      for s in concat(
        data.aws_iam_policy_document.codecommit.statement,
        data.aws_iam_policy_document.artifacts.statement,
        data.aws_iam_policy_document.actions.statement,
        data.aws_iam_policy_document.release.statement,
      ) : s.sid if contains(s.resources, "*")
    ]) == 0
    error_message = "A statement is for every resource."
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.release.statement : [tolist(s.resources), flatten(s.condition[*].values)]
      if contains(s.actions, "iam:PassRole")
    ] == [[tolist([var.cloudformation_role_arn]), ["cloudformation.amazonaws.com"]]]
    error_message = "The pipeline passes another role, or to another service."
  }

  assert {
    condition = contains(
      data.aws_iam_policy_document.assume.statement[0].condition[*].variable, "aws:SourceAccount"
    )
    error_message = "Others may have CodePipeline assume the role."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  variables {
    name           = "a-name-that-is-far-too-long"
    execution_mode = "PARALLEL"
    source_code    = { type = "github", repository = "abalone", branch = "main" }
  }

  expect_failures = [var.name, var.execution_mode, var.source_code]
}

run "codecommit_needs_the_repositorys_arn" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  variables {
    source_code = { type = "codecommit", repository = "abalone", branch = "main" }
  }

  expect_failures = [var.source_code]
}

run "connection_needs_an_owner" {
  command = plan

  module {
    source = "./modules/codepipeline"
  }

  variables {
    source_code = {
      type           = "codeconnections"
      repository     = "abalone"
      branch         = "main"
      connection_arn = "arn:aws:codeconnections:eu-west-1:123456789012:connection/1"
    }
  }

  expect_failures = [var.source_code]
}
