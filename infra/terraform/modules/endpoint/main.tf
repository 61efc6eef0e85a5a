data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_sagemaker_prebuilt_ecr_image" "monitor" {
  count = var.monitoring_role_arn == null ? 0 : 1

  repository_name = "sagemaker-model-monitor-analyzer"
  image_tag       = "latest"
}

locals {
  account_id = data.aws_caller_identity.current.account_id
  arn_prefix = "arn:${data.aws_partition.current.partition}:sagemaker:${data.aws_region.current.name}:${local.account_id}"

  common_parameters = merge(
    {
      EnvironmentName = var.environment
      ExecutionRole   = var.endpoint_role_arn
      KmsKey          = var.key_arn
      CaptureUrl      = "s3://${var.data_bucket}/data/01_raw/captures"
    },
    var.topic_arn == null ? {} : { AlarmTopic = var.topic_arn },
  )

  # CodePipeline takes 1000 characters of parameters: what is as the template has it by default is left out.
  scaling_parameters = var.production.maximum_instances == var.production.minimum_instances ? {} : {
    Autoscaling          = "true"
    MinimumInstanceCount = tostring(var.production.minimum_instances)
    MaximumInstanceCount = tostring(var.production.maximum_instances)
  }

  monitoring_parameters = var.monitoring_role_arn == null ? {} : {
    MonitoringImage = data.aws_sagemaker_prebuilt_ecr_image.monitor[0].registry_path
    MonitoringRole  = var.monitoring_role_arn
  }

  deployments = {
    staging = {
      stack    = "${var.name}-endpoint-staging"
      endpoint = "${var.name}-staging"
      parameters = merge(local.common_parameters, {
        EndpointName         = "${var.name}-staging"
        InstanceType         = var.staging.instance_type
        InitialInstanceCount = tostring(var.staging.instances)
        CapturePercentage    = "0"
      })
    }
    production = {
      stack    = "${var.name}-endpoint-production"
      endpoint = var.name
      parameters = merge(local.common_parameters, local.scaling_parameters, local.monitoring_parameters, {
        EndpointName         = var.name
        InstanceType         = var.production.instance_type
        InitialInstanceCount = tostring(var.production.minimum_instances)
        DeploymentPolicy     = var.production.deployment
        CapturePercentage    = tostring(var.production.capture_percentage)
        NetworkIsolation     = tostring(var.production.network_isolation)
      })
    }
  }
}

resource "aws_cloudformation_stack" "production" {
  count = var.model == null ? 0 : 1

  name          = local.deployments.production.stack
  template_body = file(var.template)
  iam_role_arn  = aws_iam_role.cloudformation.arn

  parameters = merge(local.deployments.production.parameters, {
    Image        = var.model.image
    ModelDataUrl = var.model.model_data_url
  })

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.cloudformation]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.deployments

  name              = "/aws/sagemaker/Endpoints/${each.value.endpoint}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}
