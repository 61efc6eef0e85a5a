output "project_names" {
  description = "Names of the projects: verify, image, train, deploy."
  value       = { for key, project in aws_codebuild_project.this : key => project.name }
}

output "project_arns" {
  description = "ARNs of the projects, by the same keys."
  value       = { for key, project in aws_codebuild_project.this : key => project.arn }
}

output "role_arns" {
  description = "ARNs of the projects' roles, by the same keys."
  value       = { for key, role in aws_iam_role.this : key => role.arn }
}
