mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name    = "abalone-dev"
  key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
}

run "small_network_is_public_subnets_without_a_nat_gateway" {
  command = plan

  module {
    source = "./modules/network"
  }

  assert {
    condition = {
      for letter, subnet in aws_subnet.public : subnet.availability_zone => subnet.cidr_block
    } == { eu-west-1a = "10.20.0.0/20", eu-west-1b = "10.20.16.0/20" }
    error_message = "There is not one public subnet in each of two zones."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_subnet.private) == 0
    error_message = "A NAT gateway is paid for that nobody asked for."
  }

  assert {
    condition     = tolist(output.host_subnet_ids) == tolist(output.public_subnet_ids)
    error_message = "Hosts are elsewhere than in the public subnets."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.map_public_ip_on_launch])
    error_message = "Hosts have no address to reach AWS from."
  }

  assert {
    condition = (
      length(aws_default_security_group.this.ingress) == 0 &&
      length(aws_default_security_group.this.egress) == 0
    )
    error_message = "The default security group lets something through."
  }

  assert {
    condition = (
      aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-west-1.s3" &&
      aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    )
    error_message = "Traffic with S3 leaves the network."
  }
}

run "flow_logs_are_kept_encrypted_and_written_by_a_role_of_their_own" {
  command = plan

  module {
    source = "./modules/network"
  }

  assert {
    condition = (
      aws_flow_log.this.traffic_type == "ALL" &&
      aws_cloudwatch_log_group.flow.kms_key_id == var.key_arn &&
      aws_cloudwatch_log_group.flow.retention_in_days == 365
    )
    error_message = "Traffic is not logged, or its log is not encrypted with the key."
  }

  assert {
    condition = data.aws_iam_policy_document.flow_logs.statement[0].actions == toset([
      "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents",
    ])
    error_message = "The role of the flow logs may do more than write them."
  }

  assert {
    condition = (
      data.aws_iam_policy_document.flow_logs.statement[0].resources ==
      toset(["${aws_cloudwatch_log_group.flow.arn}:*"])
    )
    error_message = "The role of the flow logs may write elsewhere."
  }

  assert {
    condition = toset([
      for condition in data.aws_iam_policy_document.flow_logs_trust.statement[0].condition : condition.variable
    ]) == toset(["aws:SourceAccount", "aws:SourceArn"])
    error_message = "Flow logs of another account can take the role."
  }
}

run "hosts_are_in_private_subnets_behind_a_nat_gateway_when_asked" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    nat_gateway = true
    cidr        = "10.30.0.0/20"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_subnet.private) == 2 && length(aws_route.nat) == 1
    error_message = "The private subnets have no way out."
  }

  assert {
    condition = (
      toset([for subnet in aws_subnet.private : subnet.cidr_block]) ==
      toset(["10.30.8.0/24", "10.30.9.0/24"])
    )
    error_message = "The private subnets are not in the second half of the network."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "Something is reachable that should be behind the NAT gateway."
  }
}

run "networks_that_have_no_room_are_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    cidr               = "10.20.0.0/28"
    zones              = ["a"]
    log_retention_days = 100
  }

  expect_failures = [var.cidr, var.zones, var.log_retention_days]
}
