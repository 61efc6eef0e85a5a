mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                         = "abalone-dev"
  key_arn                      = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  data_bucket                  = "abalone-dev-data-123456789012"
  pipeline_arn                 = "arn:aws:codepipeline:eu-west-1:123456789012:abalone-dev"
  launch_etl_function_name     = "abalone-dev-launch-etl"
  launch_etl_function_arn      = "arn:aws:lambda:eu-west-1:123456789012:function:abalone-dev-launch-etl"
  retraining_state_machine_arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:abalone-dev-retraining"
  monitoring_pipeline_arn      = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone-dev-monitoring"
  source_code = {
    type           = "codecommit"
    repository     = "abalone-dev"
    repository_arn = "arn:aws:codecommit:eu-west-1:123456789012:abalone-dev"
    branch         = "main"
  }
}

run "code_data_and_monitoring_start_what_they_should" {
  command = plan

  module {
    source = "./modules/eventbridge"
  }

  assert {
    condition     = output.rule_names == { code = "abalone-dev-code", landing = "abalone-dev-landing", retraining-wanted = "abalone-dev-retraining-wanted" }
    error_message = "A rule is missing, or there is one that nobody asked for."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.this["landing"].event_pattern).detail == {
      bucket = { name = [var.data_bucket] }
      object = { key = [{ prefix = "data/01_raw/landing/" }] }
    }
    error_message = "Another object than a batch is taken for one."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["code"].event_pattern).detail.referenceName == ["main"] && aws_cloudwatch_event_target.pipeline[0].arn == var.pipeline_arn
    error_message = "A commit on the branch does not start the pipeline."
  }

  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.this["retraining-wanted"].event_pattern).source == ["abalone.monitoring"] &&
      jsondecode(aws_cloudwatch_event_rule.this["retraining-wanted"].event_pattern).detail-type == ["Retraining wanted"] &&
      aws_cloudwatch_event_target.retraining_wanted.arn == var.retraining_state_machine_arn &&
      aws_cloudwatch_event_target.retraining_wanted.input_path == "$.detail"
    )
    error_message = "Retraining does not hear what monitoring has decided, with its reason."
  }

  assert {
    condition     = aws_cloudwatch_event_target.launch_etl.arn == var.launch_etl_function_arn && aws_lambda_permission.launch_etl.source_arn == aws_cloudwatch_event_rule.this["landing"].arn && aws_lambda_permission.launch_etl.source_account == "123456789012"
    error_message = "A batch does not start the ETL, or another rule may."
  }

  assert {
    condition = {
      for key, target in aws_cloudwatch_event_target.retraining :
      key => jsondecode(replace(target.input_transformer[0].input_template, "<detail>", "{}")).reason
    } == { landing = "new-data" }
    error_message = "Retraining hears another reason than that of the rule."
  }
}

run "events_are_retried_and_kept_encrypted" {
  command = plan

  module {
    source = "./modules/eventbridge"
  }

  assert {
    condition = alltrue([
      for target in concat(aws_cloudwatch_event_target.pipeline, [aws_cloudwatch_event_target.launch_etl, aws_cloudwatch_event_target.retraining_wanted], values(aws_cloudwatch_event_target.retraining)) :
      target.dead_letter_config[0].arn == aws_sqs_queue.dead_letters.arn && target.retry_policy[0].maximum_retry_attempts == 20
    ])
    error_message = "An event that no target takes is lost."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.kms_master_key_id == var.key_arn && aws_sqs_queue.dead_letters.message_retention_seconds == 1209600
    error_message = "Events are kept without the key, or not for two weeks."
  }

  assert {
    condition     = one(one(data.aws_iam_policy_document.dead_letters.statement).condition).variable == "aws:SourceArn"
    error_message = "Other rules may write to the queue."
  }
}

run "role_starts_the_pipeline_and_retraining_and_no_more" {
  command = plan

  module {
    source = "./modules/eventbridge"
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.targets.statement : statement.sid => [statement.actions, statement.resources]
      } == {
      StartPipeline    = [toset(["codepipeline:StartPipelineExecution"]), toset([var.pipeline_arn])]
      AskForRetraining = [toset(["states:StartExecution"]), toset([var.retraining_state_machine_arn])]
      UseKey           = [toset(["kms:Decrypt", "kms:GenerateDataKey"]), toset([var.key_arn])]
    }
    error_message = "Rules may start something else."
  }

  assert {
    condition = toset([
      for condition in one(data.aws_iam_policy_document.trust.statement).condition : "${condition.variable} ${one(condition.values)}"
    ]) == toset(["aws:SourceAccount 123456789012", "aws:SourceArn arn:aws:events:eu-west-1:123456789012:rule/abalone-dev-*"])
    error_message = "Rules of others could use the role."
  }
}

run "a_connection_needs_no_rule_and_a_schedule_has_one" {
  command = plan

  module {
    source = "./modules/eventbridge"
  }

  variables {
    retraining_schedule    = "rate(30 days)"
    retraining_on_new_data = false
    source_code = {
      type           = "codeconnections"
      repository     = "owner/abalone"
      connection_arn = "arn:aws:codeconnections:eu-west-1:123456789012:connection/00000000-0000-0000-0000-000000000000"
      branch         = "main"
    }
  }

  assert {
    condition     = toset(keys(output.rule_names)) == toset(["landing", "retraining-wanted", "schedule"]) && length(aws_cloudwatch_event_target.pipeline) == 0
    error_message = "A commit behind a connection would start the pipeline twice."
  }

  assert {
    condition     = aws_cloudwatch_event_rule.this["schedule"].schedule_expression == "rate(30 days)" && toset(keys(aws_cloudwatch_event_target.retraining)) == toset(["schedule"])
    error_message = "Retraining is not asked for when it should, or when it should not."
  }
}

run "monitoring_runs_by_its_schedule" {
  command = plan

  module {
    source = "./modules/eventbridge"
  }

  variables {
    monitoring_schedule = "rate(1 day)"
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.this["monitoring"].schedule_expression == "rate(1 day)" &&
      aws_cloudwatch_event_target.monitoring[0].arn == var.monitoring_pipeline_arn &&
      aws_cloudwatch_event_target.monitoring[0].dead_letter_config[0].arn == aws_sqs_queue.dead_letters.arn
    )
    error_message = "The schedule does not start the pipeline of monitoring, or its failure is lost."
  }

  assert {
    condition = [
      for statement in data.aws_iam_policy_document.targets.statement : [statement.actions, statement.resources]
      if statement.sid == "StartMonitoring"
    ] == [[toset(["sagemaker:StartPipelineExecution"]), toset([var.monitoring_pipeline_arn])]]
    error_message = "The rule may not start the pipeline of monitoring, or another one."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/eventbridge"
  }

  variables {
    landing_prefix      = "/data/01_raw/landing"
    retraining_schedule = "monthly"
    monitoring_schedule = "daily"
    source_code         = { type = "github", repository = "abalone", branch = "main" }
  }

  expect_failures = [var.landing_prefix, var.monitoring_schedule, var.retraining_schedule, var.source_code]
}
