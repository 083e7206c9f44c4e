"""Expressions that several definitions write."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hp_tf.synth.module import Module

# AWS's recipes for restricted instance groups: a role reads them, and an endpoint on the way must let them through.
GATED_RECIPES = """[
  "arn:${var.partition}:s3:*:334772094012:accesspoint/advanced-model-customization-recipes-*/*",
  "arn:${var.partition}:s3:::advanced-model-customization-recipes*/*",
]"""


def tags(module: Module, name: str, more: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """Return the tags of a resource: the environment's, its Name, and others of its own.

    Args:
        name: the value of the tag Name, a Terraform template.
        more: further tags; they win over the environment's.
    """
    own = {"Name": name, **(more or {})}
    entries = ", ".join(f"{_key(key)} = {_value(value)}" for key, value in own.items())
    return module.mapping(f"${{merge(var.tags, {{ {entries} }})}}")


def bare(template: str) -> str:
    """Return the expression in a template that is one expression, as a local takes it."""
    return template.removeprefix("${").removesuffix("}")


def _key(key: str) -> str:
    return key if key.isidentifier() else f'"{key}"'


def _value(template: str) -> str:
    reference = re.fullmatch(r"\$\{([a-z_.]+)\}", template)
    return reference[1] if reference else f'"{template}"'
