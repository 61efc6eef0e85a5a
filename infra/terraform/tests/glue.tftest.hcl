mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                 = "abalone-dev"
  environment          = "dev"
  key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
  data_bucket          = "abalone-dev-data-123456789012"
  data_bucket_arn      = "arn:aws:s3:::abalone-dev-data-123456789012"
  artifacts_bucket     = "abalone-dev-artifacts-123456789012"
  artifacts_bucket_arn = "arn:aws:s3:::abalone-dev-artifacts-123456789012"
  package_directory    = "./tests/fixtures/glue"
}

run "job_runs_the_uploaded_package_on_spark_and_ends" {
  command = plan

  module {
    source = "./modules/glue"
  }

  assert {
    condition     = aws_glue_job.etl.name == "abalone-dev-etl" && aws_glue_job.etl.glue_version == "5.0" && aws_glue_job.etl.command[0].name == "glueetl"
    error_message = "The job has another name, or is none of Spark on Glue 5.0."
  }

  assert {
    condition     = aws_glue_job.etl.worker_type == "G.1X" && aws_glue_job.etl.number_of_workers == 2
    error_message = "The job has other workers than a driver and an executor of the smallest size."
  }

  assert {
    condition     = aws_glue_job.etl.timeout == 30 && aws_glue_job.etl.max_retries == 0 && aws_glue_job.etl.execution_property[0].max_concurrent_runs == 1
    error_message = "A run may go on for longer than half an hour, or beside the one that the state machine follows."
  }

  assert {
    condition = toset([for object in aws_s3_object.package : object.key]) == toset([
      "glue/etl.py", "glue/requirements.txt", "glue/conf.tar.gz", "glue/abalone.zip",
    ])
    error_message = "The package is not uploaded whole."
  }

  assert {
    condition = (
      aws_glue_job.etl.command[0].script_location == "s3://abalone-dev-artifacts-123456789012/glue/etl.py" &&
      aws_glue_job.etl.default_arguments["--additional-python-modules"] == "s3://abalone-dev-artifacts-123456789012/glue/requirements.txt" &&
      aws_glue_job.etl.default_arguments["--python-modules-installer-option"] == "-r"
    )
    error_message = "The job runs something else than what is uploaded."
  }

  assert {
    condition = (
      aws_glue_job.etl.default_arguments["--data"] == "s3://abalone-dev-data-123456789012/data" &&
      aws_glue_job.etl.default_arguments["--environment"] == "dev"
    )
    error_message = "The job does not hear where its data are, or of its environment."
  }
}

run "data_logs_and_bookmarks_are_encrypted" {
  command = plan

  module {
    source = "./modules/glue"
  }

  assert {
    condition = alltrue([
      for encryption in aws_glue_security_configuration.this.encryption_configuration :
      encryption.s3_encryption[0].s3_encryption_mode == "SSE-KMS" && encryption.s3_encryption[0].kms_key_arn == var.key_arn &&
      encryption.cloudwatch_encryption[0].cloudwatch_encryption_mode == "SSE-KMS" && encryption.cloudwatch_encryption[0].kms_key_arn == var.key_arn &&
      encryption.job_bookmarks_encryption[0].job_bookmarks_encryption_mode == "CSE-KMS" && encryption.job_bookmarks_encryption[0].kms_key_arn == var.key_arn
    ])
    error_message = "The job writes something without the key."
  }

  assert {
    condition     = aws_glue_job.etl.security_configuration == aws_glue_security_configuration.this.name
    error_message = "The job does not use the security configuration."
  }

  assert {
    condition = alltrue([
      for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.key_arn && group.retention_in_days == 90
    ]) && length(aws_cloudwatch_log_group.this) == 2
    error_message = "A log is kept without the key or for ever."
  }

  assert {
    condition     = alltrue([for object in aws_s3_object.package : object.kms_key_id == var.key_arn])
    error_message = "A part of the package is uploaded without the key."
  }
}

run "role_reads_batches_writes_tables_and_touches_no_model" {
  command = plan

  module {
    source = "./modules/glue"
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.job.statement : statement.sid => statement.resources
      if contains(["ReadBatches", "WriteTables"], statement.sid)
      } == {
      ReadBatches = toset(["${var.data_bucket_arn}/data/01_raw/*"])
      WriteTables = toset([
        for layer in ["02_intermediate", "03_primary", "05_model_input", "08_reporting"] : "${var.data_bucket_arn}/data/${layer}/*"
      ])
    }
    error_message = "The job may read or write another layer of the data."
  }

  assert {
    condition = toset([
      for statement in data.aws_iam_policy_document.job.statement : statement.sid if contains(statement.resources, "*")
    ]) == toset(["Measure", "ReadSecurityConfiguration"])
    error_message = "Something is allowed on all resources that has a resource level."
  }

  assert {
    condition = [
      for statement in data.aws_iam_policy_document.job.statement : one(statement.condition).values
      if statement.sid == "Measure"
    ] == [tolist(["Abalone", "Glue"])]
    error_message = "The job may write figures into another namespace than its own and Glue's."
  }

  assert {
    condition = anytrue([
      for condition in one(data.aws_iam_policy_document.trust.statement).condition :
      condition.variable == "aws:SourceAccount" && condition.values == tolist(["123456789012"])
    ])
    error_message = "A job of another account could use the role."
  }

  assert {
    condition = aws_iam_role.this.name == "abalone-dev-glue" && [
      for name in ["output", "error"] : aws_cloudwatch_log_group.this[name].name
    ] == [for name in ["output", "error"] : "/aws-glue/jobs/abalone-dev-role/abalone-dev-glue/${name}"]
    error_message = "The role has the name of the state machine's, or the logs are not where Glue writes those of the role."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/glue"
  }

  variables {
    worker_type       = "G.9X"
    number_of_workers = 1
    timeout_minutes   = 121
  }

  expect_failures = [var.worker_type, var.number_of_workers, var.timeout_minutes]
}
