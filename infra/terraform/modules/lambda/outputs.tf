output "function_names" {
  description = "Names by function: launch_etl, evaluate_endpoint, register_model, launch_retraining."
  value       = { for key, function in aws_lambda_function.this : key => function.function_name }
}

output "function_arns" {
  description = "ARNs by function."
  value       = { for key, function in aws_lambda_function.this : key => function.arn }
}

output "dead_letter_queue_name" {
  description = "Queue of the events that no function could handle."
  value       = aws_sqs_queue.dead_letters.name
}
