"""What happens to an environment besides death: calls come late, a state is lost, a cluster keeps silent."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.end_to_end.project import Project

MAKING = {
    "ec2": "CreateVpc ModifyVpcAttribute AssociateVpcCidrBlock CreateSubnet CreateRouteTable CreateRoute "
    "AssociateRouteTable CreateInternetGateway AttachInternetGateway AllocateAddress CreateNatGateway "
    "CreateSecurityGroup AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress "
    "CreateVpcEndpoint",
    "s3": "CreateBucket PutObject PutBucketPolicy PutBucketVersioning PutBucketEncryption",
    "iam": "CreateRole PutRolePolicy AttachRolePolicy",
    "logs": "CreateLogGroup PutRetentionPolicy",
    "eks": "CreateCluster CreateAddon CreateAccessEntry AssociateAccessPolicy",
    "fsx": "CreateFileSystem",
    "cloudcontrol": "CreateResource",
}
UNMAKING = {
    "ec2": "DeleteVpc DeleteSubnet DeleteRouteTable DeleteSecurityGroup DetachInternetGateway DeleteInternetGateway "
    "ReleaseAddress DeleteNatGateway DeleteVpcEndpoints RevokeSecurityGroupIngress RevokeSecurityGroupEgress",
    "s3": "DeleteBucket",
    "iam": "DeleteRole DetachRolePolicy",
    "eks": "DeleteCluster DeleteAddon",
    "fsx": "DeleteFileSystem",
    "cloudcontrol": "DeleteResource",
}
# The longest that a call comes late: the next command may be through with its search by then.
LATE_SECONDS = 15.0


def make_late(project: Project, chance: random.Random, operations: dict[str, str]) -> int:
    """Make some calls late, so that they are in flight when Terraform dies. Returns how many."""
    all_of_them = [(service, name) for service, names in operations.items() for name in names.split()]
    chosen = chance.sample(all_of_them, min(chance.randint(2, 8), len(all_of_them)))
    times = [chance.randint(1, 3) for _ in chosen]
    for (service, operation), count in zip(chosen, times, strict=True):
        project.fault(service, operation, times=count, delay=round(chance.uniform(0.5, LATE_SECONDS), 1))
    return sum(times)


@dataclass(frozen=True)
class LostState:
    """A state object as it was before it was taken away."""

    layer: str
    key: str
    version: str
    how: str


def lose_state(project: Project, chance: random.Random) -> LostState:
    """Empty a layer's state object, delete it, or put an older version in its place."""
    s3 = project.session.client("s3")
    states = {layer: state for layer, state in project.states().items() if state["resources"]}
    layer = chance.choice(sorted(states))
    key = f"{project.prefix}/{layer}.tfstate"
    versions: list[dict[str, Any]] = s3.list_object_versions(Bucket=project.bucket, Prefix=key)["Versions"]
    # The lock beside it has a longer name.
    versions = [item for item in versions if item["Key"] == key]
    now = next(item["VersionId"] for item in versions if item["IsLatest"])
    older = [item["VersionId"] for item in versions if not item["IsLatest"] and item["Size"] > 0]
    how = chance.choice(("emptied", "gone", "older") if older else ("emptied", "gone"))
    if how == "emptied":
        s3.put_object(Bucket=project.bucket, Key=key, Body=b"")
    elif how == "gone":
        s3.delete_object(Bucket=project.bucket, Key=key)
    else:
        _bring_back(project, key, older[-1])
    return LostState(layer, key, now, how)


def bring_back(project: Project, lost: LostState) -> None:
    """Put a state object back as it was, by its version."""
    _bring_back(project, lost.key, lost.version)


def _bring_back(project: Project, key: str, version: str) -> None:
    source = {"Bucket": project.bucket, "Key": key, "VersionId": version}
    project.session.client("s3").copy_object(Bucket=project.bucket, Key=key, CopySource=source)


# How a cluster fails to say what is in it: refused, and out of order for a moment.
UNREADABLE = ({"status": 403, "error": "Forbidden"}, {"status": 503, "error": "ServiceUnavailable"})


def hide_releases(project: Project, chance: random.Random) -> int:
    """Let the cluster answer reads of secrets, where Helm keeps its releases, with an error; return the status."""
    how = chance.choice(UNREADABLE)
    for operation in ("get secrets",):
        project.fault("kubernetes", operation, times=1000, **how)
    return int(str(how["status"]))
