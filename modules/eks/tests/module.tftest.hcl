# Generated from hp_tf/layers/eks/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_eks_cluster" {
    defaults = {
      certificate_authority = [{
        data = "bW9ja2Vk"
      }]
      identity = [{
        oidc = [{
          issuer = "https://mocked"
        }]
      }]
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-west-2:123456789012:log-group:mocked"
    }
  }

}

variables {
  name                  = "ml-dev"
  region                = "us-west-2"
  account_id            = "123456789012"
  partition             = "aws"
  vpc_id                = "vpc-0123456789abcdef0"
  vpc_cidr              = "10.192.0.0/16"
  security_group_id     = "sg-0123456789abcdef0"
  availability_zone_ids = ["usw2-az1", "usw2-az2"]
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.cluster_name,
      output.cluster_arn,
      output.cluster_endpoint,
      output.cluster_certificate_authority,
      output.cluster_security_group_id,
      output.kubernetes_version,
      output.role_name,
      output.role_arn,
      output.log_group_name,
      output.log_group_arn,
      output.control_plane_subnet_cidrs,
      output.oidc_issuer_url,
      output.vpc_id,
      output.control_plane_subnet_ids,
      output.control_plane_route_table_ids,
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

run "refuses_a_wrong_security_group_id" {
  command = plan

  variables {
    security_group_id = "!"
  }

  expect_failures = [var.security_group_id]
}

run "refuses_a_wrong_cluster_name" {
  command = plan

  variables {
    cluster_name = "!"
  }

  expect_failures = [var.cluster_name]
}

run "refuses_a_wrong_kubernetes_version" {
  command = plan

  variables {
    kubernetes_version = "!"
  }

  expect_failures = [var.kubernetes_version]
}

run "refuses_a_wrong_authentication_mode" {
  command = plan

  variables {
    authentication_mode = "APIx"
  }

  expect_failures = [var.authentication_mode]
}

run "refuses_a_wrong_support_type" {
  command = plan

  variables {
    support_type = "STANDARDx"
  }

  expect_failures = [var.support_type]
}

run "refuses_a_wrong_kms_key_deletion_window_days" {
  command = plan

  variables {
    kms_key_deletion_window_days = 6
  }

  expect_failures = [var.kms_key_deletion_window_days]
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
