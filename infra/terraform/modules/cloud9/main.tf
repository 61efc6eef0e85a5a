resource "aws_cloud9_environment_ec2" "this" {
  name                        = var.name
  description                 = "Workbench of ${var.name}."
  instance_type               = var.instance_type
  image_id                    = "amazonlinux-2023-x86_64"
  connection_type             = "CONNECT_SSM"
  automatic_stop_time_minutes = 30
  subnet_id                   = var.subnet_id
  owner_arn                   = var.owner_arn
}
