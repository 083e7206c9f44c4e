# Generated from hp_tf/layers/observability_eks/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

}

mock_provider "helm" {}

variables {
  name                     = "ml-dev"
  region                   = "us-west-2"
  account_id               = "123456789012"
  partition                = "aws"
  cluster_name             = "example"
  prometheus_workspace_arn = "arn:aws:aps:us-west-2:123456789012:workspace/ws-01234567-89ab-cdef-0123-456789abcdef"
  prometheus_endpoint      = "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.addon_version,
      output.dashboard_uids,
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

run "refuses_a_wrong_prometheus_workspace_arn" {
  command = plan

  variables {
    prometheus_workspace_arn = "!"
  }

  expect_failures = [var.prometheus_workspace_arn]
}

run "refuses_a_wrong_grafana_workspace_name" {
  command = plan

  variables {
    grafana_workspace_name = "!"
  }

  expect_failures = [var.grafana_workspace_name]
}

run "refuses_a_wrong_addon_version" {
  command = plan

  variables {
    addon_version = "!"
  }

  expect_failures = [var.addon_version]
}

run "refuses_a_wrong_training_metrics" {
  command = plan

  variables {
    training_metrics = "BASICx"
  }

  expect_failures = [var.training_metrics]
}

run "refuses_a_wrong_inference_metrics" {
  command = plan

  variables {
    inference_metrics = "BASICx"
  }

  expect_failures = [var.inference_metrics]
}

run "refuses_a_wrong_task_governance_metrics" {
  command = plan

  variables {
    task_governance_metrics = "BASICx"
  }

  expect_failures = [var.task_governance_metrics]
}

run "refuses_a_wrong_scaling_metrics" {
  command = plan

  variables {
    scaling_metrics = "BASICx"
  }

  expect_failures = [var.scaling_metrics]
}

run "refuses_a_wrong_cluster_metrics" {
  command = plan

  variables {
    cluster_metrics = "BASICx"
  }

  expect_failures = [var.cluster_metrics]
}

run "refuses_a_wrong_node_metrics" {
  command = plan

  variables {
    node_metrics = "BASICx"
  }

  expect_failures = [var.node_metrics]
}

run "refuses_a_wrong_accelerated_compute_metrics" {
  command = plan

  variables {
    accelerated_compute_metrics = "BASICx"
  }

  expect_failures = [var.accelerated_compute_metrics]
}

run "refuses_a_wrong_network_metrics" {
  command = plan

  variables {
    network_metrics = "BASICx"
  }

  expect_failures = [var.network_metrics]
}

run "refuses_a_wrong_scrape_interval_seconds" {
  command = plan

  variables {
    scrape_interval_seconds = 4
  }

  expect_failures = [var.scrape_interval_seconds]
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
