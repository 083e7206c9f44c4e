# Generated from hp_tf/layers/iam/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

}

variables {
  name        = "ml-dev"
  region      = "us-west-2"
  account_id  = "123456789012"
  partition   = "aws"
  bucket_name = "example"
  vpc_id      = "vpc-0123456789abcdef0"
  private_subnet_ids = {
    example = "subnet-0123456789abcdef0"
  }
  security_group_id = "sg-0123456789abcdef0"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.execution_role_arn,
      output.execution_role_name,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_vpc_id" {
  command = plan

  variables {
    vpc_id = "!"
  }

  expect_failures = [var.vpc_id]
}

run "refuses_a_wrong_security_group_id" {
  command = plan

  variables {
    security_group_id = "!"
  }

  expect_failures = [var.security_group_id]
}

run "refuses_a_wrong_cluster_arn" {
  command = plan

  variables {
    cluster_arn = "!"
  }

  expect_failures = [var.cluster_arn]
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

run "refuses_a_wrong_bucket_kms_key_arn" {
  command = plan

  variables {
    bucket_kms_key_arn = "!"
  }

  expect_failures = [var.bucket_kms_key_arn]
}
