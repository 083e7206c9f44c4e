"""Facts about the stand-in providers that the bindings do not carry.

The CDKTF bindings keep names, types, nesting and optional/computed/required. Lost are: the schema version, which values
are secret, defaults, what forces replacement, which computed values become unknown again on an update, and validators.
For `awscc_sagemaker_cluster` the CloudFormation schema fills the gap. For `helm_release` this file does; each fact was
read from the provider's documentation and behaviour at version 3.x.
"""

from __future__ import annotations

AWSCC_RESOURCE_VERSION = 1
"""State schema version of every awscc resource."""

HELM_RELEASE_VERSION = 2
"""State schema version of helm_release since provider 3.0."""

HELM_DEFAULTS: dict[str, bool | int] = {
    "atomic": False,
    "cleanup_on_fail": False,
    "create_namespace": False,
    "dependency_update": False,
    "disable_crd_hooks": False,
    "disable_openapi_validation": False,
    "disable_webhooks": False,
    "force_update": False,
    "lint": False,
    "max_history": 0,
    "pass_credentials": False,
    "recreate_pods": False,
    "render_subchart_notes": True,
    "replace": False,
    "reset_values": False,
    "reuse_values": False,
    "skip_crds": False,
    "take_ownership": False,
    "timeout": 300,
    "upgrade_install": False,
    "verify": False,
    "wait": True,
    "wait_for_jobs": False,
}

VALUE_TYPES = ["auto", "string", "literal"]

_HELM_DEFAULT: dict[str, dict[str, object]] = {name: {"default": value} for name, value in HELM_DEFAULTS.items()}
HELM_RELEASE: dict[str, dict[str, object]] = {
    **_HELM_DEFAULT,
    "description": {"on_create": None},
    "id": {"on_update": "unknown"},
    "metadata": {"on_update": "unknown"},
    "name": {"replace": "always", "min_length": 1, "max_length": 53},
    "namespace": {"replace": "always", "default": "default"},
    "repository_password": {"sensitive": True},
    "set.type": {"default": "", "enum": VALUE_TYPES},
    "set_sensitive.type": {"enum": VALUE_TYPES},
    "set_sensitive.value": {"sensitive": True},
    "set_wo": {"write_only": True},
    "set_wo.name": {"write_only": True},
    "set_wo.type": {"write_only": True, "enum": ["auto", "string"]},
    "set_wo.value": {"write_only": True},
    "set_wo_revision": {"min": 1, "integer": True},
}
"""Dotted attribute path -> members to add to the attribute.

on_create: the planned value of a computed attribute that nobody sets (without it: unknown).
on_update: "unknown" if any other change makes the value unknown (without it: the value of the state is kept).
"""
