"""A contract's outputs as Terraform outputs, in Terraform's JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.contract.base import Contract
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.shape import attributes_of


def outputs(contract: Contract, values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the contract's outputs by name, in the contract's order.

    Args:
        values: what the definition set: ``value`` and maybe ``depends_on`` and ``precondition``, by output.

    Raises:
        DefinitionError: an output is not set.
    """
    declared = attributes_of(contract.outputs, f"{contract.name} (outputs)")
    missing = [name for name in declared if name not in values]
    if missing:
        raise DefinitionError(f"Layer '{contract.name}': the definition never sets the output '{missing[0]}'.")
    found = {}
    for name, attribute in declared.items():
        found[name] = {"description": attribute.description, **values[name]}
        if attribute.sensitive:
            found[name]["sensitive"] = True
    return found
