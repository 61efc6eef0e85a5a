mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name              = "abalone-prd"
  environment       = "prd"
  key_arn           = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  template          = "../../delivery/cloudformation/endpoint.yml"
  endpoint_role_arn = "arn:aws:iam::123456789012:role/abalone-prd-endpoint"
  data_bucket       = "abalone-prd-data-123456789012"
  topic_arn         = "arn:aws:sns:eu-west-1:123456789012:abalone-prd"
}

run "codepipeline_is_handed_stacks_and_parameters" {
  command = plan

  module {
    source = "./modules/endpoint"
  }

  assert {
    condition = (
      output.staging.stack == "abalone-prd-endpoint-staging" && output.staging.endpoint == "abalone-prd-staging" &&
      output.production.stack == "abalone-prd-endpoint-production" && output.production.endpoint == "abalone-prd"
    )
    error_message = "A stack or an endpoint has another name than its callers expect."
  }

  assert {
    condition = toset(output.endpoint_arns) == toset([
      for endpoint in ["abalone-prd", "abalone-prd-staging"] : "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/${endpoint}"
    ])
    error_message = "The ARNs are not those of the endpoints."
  }

  assert {
    condition     = length(aws_cloudformation_stack.production) == 0
    error_message = "Terraform deploys what CodePipeline has to."
  }

  assert {
    condition = alltrue([
      for deployment in [output.staging, output.production] :
      deployment.parameters.KmsKey == var.key_arn && deployment.parameters.CaptureUrl == "s3://abalone-prd-data-123456789012/data/01_raw/captures"
    ])
    error_message = "Captures are kept elsewhere or without the key."
  }

  assert {
    condition     = !can(output.production.parameters.Autoscaling) && !can(output.production.parameters.MonitoringRole)
    error_message = "What costs is on without being asked for."
  }

  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.key_arn && group.retention_in_days == 90
    ]) && length(aws_cloudwatch_log_group.this) == 2
    error_message = "A log is kept without the key or for ever."
  }
}

run "cloudformation_makes_endpoints_of_this_environment_and_no_more" {
  command = plan

  module {
    source = "./modules/endpoint"
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.cloudformation.statement : toset([
        for condition in statement.condition : "${condition.variable} ${one(condition.values)}"
      ]) == toset(["aws:RequestTag/project abalone", "aws:RequestTag/environment prd"])
      if anytrue([for action in statement.actions : startswith(action, "sagemaker:Create")])
    ])
    error_message = "Something can be made without the tags that say whose it is."
  }

  assert {
    condition = toset([
      for statement in data.aws_iam_policy_document.cloudformation.statement : toset([
        for condition in statement.condition : "${condition.variable} ${one(condition.values)}"
      ]) if contains(statement.actions, "sagemaker:DeleteModel")
    ]) == toset([toset(["aws:ResourceTag/project abalone", "aws:ResourceTag/environment prd"])])
    error_message = "A model of another environment can be deleted."
  }

  assert {
    condition = [
      for statement in data.aws_iam_policy_document.cloudformation.statement :
      [statement.resources, one(statement.condition).values] if contains(statement.actions, "iam:PassRole")
    ] == [[toset([var.endpoint_role_arn]), tolist(["sagemaker.amazonaws.com"])]]
    error_message = "Another role can be passed, or to another service."
  }

  assert {
    condition     = !anytrue([for statement in data.aws_iam_policy_document.cloudformation.statement : contains(statement.resources, "*")])
    error_message = "Something is allowed on all resources."
  }

  assert {
    condition     = length(aws_iam_role_policy.scaling) == 0
    error_message = "Scaling is allowed where nothing scales."
  }
}

run "production_can_scale_roll_and_be_monitored_within_the_limits_of_codepipeline" {
  command = plan

  module {
    source = "./modules/endpoint"
  }

  override_data {
    target = data.aws_sagemaker_prebuilt_ecr_image.monitor
    values = {
      registry_path = "468650794304.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-model-monitor-analyzer:latest"
    }
  }

  variables {
    monitoring_role_arn = "arn:aws:iam::123456789012:role/abalone-prd-sagemaker"
    production = {
      instance_type     = "ml.m5.large"
      minimum_instances = 2
      maximum_instances = 4
      deployment        = "ROLLING"
    }
  }

  assert {
    condition = (
      output.production.parameters.Autoscaling == "true" && output.production.parameters.DeploymentPolicy == "ROLLING" &&
      output.production.parameters.InitialInstanceCount == "2" && output.production.parameters.MaximumInstanceCount == "4"
    )
    error_message = "The production endpoint does not scale or roll."
  }

  assert {
    condition     = output.production.parameters.MonitoringRole == var.monitoring_role_arn && !can(output.staging.parameters.MonitoringRole)
    error_message = "The production endpoint is not monitored, or the staging one is."
  }

  assert {
    condition = alltrue([
      for name in keys(merge(output.production.parameters, output.staging.parameters)) :
      strcontains(file(var.template), "\n  ${name}:\n    Type:")
    ])
    error_message = "A parameter is not one of the template's."
  }

  assert {
    condition = length(jsonencode(merge(output.production.parameters, {
      Image        = "#{Image.ABALONE_SERVING_IMAGE}"
      ModelDataUrl = "#{Train.MODEL_DATA_URL}"
    }))) <= 1000
    error_message = "The parameters are longer than an action of CodePipeline takes."
  }

  assert {
    condition = toset(flatten([
      for statement in data.aws_iam_policy_document.scaling[0].statement : tolist(statement.actions)
      if contains(statement.resources, "*")
    ])) == toset(["application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies"])
    error_message = "Something is allowed on all resources that has a resource level."
  }
}

run "a_given_model_is_deployed_by_terraform" {
  command = plan

  module {
    source = "./modules/endpoint"
  }

  variables {
    model = {
      image          = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone-prd-serving@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      model_data_url = "s3://abalone-prd-data-123456789012/sagemaker/abalone-prd/models/1/output/model.tar.gz"
    }
  }

  assert {
    condition = (
      aws_cloudformation_stack.production[0].name == "abalone-prd-endpoint-production" &&
      aws_cloudformation_stack.production[0].parameters.ModelDataUrl == var.model.model_data_url &&
      aws_cloudformation_stack.production[0].iam_role_arn == aws_iam_role.cloudformation.arn
    )
    error_message = "The model is not deployed, or not by the role for it."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/endpoint"
  }

  variables {
    staging    = { instance_type = "m5.large" }
    production = { maximum_instances = 2, deployment = "ROLLING" }
    model      = { image = "abalone-serving:latest", model_data_url = "s3://bucket/model.tar.gz" }
  }

  expect_failures = [var.staging, var.production, var.model]
}
