"""What moto does wrong for our layers, mended in place.

Each patch has a test that the patched attribute still exists and that moto without the patch is still wrong, so that a
patch goes when moto no longer needs it.
"""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def rule_description(rule: Any) -> str | None:
    """A rule's description, wherever its peer is kept. moto looks at address ranges only.

    A description on a rule whose peer is a security group is lost otherwise: every plan would show it as a change.
    """
    text = rule.ip_range.get("Description") or rule.source_group.get("Description")
    return str(text) if text else None


def bucket_permission(bucket: Any, action: str, resource: str) -> Any:
    """What a bucket's policy says, without the statements that have conditions. moto ignores the conditions.

    The usual statement that denies requests without TLS would deny every request otherwise.
    """
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document = json.loads(bucket.policy)
    statements = document.get("Statement", [])
    if isinstance(statements, dict):
        statements = [statements]
    document["Statement"] = [statement for statement in statements if not statement.get("Condition")]
    return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)


def apply_patches() -> None:
    """Mend moto in this process. Applying them twice changes nothing."""
    # Assigned through setattr: mypy would refuse to replace a property and a method, which is what a patch does.
    for owner, name, value in (
        (SecurityGroupRule, "description", property(rule_description)),
        (FakeBucket, "get_permission", bucket_permission),
    ):
        setattr(owner, name, value)
