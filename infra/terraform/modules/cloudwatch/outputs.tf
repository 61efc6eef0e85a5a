output "topic_arn" {
  description = "ARN of the SNS topic that everything worth telling goes to."
  value       = aws_sns_topic.alerts.arn
}

output "rollback_alarm_names" {
  description = "Alarms that stop and undo a deployment to the hosts: those of what hosts answer. Whether a host is up CodeDeploy sees itself, and before the first release none is."
  value       = [for key in ["host-errors", "host-latency"] : aws_cloudwatch_metric_alarm.this[key].alarm_name]
}

output "service_alarm_arn" {
  description = "ARN of the alarm that goes off when the hosts or the endpoint in production are unwell."
  value       = aws_cloudwatch_composite_alarm.service.arn
}

output "service_log_group_name" {
  description = "Log group of the prediction service on the hosts."
  value       = aws_cloudwatch_log_group.service.name
}

output "service_log_group_arn" {
  description = "ARN of the log group of the prediction service."
  value       = aws_cloudwatch_log_group.service.arn
}

output "dashboard_name" {
  description = "Name of the dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
