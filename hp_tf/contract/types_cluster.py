"""Types of values that the layers around the cluster share: clusters, roles, file systems, zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from hp_tf.contract.base import Text
from hp_tf.contract.types import ARN

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?"

EksClusterName = Annotated[
    str,
    Text(
        "[A-Za-z0-9][A-Za-z0-9_-]*",
        "an EKS cluster name: letters, digits, hyphens and underscores, beginning with a letter or digit",
        max_length=100,
    ),
]
EksClusterArn = Annotated[
    str,
    Text(
        rf"{ARN}:eks:[a-z0-9-]+:[0-9]{{12}}:cluster/[A-Za-z0-9][A-Za-z0-9_-]{{0,99}}",
        "the ARN of an EKS cluster such as 'arn:aws:eks:us-west-2:123456789012:cluster/name'",
    ),
]
HyperPodName = Annotated[
    str,
    Text("[a-zA-Z0-9](?:-*[a-zA-Z0-9])*", "a name of letters, digits and inner hyphens", min_length=1, max_length=63),
]
HyperPodId = Annotated[str, Text("[a-z0-9]{12}", "a cluster id of twelve lower-case letters and digits")]
HyperPodArn = Annotated[
    str,
    Text(
        rf"{ARN}:sagemaker:[a-z0-9-]+:[0-9]{{12}}:cluster/[a-z0-9]{{12}}",
        "the ARN of a HyperPod cluster such as 'arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456'",
    ),
]
FsxArn = Annotated[
    str,
    Text(
        rf"{ARN}:fsx:[a-z0-9-]+:[0-9]{{12}}:file-system/fs-[0-9a-f]{{8,17}}",
        "the ARN of a file system such as 'arn:aws:fsx:us-west-2:123456789012:file-system/fs-0123456789abcdef0'",
    ),
]
# EKS refuses the ARN of an assumed role's session: it wants the role's own.
PrincipalArn = Annotated[
    str,
    Text(
        rf"{ARN}:iam::[0-9]{{12}}:(?:role|user)/[A-Za-z0-9+=,.@_/-]+",
        "the ARN of an IAM role or user (of the role itself, not of an assumed-role session)",
    ),
]
TrainingPlanArn = Annotated[
    str,
    Text(
        rf"{ARN}:sagemaker:[a-z0-9-]+:[0-9]{{12}}:training-plan/[A-Za-z0-9-]+",
        "the ARN of a training plan such as 'arn:aws:sagemaker:us-west-2:123456789012:training-plan/name'",
    ),
]
LogDestinationArn = Annotated[
    str,
    Text(
        rf"{ARN}:(?:logs:[a-z0-9-]+:[0-9]{{12}}:log-group:/aws/fsx/.+|firehose:[a-z0-9-]+:[0-9]{{12}}"
        r":deliverystream/aws-fsx-.+)",
        "the ARN of a log group whose name begins with '/aws/fsx/', or of a delivery stream beginning with 'aws-fsx-'",
    ),
]
ImageId = Annotated[
    str, Text("ami-[0-9a-f]{8,17}|default", "an image id such as 'ami-0123456789abcdef0', or 'default'")
]
FileSystemId = Annotated[str, Text("fs-[0-9a-f]{8,17}", "a file system id such as 'fs-0123456789abcdef0'")]
FileSystemDnsName = Annotated[
    str,
    Text(
        r"(?:fs|fc)i?-[0-9a-f]{8,}\..{4,253}",
        "a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com'",
        min_length=16,
        max_length=275,
    ),
]
MountName = Annotated[str, Text("[A-Za-z0-9_-]{1,8}", "a Lustre mount name of one to eight letters, digits, - or _")]
MountPath = Annotated[
    str,
    Text(r"(?:/[a-zA-Z0-9._-]+)+", "an absolute path without a slash at its end, such as '/fsx'", max_length=1024),
]
ScriptName = Annotated[
    str,
    # SageMaker takes 128 characters for OnCreate.
    Text("[A-Za-z0-9_.-]+", "a file name without folders, such as 'on_create.sh'", min_length=1, max_length=128),
]
KubernetesName = Annotated[
    str,
    Text(
        "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
        "a Kubernetes name of lower-case letters, digits and inner hyphens",
        min_length=1,
        max_length=63,
    ),
]
TaintKey = Annotated[
    str,
    Text(
        rf"(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?{_LABEL}",
        "a Kubernetes key such as 'example.com/dedicated'",
        min_length=1,
        max_length=317,
    ),
]
LabelValue = Annotated[
    str, Text(_LABEL, "a Kubernetes label value: letters, digits, inner -, _ and .", min_length=1, max_length=63)
]


@dataclass(frozen=True)
class Mistaken:
    """A value people write because other documents have it; ``message`` says what the API knows instead."""

    value: str
    message: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Refuse the value by its name before the type's own check lists what is allowed."""

        def check(value: Any) -> Any:
            if value == self.value:
                raise PydanticCustomError("mistaken", "{message}", {"message": self.message})
            return value

        return core_schema.no_info_before_validator_function(check, handler(source))
