resource "aws_codepipeline" "this" {
  name           = var.name
  role_arn       = aws_iam_role.this.arn
  pipeline_type  = "V2"
  execution_mode = var.execution_mode

  artifact_store {
    type     = "S3"
    location = var.artifacts_bucket

    encryption_key {
      type = "KMS"
      id   = var.key_arn
    }
  }

  dynamic "stage" {
    for_each = local.stages

    content {
      name = stage.value.name

      dynamic "action" {
        for_each = stage.value.actions

        content {
          name             = action.value.name
          category         = action.value.category
          owner            = "AWS"
          provider         = action.value.provider
          version          = "1"
          run_order        = try(action.value.run_order, 1)
          namespace        = try(action.value.namespace, null)
          input_artifacts  = try(action.value.inputs, [])
          output_artifacts = try(action.value.outputs, [])
          configuration    = action.value.configuration
        }
      }

      dynamic "on_failure" {
        for_each = stage.value.rolls_back ? ["ROLLBACK"] : []

        content {
          result = on_failure.value
        }
      }
    }
  }

  # The first execution starts as soon as the pipeline is there.
  depends_on = [aws_iam_role_policy.this]
}
