mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

run "state_is_private_versioned_encrypted_and_asks_for_tls" {
  command = plan

  module {
    source = "./bootstrap"
  }

  assert {
    condition = length(aws_s3_bucket_public_access_block.this) == 2 && alltrue([
      for block in aws_s3_bucket_public_access_block.this :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "The state can be made public."
  }

  assert {
    condition     = aws_s3_bucket_versioning.this["state"].versioning_configuration[0].status == "Enabled"
    error_message = "A spoilt state cannot be brought back."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this["state"].rule :
      rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.state.arn
    ])
    error_message = "The state is not encrypted with its key."
  }

  assert {
    condition = alltrue([
      for policy in data.aws_iam_policy_document.tls_only :
      policy.statement[0].effect == "Deny" && one(policy.statement[0].condition).variable == "aws:SecureTransport"
    ]) && length(aws_s3_bucket_policy.this) == 2
    error_message = "The state can be read without TLS."
  }

  assert {
    condition = (
      !aws_s3_bucket.this["state"].force_destroy &&
      length(aws_s3_bucket_lifecycle_configuration.this["state"].rule[0].expiration) == 0
    )
    error_message = "The state can be lost without being told to."
  }

  assert {
    condition     = aws_s3_bucket_logging.state.target_bucket == aws_s3_bucket.this["state-logs"].id
    error_message = "Nobody can tell who read the state."
  }
}

run "outputs_tell_how_environments_find_the_state" {
  command = plan

  module {
    source = "./bootstrap"
  }

  assert {
    condition = output.backend == {
      bucket     = "abalone-terraform-state-123456789012"
      region     = "eu-west-1"
      kms_key_id = aws_kms_key.state.arn
    }
    error_message = "An environment would look for its state elsewhere."
  }

  assert {
    condition = startswith(output.next_command, join(" ", [
      "terraform -chdir=infra/terraform/environments/dev init",
      "-backend-config=bucket=abalone-terraform-state-123456789012 -backend-config=region=eu-west-1",
    ]))
    error_message = "The next command is ${output.next_command}."
  }
}

run "region_that_is_none_is_refused" {
  command = plan

  module {
    source = "./bootstrap"
  }

  variables {
    region = "Ireland"
  }

  expect_failures = [var.region]
}
