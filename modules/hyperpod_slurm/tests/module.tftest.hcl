# Generated from hp_tf/layers/hyperpod_slurm/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

mock_provider "awscc" {}

variables {
  region     = "us-west-2"
  account_id = "123456789012"
  partition  = "aws"
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
  primary_availability_zone_id = "usw2-az1"
  security_group_id            = "sg-0123456789abcdef0"
  execution_role_arn           = "arn:aws:iam::123456789012:role/name"
  instance_groups = [
    {
      name          = "controller"
      instance_type = "ml.m5.2xlarge"
      count         = 1
      node_type     = "Controller"
    },
    {
      name          = "workers"
      instance_type = "ml.g5.8xlarge"
      count         = 2
    },
  ]
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.cluster_arn,
      output.cluster_name,
      output.cluster_id,
      output.instance_groups,
      output.partitions,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_security_group_id" {
  command = plan

  variables {
    security_group_id = "!"
  }

  expect_failures = [var.security_group_id]
}

run "refuses_a_wrong_node_recovery" {
  command = plan

  variables {
    node_recovery = "Automaticx"
  }

  expect_failures = [var.node_recovery]
}

run "refuses_a_wrong_cluster_name" {
  command = plan

  variables {
    cluster_name = "!"
  }

  expect_failures = [var.cluster_name]
}

run "refuses_a_wrong_strategy" {
  command = plan

  variables {
    strategy = "Overwritex"
  }

  expect_failures = [var.strategy]
}

run "refuses_a_wrong_database_port" {
  command = plan

  variables {
    database_port = 0
  }

  expect_failures = [var.database_port]
}

run "refuses_a_wrong_failover_topic_arn" {
  command = plan

  variables {
    failover_topic_arn = "!"
  }

  expect_failures = [var.failover_topic_arn]
}
