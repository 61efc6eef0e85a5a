# Makes the bucket that keeps the state of the environments. Its own state stays in this folder: everything here can be
# found and imported by its name.
provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project    = "abalone"
      managed_by = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
}

resource "aws_kms_key" "state" {
  description         = "Encrypts the state of Terraform."
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "state" {
  name          = "alias/abalone-terraform-state"
  target_key_id = aws_kms_key.state.key_id
}
