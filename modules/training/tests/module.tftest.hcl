# Generated from hp_tf/layers/training/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

}

variables {
  name                 = "ml-dev"
  region               = "us-west-2"
  account_id           = "123456789012"
  partition            = "aws"
  cluster_name         = "example"
  hyperpod_cluster_arn = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.addon_version,
      output.role_arn,
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

run "refuses_a_wrong_addon_version" {
  command = plan

  variables {
    addon_version = "!"
  }

  expect_failures = [var.addon_version]
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
