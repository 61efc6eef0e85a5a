output "rule_names" {
  description = "Names of the rules, by what they watch: code, landing, retraining-wanted, schedule, monitoring."
  value       = { for key, rule in aws_cloudwatch_event_rule.this : key => rule.name }
}

output "dead_letter_queue_name" {
  description = "Queue of the events that no target took."
  value       = aws_sqs_queue.dead_letters.name
}
