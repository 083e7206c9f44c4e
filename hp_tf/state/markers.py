"""Markers in the store: which layers were completed, what failed in others, and outputs from before a destroy.

A failed apply leaves half of a layer's outputs in its state and a failed destroy none, so a state alone does not say
whether its outputs may be handed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hp_tf.state.document import Output, State, dumps, loads, outputs
from hp_tf.state.stores import Store, check_layer

_OUTPUTS = "outputs"
_FAILED = "failed"


def write(store: Store, layer: str, run_id: str, state: State | None) -> None:
    """Remember that a run completed a layer, whose state is now this one (None: it still has none)."""
    body = {"run": run_id, **_identity(state)}
    store.write_object(_name(layer), dumps(body))


def complete(store: Store, layer: str, state: State | None) -> bool:
    """Whether this very state of a layer (lineage and serial) is what a completed run left."""
    return _is_of(_load(store, layer), state)


def remove(store: Store, layer: str) -> None:
    """Forget that a layer was completed, and the outputs that were kept of it."""
    store.delete_object(_name(layer))


def note_failed(store: Store, layer: str, reasons: Sequence[str]) -> None:
    """Remember what failed in a layer that is not complete, until it is, or is removed."""
    store.write_object(_name(layer), dumps({**(_load(store, layer) or {}), _FAILED: list(reasons)}))


def failed(store: Store, layer: str) -> tuple[str, ...]:
    """What failed in a layer when it was run last; nothing if that is not known."""
    return tuple(map(str, (_load(store, layer) or {}).get(_FAILED) or ()))


def keep_outputs(store: Store, layer: str, state: State | None) -> None:
    """Keep a layer's outputs for what is destroyed after them, until it is completed again, or removed.

    Does nothing for a layer that is not complete or has no state: what an earlier run that failed left of the outputs
    must not take the place of those kept then.
    """
    marker = _load(store, layer)
    if marker is not None and state is not None and _is_of(marker, state):
        store.write_object(_name(layer), dumps({**marker, _OUTPUTS: state.get("outputs") or {}}))


def kept_outputs(store: Store, layer: str) -> dict[str, Output] | None:
    """A layer's outputs as they were kept; None if they were not."""
    marker = _load(store, layer) or {}
    return outputs(marker) if _OUTPUTS in marker else None


def _is_of(marker: dict[str, Any] | None, state: State | None) -> bool:
    # Of a layer that never was completed there may be what failed.
    return (
        marker is not None
        and "run" in marker
        and {key: marker.get(key) for key in ("lineage", "serial")} == _identity(state)
    )


def _identity(state: State | None) -> dict[str, Any]:
    return {"lineage": (state or {}).get("lineage"), "serial": (state or {}).get("serial")}


def _name(layer: str) -> str:
    return f"completed/{check_layer(layer)}.json"


def _load(store: Store, layer: str) -> dict[str, Any] | None:
    """An unreadable object counts as none: it is then written anew."""
    body = store.read_object(_name(layer))
    if body is None:
        return None
    try:
        return loads(body)
    except ValueError:
        return None
