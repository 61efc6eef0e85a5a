locals {
  variables = {
    glue_job_name         = var.glue_job_name
    launch_etl_arn        = var.function_arns.launch_etl
    evaluate_endpoint_arn = var.function_arns.evaluate_endpoint
    register_model_arn    = var.function_arns.register_model
    launch_retraining_arn = var.function_arns.launch_retraining
    topic_arn             = var.topic_arn
    parameter_prefix      = var.parameter_prefix
  }

  machines = {
    etl         = { policy = data.aws_iam_policy_document.etl.json }
    system_test = { policy = data.aws_iam_policy_document.system_test.json }
    retraining  = { policy = data.aws_iam_policy_document.retraining.json }
  }

  names = { for key in keys(local.machines) : key => "${var.name}-${replace(key, "_", "-")}" }
}

resource "aws_sfn_state_machine" "this" {
  for_each = local.machines

  name       = local.names[each.key]
  role_arn   = aws_iam_role.this[each.key].arn
  definition = templatefile("${var.definitions_directory}/${each.key}.asl.json", local.variables)

  encryption_configuration {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = var.key_arn
    kms_data_key_reuse_period_seconds = 900
  }

  logging_configuration {
    level                  = var.log_level
    include_execution_data = true
    log_destination        = "${aws_cloudwatch_log_group.this[each.key].arn}:*"
  }

  dynamic "tracing_configuration" {
    for_each = var.emulated ? [] : [true]
    content {
      enabled = true
    }
  }

  # Step Functions tries the role when it makes the machine.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.names

  # Under this prefix deliveries share one resource policy, whose size is limited.
  name              = "/aws/vendedlogs/states/${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}
