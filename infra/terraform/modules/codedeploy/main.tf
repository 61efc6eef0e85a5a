resource "aws_codedeploy_app" "this" {
  name             = var.name
  compute_platform = "Server"
}

resource "aws_codedeploy_deployment_group" "this" {
  app_name               = aws_codedeploy_app.this.name
  deployment_group_name  = local.deployment_group_name
  service_role_arn       = aws_iam_role.this.arn
  deployment_config_name = var.deployment_config_name
  autoscaling_groups     = [var.autoscaling_group_name]

  deployment_style {
    deployment_type   = var.blue_green ? "BLUE_GREEN" : "IN_PLACE"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  load_balancer_info {
    target_group_info {
      name = var.target_group_name
    }
  }

  dynamic "blue_green_deployment_config" {
    for_each = var.blue_green ? ["DISCOVER_EXISTING"] : []

    content {
      green_fleet_provisioning_option {
        action = blue_green_deployment_config.value
      }

      deployment_ready_option {
        action_on_timeout = "CONTINUE_DEPLOYMENT"
      }

      # Terraform made them, and Terraform removes them.
      terminate_blue_instances_on_deployment_success {
        action = "KEEP_ALIVE"
      }
    }
  }

  alarm_configuration {
    enabled = length(var.alarm_names) > 0
    alarms  = var.alarm_names
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]
  }

  trigger_configuration {
    trigger_name       = "failure"
    trigger_events     = ["DeploymentFailure", "DeploymentRollback"]
    trigger_target_arn = var.topic_arn
  }

  # Hosts that the Auto Scaling group starts are deployed to with the role's permissions.
  depends_on = [aws_iam_role_policy.this]
}
