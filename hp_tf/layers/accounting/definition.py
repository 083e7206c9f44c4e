"""The accounting module: a MariaDB that only the nodes reach, their right to its password, a topic for fail-overs."""

from __future__ import annotations

from cdktn_provider_aws.db_instance import DbInstance
from cdktn_provider_aws.db_parameter_group import DbParameterGroup, DbParameterGroupParameter
from cdktn_provider_aws.db_subnet_group import DbSubnetGroup
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.security_group import SecurityGroup
from cdktn_provider_aws.sns_topic import SnsTopic
from cdktn_provider_aws.sns_topic_subscription import SnsTopicSubscription
from cdktn_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule

from hp_tf.synth.module import Module
from hp_tf.synth.snippets import tags

_SECRET = "${aws_db_instance.this.master_user_secret[0].secret_arn}"
_POLICY = """${jsonencode({
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
})}"""


def define(module: Module) -> None:
    """Write the module."""
    subnets = DbSubnetGroup(
        module,
        "subnet_group.this",
        name=module.name("database"),
        description="Where the accounting database of ${var.name} may be.",
        subnet_ids=module.strings("${values(var.private_subnet_ids)}"),
        tags=module.mapping("${var.tags}"),
    )
    group = SecurityGroup(
        module,
        "security_group.this",
        name=module.name("security_group"),
        description="Accounting database of ${var.name}: MariaDB from the nodes.",
        vpc_id=module.ref("vpc_id"),
        tags=tags(module, module.name("security_group")),
    )
    nodes = VpcSecurityGroupIngressRule(
        module,
        "ingress.nodes",
        security_group_id=group.id,
        description="MariaDB from the nodes.",
        ip_protocol="tcp",
        from_port=3306,
        to_port=3306,
        referenced_security_group_id=module.ref("security_group_id"),
        tags=tags(module, "${var.name}-accounting-nodes"),
    )
    parameters = DbParameterGroup(
        module,
        "parameter_group.this",
        name=f'{module.name("database")}-${{replace(local.family, ".", "")}}',
        family="mariadb${local.family}",
        description="What slurmdbd wants of MariaDB.",
        # slurmdbd gives up a long change of its tables otherwise.
        parameter=[DbParameterGroupParameter(name="innodb_lock_wait_timeout", value="900")],
        tags=module.mapping("${var.tags}"),
    )
    module.made_first(group, parameters)
    module.local(
        "family",
        'join(".", slice(split(".", var.engine_version), 0, 2))',
        comment="Parameters are those of a version without its patch.",
    )
    database = DbInstance(
        module,
        "instance.this",
        identifier=module.name("database"),
        engine="mariadb",
        engine_version=module.ref("engine_version"),
        instance_class=module.ref("instance_class"),
        db_name=module.ref("database_name"),
        username=module.ref("username"),
        manage_master_user_password=True,
        master_user_secret_kms_key_id=module.ref("kms_key_arn"),
        allocated_storage=module.number("${var.storage_gib}"),
        max_allocated_storage=module.number("${var.storage_limit_gib == null ? 0 : var.storage_limit_gib}"),
        storage_type="gp3",
        storage_encrypted=True,
        kms_key_id=module.ref("kms_key_arn"),
        multi_az=module.boolean("${var.standby}"),
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[group.id],
        parameter_group_name=parameters.name,
        publicly_accessible=False,
        backup_retention_period=module.number("${var.backup_retention_days}"),
        copy_tags_to_snapshot=True,
        deletion_protection=module.boolean("${var.deletion_protection}"),
        skip_final_snapshot=module.boolean("${!var.final_snapshot}"),
        final_snapshot_identifier=(
            f'${{var.final_snapshot ? coalesce(var.final_snapshot_name, "{module.name("database")}-final") : null}}'
        ),
        snapshot_identifier=module.ref("snapshot_name"),
        auto_minor_version_upgrade=True,
        allow_major_version_upgrade=True,
        apply_immediately=module.boolean("${var.apply_immediately}"),
        tags=module.mapping("${var.tags}"),
    )
    database.add_override("lifecycle.ignore_changes", ["snapshot_identifier"])
    # Its name is the same: RDS refuses another one, and this one is not deleted.
    module.made_first(database)
    module.comment(
        database,
        "snapshot_identifier: a database that was made from a snapshot is not made anew when the snapshot's name goes.",
    )
    module.accept(database, "CKV_AWS_157", "A standby is an input, for accounting that stops for minutes stops no job")
    module.accept(database, "CKV_AWS_161", "slurmdbd logs in with a password")
    module.accept(database, "CKV_AWS_118", "Slurm's own tools tell what the database is busy with")
    module.accept(database, "CKV_AWS_129", "MariaDB's logs say nothing that slurmdbd's do not")
    topic = SnsTopic(
        module,
        "sns_topic.failover",
        name=module.name("topic"),
        kms_master_key_id="alias/aws/sns",
        tags=module.mapping("${var.tags}"),
    )
    module.count(topic, "${var.failover_topic ? 1 : 0}")
    module.comment(topic, "SNS's own key: a key of yours would have to let the nodes' role use it too.")
    mail = SnsTopicSubscription(
        module,
        "sns_topic_subscription.email",
        topic_arn="${aws_sns_topic.failover[0].arn}",
        protocol="email",
        endpoint="${each.value}",
    )
    module.for_each(mail, "${toset(var.failover_emails)}")
    secret = IamRolePolicy(
        module,
        "iam_role_policy.secret",
        name="accounting",
        role=module.ref("execution_role_name"),
        policy=_POLICY,
    )
    module.count(secret, "${var.grant_secret ? 1 : 0}")
    module.output("database_endpoint", "${aws_db_instance.this.address}", depends_on=[nodes])
    module.output("database_port", "${aws_db_instance.this.port}")
    module.output("database_name", "${aws_db_instance.this.db_name}")
    module.output("database_username", "${aws_db_instance.this.username}")
    module.output("database_secret_arn", _SECRET, depends_on=[secret])
    module.output("failover_topic_arn", "${one(aws_sns_topic.failover[*].arn)}", depends_on=[secret])
