# Generated from hp_tf/layers/observability/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_prometheus_workspace" {
    defaults = {
      id                  = "ws-01234567-89ab-cdef-0123-456789abcdef"
      arn                 = "arn:aws:aps:us-west-2:123456789012:workspace/ws-01234567-89ab-cdef-0123-456789abcdef"
      prometheus_endpoint = "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef/"
    }
  }

  mock_resource "aws_grafana_workspace" {
    defaults = {
      id       = "g-0123456789"
      arn      = "arn:aws:grafana:us-west-2:123456789012:/workspaces/g-0123456789"
      endpoint = "g-0123456789.grafana-workspace.us-west-2.amazonaws.com"
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
  name                = "ml-dev"
  region              = "us-west-2"
  account_id          = "123456789012"
  partition           = "aws"
  orchestrator        = "eks"
  execution_role_name = "example"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.prometheus_workspace_id,
      output.prometheus_workspace_arn,
      output.prometheus_endpoint,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_orchestrator" {
  command = plan

  variables {
    orchestrator = "eksx"
  }

  expect_failures = [var.orchestrator]
}

run "refuses_a_wrong_prometheus_retention_days" {
  command = plan

  variables {
    prometheus_retention_days = 0
  }

  expect_failures = [var.prometheus_retention_days]
}

run "refuses_a_wrong_grafana_version" {
  command = plan

  variables {
    grafana_version = "!"
  }

  expect_failures = [var.grafana_version]
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
