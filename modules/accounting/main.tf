# Generated from hp_tf/layers/accounting/definition.py by `hptf synth`; edit there.

locals {
  # Parameters are those of a version without its patch.
  family = join(".", slice(split(".", var.engine_version), 0, 2))
}

resource "aws_db_subnet_group" "this" {
  description = "Where the accounting database of ${var.name} may be."
  name        = "${var.name}-accounting"
  subnet_ids  = values(var.private_subnet_ids)
  tags        = var.tags
}

resource "aws_security_group" "this" {
  description = "Accounting database of ${var.name}: MariaDB from the nodes."
  name        = "${var.name}-accounting"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-accounting" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "nodes" {
  description                  = "MariaDB from the nodes."
  from_port                    = 3306
  ip_protocol                  = "tcp"
  referenced_security_group_id = var.security_group_id
  security_group_id            = aws_security_group.this.id
  to_port                      = 3306
  tags                         = merge(var.tags, { Name = "${var.name}-accounting-nodes" })
}

resource "aws_db_parameter_group" "this" {
  description = "What slurmdbd wants of MariaDB."
  family      = "mariadb${local.family}"
  name        = "${var.name}-accounting-${replace(local.family, ".", "")}"
  tags        = var.tags

  parameter {
    name  = "innodb_lock_wait_timeout"
    value = "900"
  }

  lifecycle {
    create_before_destroy = true
  }
}

# snapshot_identifier: a database that was made from a snapshot is not made anew when the snapshot's name goes.
resource "aws_db_instance" "this" {
  # checkov:skip=CKV_AWS_157: A standby is an input, for accounting that stops for minutes stops no job
  # checkov:skip=CKV_AWS_161: slurmdbd logs in with a password
  # checkov:skip=CKV_AWS_118: Slurm's own tools tell what the database is busy with
  # checkov:skip=CKV_AWS_129: MariaDB's logs say nothing that slurmdbd's do not

  allocated_storage             = var.storage_gib
  allow_major_version_upgrade   = true
  apply_immediately             = var.apply_immediately
  auto_minor_version_upgrade    = true
  backup_retention_period       = var.backup_retention_days
  copy_tags_to_snapshot         = true
  db_name                       = var.database_name
  db_subnet_group_name          = aws_db_subnet_group.this.name
  deletion_protection           = var.deletion_protection
  engine                        = "mariadb"
  engine_version                = var.engine_version
  final_snapshot_identifier     = var.final_snapshot ? coalesce(var.final_snapshot_name, "${var.name}-accounting-final") : null
  identifier                    = "${var.name}-accounting"
  instance_class                = var.instance_class
  kms_key_id                    = var.kms_key_arn
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.kms_key_arn
  max_allocated_storage         = var.storage_limit_gib == null ? 0 : var.storage_limit_gib
  multi_az                      = var.standby
  parameter_group_name          = aws_db_parameter_group.this.name
  publicly_accessible           = false
  skip_final_snapshot           = !var.final_snapshot
  snapshot_identifier           = var.snapshot_name
  storage_encrypted             = true
  storage_type                  = "gp3"
  username                      = var.username
  vpc_security_group_ids        = [aws_security_group.this.id]
  tags                          = var.tags

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [snapshot_identifier]
  }
}

# SNS's own key: a key of yours would have to let the nodes' role use it too.
resource "aws_sns_topic" "failover" {
  count = var.failover_topic ? 1 : 0

  kms_master_key_id = "alias/aws/sns"
  name              = "${var.name}-failover"
  tags              = var.tags
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.failover_emails)

  endpoint  = each.value
  protocol  = "email"
  topic_arn = aws_sns_topic.failover[0].arn
}

resource "aws_iam_role_policy" "secret" {
  count = var.grant_secret ? 1 : 0

  name = "accounting"
  role = var.execution_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "ReadPassword"
        Effect   = "Allow"
        Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        Resource = aws_db_instance.this.master_user_secret[0].secret_arn
      }],
      [
        for arn in compact([var.kms_key_arn]) : {
          Sid      = "DecryptPassword"
          Effect   = "Allow"
          Action   = ["kms:Decrypt"]
          Resource = arn
        }
      ],
      [
        for topic in aws_sns_topic.failover : {
          Sid      = "TellOfFailover"
          Effect   = "Allow"
          Action   = ["sns:Publish"]
          Resource = topic.arn
        }
      ],
    )
  })
}
