locals {
  from_codecommit = var.source_code.type == "codecommit"
  landing_pattern = {
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail = {
      bucket = { name = [var.data_bucket] }
      object = { key = [{ prefix = var.landing_prefix }] }
    }
  }

  # What is watched; schedule apart, each by the pattern of its events.
  rules = merge(
    {
      landing = {
        description = "A batch has landed."
        pattern     = jsonencode(local.landing_pattern)
        schedule    = null
      }
      retraining-wanted = {
        description = "Monitoring has decided that the model is to be trained anew."
        pattern = jsonencode({
          source        = ["abalone.monitoring"]
          "detail-type" = ["Retraining wanted"]
          detail        = { reason = [{ exists = true }] }
        })
        schedule = null
      }
    },
    local.from_codecommit ? {
      code = {
        description = "The code has changed."
        pattern = jsonencode({
          source        = ["aws.codecommit"]
          "detail-type" = ["CodeCommit Repository State Change"]
          resources     = [var.source_code.repository_arn]
          detail = {
            event         = ["referenceCreated", "referenceUpdated"]
            referenceType = ["branch"]
            referenceName = [var.source_code.branch]
          }
        })
        schedule = null
      }
    } : {},
    var.retraining_schedule == null ? {} : {
      schedule = {
        description = "It is time to train again."
        pattern     = null
        schedule    = var.retraining_schedule
      }
    },
    var.monitoring_schedule == null ? {} : {
      monitoring = {
        description = "It is time to look at what is served."
        pattern     = null
        schedule    = var.monitoring_schedule
      }
    },
  )

  # The reasons that launch_retraining knows, by the rule that tells them; an event of monitoring brings its own.
  retraining_reasons = merge(
    var.retraining_on_new_data ? { landing = "new-data" } : {},
    var.retraining_schedule == null ? {} : { schedule = "schedule" },
  )
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name                = "${var.name}-${each.key}"
  description         = each.value.description
  event_pattern       = each.value.pattern
  schedule_expression = each.value.schedule
}
