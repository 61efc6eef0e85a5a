resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-load-balancer"
  description = "From the allowed networks to the hosts."
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-load-balancer" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = {
    for pair in setproduct(var.allowed_cidrs, local.tls ? [80, 443] : [80]) :
    "${pair[0]} ${pair[1]}" => { cidr = pair[0], port = pair[1] }
  }

  security_group_id = aws_security_group.load_balancer.id
  description       = "Clients."
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "hosts" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = var.emulated ? null : "Hosts."
  referenced_security_group_id = aws_security_group.host.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

# No SSH: people come by Session Manager.
resource "aws_security_group" "host" {
  name        = "${var.name}-host"
  description = "From the load balancer, and to AWS."
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-host" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  security_group_id            = aws_security_group.host.id
  description                  = var.emulated ? null : "Load balancer."
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

# Amazon Linux gets its packages from S3, too; names and time come from the VPC, which asks no rule.
resource "aws_vpc_security_group_egress_rule" "aws" {
  security_group_id = aws_security_group.host.id
  description       = "AWS."
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
