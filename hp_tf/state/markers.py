"""Markers in the store: which layers were completed, and what their outputs were before a destroy.

A failed apply leaves half of a layer's outputs in its state and a failed destroy none, so a state alone does not say
whether its outputs may be handed on.
"""

from __future__ import annotations

from typing import Any

from hp_tf.state.document import Output, State, dumps, loads, outputs
from hp_tf.state.stores import Store, check_layer


def write(store: Store, layer: str, run_id: str, state: State | None) -> None:
    """Remember that a run completed a layer, whose state is now this one (None: it still has none)."""
    body = {"run": run_id, **_identity(state)}
    store.write_object(_completed(layer), dumps(body))


def complete(store: Store, layer: str, state: State | None) -> bool:
    """Whether this very state of a layer (lineage and serial) is what a completed run left."""
    marker = _load(store, _completed(layer))
    return marker is not None and {key: marker.get(key) for key in ("lineage", "serial")} == _identity(state)


def remove(store: Store, layer: str) -> None:
    """Forget that a layer was completed, and the outputs that were kept of it."""
    store.delete_object(_completed(layer))
    store.delete_object(_outputs(layer))


def save_outputs(store: Store, layer: str, state: State | None) -> None:
    """Keep a layer's outputs for what is destroyed after them. Does nothing for a layer without a state."""
    if state is None:
        return
    body = {**_identity(state), "outputs": state.get("outputs") or {}}
    store.write_object(_outputs(layer), dumps(body))


def load_outputs(store: Store, layer: str) -> dict[str, Output] | None:
    """A layer's outputs as they were last kept; None if they never were."""
    saved = _load(store, _outputs(layer))
    return None if saved is None else outputs(saved)


def _identity(state: State | None) -> dict[str, Any]:
    return {"lineage": (state or {}).get("lineage"), "serial": (state or {}).get("serial")}


def _completed(layer: str) -> str:
    return f"completed/{check_layer(layer)}.json"


def _outputs(layer: str) -> str:
    return f"outputs/{check_layer(layer)}.json"


def _load(store: Store, name: str) -> dict[str, Any] | None:
    """An unreadable object counts as none: it is then written anew."""
    body = store.read_object(name)
    if body is None:
        return None
    try:
        return loads(body)
    except ValueError:
        return None
