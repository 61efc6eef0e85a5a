locals {
  tls = var.certificate_arn != null
}

resource "aws_lb" "this" {
  name                       = "${var.name}-service"
  load_balancer_type         = "application"
  subnets                    = var.load_balancer_subnet_ids
  security_groups            = [aws_security_group.load_balancer.id]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = var.logs_bucket
    prefix  = "load-balancer"
    enabled = true
  }
}

resource "aws_lb_target_group" "this" {
  name                          = "${var.name}-service"
  vpc_id                        = var.vpc_id
  port                          = local.port
  protocol                      = "HTTP"
  load_balancing_algorithm_type = "least_outstanding_requests"
  # Longer than a request may take (30 s at most), so that the stop that follows, with its 15 s, cuts none off.
  deregistration_delay = 45

  health_check {
    path                = "/ping"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "service" {
  load_balancer_arn = aws_lb.this.arn
  port              = local.tls ? 443 : 80
  protocol          = local.tls ? "HTTPS" : "HTTP"
  certificate_arn   = var.certificate_arn
  ssl_policy        = local.tls ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_lb_listener" "redirect" {
  count = local.tls ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }

  # Which leaves port 80 when it gets a certificate.
  depends_on = [aws_lb_listener.service]
}
