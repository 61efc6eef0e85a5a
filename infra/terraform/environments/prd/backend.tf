# The bucket is made by bootstrap/, which prints the command that names it here.
terraform {
  backend "s3" {
    key          = "prd/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
