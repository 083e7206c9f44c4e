# Generated from hp_tf/layers/studio/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_sagemaker_domain" {
    defaults = {
      id  = "d-0123456789ab"
      arn = "arn:aws:sagemaker:us-west-2:123456789012:domain/d-0123456789ab"
    }
  }

  mock_resource "aws_sagemaker_studio_lifecycle_config" {
    defaults = {
      arn = "arn:aws:sagemaker:us-west-2:123456789012:studio-lifecycle-config/mocked"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

}

variables {
  name         = "ml-dev"
  region       = "us-west-2"
  account_id   = "123456789012"
  partition    = "aws"
  orchestrator = "eks"
  vpc_id       = "vpc-0123456789abcdef0"
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
  cluster_name = "ml-dev-eks"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.domain_id,
      output.execution_role_arn,
      output.space_names,
      output.user_profile_arns,
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

run "refuses_a_wrong_hyperpod_cluster_arn" {
  command = plan

  variables {
    hyperpod_cluster_arn = "!"
  }

  expect_failures = [var.hyperpod_cluster_arn]
}

run "refuses_a_wrong_network_access" {
  command = plan

  variables {
    network_access = "VpcOnlyx"
  }

  expect_failures = [var.network_access]
}

run "refuses_a_wrong_instance_type" {
  command = plan

  variables {
    instance_type = "!"
  }

  expect_failures = [var.instance_type]
}

run "refuses_a_wrong_volume_size_gb" {
  command = plan

  variables {
    volume_size_gb = 4
  }

  expect_failures = [var.volume_size_gb]
}

run "refuses_a_wrong_idle_timeout_minutes" {
  command = plan

  variables {
    idle_timeout_minutes = 59
  }

  expect_failures = [var.idle_timeout_minutes]
}

run "refuses_a_wrong_kubectl_version" {
  command = plan

  variables {
    kubectl_version = "!"
  }

  expect_failures = [var.kubectl_version]
}

run "refuses_a_wrong_helm_version" {
  command = plan

  variables {
    helm_version = "!"
  }

  expect_failures = [var.helm_version]
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
