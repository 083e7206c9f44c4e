# Generated from hp_tf/layers/accounting/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_db_instance" {
    defaults = {
      master_user_secret = [{
        secret_arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:mocked-abcdef"
      }]
    }
  }

  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:us-west-2:123456789012:mocked"
    }
  }

}

variables {
  name   = "ml-dev"
  vpc_id = "vpc-0123456789abcdef0"
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
    usw2-az2 = "subnet-0123456789abcdef1"
  }
  security_group_id   = "sg-0123456789abcdef0"
  execution_role_name = "example"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.database_endpoint,
      output.database_port,
      output.database_name,
      output.database_username,
      output.database_secret_arn,
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

run "refuses_a_wrong_security_group_id" {
  command = plan

  variables {
    security_group_id = "!"
  }

  expect_failures = [var.security_group_id]
}

run "refuses_a_wrong_instance_class" {
  command = plan

  variables {
    instance_class = "!"
  }

  expect_failures = [var.instance_class]
}

run "refuses_a_wrong_engine_version" {
  command = plan

  variables {
    engine_version = "!"
  }

  expect_failures = [var.engine_version]
}

run "refuses_a_wrong_database_name" {
  command = plan

  variables {
    database_name = "!"
  }

  expect_failures = [var.database_name]
}

run "refuses_a_wrong_backup_retention_days" {
  command = plan

  variables {
    backup_retention_days = -1
  }

  expect_failures = [var.backup_retention_days]
}

run "refuses_a_wrong_snapshot_name" {
  command = plan

  variables {
    snapshot_name = "!"
  }

  expect_failures = [var.snapshot_name]
}

run "refuses_a_wrong_kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "!"
  }

  expect_failures = [var.kms_key_arn]
}
