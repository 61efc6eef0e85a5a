resource "aws_codecommit_repository" "this" {
  repository_name = var.name
  description     = "Source of the delivery pipeline of ${var.name}."
  kms_key_id      = var.key_arn
}
