# Generated from hp_tf/layers/helm/contract.py by `hptf synth`; edit there.

mock_provider "helm" {}

variables {
  region       = "us-west-2"
  cluster_name = "example"
  chart_path   = "./charts/HyperPodHelmChart"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.release_name,
      output.release_namespace,
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

run "refuses_a_wrong_release_name" {
  command = plan

  variables {
    release_name = "!"
  }

  expect_failures = [var.release_name]
}

run "refuses_a_wrong_namespace" {
  command = plan

  variables {
    namespace = "!"
  }

  expect_failures = [var.namespace]
}

run "refuses_a_wrong_timeout_seconds" {
  command = plan

  variables {
    timeout_seconds = 0
  }

  expect_failures = [var.timeout_seconds]
}

run "refuses_a_wrong_max_history" {
  command = plan

  variables {
    max_history = -1
  }

  expect_failures = [var.max_history]
}
