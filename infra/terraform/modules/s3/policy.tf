data "aws_iam_policy_document" "tls_only" {
  for_each = local.buckets

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

data "aws_iam_policy_document" "logs" {
  source_policy_documents = [data.aws_iam_policy_document.tls_only["logs"].json]

  statement {
    sid       = "BucketLogs"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.this["logs"].arn}/s3/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [for name in local.logged : aws_s3_bucket.this[name].arn]
    }
  }

  # A load balancer's logs have their account in the path, and nothing in the request that tells it.
  statement {
    sid     = "LoadBalancerLogs"
    actions = ["s3:PutObject"]
    resources = [
      "${aws_s3_bucket.this["logs"].arn}/AWSLogs/${local.account}/*",
      "${aws_s3_bucket.this["logs"].arn}/*/AWSLogs/${local.account}/*",
    ]

    principals {
      type        = "Service"
      identifiers = ["logdelivery.elasticloadbalancing.amazonaws.com"]
    }
  }
}

locals {
  policies = {
    data      = data.aws_iam_policy_document.tls_only["data"].json
    artifacts = data.aws_iam_policy_document.tls_only["artifacts"].json
    logs      = data.aws_iam_policy_document.logs.json
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].id
  policy = local.policies[each.key]

  # S3 refuses two changes of who may read a bucket at once.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
