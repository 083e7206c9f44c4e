"""A layer's inputs as its rules see them, and where the file says each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic.fields import FieldInfo

from hp_tf.contract.base import Configured, Contract, Folder, FromEnvironment, KeyedBy, Wired, annotation, nullable
from hp_tf.contract.rules import NOT_NULL, UNKNOWN
from hp_tf.environment.model import PLACES
from hp_tf.environment.shapes import default_of, with_defaults
from hp_tf.environment.structure import Draft
from hp_tf.environment.tree import Path
from hp_tf.environment.wiring import Binding, Wiring
from hp_tf.errors import Location


def scope(draft: Draft, wiring: Wiring, contract: Contract) -> dict[str, Any]:
    """Return what a layer's rules look at: every input as plain data with all defaults.

    ``UNKNOWN`` stands for what another layer will supply and for what is faulty, ``NOT_NULL`` for an output that
    always has a value.
    """
    return {
        key: _blotted(_value(draft, wiring, contract, key, binding), ("layers", contract.name, key), draft)
        for key, binding in wiring.bindings[contract.name].items()
    }


def _value(draft: Draft, wiring: Wiring, contract: Contract, key: str, binding: Binding) -> Any:
    info = contract.inputs.model_fields[key]
    if binding.kind == "wire" and binding.wire is not None:
        return _keyed(draft, wiring, binding.wire)
    if binding.kind == "lookup" and binding.wire is not None:
        return _supplied(draft, binding.wire)
    if binding.kind == "supplied":
        return UNKNOWN
    if binding.kind == "given" and binding.wire is not None and draft.faulty(_given_at(binding.wire)):
        return UNKNOWN
    if binding.kind == "configured":
        faulty = any(draft.faulty(source) for source in _sources(info))
        return UNKNOWN if faulty else with_defaults(binding.value, info.annotation)
    if binding.kind == "environment":
        origin = annotation(info, FromEnvironment)
        return UNKNOWN if origin is None or draft.faulty(PLACES[origin.value]) else binding.value
    if binding.kind == "null":
        # What nothing supplies but something must is a problem already; rules about null would only repeat it.
        return UNKNOWN if info.is_required() and not nullable(info) else default_of(info)
    if binding.kind == "file" and annotation(info, Folder) is not None and isinstance(binding.value, str):
        return str(absolute(draft.environment.directory / binding.value))
    return with_defaults(binding.value, info.annotation)


def _keyed(draft: Draft, wiring: Wiring, wire: Wired) -> Any:
    """Return a wired map with the keys its producer is configured with and unknown values; else that it is unknown."""
    keyed = annotation(draft.environment.layers[wire.layer].contract.outputs.model_fields[wire.output], KeyedBy)
    if keyed is None or draft.faulty(("layers", wire.layer, keyed.input)):
        return _supplied(draft, wire)
    keys = wiring.bindings[wire.layer][keyed.input].value
    return dict.fromkeys(keys, UNKNOWN) if isinstance(keys, list) else _supplied(draft, wire)


def _supplied(draft: Draft, wire: Wired) -> Any:
    """Return what is known of an output before it exists: whether it can be null."""
    output = draft.environment.layers[wire.layer].contract.outputs.model_fields[wire.output]
    return UNKNOWN if nullable(output) else NOT_NULL


def _given_at(wire: Wired) -> Path:
    """Return where the file gives an output of an existing layer."""
    return ("layers", wire.layer, "existing", wire.output)


def _sources(info: FieldInfo) -> list[Path]:
    """Return where the inputs stand that this one is configured by."""
    origin = annotation(info, Configured)
    return [] if origin is None else [("layers", *source.partition("[]")[0].split(".")) for source in origin.sources]


def absolute(path: FilePath) -> FilePath:
    """Return a path from the root on, without links where they can be followed."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        # Too long, or links in a circle: whoever opens it says so.
        return path.absolute()


def _blotted(value: Any, path: Path, draft: Draft) -> Any:
    """Replace what a fault stands on by UNKNOWN, down to the attribute, so that rules about the rest still speak."""
    steps = {fault.path for fault in draft.faults if fault.path[: len(path)] == path}
    if not steps:
        return value
    if path in steps:
        return UNKNOWN
    if isinstance(value, Mapping):
        blotted = {key: _blotted(item, (*path, key), draft) for key, item in value.items()}
        missing = {step[len(path)]: UNKNOWN for step in steps if len(step) == len(path) + 1}
        return {**blotted, **missing}
    if isinstance(value, list):
        return [_blotted(item, (*path, index), draft) for index, item in enumerate(value)]
    return UNKNOWN


def said(draft: Draft, wiring: Wiring, contract: Contract, path: Path) -> Location | None:
    """Return where the file says an input's value, itself or by what it is taken from; None if it does not."""
    environment = draft.environment
    key = str(path[0])
    binding = wiring.bindings[contract.name].get(key)
    if binding is None:
        return None
    if binding.kind == "file":
        return environment.location(contract.name, path)
    if binding.kind in ("given", "lookup") and binding.wire is not None:
        return environment.place(_given_at(binding.wire))
    info = contract.inputs.model_fields[key]
    origin = annotation(info, FromEnvironment)
    if binding.kind == "environment" and origin is not None:
        return environment.place(PLACES[origin.value])
    sources = _sources(info) if binding.kind == "configured" else []
    return next((environment.locations[source] for source in sources if source in environment.locations), None)
