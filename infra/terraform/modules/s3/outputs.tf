output "data_bucket" {
  description = "Name of the bucket of the data and the models."
  value       = aws_s3_bucket.this["data"].bucket
}

output "data_bucket_arn" {
  description = "ARN of the data bucket."
  value       = aws_s3_bucket.this["data"].arn
}

output "artifacts_bucket" {
  description = "Name of the bucket of what the delivery pipeline hands on."
  value       = aws_s3_bucket.this["artifacts"].bucket
}

output "artifacts_bucket_arn" {
  description = "ARN of the artifacts bucket."
  value       = aws_s3_bucket.this["artifacts"].arn
}

output "logs_bucket" {
  description = "Name of the bucket of access logs. It takes a load balancer's logs with any prefix."
  value       = aws_s3_bucket.this["logs"].bucket

  # Who is to write there is refused before.
  depends_on = [aws_s3_bucket_policy.this]
}
