"""What the nodes' role has, where a file gives one."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed

# What AWS attaches to the role of a cluster's nodes, and who takes the role up.
_FACTS = {"service": "sagemaker.amazonaws.com", "policies": ["AmazonSageMakerClusterInstanceRolePolicy"]}


def seed(given: Given) -> Iterator[Seed]:
    """Yield the nodes' role."""
    if given.existing is not None:
        role = given.existing.get("execution_role_arn") or given.existing.get("execution_role_name")
    else:
        role = given.inputs.get("execution_role_arn")
    if role is not None:
        yield Seed("role", role, _FACTS)
