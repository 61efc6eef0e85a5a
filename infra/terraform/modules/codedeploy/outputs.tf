output "application_name" {
  description = "Name of the application."
  value       = aws_codedeploy_app.this.name
}

output "application_arn" {
  description = "ARN of the application."
  value       = aws_codedeploy_app.this.arn
}

output "deployment_group_name" {
  description = "Name of the deployment group."
  value       = aws_codedeploy_deployment_group.this.deployment_group_name
}

output "deployment_group_arn" {
  description = "ARN of the deployment group."
  value       = aws_codedeploy_deployment_group.this.arn
}
