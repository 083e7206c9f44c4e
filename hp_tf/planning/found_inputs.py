"""Inputs whose values AWS says: asked before a plan, where the file gives none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hp_tf.contract.base import Found, annotation
from hp_tf.errors import HptfError
from hp_tf.run.context import Context
from hp_tf.state import document


def collect(context: Context, layers: Sequence[str], states: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return what AWS says, by (layer, input).

    Raises:
        HptfError: if AWS does not say.
    """
    values = {}
    for layer in layers:
        for name, info in context.contracts[layer].inputs.model_fields.items():
            declared = annotation(info, Found)
            if declared is not None and context.wiring.bindings[layer][name].kind == "found":
                values[layer, name] = _ask(context, layer, name, declared, states.get(layer))
    return values


def _ask(context: Context, layer: str, name: str, declared: Found, state: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    own = {identity for _, _, identity in document.addresses(state) if identity}
    try:
        return declared.find(context.target.clients, _known(context, layer), own)
    except (ClientError, BotoCoreError) as error:
        raise HptfError(f"looking up layers.{layer}.{name}: {error}", hint=f"give layers.{layer}.{name}") from error


def _known(context: Context, layer: str) -> dict[str, Any]:
    """The inputs that have a value before a plan."""
    found = {}
    for key, binding in context.wiring.bindings[layer].items():
        if binding.kind == "lookup" and binding.wire is not None:
            found[key] = context.lookup(binding.wire.layer)[binding.wire.output]
        elif binding.kind not in ("wire", "supplied", "found"):
            found[key] = binding.value
    return found
