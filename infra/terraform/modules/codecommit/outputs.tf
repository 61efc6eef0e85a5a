output "repository_name" {
  description = "Name of the repository."
  value       = aws_codecommit_repository.this.repository_name
}

output "repository_arn" {
  description = "ARN of the repository."
  value       = aws_codecommit_repository.this.arn
}

output "clone_url" {
  description = "HTTPS address to clone and to push to."
  value       = aws_codecommit_repository.this.clone_url_http
}
