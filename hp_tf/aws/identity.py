"""The string by which Terraform imports a resource, and from which arguments it follows.

For most types it is the attribute ``id``; for some it is built from arguments, and the id is another string. Source:
the import sections of the documentation of the aws provider 5.100, awscc and helm 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Attributes = Mapping[str, Any]
Build = Callable[[Attributes], str | None]


def _joined(separator: str, *names: str) -> Build:
    def build(attributes: Attributes) -> str | None:
        values = [attributes.get(name) for name in names]
        return separator.join(map(str, values)) if all(values) else None

    return build


# Not the id.
BUILT: Mapping[str, Build] = {
    "aws_iam_role_policy_attachment": _joined("/", "role", "policy_arn"),
    "aws_route": _joined("_", "route_table_id", "destination_cidr_block"),
    "aws_route_table_association": _joined("/", "subnet_id", "route_table_id"),
    "aws_s3_object": _joined("/", "bucket", "key"),
    "aws_vpc_endpoint_route_table_association": _joined("/", "vpc_endpoint_id", "route_table_id"),
    "helm_release": _joined("/", "namespace", "name"),
}
# The id, and known before the resource exists.
_NAMED: Mapping[str, Build] = {
    "aws_cloudwatch_log_group": _joined("", "name"),
    "aws_eks_access_entry": _joined(":", "cluster_name", "principal_arn"),
    "aws_eks_access_policy_association": _joined("#", "cluster_name", "principal_arn", "policy_arn"),
    "aws_eks_addon": _joined(":", "cluster_name", "addon_name"),
    "aws_eks_cluster": _joined("", "name"),
    "aws_iam_role": _joined("", "name"),
    "aws_iam_role_policy": _joined(":", "role", "name"),
    "aws_kms_alias": _joined("", "name"),
    "aws_s3_bucket": _joined("", "bucket"),
    "aws_s3_bucket_lifecycle_configuration": _joined("", "bucket"),
    "aws_s3_bucket_logging": _joined("", "bucket"),
    "aws_s3_bucket_ownership_controls": _joined("", "bucket"),
    "aws_s3_bucket_policy": _joined("", "bucket"),
    "aws_s3_bucket_public_access_block": _joined("", "bucket"),
    "aws_s3_bucket_server_side_encryption_configuration": _joined("", "bucket"),
    "aws_s3_bucket_versioning": _joined("", "bucket"),
}


def import_id(kind: str, identity: str) -> str | None:
    """Return the import string of a resource whose id is known, None if it takes more than the id."""
    return None if kind in BUILT else identity


def import_string(kind: str, attributes: Attributes) -> str | None:
    """Return the import string of a resource as a state holds it, None if the attributes do not tell."""
    if kind in BUILT:
        return BUILT[kind](attributes)
    identity = attributes.get("id")
    return None if identity is None else str(identity)


def foretold(kind: str, planned: Attributes) -> str | None:
    """Return the import string that a resource to be created will have, None if AWS chooses it or a part is unknown."""
    build = BUILT.get(kind) or _NAMED.get(kind)
    return build(planned) if build else None


def is_foretold(kind: str) -> bool:
    """Whether a type's import string follows from its arguments."""
    return kind in BUILT or kind in _NAMED
