locals {
  functions = {
    launch_etl = {
      description     = "Starts the ETL for a new batch or for a job of CodePipeline, which is told the result."
      timeout_seconds = 60
      environment     = { ABALONE_ETL_STATE_MACHINE = var.etl_state_machine_arn }
      policy          = data.aws_iam_policy_document.launch_etl.json
    }
    evaluate_endpoint = {
      description     = "Asks an endpoint for held-out animals, and measures errors and latency."
      timeout_seconds = 600
      environment     = {}
      policy          = data.aws_iam_policy_document.evaluate_endpoint.json
    }
    register_model = {
      description     = "Approves or rejects a model package with its evaluation."
      timeout_seconds = 60
      environment     = { ABALONE_MODEL_PACKAGE_GROUP = var.model_package_group_name }
      policy          = data.aws_iam_policy_document.register_model.json
    }
    launch_retraining = {
      description     = "Starts the delivery pipeline once, however often it is asked to within the cool-down, and not for drift or new data when nothing, or too little, is new."
      timeout_seconds = 60
      environment     = { ABALONE_PIPELINE = var.pipeline_name }
      policy          = data.aws_iam_policy_document.launch_retraining.json
    }
  }

  names = {
    for key in ["launch_etl", "evaluate_endpoint", "register_model", "launch_retraining"] :
    key => "${var.name}-${replace(key, "_", "-")}"
  }

  environment = merge(
    { ABALONE_BUCKET = var.data_bucket, ABALONE_PARAMETER_PREFIX = var.parameter_prefix },
    var.extra_environment,
  )
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name                  = local.names[each.key]
  description                    = each.value.description
  role                           = aws_iam_role.this[each.key].arn
  filename                       = var.package
  source_code_hash               = filebase64sha256(var.package)
  handler                        = "abalone.lambdas.${each.key}.handler"
  runtime                        = "python3.12"
  architectures                  = ["arm64"]
  memory_size                    = 256
  timeout                        = each.value.timeout_seconds
  reserved_concurrent_executions = lookup(var.reserved_concurrency, each.key, -1)
  kms_key_arn                    = var.key_arn

  environment {
    variables = merge(local.environment, each.value.environment)
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.dead_letters.arn
  }

  dynamic "tracing_config" {
    for_each = var.emulated ? [] : [true]
    content {
      mode = "Active"
    }
  }

  # The group has to be there, encrypted, before Lambda would make one; and the role's policy before Lambda tries it.
  depends_on = [aws_cloudwatch_log_group.this, aws_iam_role_policy.this]
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = aws_lambda_function.this

  function_name                = each.value.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600

  destination_config {
    on_failure {
      destination = var.topic_arn
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.names

  name              = "/aws/lambda/${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-functions-dead-letters"
  kms_master_key_id         = var.key_arn
  message_retention_seconds = 14 * 24 * 60 * 60
}
