locals {
  # A day of trying; then the event goes to the queue.
  maximum_event_age_seconds = 24 * 60 * 60
  maximum_retry_attempts    = 20
}

resource "aws_cloudwatch_event_target" "pipeline" {
  count = local.from_codecommit ? 1 : 0

  rule      = aws_cloudwatch_event_rule.this["code"].name
  target_id = "pipeline"
  arn       = var.pipeline_arn
  role_arn  = aws_iam_role.this.arn

  retry_policy {
    maximum_event_age_in_seconds = local.maximum_event_age_seconds
    maximum_retry_attempts       = local.maximum_retry_attempts
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_cloudwatch_event_target" "launch_etl" {
  rule      = aws_cloudwatch_event_rule.this["landing"].name
  target_id = "launch-etl"
  arn       = var.launch_etl_function_arn

  retry_policy {
    maximum_event_age_in_seconds = local.maximum_event_age_seconds
    maximum_retry_attempts       = local.maximum_retry_attempts
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_lambda_permission" "launch_etl" {
  statement_id   = "AllowLandingRule"
  action         = "lambda:InvokeFunction"
  function_name  = var.launch_etl_function_name
  principal      = "events.amazonaws.com"
  source_arn     = aws_cloudwatch_event_rule.this["landing"].arn
  source_account = data.aws_caller_identity.current.account_id
}

# Its detail is what the state machine takes: reason, and detail.
resource "aws_cloudwatch_event_target" "retraining_wanted" {
  rule       = aws_cloudwatch_event_rule.this["retraining-wanted"].name
  target_id  = "retraining"
  arn        = var.retraining_state_machine_arn
  role_arn   = aws_iam_role.this.arn
  input_path = "$.detail"

  retry_policy {
    maximum_event_age_in_seconds = local.maximum_event_age_seconds
    maximum_retry_attempts       = local.maximum_retry_attempts
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_cloudwatch_event_target" "retraining" {
  for_each = local.retraining_reasons

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "retraining"
  arn       = var.retraining_state_machine_arn
  role_arn  = aws_iam_role.this.arn

  input_transformer {
    input_paths    = { detail = "$.detail" }
    input_template = "{\"reason\": \"${each.value}\", \"detail\": <detail>}"
  }

  retry_policy {
    maximum_event_age_in_seconds = local.maximum_event_age_seconds
    maximum_retry_attempts       = local.maximum_retry_attempts
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_cloudwatch_event_target" "monitoring" {
  count = var.monitoring_schedule == null ? 0 : 1

  rule      = aws_cloudwatch_event_rule.this["monitoring"].name
  target_id = "monitoring"
  arn       = var.monitoring_pipeline_arn
  role_arn  = aws_iam_role.this.arn

  retry_policy {
    maximum_event_age_in_seconds = local.maximum_event_age_seconds
    maximum_retry_attempts       = local.maximum_retry_attempts
  }

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}
