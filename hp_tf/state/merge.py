"""Joining the states of a set of layers into one, and parting one into the states of its layers. Pure.

A resource has the same address in a layer's own root and in the root of a set (`module.<layer>.…`), so joining is
putting lists together and parting is sorting by the first module name. Only root outputs are renamed: `<output>` at
rest, `<layer>__<output>` in the set.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf.addresses import layer_of
from hp_tf.errors import HptfError
from hp_tf.state.document import State, address_of, same_content

FORMAT = 4

# Under this name a merged lineage is derived; it is arbitrary, and must never change: saved plans hold what follows
# from it.
_LINEAGES = uuid.UUID("0d4b2b6e-5f0a-5c1e-9f53-2f7f3d1a6c84")

_SEPARATOR = "__"
# The instance key of a module: dependencies name what the configuration has, not each of its instances.
_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]|\[\d+\]')


@dataclass(frozen=True)
class Split:
    """What one state of a set says about each of its layers.

    layers: the complete new state of every layer that has one, unchanged ones included.
    changed: the layers whose content differs from before, with their serial one higher.
    stray: managed resources that belong to no layer of the set.
    """

    layers: dict[str, State]
    changed: frozenset[str]
    stray: list[dict[str, Any]]


def merged_lineage(environment: str, states: Mapping[str, State | None]) -> str | None:
    """The lineage of a set: derived from its members', None if no layer has a state."""
    members = sorted((layer, str(state.get("lineage", ""))) for layer, state in states.items() if state is not None)
    if not members:
        return None
    return str(uuid.uuid5(_LINEAGES, "\n".join([environment, *(f"{layer}={lineage}" for layer, lineage in members)])))


def merge(
    environment: str, states: Mapping[str, State | None], order: Mapping[str, Collection[str]] | None = None
) -> State | None:
    """Join the states of a set.

    Args:
        environment: the environment's name; part of the merged lineage.
        states: each layer of the set with its state, None where it has none yet.
        order: for some layers, those that must not be destroyed before them though no reference says so: each of their
            resources depends on all of those layers' in the result.

    Returns None if no layer has a state; the result shares its resources and outputs with what was given. Raises
    HptfError if a layer's state holds a managed resource outside its own
    module: in the set's root Terraform would take it for removed and destroy it.
    """
    lineage = merged_lineage(environment, states)
    if lineage is None:
        return None
    present = {layer: state for layer, state in sorted(states.items()) if state is not None}
    resources: list[dict[str, Any]] = []
    outputs: dict[str, Any] = {}
    checks: list[dict[str, Any]] = []
    later = {layer: _all_of(present, others) for layer, others in (order or {}).items()}
    for layer, state in present.items():
        for resource in state.get("resources") or []:
            if layer_of(resource.get("module") or "") == layer:
                managed = resource.get("mode") == "managed"
                resources.append(_add_dependencies(resource, later.get(layer) if managed else None))
            elif resource.get("mode") == "managed":
                raise HptfError(
                    f"The state of layer {layer} holds {address_of(resource)}, which is not part of module.{layer}.",
                    hint=f"Move it into the module with `terraform state mv {address_of(resource)} "
                    f"module.{layer}.{resource.get('type')}.{resource.get('name')}`, or out of this state.",
                )
        for name, output in (state.get("outputs") or {}).items():
            outputs[f"{layer}{_SEPARATOR}{name}"] = output
        checks.extend(check for check in state.get("check_results") or [] if _check_layer(check) == layer)
    return {
        "version": FORMAT,
        "terraform_version": max((str(state.get("terraform_version", "")) for state in present.values()), key=_version),
        "serial": sum(int(state.get("serial", 0)) for state in present.values()),
        "lineage": lineage,
        "outputs": outputs,
        "resources": resources,
        "check_results": checks or None,
    }


def split(
    merged: State,
    before: Mapping[str, State | None],
    *,
    new_lineage: Callable[[], str] = lambda: str(uuid.uuid4()),
) -> Split:
    """Part the state of a set into the states of its layers.

    Args:
        merged: the state as Terraform wrote it; its own serial and lineage are of no account here.
        before: each layer of the set with the state it has at rest, None where it has none yet.
        new_lineage: makes the lineage of a layer's first state.

    A layer's serial grows by one if its content changed and stays otherwise. A dependency on a layer outside the set is
    kept from before: with that layer's values as literals Terraform cannot see it, and would lose the order of
    destruction. Data that was read outside the set's layers is dropped, for it is read again.
    """
    resources: dict[str, list[dict[str, Any]]] = {layer: [] for layer in before}
    stray: list[dict[str, Any]] = []
    for resource in merged.get("resources") or []:
        layer = layer_of(resource.get("module") or "")
        if layer in resources:
            resources[layer].append(resource)
        elif resource.get("mode") == "managed":
            stray.append(resource)
    outputs: dict[str, dict[str, Any]] = {layer: {} for layer in before}
    for name, output in (merged.get("outputs") or {}).items():
        layer, _, own = name.partition(_SEPARATOR)
        if layer in outputs and own:
            outputs[layer][own] = output
    checks: dict[str, list[dict[str, Any]]] = {layer: [] for layer in before}
    for check in merged.get("check_results") or []:
        layer = _check_layer(check)
        if layer in checks:
            checks[layer].append(check)

    layers: dict[str, State] = {}
    changed = set()
    for layer, old in before.items():
        if old is None and not resources[layer] and not outputs[layer]:
            continue
        new: State = {
            "version": FORMAT,
            "terraform_version": merged.get("terraform_version", ""),
            "serial": 1 if old is None else int(old.get("serial", 0)) + 1,
            "lineage": new_lineage() if old is None else old.get("lineage", ""),
            "outputs": outputs[layer],
            "resources": _with_kept_dependencies(resources[layer], old, before.keys()),
            "check_results": checks[layer] or None,
        }
        if old is not None and same_content(old, new):
            layers[layer] = old
        else:
            layers[layer] = new
            changed.add(layer)
    return Split(layers, frozenset(changed), stray)


_InstanceKey = tuple[Any, Any]


@dataclass(frozen=True)
class _Kept:
    """Dependencies of one resource that name layers outside the set: of each instance, and of all."""

    by_instance: dict[_InstanceKey, frozenset[str]]
    all: frozenset[str]

    def of(self, instance: Mapping[str, Any]) -> frozenset[str]:
        """Those of an instance; a new one has its siblings', for Terraform derives them from the configuration."""
        return self.by_instance.get(_key(instance), self.all)


def _with_kept_dependencies(
    resources: list[dict[str, Any]], old: State | None, inside: Iterable[str]
) -> list[dict[str, Any]]:
    kept = _outside_dependencies(old, frozenset(inside))
    if not kept:
        return resources
    return [_add_dependencies(resource, kept.get(address_of(resource))) for resource in resources]


def _outside_dependencies(old: State | None, inside: frozenset[str]) -> dict[str, _Kept]:
    found = {}
    for resource in (old or {}).get("resources") or []:
        outside = {
            _key(instance): frozenset(
                dependency
                for dependency in instance.get("dependencies") or []
                if (layer := layer_of(dependency)) is not None and layer not in inside
            )
            for instance in resource.get("instances") or []
        }
        together = frozenset().union(*outside.values())
        if together:
            found[address_of(resource)] = _Kept(outside, together)
    return found


def _key(instance: Mapping[str, Any]) -> _InstanceKey:
    return instance.get("index_key"), instance.get("deposed")


def _add_dependencies(resource: dict[str, Any], kept: _Kept | None) -> dict[str, Any]:
    if kept is None:
        return resource
    instances = [
        {**instance, "dependencies": sorted(more.union(instance.get("dependencies") or []))}
        if (more := kept.of(instance))
        else instance
        for instance in resource.get("instances") or []
    ]
    return {**resource, "instances": instances}


def _all_of(states: Mapping[str, State], layers: Collection[str]) -> _Kept:
    """A dependency on everything that some layers hold."""
    managed = (
        resource
        for layer in layers
        if layer in states
        for resource in states[layer].get("resources") or []
        if resource.get("mode") == "managed"
    )
    return _Kept({}, frozenset(_KEY.sub("", address_of(resource)) for resource in managed))


def _check_layer(check: Mapping[str, Any]) -> str | None:
    return layer_of(str(check.get("config_addr", "")))


def _version(text: str) -> tuple[int, ...]:
    """A version for comparing; a pre-release counts as the release it leads to."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(part) for part in match.groups()) if match else ()
