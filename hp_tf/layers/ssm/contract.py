"""The ssm layer: shells on the cluster's nodes through Session Manager.

Fields of the document and their limits: Systems Manager, "Session document schema".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import Contract, Inputs, Name, Outputs, Text, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.rules import Rule, both, either, implies, negation, var
from hp_tf.contract.shared_rules import key_in_region, partition_of_region
from hp_tf.contract.types import (
    BucketName,
    KmsKeyArn,
    LogRetentionDays,
)
from hp_tf.layers.ssm.lookup import LOOKUP
from hp_tf.layers.ssm.resources import RESOURCES

_LOGS = var("session_logs")

DocumentName = Annotated[
    str, Text("[A-Za-z0-9_.-]{3,128}", "a document's name: 3 to 128 letters, digits and the signs - _ .")
]
User = Annotated[
    str, Text("[a-z_][a-z0-9_-]{0,31}", "a name of a Linux user: lower-case letters, digits, - and _, 32 at most")
]
Prefix = Annotated[
    str,
    Text("[A-Za-z0-9!_.*'()-]+(?:/[A-Za-z0-9!_.*'()-]+)*", "a prefix without a slash at its ends, such as 'sessions'"),
]


class SsmInputs(Inputs):
    """Inputs of the ssm layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    bucket_name: Annotated[BucketName, Wired("storage.bucket_name")] = Field(
        description="Bucket that session logs go to with session_logs s3."
    )
    execution_role_name: Annotated[str, Wired("iam.execution_role_name")] = Field(
        min_length=1, description="Role of the nodes, which write the logs of sessions on them."
    )
    create_document: bool = Field(
        default=True, description="Whether the session document is made; false takes the one document_name names."
    )
    document_name: DocumentName | None = Field(
        default=None,
        description="Name of the session document; null takes <name>-session. An account has one of a name in a "
        "region: one that is there already is used with create_document false.",
    )
    default_user: User | None = Field(
        default="ubuntu",
        description="Linux user of a session whose IAM user or role has no tag SSMSessionRunAs; null lets in only "
        "those who have the tag.",
    )
    idle_timeout_minutes: int = Field(
        default=20, ge=1, le=60, description="Minutes after which a session in which nothing happens ends."
    )
    longest_session_minutes: int | None = Field(
        default=None, ge=1, le=1440, description="Minutes after which every session ends; null lets it last."
    )
    shell_profile: str = Field(
        default="cd ~ && exec bash -l",
        max_length=512,
        description="Commands that begin a session in the user's shell; an empty one leaves it as it is.",
    )
    session_logs: Literal["none", "cloudwatch", "s3"] = Field(
        default="none",
        description="Where what is typed and shown is written: to a log group of this module's, or to the bucket.",
    )
    session_log_prefix: Prefix = Field(default="sessions", description="Where in the bucket session logs are.")
    session_log_retention_days: LogRetentionDays = Field(
        default=365, description="Days the log group keeps session logs."
    )
    grant_logs: bool = Field(
        default=True,
        description="Whether the nodes' role gets the right to write session logs. False if it has it already, or must "
        "not be changed.",
    )
    kms_key_arn: KmsKeyArn | None = Field(
        default=None,
        description="Key that encrypts sessions, and the log group's content; its policy must let CloudWatch Logs use "
        "it. Null takes what AWS does by itself.",
    )


class SsmOutputs(Outputs):
    """Outputs of the ssm layer."""

    document_name: DocumentName = Field(
        description="Name of the session document: aws ssm start-session --document-name."
    )
    session_log_group_name: str | None = Field(description="Log group of sessions; null without one.")


RULES = (
    partition_of_region("ssm"),
    key_in_region("ssm", "kms_key_arn"),
    Rule(
        "ssm-document-given",
        on="document_name",
        check=implies(negation(var("create_document")), var("document_name").given()),
        message="create_document is false, so document_name must name the session document to use.",
    ),
    Rule(
        "ssm-document-aws",
        on="document_name",
        check=implies(
            both(var("create_document"), var("document_name").given()),
            negation(var("document_name").matches("(?i:aws|amazon|amzn)[-_.].*")),
        ),
        message="AWS keeps names of documents that begin with aws, amazon or amzn for itself.",
    ),
    Rule(
        "ssm-logs-document",
        on="session_logs",
        check=either(var("create_document"), _LOGS.eq("none")),
        message="A document that exists says itself where logs go: with create_document false, session_logs must be "
        "none.",
    ),
)

CONTRACT = Contract(
    name="ssm",
    summary="Shells on the cluster's nodes through Session Manager: the session document and its logs.",
    inputs=SsmInputs,
    outputs=SsmOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "document": Name("{name}-session", 128, "session document", when=var("create_document"), given="document_name"),
        "log_group": Name("/aws/ssm/{name}/sessions", 512, "log group of sessions", when=_LOGS.eq("cloudwatch")),
    },
    lookup=LOOKUP,
    enabled=False,
    replaces=("SSMStack",),
)
