output "bucket" {
  description = "Bucket that keeps the state."
  value       = aws_s3_bucket.this["state"].bucket
}

output "backend" {
  description = "What `terraform init` of an environment has to be told; the rest is in its backend.tf."
  value = {
    bucket     = aws_s3_bucket.this["state"].bucket
    region     = var.region
    kms_key_id = aws_kms_key.state.arn
  }
}

output "next_command" {
  description = "The command that comes next, at the root of the repository; prd instead of dev for production."
  value = join(" ", [
    "terraform -chdir=infra/terraform/environments/dev init",
    "-backend-config=bucket=${aws_s3_bucket.this["state"].bucket}",
    "-backend-config=region=${var.region}",
    "-backend-config=kms_key_id=${aws_kms_key.state.arn}",
  ])
}
