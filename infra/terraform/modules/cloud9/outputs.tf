output "environment_id" {
  description = "Id of the workbench."
  value       = aws_cloud9_environment_ec2.this.id
}
