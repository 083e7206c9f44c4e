"""`hptf output`: what the layers of an environment give."""

from __future__ import annotations

from typing import Any

from hp_tf import codes
from hp_tf.environment.messages.words import no_layer, suggestion
from hp_tf.errors import BadInput, HptfError
from hp_tf.run.context import Resting
from hp_tf.state import document


def outputs(resting: Resting, layer: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the outputs at rest, by layer and name.

    Raises:
        BadInput: for a layer there is not.
        HptfError: for one that is not applied.
    """
    if layer is not None and layer not in resting.contracts:
        raise BadInput([no_layer(layer, resting.contracts)])
    names = [layer] if layer is not None else list(resting.wiring.order)
    states = resting.store.read_all(names)
    found = {
        name: {key: item.value for key, item in document.outputs(states[name]).items() if not item.sensitive}
        for name in names
        if states[name] is not None
    }
    if layer is not None and not found.get(layer):
        raise _not_applied(resting, layer)
    return found


def value(resting: Resting, layer: str, name: str) -> Any:
    """Return one output of a layer.

    Raises:
        BadInput: for an output that the layer does not give.
        HptfError: for a layer that is not applied.
    """
    given = outputs(resting, layer)[layer]
    if name not in given:
        text = f"layer '{layer}' gives no output '{name}'"
        raise BadInput([codes.OUTPUT_UNKNOWN.about(f"{layer}.{name}", text, suggestion(name, given, "outputs"))])
    return given[name]


def _not_applied(resting: Resting, layer: str) -> HptfError:
    environment = resting.environment
    mode = environment.layers[layer].mode if layer in environment.layers else "disabled"
    if mode == "created":
        return HptfError(
            f"layer '{layer}' of {environment.id} is not applied, so it has no outputs",
            hint=resting.command_line.of("apply", "--layer", layer),
        )
    given = f"its outputs are those under layers.{layer}.existing" if mode == "existing" else None
    return HptfError(f"layer '{layer}' is {mode} in {environment.id}: hptf keeps no outputs of it", hint=given)
