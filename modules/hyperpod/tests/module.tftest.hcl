# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.

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
  eks_cluster_arn              = "arn:aws:eks:us-west-2:123456789012:cluster/name"
  lifecycle_script_uri         = "s3://sagemaker-dev-123456789012-us-west-2/lifecycle"
  lifecycle_on_create          = "on_create.sh"
  instance_groups = [{
    name          = "workers"
    instance_type = "ml.g5.8xlarge"
    count         = 2
  }]
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.cluster_arn,
      output.cluster_name,
      output.cluster_id,
      output.instance_groups,
      output.restricted_instance_groups,
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

run "refuses_a_wrong_eks_cluster_arn" {
  command = plan

  variables {
    eks_cluster_arn = "!"
  }

  expect_failures = [var.eks_cluster_arn]
}

run "refuses_a_wrong_cluster_name" {
  command = plan

  variables {
    cluster_name = "!"
  }

  expect_failures = [var.cluster_name]
}

run "refuses_a_wrong_tiered_storage_memory_percentage" {
  command = plan

  variables {
    tiered_storage_memory_percentage = -1
  }

  expect_failures = [var.tiered_storage_memory_percentage]
}
