output "cloudformation_role_arn" {
  description = "Role that CloudFormation makes the endpoints with."
  value       = aws_iam_role.cloudformation.arn
}

output "staging" {
  description = "Stack, endpoint and the template's parameters of the staging endpoint; a deployment adds Image and ModelDataUrl."
  value       = local.deployments.staging
}

output "production" {
  description = "Stack, endpoint and the template's parameters of the production endpoint; a deployment adds Image and ModelDataUrl."
  value       = local.deployments.production
}

output "endpoint_arns" {
  description = "ARNs of both endpoints."
  value       = [for deployment in values(local.deployments) : "${local.arn_prefix}:endpoint/${deployment.endpoint}"]
}
