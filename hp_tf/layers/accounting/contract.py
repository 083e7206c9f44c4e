"""The accounting layer: the database in which Slurm keeps its accounts and jobs.

Values and their limits: the RDS API (CreateDBInstance). Settings of the database: Slurm, "Accounting and Resource
Limits".
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Contract, CreateOnly, Inputs, Name, Outputs, Text, Wired
from hp_tf.contract.facts import OfName, OfTags
from hp_tf.contract.rules import Rule, implies, negation, var
from hp_tf.contract.types import KmsKeyArn, SecretArn, SecurityGroupId, SubnetId, TopicArn, VpcId, ZoneId
from hp_tf.layers.accounting.lookup import LOOKUP
from hp_tf.layers.accounting.purchases import buys
from hp_tf.layers.accounting.resources import RESOURCES

_NEW = "another value is another database; restore a snapshot into it"
DatabaseName = Annotated[str, Text("[A-Za-z][A-Za-z0-9_]*", "a database name of letters, digits and _", max_length=64)]
MasterUser = Annotated[str, Text("[A-Za-z][A-Za-z0-9]*", "a user name of letters and digits", max_length=16)]
InstanceClass = Annotated[
    str, Text(r"db\.[a-z0-9-]+\.[a-z0-9]+", "a class of database instances such as 'db.m6g.large'")
]
Version = Annotated[str, Text(r"1[01]\.[0-9]+(?:\.[0-9]+)?", "a version of MariaDB such as '10.11'")]
SnapshotName = Annotated[
    str, Text("[A-Za-z](?:-?[A-Za-z0-9])*", "a snapshot's name of letters, digits and single hyphens", max_length=255)
]
EmailAddress = Annotated[str, Text(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+", "an e-mail address")]
LEAST_GIB, MOST_GIB = 20, 65536


class AccountingInputs(Inputs):
    """Inputs of the accounting layer."""

    name: OfName
    tags: OfTags
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(description="VPC of the database.")
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        examples=[{"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"}],
        description="Subnets the database may be in, by zone id: two zones at least.",
    )
    security_group_id: Annotated[SecurityGroupId, Wired("security.security_group_id")] = Field(
        description="Security group of the nodes, which alone reach the database."
    )
    execution_role_name: Annotated[str, Wired("iam.execution_role_name")] = Field(
        min_length=1, description="Role of the nodes, which read the database's password."
    )
    grant_secret: bool = Field(
        default=True,
        description="Whether the nodes' role gets the right to read the password. False if it has it already, or must "
        "not be changed.",
    )
    instance_class: InstanceClass = Field(default="db.m6g.large", description="Class of the database's machine.")
    engine_version: Version = Field(
        default="10.11", description="Version of MariaDB. RDS takes the newest of it, and it never goes back."
    )
    database_name: Annotated[DatabaseName, CreateOnly(_NEW)] = Field(
        default="slurm_acct_db", description="Database that slurmdbd writes."
    )
    username: Annotated[MasterUser, CreateOnly(_NEW)] = Field(
        default="slurm", description="User of the database. RDS makes its password and keeps it in a secret."
    )
    storage_gib: int = Field(
        default=LEAST_GIB, ge=LEAST_GIB, le=MOST_GIB, description="GiB of storage. It can grow, never shrink."
    )
    storage_limit_gib: int | None = Field(
        default=None,
        ge=LEAST_GIB,
        le=MOST_GIB,
        description="GiB up to which RDS lets the storage grow by itself; null lets it not.",
    )
    standby: bool = Field(default=False, description="Whether a standby in another zone takes over when a zone fails.")
    backup_retention_days: int = Field(default=7, ge=0, le=35, description="Days daily backups are kept; 0 makes none.")
    deletion_protection: bool = Field(
        default=True, description="Whether RDS refuses to delete the database until this is false."
    )
    final_snapshot: bool = Field(default=True, description="Whether deleting the database leaves a last snapshot.")
    final_snapshot_name: SnapshotName | None = Field(
        default=None,
        description="Name of the last snapshot; null takes <name>-accounting-final. An account has one of a name.",
    )
    snapshot_name: SnapshotName | None = Field(
        default=None, description="Snapshot that a new database is made from; a living one is left as it is."
    )
    apply_immediately: bool = Field(
        default=False,
        description="Whether changes are made at once, which may restart the database; otherwise in its next "
        "maintenance window.",
    )
    kms_key_arn: Annotated[KmsKeyArn | None, CreateOnly(_NEW)] = Field(
        default=None, description="Key that encrypts storage and password; null takes the AWS-managed ones."
    )
    failover_topic: bool = Field(
        default=False, description="Whether a topic is made that several controllers tell when another takes over."
    )
    failover_emails: list[EmailAddress] = Field(
        default_factory=list,
        description="Addresses that the topic writes to, once each has confirmed it by the mail that SNS sends.",
    )


class AccountingOutputs(Outputs):
    """Outputs of the accounting layer."""

    database_endpoint: str = Field(description="Host name of the database.")
    database_port: int = Field(description="Port of the database.")
    database_name: str = Field(description="Database that slurmdbd writes.")
    database_username: str = Field(description="User of the database.")
    database_secret_arn: SecretArn = Field(description="Secret with the user's password, readable for the nodes.")
    failover_topic_arn: TopicArn | None = Field(
        description="Topic that controllers tell when another takes over, usable for the nodes; null without one."
    )


RULES = (
    Rule(
        "accounting-zones",
        on="private_subnet_ids",
        check=var("private_subnet_ids").keys().length().ge(2),
        message="RDS wants subnets in two zones at least: private_subnet_ids must have two.",
    ),
    Rule(
        "accounting-storage-limit",
        on="storage_limit_gib",
        check=implies(var("storage_limit_gib").given(), var("storage_limit_gib").gt(var("storage_gib"))),
        message="storage_limit_gib must be more than storage_gib.",
    ),
    Rule(
        "accounting-snapshot-name",
        on="final_snapshot_name",
        check=implies(var("final_snapshot_name").given(), var("final_snapshot")),
        message="final_snapshot_name is given, so final_snapshot must be true.",
    ),
    Rule(
        "accounting-user",
        on="username",
        check=negation(var("username").lower().one_of(["admin", "rdsadmin", "root", "mysql"])),
        message="RDS and MariaDB keep users of this name for themselves: username must be another.",
    ),
    Rule(
        "accounting-emails",
        on="failover_emails",
        check=implies(var("failover_emails").length().ge(1), var("failover_topic")),
        message="failover_emails are addresses that the topic writes to, so failover_topic must be true.",
    ),
    Rule(
        "accounting-emails-distinct",
        on="failover_emails",
        check=var("failover_emails").distinct(),
        message="Every address must be named once.",
    ),
)

CONTRACT = Contract(
    name="accounting",
    summary="The database of Slurm's accounting, RDS for MariaDB with its password in a secret, and a fail-over topic.",
    inputs=AccountingInputs,
    outputs=AccountingOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "database": Name("{name}-accounting", 63, "database"),
        "security_group": Name("{name}-accounting", 255, "database's security group"),
        "topic": Name("{name}-failover", 256, "topic of controllers", when=var("failover_topic")),
    },
    lookup=LOOKUP,
    orchestrators=frozenset({"slurm"}),
    enabled=False,
    replaces=("AccountingDatabaseStack",),
    buys=buys,
)
