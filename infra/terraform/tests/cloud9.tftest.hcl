mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name      = "abalone-dev"
  subnet_id = "subnet-0123456789abcdef0"
}

run "workbench_has_no_open_port_and_stops_by_itself" {
  command = plan

  module {
    source = "./modules/cloud9"
  }

  assert {
    condition     = aws_cloud9_environment_ec2.this.connection_type == "CONNECT_SSM"
    error_message = "The workbench is reached through an open port."
  }

  assert {
    condition     = aws_cloud9_environment_ec2.this.automatic_stop_time_minutes == 30
    error_message = "The workbench goes on costing when nobody is there."
  }
}

run "owner_that_is_no_identity_is_refused" {
  command = plan

  module {
    source = "./modules/cloud9"
  }

  variables {
    owner_arn = "somebody"
  }

  expect_failures = [var.owner_arn]
}
