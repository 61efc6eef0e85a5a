mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix     = "/abalone/dev"
  parameters = { "pipeline/bucket" = "abalone-dev-data-123456789012", "thresholds/rmse" = "2.4" }
}

run "parameters_are_readable_text_below_the_prefix" {
  command = plan

  module {
    source = "./modules/ssm"
  }

  assert {
    condition = {
      for parameter in aws_ssm_parameter.this : parameter.name => parameter.insecure_value
    } == { "/abalone/dev/pipeline/bucket" = "abalone-dev-data-123456789012", "/abalone/dev/thresholds/rmse" = "2.4" }
    error_message = "The parameters are not those that were given."
  }

  assert {
    condition     = alltrue([for parameter in aws_ssm_parameter.this : parameter.type == "String"])
    error_message = "Hosts and builds cannot read a parameter."
  }
}

run "paths_that_ssm_refuses_are_refused" {
  command = plan

  module {
    source = "./modules/ssm"
  }

  variables {
    prefix     = "/aws/dev/"
    parameters = { "/pipeline/bucket" = "abalone-dev-data-123456789012" }
  }

  expect_failures = [var.prefix, var.parameters]
}
