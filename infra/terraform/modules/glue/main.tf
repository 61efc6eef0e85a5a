resource "aws_glue_security_configuration" "this" {
  name = var.name

  encryption_configuration {
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = var.key_arn
    }

    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = var.key_arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = var.key_arn
    }
  }
}

# It is not retried here: the state machine follows the run that it started, and would not see another.
resource "aws_glue_job" "etl" {
  name                   = local.job_name
  description            = "Turns the batches of the landing zone into tables."
  role_arn               = aws_iam_role.this.arn
  glue_version           = "5.0"
  worker_type            = var.worker_type
  number_of_workers      = var.number_of_workers
  timeout                = var.timeout_minutes
  max_retries            = 0
  security_configuration = aws_glue_security_configuration.this.name

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "s3://${var.artifacts_bucket}/${aws_s3_object.package["etl.py"].key}"
  }

  # A second run would read the landing zone as the first one does.
  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = {
    "--additional-python-modules"       = "s3://${var.artifacts_bucket}/${aws_s3_object.package["requirements.txt"].key}"
    "--python-modules-installer-option" = "-r"
    "--extra-py-files"                  = "s3://${var.artifacts_bucket}/${aws_s3_object.package["abalone.zip"].key}"
    "--extra-files"                     = "s3://${var.artifacts_bucket}/${aws_s3_object.package["conf.tar.gz"].key}"
    "--TempDir"                         = "s3://${var.artifacts_bucket}/${local.prefix}/temporary/"
    "--environment"                     = var.environment
    "--data"                            = "s3://${var.data_bucket}/data"
    "--job-bookmark-option"             = "job-bookmark-disable"
    "--job-language"                    = "python"
    "--enable-metrics"                  = "true"
    "--enable-observability-metrics"    = "true"
  }

  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

resource "aws_s3_object" "package" {
  for_each = local.package

  bucket      = var.artifacts_bucket
  key         = "${local.prefix}/${each.key}"
  source      = each.value
  source_hash = filemd5(each.value)
  kms_key_id  = var.key_arn
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.log_groups

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

locals {
  job_name  = "${var.name}-etl"
  role_name = "${var.name}-glue"
  prefix    = "glue"

  # A wheel is a zip of its modules, and Spark puts a zip on Python's path; pip would want the wheel's full name.
  package = {
    "etl.py"           = "${var.package_directory}/etl.py"
    "requirements.txt" = "${var.package_directory}/requirements.txt"
    "conf.tar.gz"      = "${var.package_directory}/conf.tar.gz"
    "abalone.zip"      = "${var.package_directory}/abalone.whl"
  }

  # Glue derives these names from the security configuration and the role.
  log_groups = {
    output = "/aws-glue/jobs/${var.name}-role/${local.role_name}/output"
    error  = "/aws-glue/jobs/${var.name}-role/${local.role_name}/error"
  }
}
