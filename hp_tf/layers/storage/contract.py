"""The storage layer: the bucket of the lifecycle scripts, and the scripts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Configured,
    Contract,
    CreateOnly,
    Folder,
    FromEnvironment,
    HptfOnly,
    Inputs,
    Name,
    Outputs,
    Text,
)
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.rules import PythonRule, Rule, both, either, implies, var
from hp_tf.contract.shared_rules import key_in_region, one_thing, partition_of_region
from hp_tf.contract.types import (
    BucketArn,
    BucketName,
    KeyPrefix,
    KmsKeyArn,
    S3Location,
    Tags,
)
from hp_tf.contract.types_cluster import ScriptName
from hp_tf.layers.storage import scripts
from hp_tf.layers.storage.lookup import LOOKUP
from hp_tf.layers.storage.resources import RESOURCES


class ScriptsRevision(Block):
    """Lifecycle scripts in a git repository, at a revision that never moves."""

    repository: str | None = Field(
        default=None,
        description="URL of the repository, without credentials; null takes AWS's own, of which an emulated target "
        "needs nothing: the module's script stands for it there.",
    )
    revision: Annotated[str, Text("[0-9a-f]{40}", "a full commit id (40 hexadecimal digits)")] = Field(
        default=scripts.REVISION, description="Full commit id. Branches and tags move."
    )
    path: str = Field(default=scripts.FOLDER, description="Folder in the repository.")


class StorageInputs(Inputs):
    """Inputs of the storage layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: Annotated[Tags, FromEnvironment("tags")] = Field(
        default_factory=dict,
        description="Tags of every resource that can carry them, except the scripts' objects: S3 gives an object ten "
        "tags at most.",
    )

    create_bucket: bool = Field(
        default=True,
        description="Whether the bucket is created. False uses the one bucket_name names and changes nothing of it "
        "but the lifecycle scripts' objects.",
    )
    bucket_name: Annotated[BucketName | None, CreateOnly("another name is another bucket")] = Field(
        default=None,
        description="Name of the bucket: of the given one when create_bucket is false, else of the one that is made; "
        "null makes that from the environment's. AWS's own policy for nodes reads buckets only whose names begin with "
        "'sagemaker-'; the role of iam reads this one whatever its name.",
    )
    force_destroy: bool = Field(
        default=False,
        description="Whether deleting the bucket deletes every object in it, old versions included. False lets the "
        "deletion fail while the bucket holds anything.",
    )
    kms_key_arn: KmsKeyArn | None = Field(
        default=None,
        description="KMS key that objects are encrypted with; the execution role needs kms:Decrypt on it. Null "
        "encrypts with keys S3 manages.",
    )
    noncurrent_version_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        default=None,
        description="Days after which old versions of objects are deleted. Null keeps them. The AWS provider waits a "
        "minute whenever it makes or changes this setting.",
    )
    access_logs: Literal["none", "created", "given"] = Field(
        default="none",
        description="Where S3 logs the requests to the bucket: nowhere, in a bucket made here, or in the one "
        "access_log_bucket_name names.",
    )
    access_log_days: Annotated[int, Field(ge=1, le=3650)] | None = Field(
        default=365,
        description="Days after which access logs are deleted from a bucket made here; a week later they are gone for "
        "good. Null keeps them. The AWS provider waits a minute whenever it makes or changes this setting.",
    )
    access_log_bucket_name: Annotated[BucketName | None, CreateOnly("another name is another bucket")] = Field(
        default=None,
        description="Name of the bucket for access logs. With access_logs 'given' it is there, and its policy must let "
        "logging.s3.amazonaws.com write; with 'created' null makes the name from the environment's.",
    )

    upload_lifecycle_scripts: bool = Field(
        default=True,
        description="Whether the lifecycle scripts are uploaded. False when they are in the bucket already.",
    )
    lifecycle_directory: Annotated[
        Annotated[str, Field(min_length=1)] | None,
        Folder("lifecycle_git", scripts.REPOSITORY, "lifecycle scripts", scripts.fetched_problems),
    ] = Field(
        default=None,
        description="Folder whose files are uploaded as lifecycle scripts, sub-folders included. Null uploads the "
        "script that comes with this module, which is for EKS.",
    )
    lifecycle_git: Annotated[ScriptsRevision | None, HptfOnly()] = Field(
        default=None,
        description="Git revision whose folder is uploaded instead, fetched once per machine; {} takes AWS's scripts "
        "for Slurm.",
    )
    slurm_configuration: Annotated[
        Literal["api", "scripts"] | None, Configured("configuration", of=HyperPodCluster)
    ] = Field(
        default=None,
        description="What tells Slurm of its groups, null with EKS. The cluster's module writes "
        "provisioning_parameters.json and, with scripts, config.py: a folder's own are not uploaded.",
    )
    lifecycle_prefix: KeyPrefix | None = Field(
        default=None,
        description="Prefix of the scripts' keys in the bucket, empty for the bucket's root. Null takes the root, with "
        "Slurm LifecycleScripts/base-config.",
    )
    lustre_over_efa: Annotated[bool, Configured("fsx.efa_enabled")] = Field(
        default=False,
        description="Whether the script that comes with this module sets the Lustre client up for EFA, on nodes that "
        "have it: for a file system with EFA in their zone.",
    )
    lifecycle_on_create: ScriptName = Field(
        default="on_create.sh",
        description="File name of the script each new node runs. SageMaker calls it OnCreate.",
    )


class StorageOutputs(Outputs):
    """Outputs of the storage layer."""

    bucket_name: BucketName = Field(description="Name of the bucket.")
    bucket_arn: BucketArn = Field(description="ARN of the bucket.")
    access_log_bucket_name: BucketName | None = Field(
        description="Name of the bucket with the access logs, made here or given; null without access logs."
    )
    lifecycle_script_uri: S3Location = Field(
        description="S3 address of the folder with the lifecycle scripts, usable: the scripts are uploaded."
    )
    lifecycle_on_create: ScriptName = Field(description="File name of the script each new node runs.")


_created = var("create_bucket").eq(True)

RULES = (
    Rule(
        "storage-bucket-needed",
        on="bucket_name",
        check=implies(var("create_bucket").eq(False), var("bucket_name").given()),
        message="With create_bucket false, bucket_name must name the bucket to use.",
    ),
    Rule(
        "storage-access-logs-created-bucket",
        on="access_logs",
        check=either(_created, var("access_logs").eq("none")),
        message="The settings of a given bucket are left alone, so access_logs must be 'none'.",
    ),
    Rule(
        "storage-noncurrent-created-bucket",
        on="noncurrent_version_days",
        check=either(_created, var("noncurrent_version_days").missing()),
        message="The settings of a given bucket are left alone, so noncurrent_version_days must be left out.",
    ),
    Rule(
        "storage-kms-created-bucket",
        on="kms_key_arn",
        check=either(_created, var("kms_key_arn").missing()),
        message="The settings of a given bucket are left alone, so kms_key_arn must be left out.",
    ),
    Rule(
        "storage-access-log-bucket-needed",
        on="access_log_bucket_name",
        check=implies(var("access_logs").eq("given"), var("access_log_bucket_name").given()),
        message="With access_logs 'given', access_log_bucket_name must name the bucket.",
    ),
    Rule(
        "storage-access-log-bucket-unused",
        on="access_log_bucket_name",
        check=implies(var("access_log_bucket_name").given(), var("access_logs").ne("none")),
        message="Without access_logs no bucket takes them: access_log_bucket_name must be left out.",
    ),
    Rule(
        "storage-lifecycle-directory-unused",
        on="lifecycle_directory",
        check=implies(var("lifecycle_directory").given(), var("upload_lifecycle_scripts").eq(True)),
        message="With upload_lifecycle_scripts false nothing is uploaded, so lifecycle_directory must be left out.",
    ),
    Rule(
        "storage-lifecycle-prefix-slurm",
        on="lifecycle_prefix",
        check=implies(var("slurm_configuration").given(), var("lifecycle_prefix").ne("")),
        message="Scripts for Slurm are many files that come and go together: lifecycle_prefix must name a folder for "
        "them, not the bucket's root.",
    ),
    partition_of_region("storage"),
    key_in_region("storage", "kms_key_arn"),
    PythonRule("storage-lifecycle-scripts", scripts.problems, "HCL sees no line endings of a file of any encoding."),
    PythonRule("storage-lifecycle-git", scripts.sources, "the module takes a folder; only hptf knows where it is from"),
)

CONTRACT = Contract(
    name="storage",
    summary="The S3 bucket of the lifecycle scripts, and the scripts in it.",
    inputs=StorageInputs,
    outputs=StorageOutputs,
    resources=RESOURCES,
    rules=RULES,
    given=(one_thing("storage", "bucket", "bucket_name", "bucket_arn"),),
    names={
        # The managed policy of cluster instances reads only buckets whose names begin with "sagemaker-".
        "bucket": Name(
            "sagemaker-{name}-{account_id}-{region}",
            63,
            "lifecycle bucket",
            when=_created,
            given="bucket_name",
        ),
        "log_bucket": Name(
            "{name}-logs-{account_id}-{region}",
            63,
            "bucket of the access logs",
            when=both(_created, var("access_logs").eq("created")),
            given="access_log_bucket_name",
        ),
    },
    lookup=LOOKUP,
    replaces=("S3BucketStack", "LifeCycleScriptStack"),
)
