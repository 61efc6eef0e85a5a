mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                     = "abalone-dev"
  environment              = "dev"
  key_arn                  = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  alert_emails             = ["team@example.org"]
  load_balancer_arn_suffix = "app/abalone-dev/0123456789abcdef"
  target_group_arn_suffix  = "targetgroup/abalone-dev/0123456789abcdef"
  autoscaling_group_name   = "abalone-dev"
  production_endpoint_name = "abalone-dev-production"
  pipeline_name            = "abalone-dev"
  data_bucket              = "abalone-dev-data-123456789012"
  monthly_limit_usd        = 50

  sagemaker_pipeline_arns = ["arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone-dev"]

  state_machine_arns = { etl = "arn:aws:states:eu-west-1:123456789012:stateMachine:abalone-dev-etl" }
  function_names     = { launch_etl = "abalone-dev-launch-etl" }

  dead_letter_queue_names = { events = "abalone-dev-events-dead-letters" }
}

run "alerts_and_logs_are_encrypted_and_publishers_are_named" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  assert {
    condition = (
      aws_sns_topic.alerts.kms_master_key_id == var.key_arn &&
      aws_cloudwatch_log_group.service.kms_key_id == var.key_arn
    )
    error_message = "Alerts or logs are not encrypted with the key."
  }

  assert {
    condition     = toset([for s in aws_sns_topic_subscription.email : s.endpoint]) == toset(["team@example.org"])
    error_message = "Nobody is told."
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.alerts.statement :
      statement.actions == toset(["sns:Publish"]) &&
      (statement.effect == "Deny" || alltrue([for principal in statement.principals : principal.type == "Service"]))
    ])
    error_message = "More than publishing is allowed, or to others than services."
  }

  assert {
    condition = anytrue([
      for statement in data.aws_iam_policy_document.alerts.statement :
      anytrue([for condition in statement.condition : condition.variable == "aws:SecureTransport"])
      if statement.effect == "Deny"
    ])
    error_message = "Alerts are taken without TLS."
  }
}

run "what_undoes_a_release_is_seen_within_minutes" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  assert {
    condition = toset(output.rollback_alarm_names) == toset([
      "abalone-dev-host-errors", "abalone-dev-host-latency",
    ])
    error_message = "A release is undone by other alarms."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.period * alarm.evaluation_periods <= 180
      if contains(output.rollback_alarm_names, alarm.alarm_name)
    ])
    error_message = "A bad release is in service for more than three minutes."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      strcontains(aws_cloudwatch_composite_alarm.service.alarm_rule, "ALARM(\"${alarm.alarm_name}\")")
      if contains(["AWS/ApplicationELB", "AWS/SageMaker"], alarm.namespace)
    ])
    error_message = "Production can be unwell without anybody being told."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "An alarm goes off when there is nothing to measure."
  }
}

run "every_other_alarm_and_every_failure_is_told" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  assert {
    condition = {
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.metric_name => [alarm.comparison_operator, alarm.threshold]
      if alarm.namespace == "Abalone" && alarm.dimensions == tomap({ environment = "dev" })
      } == {
      drift_detected    = ["GreaterThanOrEqualToThreshold", 1]
      rmse              = ["GreaterThanOrEqualToThreshold", 2.5]
      interval_coverage = ["LessThanOrEqualToThreshold", 0.85]
    }
    error_message = "The quality of the model is watched by other metrics or limits."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_actions) == 1
      if contains(["Abalone", "AWS/Lambda", "AWS/SQS"], alarm.namespace)
    ])
    error_message = "An alarm tells nobody."
  }

  assert {
    condition = {
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_name => [alarm.metric_name, alarm.dimensions.QueueName, alarm.statistic, alarm.threshold]
      if alarm.namespace == "AWS/SQS"
      } == {
      abalone-dev-dead-letters-events = ["ApproximateNumberOfMessagesVisible", "abalone-dev-events-dead-letters", "Maximum", 1]
    }
    error_message = "An event that nothing took is lost without anybody being told."
  }

  assert {
    condition = {
      for rule in aws_cloudwatch_event_rule.failure :
      one(jsondecode(rule.event_pattern).source) => jsondecode(rule.event_pattern).detail
      } == {
      "aws.codepipeline" = { pipeline = ["abalone-dev"], state = ["FAILED"] }
      "aws.states" = {
        stateMachineArn = ["arn:aws:states:eu-west-1:123456789012:stateMachine:abalone-dev-etl"]
        status          = ["FAILED", "TIMED_OUT", "ABORTED"]
      }
      "aws.sagemaker" = {
        pipelineArn                    = ["arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone-dev"]
        currentPipelineExecutionStatus = ["Failed"]
      }
    }
    error_message = "A failed run is not told, or runs of others are."
  }

  assert {
    condition = alltrue([
      for target in aws_cloudwatch_event_target.failure :
      target.arn == aws_sns_topic.alerts.arn
    ])
    error_message = "A failed run is told elsewhere."
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 24
    error_message = "The dashboard has no chart for each metric that is watched."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.bill) == 0 && length(aws_cloudwatch_metric_alarm.silence) == 0
    error_message = "The bill, or the silence of what has no schedule, is alarmed on though nobody asked for it."
  }
}

run "silence_of_what_should_run_every_day_is_told" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  variables {
    monitoring_is_scheduled = true
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.silence[0].treat_missing_data == "breaching" &&
      aws_cloudwatch_metric_alarm.silence[0].period * aws_cloudwatch_metric_alarm.silence[0].evaluation_periods == 2 * 24 * 3600
    )
    error_message = "Two days without monitoring are no alarm."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.silence[0].alarm_actions) == 1
    error_message = "The alarm tells nobody."
  }
}

run "bill_cannot_be_watched_outside_of_us_east_1" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  variables {
    billing_alarm = true
  }

  expect_failures = [aws_cloudwatch_metric_alarm.bill]
}

run "bill_is_watched_in_us_east_1" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  variables {
    billing_alarm = true
  }

  override_data {
    target          = data.aws_region.current
    override_during = plan
    values          = { name = "us-east-1" }
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.bill[0].threshold == 50 &&
      aws_cloudwatch_metric_alarm.bill[0].namespace == "AWS/Billing"
    )
    error_message = "The bill is not watched."
  }
}

run "limits_that_no_metric_can_reach_are_refused" {
  command = plan

  module {
    source = "./modules/cloudwatch"
  }

  variables {
    limits = { interval_coverage = 90 }
  }

  expect_failures = [var.limits]
}
