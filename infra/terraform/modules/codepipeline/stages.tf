locals {
  # In the order of their execution. A stage that rolls back goes, when it fails, to what it last succeeded with.
  stages = concat(
    [
      { name = "Source", actions = [local.source_action], rolls_back = false },
      { name = "Verify", actions = [local.verify, local.image], rolls_back = false },
      { name = "Prepare", actions = [local.prepare], rolls_back = false },
      { name = "Train", actions = [local.train], rolls_back = false },
      { name = "Stage", actions = [local.stage], rolls_back = false },
      { name = "SystemTest", actions = [local.system_test], rolls_back = false },
    ],
    [
      for stage in [{ name = "Approve", actions = [local.approve], rolls_back = false }] : stage if var.require_approval
    ],
    [
      { name = "Release", actions = [local.endpoint, local.revision, local.hosts], rolls_back = true },
    ],
  )

  verify = {
    name          = "Verify"
    category      = "Test"
    provider      = "CodeBuild"
    inputs        = ["Source"]
    outputs       = ["Packages"]
    configuration = { ProjectName = var.project_names.verify }
  }

  image = {
    name          = "Image"
    category      = "Build"
    provider      = "CodeBuild"
    namespace     = "Image"
    inputs        = ["Source"]
    outputs       = ["Images"]
    configuration = { ProjectName = var.project_names.image }
  }

  # It reports back once the state machine has ended.
  prepare = {
    name          = "Prepare"
    category      = "Invoke"
    provider      = "Lambda"
    configuration = { FunctionName = var.launch_etl_function_name }
  }

  train = {
    name      = "Train"
    category  = "Build"
    provider  = "CodeBuild"
    namespace = "Train"
    inputs    = ["Source"]
    outputs   = ["Outcome"]
    configuration = {
      ProjectName = var.project_names.train
      EnvironmentVariables = jsonencode([
        { name = "ABALONE_IMAGE", value = "#{Image.ABALONE_IMAGE}" },
        { name = "ABALONE_SERVING_IMAGE", value = "#{Image.ABALONE_SERVING_IMAGE}" },
      ])
    }
  }

  stage = {
    name     = "Endpoint"
    category = "Deploy"
    provider = "CloudFormation"
    inputs   = ["Source"]
    # A stack that could not be made is made anew: nobody is served by it.
    configuration = merge(local.endpoint_configurations.staging, { ActionMode = "REPLACE_ON_FAILURE" })
  }

  system_test = {
    name     = "SystemTest"
    category = "Invoke"
    provider = "StepFunctions"
    configuration = {
      StateMachineArn = var.system_test_state_machine_arn
      InputType       = "Literal"
      Input = jsonencode({
        endpoint_name     = var.staging.endpoint
        model_package_arn = "#{Train.MODEL_PACKAGE_ARN}"
      })
    }
  }

  approve = {
    name     = "Approve"
    category = "Approval"
    provider = "Manual"
    configuration = {
      NotificationArn = var.topic_arn
      CustomData      = "Release #{Train.MODEL_PACKAGE_ARN} of commit #{Source.CommitId}? It passed the system test."
    }
  }

  endpoint = {
    name          = "Endpoint"
    category      = "Deploy"
    provider      = "CloudFormation"
    inputs        = ["Source"]
    configuration = merge(local.endpoint_configurations.production, { ActionMode = "CREATE_UPDATE" })
  }

  # It names the model that the hosts serve, too: not before the endpoint has taken it.
  revision = {
    name      = "Revision"
    category  = "Build"
    provider  = "CodeBuild"
    run_order = 2
    inputs    = ["Source"]
    outputs   = ["Revision"]
    configuration = {
      ProjectName          = var.project_names.deploy
      EnvironmentVariables = jsonencode([{ name = "MODEL_DATA_URL", value = "#{Train.MODEL_DATA_URL}" }])
    }
  }

  hosts = {
    name      = "Hosts"
    category  = "Deploy"
    provider  = "CodeDeploy"
    run_order = 3
    inputs    = ["Revision"]
    configuration = {
      ApplicationName     = var.codedeploy_application_name
      DeploymentGroupName = var.codedeploy_deployment_group_name
    }
  }

  endpoint_configurations = {
    for key, target in { staging = var.staging, production = var.production } : key => {
      StackName                  = target.stack
      RoleArn                    = var.cloudformation_role_arn
      TemplatePath               = "Source::delivery/cloudformation/endpoint.yml"
      ParameterOverrides = jsonencode(merge(target.parameters, {
        EndpointName = target.endpoint
        Image        = "#{Image.ABALONE_SERVING_IMAGE}"
        ModelDataUrl = "#{Train.MODEL_DATA_URL}"
      }))
    }
  }
}
