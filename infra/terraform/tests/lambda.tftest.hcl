mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                     = "abalone-dev"
  key_arn                  = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  package                  = "./tests/fixtures/lambdas.zip"
  data_bucket              = "abalone-dev-data-123456789012"
  data_bucket_arn          = "arn:aws:s3:::abalone-dev-data-123456789012"
  parameter_prefix         = "/abalone/dev"
  pipeline_name            = "abalone-dev"
  pipeline_arn             = "arn:aws:codepipeline:eu-west-1:123456789012:abalone-dev"
  etl_state_machine_arn    = "arn:aws:states:eu-west-1:123456789012:stateMachine:abalone-dev-etl"
  model_package_group_name = "abalone-dev"
  model_package_group_arn  = "arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/abalone-dev"
  endpoint_arns            = ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/abalone-dev-staging"]
  topic_arn                = "arn:aws:sns:eu-west-1:123456789012:abalone-dev"
}

run "functions_run_the_package_and_retraining_one_at_a_time" {
  command = plan

  module {
    source = "./modules/lambda"
  }

  assert {
    condition = { for key, function in aws_lambda_function.this : key => [function.function_name, function.handler] } == {
      launch_etl        = ["abalone-dev-launch-etl", "abalone.lambdas.launch_etl.handler"]
      evaluate_endpoint = ["abalone-dev-evaluate-endpoint", "abalone.lambdas.evaluate_endpoint.handler"]
      register_model    = ["abalone-dev-register-model", "abalone.lambdas.register_model.handler"]
      launch_retraining = ["abalone-dev-launch-retraining", "abalone.lambdas.launch_retraining.handler"]
    }
    error_message = "A function has another name or handler than the package and the callers expect."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.this :
      function.runtime == "python3.12" && function.architectures == tolist(["arm64"]) && function.tracing_config[0].mode == "Active"
    ])
    error_message = "A function has another runtime, or is not traced."
  }

  assert {
    condition     = aws_lambda_function.this["launch_retraining"].environment[0].variables.ABALONE_PIPELINE == "abalone-dev"
    error_message = "Retraining does not know its pipeline."
  }

  assert {
    condition = {
      for key, function in aws_lambda_function.this : key => function.reserved_concurrent_executions
    } == { launch_etl = -1, evaluate_endpoint = -1, register_model = -1, launch_retraining = -1 }
    error_message = "A function is bounded, which a new account refuses."
  }
}

run "what_is_kept_is_encrypted_and_failed_events_are_retried_and_told" {
  command = plan

  module {
    source = "./modules/lambda"
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.this : function.kms_key_arn == var.key_arn])
    error_message = "A function keeps its variables without the key."
  }

  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.key_arn && group.retention_in_days == 90
    ]) && length(aws_cloudwatch_log_group.this) == 4
    error_message = "A log is kept without the key or for ever."
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.kms_master_key_id == var.key_arn
    error_message = "Failed events are kept without the key."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.this : function.dead_letter_config[0].target_arn == aws_sqs_queue.dead_letters.arn
    ])
    error_message = "A function drops what it cannot handle."
  }

  assert {
    condition = alltrue([
      for config in aws_lambda_function_event_invoke_config.this :
      config.maximum_retry_attempts == 2 && config.destination_config[0].on_failure[0].destination == var.topic_arn
    ])
    error_message = "An event is not retried, or nobody hears that it failed."
  }
}

run "each_function_has_a_role_of_its_own_which_allows_what_it_calls_and_no_more" {
  command = plan

  module {
    source = "./modules/lambda"
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.launch_etl.statement : statement.sid => [statement.actions, statement.resources]
      } == {
      StartEtl       = [toset(["states:StartExecution"]), toset([var.etl_state_machine_arn])]
      FollowEtl      = [toset(["states:DescribeExecution"]), toset(["arn:aws:states:eu-west-1:123456789012:execution:abalone-dev-etl:*"])]
      AnswerPipeline = [toset(["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"]), toset(["*"])]
    }
    error_message = "launch_etl may do something else than start the ETL and answer the pipeline."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.evaluate_endpoint.statement : statement.sid => [statement.actions, statement.resources]
      } == {
      AskEndpoint              = [toset(["sagemaker:InvokeEndpoint"]), toset(var.endpoint_arns)]
      ReadHeldOutRows          = [toset(["s3:GetObject"]), toset(["${var.data_bucket_arn}/data/05_model_input/held_out.csv"])]
      TellMissingFromForbidden = [toset(["s3:ListBucket"]), toset([var.data_bucket_arn])]
      WriteReports             = [toset(["s3:PutObject"]), toset(["${var.data_bucket_arn}/data/08_reporting/system_test/*"])]
    }
    error_message = "evaluate_endpoint may do something else than ask the endpoint and write its report."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.register_model.statement : statement.sid => [statement.actions, statement.resources]
      } == {
      DecideOnModels = [
        toset(["sagemaker:DescribeModelPackage", "sagemaker:UpdateModelPackage"]),
        toset(["arn:aws:sagemaker:eu-west-1:123456789012:model-package/abalone-dev/*"]),
      ]
    }
    error_message = "register_model may do something else than decide on the models of its group."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.launch_retraining.statement : statement.sid => statement.resources
      } == {
      StartPipeline = toset([var.pipeline_arn])
      KeepClaim     = toset(["${var.data_bucket_arn}/state/retraining/*"])
      ListData      = toset([var.data_bucket_arn])
      ReadLimits    = toset([for name in ["cool-down-hours", "new-data-share"] : "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/retraining/${name}"])
    }
    error_message = "launch_retraining may touch something else than the pipeline, its claim and its limits."
  }

  assert {
    condition     = toset(values(aws_iam_role.this)[*].name) == toset(values(aws_lambda_function.this)[*].function_name)
    error_message = "Functions share a role."
  }

  assert {
    condition = anytrue([
      for condition in one(data.aws_iam_policy_document.trust.statement).condition :
      condition.variable == "aws:SourceAccount" && condition.values == tolist(["123456789012"])
    ])
    error_message = "A function of another account could use the roles."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.runtime["launch_etl"].statement : statement.sid => statement.resources
      if statement.sid != "Trace"
      } == {
      Log                = toset(["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/abalone-dev-launch-etl:*"])
      UseKey             = toset([var.key_arn])
      KeepFailedEvents   = toset([aws_sqs_queue.dead_letters.arn])
      TellOfFailedEvents = toset([var.topic_arn])
    }
    error_message = "A function may write more than its own log, queue and topic."
  }
}

run "an_emulator_gets_its_addresses_and_no_tracing" {
  command = plan

  module {
    source = "./modules/lambda"
  }

  variables {
    emulated          = true
    extra_environment = { AWS_ENDPOINT_URL_S3 = "http://127.0.0.1:4566" }
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.this :
      length(function.tracing_config) == 0 && function.environment[0].variables.AWS_ENDPOINT_URL_S3 == "http://127.0.0.1:4566"
    ])
    error_message = "A function would not find the emulator, or asks it for tracing."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/lambda"
  }

  variables {
    name                 = "Abalone_Dev"
    parameter_prefix     = "abalone/dev/"
    endpoint_arns        = []
    log_retention_days   = 91
    reserved_concurrency = { launch_retraining = 0 }
  }

  expect_failures = [
    var.name, var.parameter_prefix, var.endpoint_arns, var.log_retention_days, var.reserved_concurrency,
  ]
}
