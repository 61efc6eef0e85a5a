data "aws_default_tags" "current" {}

locals {
  port = 8080
  # The provider's default tags do not reach what the Auto Scaling group starts.
  tags = merge(data.aws_default_tags.current.tags, { Name = "${var.name}-service" })
}

resource "aws_launch_template" "this" {
  name                   = "${var.name}-service"
  image_id               = var.image_id
  instance_type          = var.instance_type
  update_default_version = true
  vpc_security_group_ids = [aws_security_group.host.id]
  user_data              = base64encode(local.user_data)

  iam_instance_profile {
    arn = aws_iam_instance_profile.host.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.volume_gb
      delete_on_termination = true
      # With AWS's own key: another one would have to be granted to the service-linked role of Auto Scaling first.
      encrypted = true
    }
  }

  tag_specifications {
    resource_type = "volume"
    tags          = local.tags
  }
}

resource "aws_autoscaling_group" "this" {
  name                      = "${var.name}-service"
  min_size                  = var.minimum_hosts
  max_size                  = var.maximum_hosts
  vpc_zone_identifier       = var.host_subnet_ids
  target_group_arns         = [aws_lb_target_group.this.arn]
  health_check_type         = "ELB"
  health_check_grace_period = var.health_check_grace_seconds

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  dynamic "instance_refresh" {
    for_each = var.emulated ? [] : ["Rolling"]

    content {
      strategy = instance_refresh.value

      # A new host is in service before an old one goes.
      preferences {
        min_healthy_percentage = 100
        max_healthy_percentage = 200
        instance_warmup        = local.warmup_seconds
      }
    }
  }

  dynamic "tag" {
    for_each = local.tags

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  # What hosts do when they start needs the role's permissions.
  depends_on = [aws_iam_role_policy.host]
}

resource "aws_autoscaling_policy" "cpu" {
  name                      = "${var.name}-cpu"
  autoscaling_group_name    = aws_autoscaling_group.this.name
  policy_type               = "TargetTrackingScaling"
  estimated_instance_warmup = local.warmup_seconds

  target_tracking_configuration {
    target_value = var.cpu_target_percent

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
