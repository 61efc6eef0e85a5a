mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                   = "abalone-dev"
  autoscaling_group_name = "abalone-dev-service"
  target_group_name      = "abalone-dev-service"
  alarm_names            = ["abalone-dev-errors", "abalone-dev-latency"]
  topic_arn              = "arn:aws:sns:eu-west-1:123456789012:abalone-dev"
  key_arn                = "arn:aws:kms:eu-west-1:123456789012:key/1"
}

run "deployments_roll_over_the_hosts_out_of_traffic_and_back_on_failure" {
  command = plan

  module {
    source = "./modules/codedeploy"
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_style[0].deployment_type == "IN_PLACE"
    error_message = "Deployments are not in place."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_style[0].deployment_option == "WITH_TRAFFIC_CONTROL"
    error_message = "A host is asked while it is deployed to."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_config_name == "CodeDeployDefault.OneAtATime"
    error_message = "More than one host is deployed to at a time."
  }

  assert {
    condition     = length(aws_codedeploy_deployment_group.this.blue_green_deployment_config) == 0
    error_message = "Blue/green is not off."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].enabled
    error_message = "Nothing is rolled back."
  }

  assert {
    condition = toset(aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].events) == toset([
      "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM",
    ])
    error_message = "Failures or alarms do not roll back."
  }

  assert {
    condition     = toset(aws_codedeploy_deployment_group.this.alarm_configuration[0].alarms) == toset(var.alarm_names)
    error_message = "The alarms are not looked at."
  }
}

run "without_alarms_only_failures_count" {
  command = plan

  module {
    source = "./modules/codedeploy"
  }

  variables {
    alarm_names = []
  }

  assert {
    condition     = !aws_codedeploy_deployment_group.this.alarm_configuration[0].enabled
    error_message = "Alarms are looked at that are not there."
  }
}

run "blue_green_makes_no_copy_of_the_group" {
  command = plan

  module {
    source = "./modules/codedeploy"
  }

  variables {
    blue_green = true
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_style[0].deployment_type == "BLUE_GREEN"
    error_message = "The switch does nothing."
  }

  assert {
    condition = (
      aws_codedeploy_deployment_group.this.blue_green_deployment_config[0].green_fleet_provisioning_option[0].action
      == "DISCOVER_EXISTING"
    )
    error_message = "A copy of the group would be orphaned from the state."
  }
}

run "role_is_bound_to_its_group" {
  command = plan

  module {
    source = "./modules/codedeploy"
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.this.statement : s.sid if contains(s.resources, "*")
    ] == ["LookAtHosts"]
    error_message = "A statement other than LookAtHosts is for every resource."
  }

  assert {
    condition = alltrue([
      for s in data.aws_iam_policy_document.this.statement : alltrue([for a in s.actions : strcontains(a, ":Describe")])
      if s.sid == "LookAtHosts"
    ])
    error_message = "What is for every resource changes something."
  }

  assert {
    condition = toset(data.aws_iam_policy_document.assume.statement[0].condition[*].variable) == toset([
      "aws:SourceAccount", "aws:SourceArn",
    ])
    error_message = "Others may have CodeDeploy assume the role."
  }
}

run "too_many_alarms_are_refused" {
  command = plan

  module {
    source = "./modules/codedeploy"
  }

  variables {
    alarm_names = [for number in range(11) : "alarm-${number}"]
  }

  expect_failures = [var.alarm_names]
}
