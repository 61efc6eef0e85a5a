output "job_repository_url" {
  description = "Address of the repository of the image of the jobs."
  value       = aws_ecr_repository.this["job"].repository_url
}

output "job_repository_arn" {
  description = "ARN of the repository of the image of the jobs."
  value       = aws_ecr_repository.this["job"].arn
}

output "serving_repository_url" {
  description = "Address of the repository of the image of the prediction service."
  value       = aws_ecr_repository.this["serving"].repository_url
}

output "serving_repository_arn" {
  description = "ARN of the repository of the image of the prediction service."
  value       = aws_ecr_repository.this["serving"].arn
}

