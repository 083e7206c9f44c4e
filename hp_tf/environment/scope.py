"""A layer's inputs as its rules see them, and where the file says each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from hp_tf.contract.base import Contract, Folder, KeyedBy, Wired, annotation, nullable
from hp_tf.contract.role import configured_key, given_key
from hp_tf.contract.rules import NOT_NULL, UNKNOWN
from hp_tf.environment.fields import default_of, with_defaults
from hp_tf.environment.model import LayerConfig
from hp_tf.environment.shapes import Draft
from hp_tf.environment.tree import Path
from hp_tf.environment.wiring import Binding, Wiring
from hp_tf.findings import Location


def scope(draft: Draft, wiring: Wiring, contract: Contract) -> dict[str, Any]:
    """Return what a layer's rules look at: every input as plain data with all defaults, and what other layers show.

    ``UNKNOWN`` stands for what another layer will supply and for what is faulty, ``NOT_NULL`` for an output that
    always has a value.
    """
    own = {
        key: _blotted(_value(draft, wiring, contract, key, binding), ("layers", contract.name, key), draft)
        for key, binding in wiring.bindings[contract.name].items()
    }
    return {**own, **shown(draft, wiring)}


def shown(draft: Draft, wiring: Wiring) -> dict[str, Any]:
    """Return what layers show to the rules of others, by their roles. A faulty value is UNKNOWN as a whole."""
    found: dict[str, Any] = {}
    for layer in draft.environment.layers.values():
        for role in layer.contract.provides:
            if layer.mode == "created":
                known = wiring.bindings[layer.name]
                found[configured_key(type(role))] = {
                    key: _shown(draft, wiring, layer, key) for key in role.inputs if key in known
                }
            elif layer.mode == "existing":
                found[given_key(type(role))] = {key: _given(draft, layer, key) for key in role.outputs}
    return found


def _shown(draft: Draft, wiring: Wiring, layer: LayerConfig, key: str) -> Any:
    if draft.faulty(("layers", layer.name, key)):
        return UNKNOWN
    return _value(draft, wiring, layer.contract, key, wiring.bindings[layer.name][key])


def _given(draft: Draft, layer: LayerConfig, key: str) -> Any:
    """Return an output of a layer that exists: as given, unknown where it is looked up, else null."""
    if draft.faulty(("layers", layer.name, "existing", key)):
        return UNKNOWN
    looked_up = layer.contract.lookup is not None and layer.contract.lookup.finds(key, layer.existing)
    return layer.existing.get(key, UNKNOWN if looked_up else None)


def _value(draft: Draft, wiring: Wiring, contract: Contract, key: str, binding: Binding) -> Any:
    info = contract.inputs.model_fields[key]
    if binding.kind in ("wire", "lookup") and binding.wire is not None:
        return _supplied(draft, wiring, binding.wire, made=binding.kind == "wire")
    if binding.kind in ("supplied", "found"):
        return UNKNOWN
    if binding.kind == "null":
        # What nothing supplies but something must is a problem already; rules about null would only repeat it.
        return UNKNOWN if info.is_required() and not nullable(info) else default_of(info)
    if binding.kind != "file" and any(draft.faulty(place) for place in binding.places):
        return UNKNOWN
    if binding.kind == "file" and annotation(info, Folder) is not None and isinstance(binding.value, str):
        return str(absolute(draft.environment.directory / binding.value))
    return with_defaults(binding.value, info.annotation)


def _supplied(draft: Draft, wiring: Wiring, wire: Wired, *, made: bool) -> Any:
    """Return what is known of an output before it exists: a map's keys if its producer makes it, whether it is null."""
    output = draft.environment.layers[wire.layer].contract.outputs.model_fields[wire.output]
    keyed = annotation(output, KeyedBy)
    if made and keyed is not None and not draft.faulty(("layers", wire.layer, keyed.input)):
        keys = wiring.bindings[wire.layer][keyed.input].value
        if isinstance(keys, list):
            return dict.fromkeys(keys, UNKNOWN)
    return UNKNOWN if nullable(output) else NOT_NULL


def absolute(path: FilePath) -> FilePath:
    """Return a path from the root on, without links where they can be followed."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        # Too long, or links in a circle: whoever opens it says so.
        return path.absolute()


def _blotted(value: Any, path: Path, draft: Draft) -> Any:
    """Replace what a mistake stands on by UNKNOWN, down to the attribute, so that rules about the rest still speak."""
    steps = {one.path for one in draft.mistakes if one.path[: len(path)] == path}
    if not steps:
        return value
    if isinstance(value, Mapping) and path not in steps:
        missing = {step[len(path)]: UNKNOWN for step in steps if len(step) == len(path) + 1}
        return {**{key: _blotted(item, (*path, key), draft) for key, item in value.items()}, **missing}
    if isinstance(value, list) and path not in steps:
        return [_blotted(item, (*path, index), draft) for index, item in enumerate(value)]
    return UNKNOWN


def said(draft: Draft, wiring: Wiring, contract: Contract, path: Path) -> Location | None:
    """Return where the file says an input's value, itself or by what it is taken from; None if it does not."""
    environment = draft.environment
    binding = wiring.bindings[contract.name].get(str(path[0]))
    if binding is None:
        return None
    if binding.kind == "file":
        return environment.place(("layers", contract.name, *path))
    # Of another layer's inputs those are meant that are in the file; the rest has its place around it.
    places = [one for one in binding.places if binding.kind != "configured" or environment.tree.find(one) is not None]
    return environment.place(places[0]) if places else None
