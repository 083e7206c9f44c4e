# Generated from hp_tf/layers/addons/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

}

mock_provider "helm" {}

variables {
  name         = "ml-dev"
  region       = "us-west-2"
  account_id   = "123456789012"
  partition    = "aws"
  cluster_name = "example"
  lustre_volumes = {
    fsx = {
      file_system_id = "fs-0123456789abcdef0"
      dns_name       = "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com"
      mount_name     = "abcdefgh"
    }
  }
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.addon_versions,
      output.release_name,
      output.claims,
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

run "refuses_a_wrong_cluster_name" {
  command = plan

  variables {
    cluster_name = "!"
  }

  expect_failures = [var.cluster_name]
}

run "refuses_a_wrong_hyperpod_cluster_name" {
  command = plan

  variables {
    hyperpod_cluster_name = "!"
  }

  expect_failures = [var.hyperpod_cluster_name]
}

run "refuses_a_wrong_file_system_mount_name" {
  command = plan

  variables {
    file_system_mount_name = "!"
  }

  expect_failures = [var.file_system_mount_name]
}

run "refuses_a_wrong_primary_availability_zone_id" {
  command = plan

  variables {
    primary_availability_zone_id = "!"
  }

  expect_failures = [var.primary_availability_zone_id]
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
