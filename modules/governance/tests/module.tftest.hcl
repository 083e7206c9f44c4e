# Generated from hp_tf/layers/governance/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

mock_provider "awscc" {}

variables {
  name                 = "ml-dev"
  cluster_name         = "example"
  hyperpod_cluster_arn = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456"
  teams = {
    research = {
      resources = [{
        instance_type = "ml.g5.8xlarge"
        count         = 1
      }]
    }
  }
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.compute_quota_arns,
      output.team_namespaces,
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
