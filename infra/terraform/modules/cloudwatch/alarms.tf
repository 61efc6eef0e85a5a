locals {
  # The one alarm that they make together tells of these.
  service_metrics = merge(local.host_metrics, local.endpoint_metrics)
  metrics         = merge(local.service_metrics, local.model_metrics, local.function_metrics, local.queue_metrics)

  comparisons = {
    above = "GreaterThanOrEqualToThreshold"
    below = "LessThanOrEqualToThreshold"
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.metrics

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.text
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  comparison_operator = local.comparisons[each.value.past]
  threshold           = each.value.threshold
  period              = each.value.seconds
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching"
  alarm_actions       = contains(keys(local.service_metrics), each.key) ? [] : [aws_sns_topic.alerts.arn]

  statistic          = each.value.statistic == "p99" ? null : each.value.statistic
  extended_statistic = each.value.statistic == "p99" ? "p99" : null
  # A handful of requests has no slowest 1 %.
  evaluate_low_sample_count_percentiles = each.value.statistic == "p99" ? "ignore" : null
}

resource "aws_cloudwatch_composite_alarm" "service" {
  alarm_name        = "${var.name}-service"
  alarm_description = "Production is unwell, on the hosts or on the endpoint."
  alarm_actions     = [aws_sns_topic.alerts.arn]
  ok_actions        = [aws_sns_topic.alerts.arn]
  alarm_rule = join(" OR ", [
    for key in keys(local.service_metrics) : "ALARM(\"${aws_cloudwatch_metric_alarm.this[key].alarm_name}\")"
  ])
}

resource "aws_cloudwatch_metric_alarm" "bill" {
  count = var.billing_alarm ? 1 : 0

  alarm_name          = "${var.name}-bill"
  alarm_description   = "This month's bill of the account is past its limit, in US dollars."
  namespace           = "AWS/Billing"
  metric_name         = "EstimatedCharges"
  dimensions          = { Currency = "USD" }
  statistic           = "Maximum"
  comparison_operator = local.comparisons.above
  threshold           = var.monthly_limit_usd
  period              = 21600
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]

  lifecycle {
    precondition {
      condition     = local.region == "us-east-1"
      error_message = "billing_alarm has to be false in ${local.region}: the metric of bills exists in us-east-1 alone."
    }
  }
}
