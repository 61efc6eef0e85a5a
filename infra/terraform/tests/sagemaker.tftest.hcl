mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                   = "abalone-dev"
  key_arn                = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  data_bucket_arn        = "arn:aws:s3:::abalone-dev-data-123456789012"
  job_repository_arn     = "arn:aws:ecr:eu-west-1:123456789012:repository/abalone-dev-job"
  serving_repository_arn = "arn:aws:ecr:eu-west-1:123456789012:repository/abalone-dev-serving"
}

run "models_are_for_roles_of_this_account_and_environment" {
  command = plan

  module {
    source = "./modules/sagemaker"
  }

  assert {
    condition     = aws_sagemaker_model_package_group.this.model_package_group_name == "abalone-dev" && output.pipeline_arn == "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone-dev" && output.monitoring_pipeline_arn == "${output.pipeline_arn}-monitoring"
    error_message = "Group and pipelines are not called as conf/dev/sagemaker.yml says."
  }

  assert {
    condition = (
      one(one(data.aws_iam_policy_document.group.statement).principals).identifiers == toset(["arn:aws:iam::123456789012:root"]) &&
      one(one(data.aws_iam_policy_document.group.statement).condition).values == tolist(["arn:aws:iam::123456789012:role/abalone-dev-*"])
    )
    error_message = "Somebody else may use the models."
  }
}

run "roles_are_for_what_sagemaker_does_in_this_account" {
  command = plan

  module {
    source = "./modules/sagemaker"
  }

  assert {
    condition = toset([
      for condition in one(data.aws_iam_policy_document.trust.statement).condition : "${condition.variable} ${one(condition.values)}"
    ]) == toset(["aws:SourceAccount 123456789012", "aws:SourceArn arn:aws:sagemaker:eu-west-1:123456789012:*"])
    error_message = "SageMaker could be asked by another account to use the roles."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.endpoint.statement : statement.sid => [statement.actions, statement.resources]
      } == {
      ReadModels = [toset(["s3:GetObject"]), toset(["${var.data_bucket_arn}/sagemaker/abalone-dev/models/*"])]
      ListModels = [toset(["s3:ListBucket"]), toset([var.data_bucket_arn])]
      LookAtRollbackAlarms = [
        toset(["cloudwatch:DescribeAlarms"]), toset(["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*"])
      ]
      WriteCaptures = [toset(["s3:PutObject"]), toset(["${var.data_bucket_arn}/data/01_raw/captures/*"])]
    }
    error_message = "An endpoint may do something else than read models, write captures and look at alarms."
  }

  assert {
    condition = [
      for statement in data.aws_iam_policy_document.container["serving"].statement : statement.resources
      if statement.sid == "PullImage"
    ] == [toset([var.serving_repository_arn])]
    error_message = "An endpoint may pull another image than the service's."
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.execution.statement :
      statement.resources == toset(["arn:aws:iam::123456789012:role/abalone-dev-sagemaker"]) && one(statement.condition).values == tolist(["sagemaker.amazonaws.com"])
      if contains(statement.actions, "iam:PassRole")
    ])
    error_message = "The pipeline may pass another role than its own, or to another service."
  }

  assert {
    condition = toset(flatten([
      for document in concat([data.aws_iam_policy_document.execution, data.aws_iam_policy_document.endpoint], values(data.aws_iam_policy_document.container)) : [
        for statement in document.statement : statement.actions if contains(statement.resources, "*")
      ]
    ])) == toset(["ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"])
    error_message = "Something is allowed on all resources that has a resource level."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.execution.statement :
      statement.sid => [statement.actions, one(statement.condition).variable, one(statement.condition).values]
      if contains(["PublishMonitoring", "AskForRetraining"], statement.sid)
      } == {
      PublishMonitoring = [toset(["cloudwatch:PutMetricData"]), "cloudwatch:namespace", tolist(["Abalone"])]
      AskForRetraining  = [toset(["events:PutEvents"]), "events:source", tolist(["abalone.monitoring"])]
    }
    error_message = "Jobs may publish metrics, or tell events, under another name than monitoring's."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.network) == 0
    error_message = "Jobs may use networks that they do not run in."
  }
}

run "jobs_in_a_network_may_use_its_interfaces" {
  command = plan

  module {
    source = "./modules/sagemaker"
  }

  variables {
    vpc = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition = contains(flatten([
      for statement in data.aws_iam_policy_document.network[0].statement : tolist(statement.resources)
      if statement.sid == "UseInterfaces"
    ]), "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1")
    error_message = "Jobs may not have an interface in their subnet."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/sagemaker"
  }

  variables {
    name = "abalone_dev"
    vpc  = { subnet_ids = ["subnet-1"], security_group_ids = [] }
  }

  expect_failures = [var.name, var.vpc]
}
