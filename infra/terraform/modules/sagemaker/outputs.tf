output "execution_role_arn" {
  description = "Role of the pipeline and its jobs."
  value       = aws_iam_role.execution.arn
}

output "endpoint_role_arn" {
  description = "Role of the endpoints, which reads models and writes captures only."
  value       = aws_iam_role.endpoint.arn
}

output "model_package_group_name" {
  description = "Group of the registered models."
  value       = aws_sagemaker_model_package_group.this.model_package_group_name
}

output "model_package_group_arn" {
  description = "ARN of the group of the registered models."
  value       = aws_sagemaker_model_package_group.this.arn
}

output "pipeline_arn" {
  description = "ARN of the pipeline, which `kedro sagemaker run` uploads."
  value       = local.pipeline_arn
}

output "monitoring_pipeline_arn" {
  description = "ARN of the pipeline that looks at what is served, which `kedro sagemaker update` uploads."
  value       = local.monitoring_pipeline_arn
}
