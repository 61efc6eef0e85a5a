mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name = "abalone-dev"
}

run "key_rotates_and_can_be_brought_back" {
  command = plan

  module {
    source = "./modules/kms"
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key does not rotate."
  }

  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30
    error_message = "A deleted key cannot be brought back for 30 days."
  }

  assert {
    condition     = output.alias_name == "alias/abalone-dev"
    error_message = "The alias is ${output.alias_name}."
  }
}

run "services_may_use_the_key_for_this_account_alone" {
  command = plan

  module {
    source = "./modules/kms"
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.key.statement : length(statement.condition) > 0
      if !contains(["PoliciesOfTheAccountDecide", "Events"], statement.sid)
    ])
    error_message = "A statement has no condition."
  }

  assert {
    condition = alltrue(flatten([
      for statement in data.aws_iam_policy_document.key.statement : [
        for principal in statement.principals : !contains(principal.identifiers, "*")
      ]
    ]))
    error_message = "A stranger may use the key."
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.key.statement : !contains(statement.actions, "kms:*")
      if statement.sid != "PoliciesOfTheAccountDecide"
    ])
    error_message = "A service may do everything with the key."
  }
}

run "values_that_aws_refuses_are_refused" {
  command = plan

  module {
    source = "./modules/kms"
  }

  variables {
    name                 = "Abalone_dev"
    deletion_window_days = 3
  }

  expect_failures = [var.name, var.deletion_window_days]
}
