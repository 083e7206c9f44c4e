"""Roles that services of AWS assume, and log groups, as several definitions write them."""

from __future__ import annotations

from collections.abc import Mapping

from cdktn_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktn_provider_aws.iam_role import IamRole

from hp_tf.synth.module import Module


def role(
    module: Module, construct_id: str, name: str, service: str, description: str, *, for_account: bool = False
) -> IamRole:
    """Write a role that a service assumes.

    Args:
        name: one of the contract's names.
        service: such as ``eks.amazonaws.com``.
        for_account: the service says for whose account it acts, so that it cannot be made to act for another's.
    """
    trust: dict[str, object] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    if for_account:
        trust["Condition"] = {"StringEquals": {"aws:SourceAccount": "${var.account_id}"}}
    made = _role(module, construct_id, name, description, trust)
    # Two roles cannot have one name: another path is refused before the role, which is in use, is deleted.
    module.made_first(made)
    return made


def pod_role(
    module: Module, construct_id: str, name: str, description: str, *, namespace: str, account: str
) -> IamRole:
    """Write a role that pods of one service account of the cluster assume by EKS Pod Identity.

    It is not made first, as what it depends upon would be, and an EKS cluster of the same name cannot be.

    The contract has the facts of the environment, ``cluster_name``, ``role_path`` and ``permissions_boundary_arn``.

    Args:
        name: one of the contract's names.
        namespace: where the service account is.
        account: the service account.
    """
    pods = {"aws:RequestTag/kubernetes-namespace": namespace, "aws:RequestTag/kubernetes-service-account": account}
    trust = {
        "Effect": "Allow",
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "${var.account_id}", **pods},
            "ArnEquals": {
                "aws:SourceArn": "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
            },
        },
    }
    return _role(module, construct_id, name, description, trust)


def _role(module: Module, construct_id: str, name: str, description: str, trust: Mapping[str, object]) -> IamRole:
    return IamRole(
        module,
        construct_id,
        name=module.name(name),
        path=module.ref("role_path"),
        permissions_boundary=module.ref("permissions_boundary_arn"),
        description=description,
        # Whoever attached something to it: a role that goes, or gets another path, would be left half deleted.
        force_detach_policies=True,
        assume_role_policy=module.json({"Version": "2012-10-17", "Statement": [trust]}),
        tags=module.mapping("${var.tags}"),
    )


def log_group(module: Module, construct_id: str, name: str, days: str, key: str) -> CloudwatchLogGroup:
    """Write a log group. ``days`` and ``key``: the inputs that say how long logs are kept, and encrypted with what."""
    return CloudwatchLogGroup(
        module,
        construct_id,
        name=name,
        retention_in_days=module.number(module.ref(days)),
        kms_key_id=module.ref(key),
        tags=module.mapping("${var.tags}"),
    )
