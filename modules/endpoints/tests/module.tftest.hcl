# Generated from hp_tf/layers/endpoints/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

variables {
  name       = "ml-dev"
  region     = "us-west-2"
  account_id = "123456789012"
  partition  = "aws"
  vpc_id     = "vpc-0123456789abcdef0"
  private_route_table_ids = {
    example = "rtb-0123456789abcdef0"
  }
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
  vpc_cidr_blocks = {
    example = "10.192.0.0/16"
  }
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.interface_endpoint_ids,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_account_id" {
  command = plan

  variables {
    account_id = "!"
  }

  expect_failures = [var.account_id]
}

run "refuses_a_wrong_vpc_id" {
  command = plan

  variables {
    vpc_id = "!"
  }

  expect_failures = [var.vpc_id]
}
