mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan

  mock_data "aws_default_tags" {
    defaults = { tags = { project = "abalone" } }
  }

  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::123456789012:instance-profile/mocked" }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-00000000000000000", latest_version = 1 }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn      = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/mocked/1"
      dns_name = "abalone.example"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/mocked/1" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-00000000000000000" }
  }
}

variables {
  name                     = "abalone-dev"
  vpc_id                   = "vpc-1"
  load_balancer_subnet_ids = ["subnet-1", "subnet-2"]
  host_subnet_ids          = ["subnet-1", "subnet-2"]
  minimum_hosts            = 1
  maximum_hosts            = 3
  allowed_cidrs            = ["203.0.113.0/24", "198.51.100.0/24"]
  key_arn                  = "arn:aws:kms:eu-west-1:123456789012:key/1"
  data_bucket_arn          = "arn:aws:s3:::abalone-dev-data"
  artifacts_bucket_arn     = "arn:aws:s3:::abalone-dev-artifacts"
  logs_bucket              = "abalone-dev-logs"
  parameter_path           = "/abalone/dev/serving"
  service_log_group_name   = "/abalone/dev/service"
  service_log_group_arn    = "arn:aws:logs:eu-west-1:123456789012:log-group:/abalone/dev/service"
  deletion_protection      = false
}

run "hosts_are_hardened_and_ready_for_releases" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required"
    error_message = "IMDSv1 is open."
  }

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Credentials can be had from beyond the host."
  }

  assert {
    condition     = aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted == "true"
    error_message = "The disk is not encrypted."
  }

  assert {
    condition     = aws_launch_template.this.block_device_mappings[0].ebs[0].volume_type == "gp3"
    error_message = "The disk is not of type gp3."
  }

  assert {
    condition     = aws_launch_template.this.key_name == null
    error_message = "Hosts have a key for SSH."
  }

  assert {
    condition     = strcontains(aws_launch_template.this.image_id, "al2023")
    error_message = "Hosts are not of Amazon Linux 2023, unless another image is given."
  }

  assert {
    condition = alltrue([
      for text in [
        "set -euo pipefail", "python3.11", "echo '/abalone/dev/serving' >/etc/abalone/parameter-path",
        "https://aws-codedeploy-eu-west-1.s3.eu-west-1.amazonaws.com/latest/install",
        "\"log_group_name\":\"/abalone/dev/service\"",
      ] : strcontains(base64decode(aws_launch_template.this.user_data), text)
    ])
    error_message = "The user data lack something that a host needs."
  }
}

run "only_the_load_balancer_reaches_the_hosts" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.load_balancer.referenced_security_group_id
      == aws_security_group.load_balancer.id
    )
    error_message = "Others than the load balancer reach the hosts."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.load_balancer.from_port == 8080
    error_message = "The load balancer reaches another port than the service's."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.aws.from_port == 443 && aws_vpc_security_group_egress_rule.aws.to_port == 443
    )
    error_message = "Hosts reach other ports than 443."
  }

  assert {
    condition = toset([
      for rule in aws_vpc_security_group_ingress_rule.clients : "${rule.cidr_ipv4}:${rule.from_port}"
    ]) == toset(["203.0.113.0/24:80", "198.51.100.0/24:80"])
    error_message = "The load balancer is open to other networks or ports than the allowed ones."
  }
}

run "service_is_balanced_drained_and_protected" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  variables {
    deletion_protection = true
  }

  assert {
    condition     = aws_lb_target_group.this.port == 8080 && aws_lb_target_group.this.health_check[0].path == "/ping"
    error_message = "The health check is not the service's."
  }

  assert {
    condition     = tonumber(aws_lb_target_group.this.deregistration_delay) >= 30 + 15
    error_message = "A host may be stopped before it has answered."
  }

  assert {
    condition     = aws_lb.this.drop_invalid_header_fields && aws_lb.this.access_logs[0].enabled
    error_message = "The load balancer takes invalid headers, or logs no access."
  }

  assert {
    condition     = aws_autoscaling_group.this.health_check_type == "ELB"
    error_message = "A host whose service is broken is not replaced."
  }

  assert {
    condition     = aws_autoscaling_group.this.instance_refresh[0].preferences[0].min_healthy_percentage == 100
    error_message = "An old host goes before a new one serves."
  }

  assert {
    condition = anytrue([
      for tag in aws_autoscaling_group.this.tag : tag.key == "project" && tag.propagate_at_launch
    ])
    error_message = "Hosts lack the default tags."
  }

  assert {
    condition     = aws_lb.this.enable_deletion_protection
    error_message = "The switch does nothing."
  }
}

run "without_a_certificate_http_answers" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  assert {
    condition     = aws_lb_listener.service.port == 80 && aws_lb_listener.service.protocol == "HTTP"
    error_message = "There is no listener on port 80."
  }

  assert {
    condition     = length(aws_lb_listener.redirect) == 0
    error_message = "HTTP is redirected to nowhere."
  }
}

run "with_a_certificate_http_is_redirected_to_https" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  variables {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
  }

  assert {
    condition     = aws_lb_listener.service.port == 443 && aws_lb_listener.service.protocol == "HTTPS"
    error_message = "The service does not answer on HTTPS."
  }

  assert {
    condition     = strcontains(aws_lb_listener.service.ssl_policy, "TLS13-1-2")
    error_message = "TLS before 1.2 is accepted."
  }

  assert {
    condition = (
      aws_lb_listener.redirect[0].default_action[0].type == "redirect"
      && aws_lb_listener.redirect[0].default_action[0].redirect[0].protocol == "HTTPS"
    )
    error_message = "HTTP is answered."
  }

  assert {
    condition = length([
      for rule in aws_vpc_security_group_ingress_rule.clients : rule if rule.from_port == 443
    ]) == 2
    error_message = "Clients do not reach port 443."
  }

  assert {
    condition     = output.url == "https://abalone.example"
    error_message = "The address is not the secure one."
  }
}

run "hosts_may_do_no_more_than_they_need" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  assert {
    condition = [
      for statement in data.aws_iam_policy_document.host.statement : statement.sid if contains(statement.resources, "*")
    ] == ["OpenSessions"]
    error_message = "A statement other than OpenSessions is for every resource."
  }

  assert {
    condition = !strcontains(join(" ", flatten([
      for s in data.aws_iam_policy_document.host.statement : tolist(s.actions)
    ])), "*")
    error_message = "There is a wildcard among the actions."
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.host.statement : s.resources if contains(s.actions, "s3:PutObject")
    ] == [toset(["arn:aws:s3:::abalone-dev-data/data/01_raw/captures/*"])]
    error_message = "Hosts write elsewhere than to the captures."
  }

  assert {
    condition = [
      for s in data.aws_iam_policy_document.host.statement : s.resources if s.sid == "ReadSettings"
      ] == [toset([
        "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/serving",
        "arn:aws:ssm:eu-west-1:123456789012:parameter/abalone/dev/serving/*",
    ])]
    error_message = "Hosts read other parameters than their settings."
  }
}

run "wrong_values_are_refused" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  variables {
    name                     = "Abalone"
    load_balancer_subnet_ids = ["subnet-1"]
    host_subnet_ids          = []
    image_id                 = "amazon-linux"
    minimum_hosts            = 0
    certificate_arn          = "certificate"
    allowed_cidrs            = ["everybody"]
    parameter_path           = "abalone/dev/"
  }

  expect_failures = [
    var.name,
    var.load_balancer_subnet_ids,
    var.host_subnet_ids,
    var.image_id,
    var.minimum_hosts,
    var.certificate_arn,
    var.allowed_cidrs,
    var.parameter_path,
  ]
}

run "fewer_hosts_at_most_than_at_least_are_refused" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  variables {
    minimum_hosts = 2
    maximum_hosts = 1
  }

  expect_failures = [var.maximum_hosts]
}

run "emulators_weaken_no_host" {
  command = plan

  module {
    source = "./modules/ec2"
  }

  variables {
    emulated = true
  }

  assert {
    condition = (
      aws_launch_template.this.metadata_options[0].http_tokens == "required"
      && aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted == "true"
    )
    error_message = "A host is weaker than on AWS."
  }
}
