mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  environment       = "dev"
  monthly_limit_usd = 100
  allowed_cidrs     = ["203.0.113.0/24"]
  hosts             = { minimum = 1, maximum = 1, deletion_protection = false }
  require_approval  = false
}

run "modules_meet_by_one_name" {
  command = plan

  module {
    source = "./stack"
  }

  assert {
    condition     = module.codepipeline.pipeline_name == local.pipeline_name && endswith(local.pipeline_arn, ":abalone-dev")
    error_message = "What retraining starts is not the pipeline."
  }

  assert {
    condition     = endswith(local.etl_state_machine_arn, ":stateMachine:abalone-dev-etl")
    error_message = "What launch_etl starts is not the ETL state machine."
  }

  assert {
    condition     = output.data_bucket == "abalone-dev-data-123456789012"
    error_message = "The data bucket is ${output.data_bucket}."
  }
}

run "contract_with_the_pipelines_is_in_parameters" {
  command = plan

  module {
    source = "./stack"
  }

  variables {
    thresholds = { rmse = 2.1 }
    retraining = { cool_down_hours = 6 }
  }

  assert {
    condition = toset(keys(module.ssm.parameter_arns)) == toset([
      "pipeline/bucket", "pipeline/execution-role", "pipeline/repository", "pipeline/serving-repository",
      "pipeline/kms-key", "pipeline/model-package-group", "pipeline/pipeline-name",
      "serving/capture", "serving/endpoint_name", "serving/variant_name", "serving/forwarded_allow_ips",
      "serving/monitoring", "serving/metrics_environment",
      "thresholds/rmse", "thresholds/mae", "thresholds/coverage", "thresholds/latency-p95-ms",
      "retraining/cool-down-hours", "retraining/new-data-share",
    ])
    error_message = "The parameters are ${join(", ", keys(module.ssm.parameter_arns))}."
  }
}

run "code_comes_from_codecommit_by_default" {
  command = plan

  module {
    source = "./stack"
  }

  assert {
    condition     = length(module.cloud9) == 0
    error_message = "There is a Cloud9 environment that nobody asked for."
  }

  assert {
    condition     = length(module.codecommit) == 1 && length(module.codeconnections) == 0
    error_message = "There is no repository of CodeCommit, or a connection beside it."
  }
}

run "code_comes_through_a_connection_when_asked_for" {
  command = plan

  module {
    source = "./stack"
  }

  variables {
    source_code = { type = "codeconnections", repository = "owner/abalone" }
  }

  assert {
    condition     = length(module.codecommit) == 0 && length(module.codeconnections) == 1
    error_message = "There is no connection, or a repository of CodeCommit beside it."
  }

  assert {
    condition     = local.source_code.repository == "owner/abalone" && local.source_code.repository_arn == null
    error_message = "The pipeline does not read owner/abalone through the connection."
  }
}

run "cloud9_is_there_when_asked_for" {
  command = plan

  module {
    source = "./stack"
  }

  variables {
    cloud9_instance_type = "t3.small"
  }

  assert {
    condition     = length(module.cloud9) == 1
    error_message = "There is no Cloud9 environment."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./stack"
  }

  variables {
    environment      = "staging"
    ingestion_engine = "spark"
    source_code      = { type = "codeconnections" }
    retraining       = { cool_down_hours = -1 }
    thresholds       = { coverage = 90 }
  }

  expect_failures = [var.environment, var.ingestion_engine, var.source_code, var.retraining, var.thresholds]
}
