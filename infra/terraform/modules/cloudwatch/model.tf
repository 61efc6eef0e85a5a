# How the model does: metrics of the monitoring pipeline, of the service on the hosts and of the ETL job, by environment.
locals {
  model_namespace  = "Abalone"
  model_dimensions = { environment = var.environment }

  model_alarms = {
    drift = {
      text      = "The measurements asked about are no longer like those of the training."
      metric    = "drift_detected"
      statistic = "Maximum"
      threshold = 1
      past      = "above"
    }
    rmse = {
      text      = "The predictions are off by too many rings (RMSE)."
      metric    = "rmse"
      statistic = "Maximum"
      threshold = var.limits.rmse
      past      = "above"
    }
    interval-coverage = {
      text      = "Too few ring counts are inside their intervals."
      metric    = "interval_coverage"
      statistic = "Minimum"
      threshold = var.limits.interval_coverage
      past      = "below"
    }
  }

  model_metrics = {
    for key, alarm in local.model_alarms : key => merge(alarm, {
      namespace  = local.model_namespace
      dimensions = local.model_dimensions
      seconds    = 3600
      periods    = 1
    })
  }

  # What is looked at and not alarmed on: title, metrics, statistic, seconds.
  model_charts = [
    ["Rows that monitoring has looked at, and those with labels", ["served_rows", "labelled_rows"], "Maximum", 3600],
    ["Monitoring asks for retraining", ["retraining_wanted"], "Maximum", 3600],
    ["Requests to the hosts' service, and its errors", ["requests", "errors"], "Sum", 300],
    ["Rows predicted, and those that no animal of the training is like", ["rows", "out_of_range_rows"], "Sum", 300],
    ["Mean prediction, in rings", ["predicted_rings"], "Average", 300],
    ["Latency of the hosts' service, in milliseconds", ["latency_p50", "latency_p99"], "Maximum", 300],
    ["Rows that the ETL job read", ["etl_rows_in", "etl_accepted", "etl_quarantined", "etl_duplicates"], "Maximum", 3600],
    ["Duration of the ETL job, in seconds", ["etl_seconds"], "Maximum", 3600],
  ]
}

# Monitoring publishes how many rows it has seen each time it runs, even when there are none.
resource "aws_cloudwatch_metric_alarm" "silence" {
  count = var.monitoring_is_scheduled ? 1 : 0

  alarm_name          = "${var.name}-monitoring-silence"
  alarm_description   = "The monitoring pipeline has published nothing for two days."
  namespace           = local.model_namespace
  metric_name         = "served_rows"
  dimensions          = local.model_dimensions
  statistic           = "SampleCount"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 86400
  evaluation_periods  = 2
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]
}
