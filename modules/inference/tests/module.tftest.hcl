# Generated from hp_tf/layers/inference/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = {
      arn = "arn:aws:iam::123456789012:oidc-provider/mocked"
    }
  }

}

variables {
  name                 = "ml-dev"
  region               = "us-west-2"
  account_id           = "123456789012"
  partition            = "aws"
  cluster_name         = "example"
  oidc_issuer_url      = "https://oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE0123456789"
  hyperpod_cluster_arn = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456"
  vpc_id               = "vpc-0123456789abcdef0"
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
  security_group_id = "sg-0123456789abcdef0"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.chart_values,
      output.oidc_provider_arn,
      output.tls_bucket_name,
      output.tls_bucket_arn,
      output.operator_role_arn,
      output.operator_role_name,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_cluster_name" {
  command = plan

  variables {
    cluster_name = "!"
  }

  expect_failures = [var.cluster_name]
}

run "refuses_a_wrong_hyperpod_cluster_arn" {
  command = plan

  variables {
    hyperpod_cluster_arn = "!"
  }

  expect_failures = [var.hyperpod_cluster_arn]
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
