mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name    = "abalone-dev"
  key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
}

run "repository_is_encrypted_with_the_key" {
  command = plan

  module {
    source = "./modules/codecommit"
  }

  assert {
    condition     = output.repository_name == "abalone-dev"
    error_message = "The repository is called ${output.repository_name}."
  }

  assert {
    condition     = aws_codecommit_repository.this.kms_key_id == var.key_arn
    error_message = "The source is not encrypted with the key."
  }
}

run "name_that_codecommit_refuses_is_refused" {
  command = plan

  module {
    source = "./modules/codecommit"
  }

  variables {
    name = "abalone dev"
  }

  expect_failures = [var.name]
}
