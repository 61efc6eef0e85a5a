output "job_name" {
  description = "Name of the job."
  value       = aws_glue_job.etl.name
}

output "job_arn" {
  description = "ARN of the job."
  value       = aws_glue_job.etl.arn
}
