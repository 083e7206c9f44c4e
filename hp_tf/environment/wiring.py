"""Where every input of every created layer comes from, and the graph of layers that follows.

Resolved per environment: what is given by ``existing:`` makes no edge, what is disabled supplies nobody. Pure; the
AWS lookups a contract declares are only noted here (``lookup``) and done by whoever plans.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, Literal, get_origin

from pydantic.fields import FieldInfo

from hp_tf import codes
from hp_tf.contract.base import (
    KUBERNETES,
    Configured,
    Contract,
    FromEnvironment,
    HptfOnly,
    NeededWith,
    Supplied,
    Wired,
    annotation,
    annotations_of,
    nullable,
)
from hp_tf.environment.lacks import KUBERNETES_INPUT, Lacks
from hp_tf.environment.model import Environment
from hp_tf.environment.shapes import bare, default_of, distinct, with_defaults
from hp_tf.errors import Problem

Kind = Literal["file", "environment", "configured", "wire", "given", "lookup", "supplied", "default", "null"]


@dataclass(frozen=True)
class Binding:
    """Where one input's value comes from.

    Attributes:
        kind: ``file`` (the user's line), ``environment`` (name, region, ...), ``configured`` (another layer's input),
            ``wire`` (another layer's output, a reference), ``given`` (an output of an existing layer, by value),
            ``lookup`` (an output of an existing layer, to be looked up), ``supplied`` (a path hptf computes),
            ``default`` (the module's own), ``null`` (nothing supplies it: pass null).
        value: plain data for file, environment, configured, given and default; for supplied, the value of the input it
            is computed from, with defaults; None for the others.
        wire: the source of wire, given and lookup.
        hptf_only: the module has no such variable; hptf alone reads the value.
    """

    kind: Kind
    value: Any = None
    wire: Wired | None = None
    hptf_only: bool = False

    @property
    def passed(self) -> bool:
        """Whether the root hands the module a value; a default acts in the module alone."""
        return self.kind != "default" and not self.hptf_only


@dataclass(frozen=True, order=True)
class Edge:
    """``consumer`` takes ``input`` from ``producer``'s ``output``; both are created. Provider configuration that comes
    from the EKS cluster is an edge too, with an input ``kubernetes.<name>``.
    """

    consumer: str
    input: str
    producer: str
    output: str


@dataclass(frozen=True)
class Wiring:
    """The resolved wiring of one environment.

    Attributes:
        bindings: by layer (created ones, in the contracts' order), then by input.
        kubernetes: how providers that talk to the cluster are configured, also for layers that are not created any
            more: what they installed has to be read before it can leave.
        edges: between created layers.
        order: created layers, producers first; ties in the contracts' order. The contracts' order if there is a cycle.
        problems: inputs nothing supplies, and cycles. With any, the rest must not be used to run.
    """

    bindings: Mapping[str, Mapping[str, Binding]]
    kubernetes: Mapping[str, Binding]
    edges: frozenset[Edge]
    order: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    _producers: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    _consumers: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        producers: dict[str, set[str]] = {layer: set() for layer in self.order}
        consumers: dict[str, set[str]] = {layer: set() for layer in self.order}
        for edge in self.edges:
            producers[edge.consumer].add(edge.producer)
            consumers[edge.producer].add(edge.consumer)
        object.__setattr__(self, "_producers", {name: frozenset(found) for name, found in producers.items()})
        object.__setattr__(self, "_consumers", {name: frozenset(found) for name, found in consumers.items()})

    def producers(self, layer: str) -> tuple[str, ...]:
        """Return the layers a layer takes values from, in order; none for a layer that is not created."""
        return self._ordered(self._producers.get(layer, frozenset()))

    def consumers(self, layer: str) -> tuple[str, ...]:
        """Return the layers that take values from a layer, in order."""
        return self._ordered(self._consumers.get(layer, frozenset()))

    def upstream(self, layer: str) -> tuple[str, ...]:
        """Return everything a layer depends on by any way, in order."""
        return self._ordered(_reach(layer, self._producers))

    def downstream(self, layer: str) -> tuple[str, ...]:
        """Return everything that depends on a layer by any way, in order."""
        return self._ordered(_reach(layer, self._consumers))

    def _ordered(self, layers: frozenset[str]) -> tuple[str, ...]:
        return tuple(layer for layer in self.order if layer in layers)


def resolve(environment: Environment, contracts: Mapping[str, Contract]) -> Wiring:
    """Resolve every input of every created layer. Never raises: what is wrong is in ``problems``."""
    resolver = _Resolver(environment, contracts)
    created = [layer.name for layer in environment.of_mode("created")]
    bindings = {name: resolver.layer(name) for name in created}
    in_cluster = [name for name in created if contracts[name].kubernetes]
    kubernetes = {key: resolver.kubernetes(key, wire, in_cluster) for key, wire in KUBERNETES.items()}
    edges = {
        Edge(name, key, binding.wire.layer, binding.wire.output)
        for name in created
        for key, binding in [
            *bindings[name].items(),
            *((KUBERNETES_INPUT + key, found) for key, found in kubernetes.items() if name in in_cluster),
        ]
        if binding.kind == "wire" and binding.wire is not None
    }
    problems = resolver.lacks.problems()
    try:
        order = in_order(created, edges)
    except CycleError as error:
        order = tuple(created)
        circle = [str(layer) for layer in error.args[1]]
        problems.append(
            Problem(
                _circle(circle, edges),
                environment.place(("layers", circle[0])),
                code=codes.LAYER_CIRCLE,
                subject=circle[0],
            )
        )
    return Wiring(bindings, kubernetes, frozenset(edges), order, tuple(problems))


def in_order(layers: Iterable[str], edges: Iterable[Edge]) -> tuple[str, ...]:
    """Return layers with producers first; among those that could come next, the one named first in ``layers``.

    Raises:
        graphlib.CycleError: the edges go in a circle.
    """
    rank = {layer: index for index, layer in enumerate(layers)}
    sorter = TopologicalSorter[str](dict.fromkeys(rank, ()))
    for edge in edges:
        sorter.add(edge.consumer, edge.producer)
    sorter.prepare()
    ready: list[tuple[int, str]] = []
    order: list[str] = []
    while sorter.is_active():
        for layer in sorter.get_ready():
            heapq.heappush(ready, (rank[layer], layer))
        _, following = heapq.heappop(ready)
        order.append(following)
        sorter.done(following)
    return tuple(order)


class _Resolver:
    """Finds sources one by one and notes what no layer supplies."""

    def __init__(self, environment: Environment, contracts: Mapping[str, Contract]) -> None:
        self._environment = environment
        self._contracts = contracts
        self.lacks = Lacks(environment, contracts)

    def layer(self, name: str) -> dict[str, Binding]:
        bindings: dict[str, Binding] = {}
        for key, info in self._contracts[name].inputs.model_fields.items():
            found = self._input(name, key, info)
            bindings[key] = replace(found, hptf_only=True) if annotation(info, HptfOnly) is not None else found
        return bindings

    def kubernetes(self, key: str, wire: Wired, consumers: list[str]) -> Binding:
        found = self._from_layer(wire)
        if found is not None:
            return found
        for name in consumers:
            self.lacks.note([wire], name, f"{KUBERNETES_INPUT}{key}")
        # Without a cluster in the file, the state of the one that leaves with its layers is what knows it.
        return Binding("null") if consumers else Binding("wire", wire=wire)

    def _input(self, name: str, key: str, info: FieldInfo) -> Binding:
        inputs = self._environment.layers[name].inputs
        return Binding("file", inputs[key]) if key in inputs else self._unset(name, key, info)

    def _unset(self, name: str, key: str, info: FieldInfo) -> Binding:
        """Bind an input the file does not give: its origins in the order they are declared, then its default."""
        wires: list[Wired] = []
        for origin in info.metadata:
            found: Binding | None = None
            if isinstance(origin, Wired):
                if origin.only_if is not None and not self._configured(name, origin.only_if):
                    continue
                wires.append(origin)
                found = self._from_layer(origin)
            elif isinstance(origin, Configured):
                found = self._from_input(origin, info)
            elif isinstance(origin, FromEnvironment):
                found = Binding("environment", self._environment.environment_value(origin.value))
            elif isinstance(origin, Supplied):
                found = Binding("supplied", self._configured(name, origin.source))
            if found is not None:
                return found
        needed = annotation(info, NeededWith)
        if needed is not None and self.lacks.mode(needed.layer) == "created":
            self.lacks.note(wires, name, key, needed.why)
        if not info.is_required():
            default = default_of(info)
            return Binding("null") if default is None and wires else Binding("default", default)
        if wires and not nullable(info):
            self.lacks.note(wires, name, key)
        return Binding("null")

    def _from_layer(self, wire: Wired) -> Binding | None:
        producer = self._environment.layers.get(wire.layer)
        if producer is None or producer.mode == "disabled" or wire.when not in ("always", producer.mode):
            return None
        if producer.mode == "created":
            return Binding("wire", wire=wire)
        if wire.output in producer.existing:
            return Binding("given", producer.existing[wire.output], wire)
        lookup = self._contracts[wire.layer].lookup
        if lookup is None or wire.output not in lookup.fills:
            return None
        found = all(output in producer.existing for output in lookup.identified_by)
        return Binding("lookup", wire=wire) if found else None

    def _from_input(self, origin: Configured, info: FieldInfo) -> Binding | None:
        """Other layers' inputs as configured; None where those layers are not created or leave them null."""
        found = [self._source(source) for source in origin.sources]
        value = distinct(found) if get_origin(bare(info.annotation)) is list else found[0]
        return None if value is None or value == [] else Binding("configured", value)

    def _source(self, source: str) -> Any:
        """Return the value of ``layer.input``, or of ``layer.input[].attribute`` for every element."""
        layer, _, rest = source.partition(".")
        key, _, attribute = rest.partition("[].")
        config = self._environment.layers.get(layer)
        if config is None or config.mode != "created":
            return None
        wires = annotations_of(self._contracts[layer].inputs.model_fields[key], Wired)
        if wires and key not in config.inputs:
            # By value only where the other layer exists already, and the file gives its outputs.
            return next((found.value for wire in wires if (found := self._from_layer(wire)) is not None), None)
        value = self._configured(layer, key)
        if not attribute:
            return value
        elements = value if isinstance(value, list) else []
        return [item.get(attribute) for item in elements if isinstance(item, Mapping)]

    def _configured(self, layer: str, key: str) -> Any:
        info = self._contracts[layer].inputs.model_fields[key]
        return with_defaults(self._input(layer, key, info).value, info.annotation)


def _reach(layer: str, steps: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(steps.get(layer, ()))
    while waiting:
        following = waiting.pop()
        if following not in found:
            found.add(following)
            waiting += steps.get(following, ())
    return frozenset(found)


def _circle(circle: list[str], edges: Iterable[Edge]) -> str:
    """Describe a cycle; graphlib names it so that each layer is a predecessor of the next."""
    by_ends: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges):
        by_ends.setdefault((edge.producer, edge.consumer), edge)
    steps = [by_ends[pair] for pair in pairwise(circle)]
    words = [f"{step.consumer}.{step.input} from {step.producer}.{step.output}" for step in steps]
    return f"layers wait for each other in a circle: {', '.join(words)}"
