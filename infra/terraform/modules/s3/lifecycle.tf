locals {
  # What SageMaker's jobs hand on to one another. The models and the reports of the evaluations, beside it, are what
  # endpoints, hosts and the registry refer to for good.
  temporary = [
    for folder in ["evaluation", "feature_engineering", "ingestion", "parameters", "training"] :
    "sagemaker/${var.name}/${folder}/"
  ]

  # Days after which objects below a prefix expire, by bucket.
  expiring = {
    data      = { for prefix in local.temporary : prefix => var.temporary_days }
    artifacts = {}
    logs      = { "" = var.log_days }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.expiring

  bucket = aws_s3_bucket.this[each.key].id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "rule" {
    for_each = each.value

    content {
      id     = "temporary ${rule.key}"
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
