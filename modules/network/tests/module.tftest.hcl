# Generated from hp_tf/layers/network/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-west-2:123456789012:log-group:mocked"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

}

variables {
  name                  = "ml-dev"
  region                = "us-west-2"
  account_id            = "123456789012"
  availability_zone_ids = ["usw2-az1"]
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.vpc_id,
      output.vpc_cidr,
      output.vpc_cidr_blocks,
      output.private_subnet_ids,
      output.public_subnet_ids,
      output.private_route_table_ids,
      output.nat_gateway_ids,
      output.nat_public_ips,
      output.private_subnet_cidrs,
      output.public_subnet_cidrs,
      output.primary_availability_zone_id,
      output.primary_private_subnet_id,
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

run "refuses_a_wrong_flow_log_traffic" {
  command = plan

  variables {
    flow_log_traffic = "ALLx"
  }

  expect_failures = [var.flow_log_traffic]
}

run "refuses_a_wrong_role_path" {
  command = plan

  variables {
    role_path = "!"
  }

  expect_failures = [var.role_path]
}

run "refuses_a_wrong_permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "!"
  }

  expect_failures = [var.permissions_boundary_arn]
}
