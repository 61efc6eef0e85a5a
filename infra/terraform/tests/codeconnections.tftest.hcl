mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name = "abalone-dev"
}

run "connection_is_to_github_unless_told_otherwise" {
  command = plan

  module {
    source = "./modules/codeconnections"
  }

  assert {
    condition = (
      aws_codeconnections_connection.this.name == "abalone-dev" &&
      aws_codeconnections_connection.this.provider_type == "GitHub"
    )
    error_message = "The connection is another one."
  }
}

run "unknown_provider_is_refused" {
  command = plan

  module {
    source = "./modules/codeconnections"
  }

  variables {
    provider_type = "Subversion"
  }

  expect_failures = [var.provider_type]
}
