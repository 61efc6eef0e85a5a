# The bucket is made by bootstrap/, which prints the command that names it here.
terraform {
  backend "s3" {
    key          = "dev/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
