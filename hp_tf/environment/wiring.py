"""Typed sections to wiring: where every input of every created layer comes from, and the graph that follows.

Resolved per environment: what is given by ``existing:`` makes no edge, what is disabled supplies nobody. Pure; the
AWS lookups a contract declares are only noted here (``lookup``) and done by whoever plans.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, Literal, get_origin

from pydantic.fields import FieldInfo

from hp_tf import codes
from hp_tf.contract.base import (
    Configured,
    Contract,
    Found,
    FromEnvironment,
    HptfOnly,
    NeededWith,
    Supplied,
    Wired,
    annotation,
    annotations_of,
    nullable,
)
from hp_tf.contract.expressions.evaluate import evaluate
from hp_tf.contract.expressions.references import references
from hp_tf.contract.roles import KubernetesApi, Provided, provider_of, sources
from hp_tf.environment.fields import bare, default_of, distinct, refusal, with_defaults
from hp_tf.environment.messages.supply import KUBERNETES_INPUT, Lack, unsupplied
from hp_tf.environment.mistakes import Mistake
from hp_tf.environment.model import PLACES, Environment
from hp_tf.environment.tree import Path

Kind = Literal["file", "environment", "configured", "wire", "given", "lookup", "supplied", "found", "default", "null"]


@dataclass(frozen=True)
class Binding:
    """Where one input's value comes from.

    Attributes:
        kind: ``file`` (the user's line), ``environment`` (name, region, ...), ``configured`` (another layer's input),
            ``wire`` (another layer's output, a reference), ``given`` (an output of an existing layer, by value),
            ``lookup`` (an output of an existing layer, to be looked up), ``supplied`` (a path hptf computes), ``found``
            (what AWS says, to be asked),
            ``default`` (the module's own), ``null`` (nothing supplies it: pass null).
        value: plain data for file, environment, configured, given and default; for supplied, the value of the input it
            is computed from, with defaults; None for the others.
        wire: the source of wire, given and lookup.
        hptf_only: the module has no such variable; hptf alone reads the value.
        places: where in the file the value is decided.
    """

    kind: Kind
    value: Any = None
    wire: Wired | None = None
    hptf_only: bool = False
    places: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def passed(self) -> bool:
        """Whether the root hands the module a value; a default acts in the module alone."""
        return self.kind != "default" and not self.hptf_only


@dataclass(frozen=True, order=True)
class Edge:
    """``consumer`` takes ``input`` from ``producer``'s ``output``; both are created.

    Provider configuration that comes from the cluster is an edge too, with an input ``kubernetes.<name>``.
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
        api: the Kubernetes API and the layer that provides it, None where no layer does.
        kubernetes: how providers that talk to the cluster are configured, also for layers that are not created any
            more: what they installed has to be read before it can leave. Empty without an API.
        edges: between created layers.
        order: created layers, producers first; ties in the contracts' order. The contracts' order if there is a cycle.
        problems: inputs nothing supplies, and cycles. With any, the rest must not be used to run.
    """

    bindings: Mapping[str, Mapping[str, Binding]]
    kubernetes: Mapping[str, Binding]
    edges: frozenset[Edge]
    order: tuple[str, ...]
    problems: tuple[Mistake, ...] = ()
    api: Provided[KubernetesApi] | None = None

    def producers(self, layer: str) -> tuple[str, ...]:
        """Return the layers a layer takes values from, in order; none for a layer that is not created."""
        return self._ordered(edge.producer for edge in self.edges if edge.consumer == layer)

    def consumers(self, layer: str) -> tuple[str, ...]:
        """Return the layers that take values from a layer, in order."""
        return self._ordered(edge.consumer for edge in self.edges if edge.producer == layer)

    def upstream(self, layer: str) -> tuple[str, ...]:
        """Return everything a layer depends on by any way, in order."""
        return self._reached(layer, self.producers)

    def downstream(self, layer: str) -> tuple[str, ...]:
        """Return everything that depends on a layer by any way, in order."""
        return self._reached(layer, self.consumers)

    def _reached(self, layer: str, step: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
        found: set[str] = set()
        waiting = [layer]
        while waiting:
            new = {*step(waiting.pop())} - found
            found |= new
            waiting += new
        return self._ordered(found)

    def _ordered(self, layers: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({*layers}, key=self.order.index))


def resolve(environment: Environment, contracts: Mapping[str, Contract]) -> Wiring:
    """Resolve every input of every created layer. Never raises: what is wrong is in ``problems``."""
    resolver = _Resolver(environment, contracts)
    created = [layer.name for layer in environment.of_mode("created")]
    bindings = {name: resolver.layer(name) for name in created}
    in_cluster = [name for name in created if KubernetesApi in contracts[name].requires]
    own = [layer.contract for layer in environment.layers.values()]
    # Layers of another orchestrator leave with what they installed in that one's cluster.
    api = provider_of(KubernetesApi, [*own, *contracts.values()])
    wires = api.role.wires(api.layer) if api is not None else {}
    kubernetes = {key: resolver.kubernetes(key, wire, in_cluster) for key, wire in wires.items()}
    edges = {
        Edge(name, key, binding.wire.layer, binding.wire.output)
        for name in created
        for key, binding in [
            *bindings[name].items(),
            *((KUBERNETES_INPUT + key, found) for key, found in kubernetes.items() if name in in_cluster),
        ]
        if binding.kind == "wire" and binding.wire is not None
    }
    problems = list(unsupplied(resolver.lacks, environment, contracts))
    try:
        order = in_order(created, edges)
    except CycleError as error:
        order, circle = tuple(created), [str(layer) for layer in error.args[1]]
        path: Path = ("layers", circle[0])
        text = _circle(circle, edges)
        problems.append(Mistake(text, environment.place(path), None, codes.LAYER_CIRCLE, circle[0], path))
    return Wiring(bindings, kubernetes, frozenset(edges), order, tuple(problems), api)


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
        self.lacks: list[Lack] = []

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
        self.lacks += (Lack((wire,), name, f"{KUBERNETES_INPUT}{key}") for name in consumers)
        # Without a cluster in the file, the state of the one that leaves with its layers is what knows it.
        return Binding("null") if consumers else Binding("wire", wire=wire)

    def _input(self, name: str, key: str, info: FieldInfo) -> Binding:
        inputs = self._environment.layers[name].inputs
        if key in inputs:
            return Binding("file", inputs[key], places=(("layers", name, key),))
        return self._unset(name, key, info)

    def _unset(self, name: str, key: str, info: FieldInfo) -> Binding:
        """Bind an input the file does not give: its origins in the order they are declared, then its default."""
        wires: list[Wired] = []
        for origin in info.metadata:
            if isinstance(origin, Wired):
                if not self._asked_for(name, origin):
                    continue
                wires.append(origin)
            if (found := self._from(origin, name, info)) is not None:
                return found
        needed = annotation(info, NeededWith)
        other = self._environment.layers.get(needed.layer) if needed is not None else None
        if needed is not None and other is not None and other.mode == "created":
            self.lacks.append(Lack(tuple(wires), name, key, needed.why))
        if not info.is_required():
            default = default_of(info)
            return Binding("null") if default is None and wires else Binding("default", default)
        if wires and not nullable(info):
            self.lacks.append(Lack(tuple(wires), name, key))
        return Binding("null")

    def _asked_for(self, name: str, wire: Wired) -> bool:
        if wire.only_if is not None and not self._configured(name, wire.only_if):
            return False
        if wire.only_when is None:
            return True
        asked, fields = wire.only_when.holds, self._contracts[name].inputs.model_fields
        scope = {key: self._configured(name, key) for key in references(asked)}
        if any(refusal(fields[key].annotation, value) for key, value in scope.items()):
            # What is wrong with the value is said where its type is checked, and nothing else because of that.
            return True
        return evaluate(asked, scope) is True

    def _from(self, origin: Any, name: str, info: FieldInfo) -> Binding | None:
        """Return what one origin of an input of a layer supplies; None for nothing, or if it is no origin."""
        if isinstance(origin, Wired):
            return self._from_layer(origin)
        if isinstance(origin, Configured):
            return self._from_inputs(origin, info)
        if isinstance(origin, FromEnvironment):
            value = self._environment.environment_value(origin.value)
            return Binding("environment", value, places=(PLACES[origin.value],))
        if isinstance(origin, Supplied):
            return Binding("supplied", self._configured(name, origin.source))
        if isinstance(origin, Found) and not self._configured(name, origin.unless):
            return Binding("found")
        return None

    def _from_layer(self, wire: Wired) -> Binding | None:
        producer = self._environment.layers.get(wire.layer)
        if producer is None or producer.mode == "disabled" or wire.when not in ("always", producer.mode):
            return None
        if producer.mode == "created":
            return Binding("wire", wire=wire)
        places = (("layers", wire.layer, "existing", wire.output),)
        if wire.output in producer.existing:
            return Binding("given", producer.existing[wire.output], wire, places=places)
        lookup = self._contracts[wire.layer].lookup
        if lookup is None or not lookup.finds(wire.output, producer.existing):
            return None
        return Binding("lookup", wire=wire, places=places)

    def _from_inputs(self, origin: Configured, info: FieldInfo) -> Binding | None:
        """Other layers' inputs as configured; None where those layers are not created or leave them null."""
        followed = sources(origin, (layer.contract for layer in self._environment.layers.values()))
        found = [self._source(source) for source in followed]
        value = distinct(found) if get_origin(bare(info.annotation)) is list else next(iter(found), None)
        places = tuple(("layers", *source.partition("[]")[0].split(".")) for source in followed)
        return None if value is None or value == [] else Binding("configured", value, places=places)

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
        return [item.get(attribute) for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []

    def _configured(self, layer: str, key: str) -> Any:
        info = self._contracts[layer].inputs.model_fields[key]
        return with_defaults(self._input(layer, key, info).value, info.annotation)


def _circle(circle: list[str], edges: Iterable[Edge]) -> str:
    """Describe a cycle; graphlib names it so that each layer is a predecessor of the next."""
    by_ends: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges):
        by_ends.setdefault((edge.producer, edge.consumer), edge)
    steps = [by_ends[pair] for pair in pairwise(circle)]
    words = [f"{step.consumer}.{step.input} from {step.producer}.{step.output}" for step in steps]
    return f"layers wait for each other in a circle: {', '.join(words)}"
