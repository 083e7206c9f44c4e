"""The parts of an environment's file that no layer owns: one class per section, with the file's own names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from hp_tf.codes import CODES
from hp_tf.contract.base import Block, Orchestrator, Text
from hp_tf.contract.regions import partition_of
from hp_tf.contract.types import AccountId, BucketName, EnvironmentName, KmsKeyArn, Region, RoleArn, Tags

# Between two slashes stand not only dots: '..' is a folder for some tools, and a name for S3.
_PART = r"\.*[A-Za-z0-9_=-][A-Za-z0-9_.=-]*"
Prefix = Annotated[str, Text(f"{_PART}(?:/{_PART})*", "a key prefix such as 'hyperpod/dev', without slashes around it")]
_PORT = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
_LOOPBACK = rf"https?://(?:localhost|127(?:\.[0-9]{{1,3}}){{3}}|\[::1\])(?::{_PORT})?/?"
Emulator = Annotated[
    str,
    Text(
        f"embedded|{_LOOPBACK}",
        "'embedded' or the URL of an emulator on this machine such as http://127.0.0.1:4566",
    ),
]


class AssumeRole(Block):
    """A role to assume."""

    role_arn: RoleArn = Field(description="The role hptf and Terraform assume.")
    session_name: Annotated[str, Text(r"[A-Za-z0-9_+=,.@-]+", "a session name", min_length=2, max_length=64)] = Field(
        "hptf", description="The session's name, as CloudTrail shows it."
    )
    external_id: str | None = Field(None, min_length=2, description="The external id the role's trust policy asks for.")


class Aws(Block):
    """The account, the region and the way in."""

    region: Region = Field(description="The AWS region everything is created in.")
    account_id: AccountId = Field(description="The account; hptf refuses to touch any other. In quotes.")
    profile: str | None = Field(
        None, min_length=1, description="A profile of the AWS configuration; the default chain without it."
    )
    assume_role: AssumeRole | None = Field(None, description="A role to assume from there.")
    tags: Tags = Field(default={}, description="Tags on everything created.", max_length=40)

    @property
    def partition(self) -> str:
        """The AWS partition the region belongs to."""
        return partition_of(self.region)


class S3StateSection(Block):
    """States in S3, with Terraform's own lock protocol."""

    bucket: BucketName = Field(description="The bucket, in the environment's region; `hptf state init ENV` makes it.")
    prefix: Prefix | None = Field(
        None, description="States are <prefix>/<layer>.tfstate. Without it: hyperpod/<name of the file>."
    )
    kms_key_arn: KmsKeyArn | None = Field(
        None, description="The key the states are encrypted with; the bucket's default without it."
    )


class LocalStateSection(Block):
    """States in a directory of this machine."""

    directory: str = Field(description="A directory, relative to this file's folder.", min_length=1)


class StateSection(Block):
    """Where the layers' states rest: one of the two; the last file to say which wins."""

    s3: S3StateSection | None = Field(None, description="A bucket, for environments people share.")
    local: LocalStateSection | None = Field(None, description="A directory, for an environment of one person.")


if TYPE_CHECKING:
    AllowableCode = str
else:
    AllowableCode = Literal[tuple(sorted(code.name for code in CODES.values() if code.can_be_allowed))]


class AllowSection(Block):
    """That what a finding is about is wanted."""

    finding: AllowableCode = Field(description="The finding's code, as a plan shows it.")
    subject: str = Field(description="What it is about: a group, a layer, an address.", min_length=1)


class FileSections(Block):
    """The top of an environment's file, apart from ``extends`` and ``layers``."""

    orchestrator: Orchestrator = Field(description="What schedules jobs on the cluster.")
    name: EnvironmentName = Field(description="The prefix of every name that is created.")
    aws: Aws = Field(description="The account, the region and the way in.")
    state: StateSection | None = Field(
        None,
        description="Where the layers' states rest, s3 or local: the last file to say which wins; the directory "
        ".hptf/state without it.",
    )
    emulator: Emulator | None = Field(
        None, description="Run against an AWS emulator: 'embedded', or the URL of a running one on this machine."
    )
    allow: list[AllowSection] = Field(
        default=[],
        description="What may be done though a finding speaks against it, by code and subject; besides what a file "
        "that this one extends allows.",
    )
