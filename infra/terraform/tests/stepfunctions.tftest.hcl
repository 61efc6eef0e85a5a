mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                  = "abalone-dev"
  key_arn               = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  definitions_directory = "../../delivery/state_machines"
  glue_job_name         = "abalone-dev-etl"
  glue_job_arn          = "arn:aws:glue:eu-west-1:123456789012:job/abalone-dev-etl"
  topic_arn             = "arn:aws:sns:eu-west-1:123456789012:abalone-dev"
  parameter_prefix      = "/abalone/dev"
  function_arns = {
    launch_etl        = "arn:aws:lambda:eu-west-1:123456789012:function:abalone-dev-launch-etl"
    evaluate_endpoint = "arn:aws:lambda:eu-west-1:123456789012:function:abalone-dev-evaluate-endpoint"
    register_model    = "arn:aws:lambda:eu-west-1:123456789012:function:abalone-dev-register-model"
    launch_retraining = "arn:aws:lambda:eu-west-1:123456789012:function:abalone-dev-launch-retraining"
  }
}

run "definitions_are_filled_in_and_retry_and_tell_of_failures" {
  command = plan

  module {
    source = "./modules/stepfunctions"
  }

  assert {
    condition = { for key, machine in aws_sfn_state_machine.this : key => machine.name } == {
      etl = "abalone-dev-etl", system_test = "abalone-dev-system-test", retraining = "abalone-dev-retraining"
    }
    error_message = "A state machine is missing, or has another name than its callers expect."
  }

  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : !strcontains(machine.definition, "$${")])
    error_message = "A definition has a variable that nobody fills in."
  }

  assert {
    condition     = strcontains(aws_sfn_state_machine.this["etl"].definition, "\"${var.glue_job_name}\"") && strcontains(aws_sfn_state_machine.this["system_test"].definition, "\"${var.function_arns.evaluate_endpoint}\"")
    error_message = "A definition names another job or function."
  }

  assert {
    condition = alltrue(flatten([
      for machine in aws_sfn_state_machine.this : [
        for state in values(jsondecode(machine.definition).States) : can(state.Retry) && can(state.Catch) && can(state.TimeoutSeconds)
        if state.Type == "Task"
      ]
    ]))
    error_message = "A task is not retried, not caught, or may wait for ever."
  }

  assert {
    condition = alltrue([
      for machine in aws_sfn_state_machine.this : strcontains(machine.definition, var.topic_arn)
    ])
    error_message = "A state machine tells nobody when it fails."
  }
}

run "executions_are_logged_traced_and_encrypted" {
  command = plan

  module {
    source = "./modules/stepfunctions"
  }

  assert {
    condition = alltrue([
      for machine in aws_sfn_state_machine.this :
      machine.logging_configuration[0].level == "ALL" && machine.logging_configuration[0].include_execution_data && machine.tracing_configuration[0].enabled
    ])
    error_message = "What an execution did cannot be looked up."
  }

  assert {
    condition = alltrue([
      for machine in aws_sfn_state_machine.this :
      machine.encryption_configuration[0].type == "CUSTOMER_MANAGED_KMS_KEY" && machine.encryption_configuration[0].kms_key_id == var.key_arn
    ])
    error_message = "Executions are kept without the key."
  }

  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.key_arn && group.retention_in_days == 90
    ]) && length(aws_cloudwatch_log_group.this) == 3
    error_message = "A log is kept without the key or for ever."
  }
}

run "each_machine_has_a_role_of_its_own_which_allows_what_it_calls_and_no_more" {
  command = plan

  module {
    source = "./modules/stepfunctions"
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.etl.statement : statement.sid => [statement.actions, statement.resources]
    } == { RunJob = [toset(["glue:GetJobRun", "glue:StartJobRun"]), toset([var.glue_job_arn])] }
    error_message = "The ETL may do something else than run its job."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.system_test.statement : statement.sid => statement.resources
      } == {
      InvokeFunctions = toset([var.function_arns.evaluate_endpoint, var.function_arns.register_model])
      ReadThresholds = toset([
        "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/thresholds",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/thresholds/*",
      ])
    }
    error_message = "The system test may do something else than evaluate, compare and register."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.retraining.statement : statement.sid => statement.resources
    } == { InvokeFunctions = toset([var.function_arns.launch_retraining]) }
    error_message = "Retraining may do something else than ask its function."
  }

  assert {
    condition = toset([
      for statement in data.aws_iam_policy_document.runtime.statement : statement.sid if contains(statement.resources, "*")
    ]) == toset(["DeliverLogs", "Trace"])
    error_message = "Something is allowed on all resources that has a resource level."
  }

  assert {
    condition = alltrue([
      for key, document in data.aws_iam_policy_document.trust : toset([
        for condition in one(document.statement).condition : "${condition.variable} ${one(condition.values)}"
        ]) == toset([
        "aws:SourceAccount 123456789012",
        "aws:SourceArn arn:aws:states:eu-west-1:123456789012:stateMachine:${aws_sfn_state_machine.this[key].name}",
      ])
    ])
    error_message = "Another state machine could use a role."
  }
}

run "an_emulator_is_not_asked_for_tracing" {
  command = plan

  module {
    source = "./modules/stepfunctions"
  }

  variables {
    emulated = true
  }

  assert {
    condition     = alltrue([for machine in aws_sfn_state_machine.this : length(machine.tracing_configuration) == 0])
    error_message = "An emulator is asked for tracing, which it drops."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/stepfunctions"
  }

  variables {
    parameter_prefix   = "abalone/dev"
    log_level          = "DEBUG"
    log_retention_days = 91
    function_arns = {
      launch_etl = "", evaluate_endpoint = "", register_model = "", retrain = ""
    }
  }

  expect_failures = [var.parameter_prefix, var.log_level, var.log_retention_days, var.function_arns]
}
