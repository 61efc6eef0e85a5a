mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name    = "abalone-dev"
  key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
}

run "buckets_are_private_versioned_and_encrypted" {
  command = plan

  module {
    source = "./modules/s3"
  }

  assert {
    condition = toset([for bucket in aws_s3_bucket.this : bucket.bucket]) == toset([
      "abalone-dev-data-123456789012", "abalone-dev-artifacts-123456789012", "abalone-dev-logs-123456789012",
    ])
    error_message = "The buckets have other names than the rest of the stack expects."
  }

  assert {
    condition = length(aws_s3_bucket_public_access_block.this) == 3 && alltrue([
      for block in aws_s3_bucket_public_access_block.this :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "A bucket can be made public."
  }

  assert {
    condition = length(aws_s3_bucket_versioning.this) == 3 && alltrue([
      for versioning in aws_s3_bucket_versioning.this : versioning.versioning_configuration[0].status == "Enabled"
    ])
    error_message = "A bucket keeps no versions."
  }

  assert {
    condition = alltrue([
      for controls in aws_s3_bucket_ownership_controls.this : controls.rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "Access control lists work on a bucket."
  }

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.this : !bucket.force_destroy])
    error_message = "Destroying empties a bucket without being told to."
  }

  assert {
    condition = alltrue([
      for name in ["data", "artifacts"] : alltrue([
        for rule in aws_s3_bucket_server_side_encryption_configuration.this[name].rule :
        rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" &&
        rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.key_arn && rule.bucket_key_enabled
      ])
    ])
    error_message = "Data or artifacts are not encrypted with the key."
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this["logs"].rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    ])
    error_message = "Load balancers cannot write to the logs bucket."
  }
}

run "plain_http_is_denied_and_only_access_logs_may_be_written" {
  command = plan

  module {
    source = "./modules/s3"
  }

  assert {
    condition = length(data.aws_iam_policy_document.tls_only) == 3 && alltrue([
      for policy in data.aws_iam_policy_document.tls_only :
      policy.statement[0].effect == "Deny" &&
      policy.statement[0].actions == toset(["s3:*"]) &&
      length(policy.statement[0].resources) == 2 &&
      one(policy.statement[0].principals).identifiers == toset(["*"]) &&
      one(policy.statement[0].condition).variable == "aws:SecureTransport" &&
      one(policy.statement[0].condition).values == tolist(["false"])
    ])
    error_message = "A bucket answers without TLS."
  }

  assert {
    condition     = length(aws_s3_bucket_policy.this) == 3
    error_message = "A bucket has no policy."
  }

  assert {
    condition = alltrue([
      for s in data.aws_iam_policy_document.logs.statement :
      s.actions == toset(["s3:PutObject"])
    ])
    error_message = "The logs bucket allows more than writing."
  }

  assert {
    condition = alltrue([
      for resource in data.aws_iam_policy_document.logs.statement[1].resources :
      endswith(resource, "AWSLogs/123456789012/*")
    ])
    error_message = "Load balancers of other accounts may write."
  }

  assert {
    condition     = toset(keys(aws_s3_bucket_logging.this)) == toset(["data", "artifacts"])
    error_message = "Access to data or artifacts is not logged."
  }
}

run "temporary_and_old_objects_expire_and_new_data_are_told" {
  command = plan

  module {
    source = "./modules/s3"
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this["data"].rule :
      [rule.filter[0].prefix, tostring(rule.expiration[0].days)]
      if startswith(rule.id, "temporary")
      ] == [
      ["sagemaker/abalone-dev/evaluation/", "60"],
      ["sagemaker/abalone-dev/feature_engineering/", "60"],
      ["sagemaker/abalone-dev/ingestion/", "60"],
      ["sagemaker/abalone-dev/parameters/", "60"],
      ["sagemaker/abalone-dev/training/", "60"],
    ]
    error_message = "Something else expires than what jobs hand on to one another, such as a model."
  }

  assert {
    condition = (
      [for rule in aws_s3_bucket_lifecycle_configuration.this["artifacts"].rule : rule.id] ==
      ["old-versions"]
    )
    error_message = "A bundle that new hosts need can expire."
  }

  assert {
    condition = alltrue([
      for lifecycle in aws_s3_bucket_lifecycle_configuration.this :
      lifecycle.rule[0].noncurrent_version_expiration[0].noncurrent_days == 90
    ])
    error_message = "Old versions stay for ever."
  }

  assert {
    condition     = aws_s3_bucket_notification.this["data"].eventbridge
    error_message = "New data start nothing."
  }
}

run "days_that_are_none_are_refused" {
  command = plan

  module {
    source = "./modules/s3"
  }

  variables {
    temporary_days  = 0
    noncurrent_days = 0
    log_days        = 0
  }

  expect_failures = [var.temporary_days, var.noncurrent_days, var.log_days]
}
