"""Which arguments of a resource are nested blocks: the one thing Terraform's JSON does not say and HCL must."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from hp_tf.synth.problems import DefinitionError

Nested = Mapping[str, Any]

# Providers built on nested attributes alone, and Terraform's own resource.
WITHOUT_BLOCKS = ("awscc_", "helm_", "terraform_data")
LIFECYCLE: Nested = {"precondition": {}, "postcondition": {}}


@cache
def table() -> Mapping[str, Nested]:
    """Return the committed table: nested blocks, at any depth, by ``aws_vpc`` or ``data.aws_region``."""
    text = files("hp_tf.synth").joinpath("blocks.json").read_text(encoding="utf-8")
    found: dict[str, Nested] = json.loads(text)
    return found


def nested_blocks(kind: str) -> Nested:
    """Return the nested blocks of a resource type (``data.`` before a data source's).

    Raises:
        DefinitionError: the table does not know the type, so the HCL could be wrong.
    """
    if kind.removeprefix("data.").startswith(WITHOUT_BLOCKS):
        return {}
    if kind not in table():
        raise DefinitionError(
            f"The block table does not know '{kind}'.",
            hint="Add its service to tools/generate_block_table.py and run that.",
        )
    return table()[kind]
