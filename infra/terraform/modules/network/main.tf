data "aws_region" "current" {}

locals {
  region = data.aws_region.current.name

  # Each subnet takes a sixteenth of the addresses: the first eight are for public subnets, the last for private ones.
  zones         = { for number, letter in var.zones : letter => number }
  private_zones = var.nat_gateway ? local.zones : {}
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

# Without rules, so that nothing can be reached by a forgotten security group.
resource "aws_default_security_group" "this" {
  vpc_id  = aws_vpc.this.id
  ingress = []
  egress  = []

  tags = { Name = "${var.name}-default" }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${local.region}.s3"
  route_table_ids   = concat([aws_route_table.public.id], aws_route_table.private[*].id)

  tags = { Name = "${var.name}-s3" }
}
