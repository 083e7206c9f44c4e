"""Conditions on the instance types of a group, which has one or several."""

from __future__ import annotations

import json
import re
from typing import Any

from hp_tf.contract.rules import Expression
from hp_tf.contract.types_cluster import compare


def types_of(group: Any) -> list[str]:
    """Return a group's instance type, or those it tries one after the other."""
    alone = group.get("instance_type")
    return [alone] if alone is not None else list(group.get("instance_types") or [])


def types_hcl(kind: str) -> str:
    """Return the same in Terraform, of ``item``. ``kind``: the input that holds the group."""
    if kind == "restricted_instance_groups":
        return "[item.instance_type]"
    return "(item.instance_type == null ? item.instance_types : [item.instance_type])"


def all_types(kind: str, pattern: str) -> Expression:
    """Return whether every type of a group matches a pattern (RE2 subset)."""
    anchored = json.dumps(f"^(?:{pattern})$")
    return compare(
        lambda group, scope: all(re.fullmatch(pattern, name) is not None for name in types_of(group)),
        f"alltrue([for type in {types_hcl(kind)} : can(regex({anchored}, type))])",
    )


def no_type(kind: str, pattern: str) -> Expression:
    """Return whether no type of a group matches a pattern (RE2 subset)."""
    anchored = json.dumps(f"^(?:{pattern})$")
    return compare(
        lambda group, scope: not any(re.fullmatch(pattern, name) for name in types_of(group)),
        f"!anytrue([for type in {types_hcl(kind)} : can(regex({anchored}, type))])",
    )
