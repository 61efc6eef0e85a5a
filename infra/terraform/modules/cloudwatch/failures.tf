locals {
  # What EventBridge tells of when it fails, and the parts of the event that the message says.
  failures = {
    delivery = {
      source = "aws.codepipeline"
      type   = "CodePipeline Pipeline Execution State Change"
      detail = { pipeline = [var.pipeline_name], state = ["FAILED"] }
      what   = "$.detail.pipeline"
      run    = "$.detail.execution-id"
      status = "$.detail.state"
    }
    state-machines = {
      source = "aws.states"
      type   = "Step Functions Execution Status Change"
      detail = { stateMachineArn = values(var.state_machine_arns), status = ["FAILED", "TIMED_OUT", "ABORTED"] }
      what   = "$.detail.stateMachineArn"
      run    = "$.detail.name"
      status = "$.detail.status"
    }
    training = {
      source = "aws.sagemaker"
      type   = "SageMaker Model Building Pipeline Execution Status Change"
      detail = { pipelineArn = var.sagemaker_pipeline_arns, currentPipelineExecutionStatus = ["Failed"] }
      what   = "$.detail.pipelineArn"
      run    = "$.detail.pipelineExecutionArn"
      status = "$.detail.currentPipelineExecutionStatus"
    }
  }
}

resource "aws_cloudwatch_event_rule" "failure" {
  for_each = local.failures

  name        = "${var.name}-failed-${each.key}"
  description = "A run of ${each.value.source} failed."
  event_pattern = jsonencode({
    source      = [each.value.source]
    detail-type = [each.value.type]
    detail      = each.value.detail
  })
}

resource "aws_cloudwatch_event_target" "failure" {
  for_each = local.failures

  rule = aws_cloudwatch_event_rule.failure[each.key].name
  arn  = aws_sns_topic.alerts.arn

  input_transformer {
    input_paths = {
      what   = each.value.what
      run    = each.value.run
      status = each.value.status
    }
    input_template = "\"${var.name}: <what> <status>, execution <run>\""
  }
}
