"""What must hold between contracts before any environment is read; tests run it over hptf's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from hp_tf.contract.base import (
    ENVIRONMENT_VALUES,
    ORCHESTRATORS,
    RESERVED,
    Configured,
    Contract,
    FromEnvironment,
    HptfOnly,
    NeededWith,
    Supplied,
    Wired,
    annotation,
    annotations_of,
    has_origin,
    nullable,
)
from hp_tf.contract.expressions.references import references
from hp_tf.contract.role import Role
from hp_tf.contract.roles import KubernetesApi, Nodes, provider_of, sources
from hp_tf.contract.rules import Rule
from hp_tf.environment.fields import bare, block_of, under
from hp_tf.environment.messages.supply import KUBERNETES_INPUT
from hp_tf.environment.shapes import SWITCHES
from hp_tf.environment.wiring import Edge, in_order

LAYER_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def check_contracts(contracts: Mapping[str, Contract]) -> list[str]:
    """Return everything that is wrong with a set of contracts, as sentences; empty if nothing is."""
    found: list[str] = []
    for name, contract in contracts.items():
        if name != contract.name or LAYER_NAME.fullmatch(name) is None:
            found.append(f"{name}: a layer's key is its name, lowercase words joined by underscores")
        for key, info in contract.inputs.model_fields.items():
            found += (f"{name}.{key}: {text}" for text in _input(name, key, info, contracts))
        for key, info in contract.outputs.model_fields.items():
            found += (f"{name}.{key}: {text}" for text in _output(key, info))
        found += (f"{name}: {text}" for text in _whole(contract))
    found += _roles(contracts)
    try:
        in_order(contracts, _always(contracts))
    except CycleError as error:
        found.append(f"the layers' wiring goes in a circle: {' -> '.join(error.args[1])}")
    return found


def _roles(contracts: Mapping[str, Contract]) -> Iterator[str]:
    """Yield what is wrong with who provides and who requires what, orchestrator by orchestrator."""
    for orchestrator in ORCHESTRATORS:
        layers = [contract for contract in contracts.values() if orchestrator in contract.orchestrators]
        provided = [type(role) for contract in layers for role in contract.provides]
        for kind in sorted({kind for kind in provided if provided.count(kind) > 1}, key=str):
            yield f"with {orchestrator}, several layers provide {kind.__name__}"
        for contract in layers:
            for kind in sorted(contract.requires - {*provided}, key=str):
                yield f"{contract.name}: with {orchestrator}, no layer provides {kind.__name__}"
    for name, contract in contracts.items():
        for role in contract.provides:
            yield from (f"{name}: {text}" for text in _named_by(role, contract))


def _named_by(role: Role, contract: Contract) -> Iterator[str]:
    """Yield the inputs and outputs a role names that its layer does not have."""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    if isinstance(role, KubernetesApi):
        inputs = (role.public_access, role.public_access_cidrs)
        outputs = tuple(wire.output for wire in role.wires(contract.name).values())
    elif isinstance(role, Nodes):
        inputs = outputs = (role.cluster_name,)
    yield from (f"a role names '{key}', which is no input" for key in {*inputs} - {*contract.inputs.model_fields})
    yield from (f"a role names '{key}', which is no output" for key in {*outputs} - {*contract.outputs.model_fields})


def static_edges(contracts: Mapping[str, Contract]) -> frozenset[Edge]:
    """Return every edge the contracts allow, whatever an environment says; alternatives may make it cyclic."""
    api = provider_of(KubernetesApi, contracts.values())
    return frozenset(
        [
            Edge(name, key, wire.layer, wire.output)
            for name, contract in contracts.items()
            for key, wire in contract.wires()
        ]
        + [
            Edge(name, KUBERNETES_INPUT + key, wire.layer, wire.output)
            for name, contract in contracts.items()
            if KubernetesApi in contract.requires and api is not None
            for key, wire in api.role.wires(api.layer).items()
        ]
    )


def _always(contracts: Mapping[str, Contract]) -> list[Edge]:
    """The edges an environment has that creates every layer."""
    possible = {
        (name, wire.source) for name, item in contracts.items() for _, wire in item.wires() if wire.when != "existing"
    }
    return [
        edge
        for edge in static_edges(contracts)
        if edge.producer in contracts
        and (edge.input.startswith(KUBERNETES_INPUT) or (edge.consumer, f"{edge.producer}.{edge.output}") in possible)
    ]


def _input(layer: str, key: str, info: FieldInfo, contracts: Mapping[str, Contract]) -> Iterator[str]:
    if key in RESERVED or key in SWITCHES:
        yield "the name means something else to Terraform or in an environment's file"
    if not (info.description or "").strip():
        yield "an input has a description"
    yield from _unusable(info.annotation)
    wires = annotations_of(info, Wired)
    for wire in wires:
        yield from _wire(layer, info, wire, contracts)
    if wires and not info.is_required() and info.default is not None:
        yield "a wired input is required or null by default; another default would hide a lacking source"
    for needed in annotations_of(info, NeededWith):
        if needed.layer not in contracts or not wires or not nullable(info):
            yield f"only an optional wired input can be needed with a layer, not with '{needed.layer}'"
    for origin in annotations_of(info, Configured):
        yield from _configured(info, origin, contracts)
    if annotation(info, HptfOnly) is not None and has_origin(info):
        yield "what hptf reads elsewhere, rules read there, too"
    for fact in annotations_of(info, FromEnvironment):
        if fact.value not in ENVIRONMENT_VALUES:
            yield f"'{fact.value}' is no environment value"
    for supplied in annotations_of(info, Supplied):
        source = contracts[layer].inputs.model_fields.get(supplied.source)
        if source is None or annotation(source, HptfOnly) is None:
            yield f"'{supplied.source}' is no input of this layer that hptf reads"


def _wire(layer: str, info: FieldInfo, wire: Wired, contracts: Mapping[str, Contract]) -> Iterator[str]:
    switch = contracts[layer].inputs.model_fields.get(wire.only_if or "")
    if wire.only_if is not None and (switch is None or bare(switch.annotation) is not bool):
        yield f"'{wire.only_if}' is no switch of this layer"
    for name in references(wire.only_when.holds) if wire.only_when is not None else ():
        asked = contracts[layer].inputs.model_fields.get(name)
        if asked is None or annotations_of(asked, Wired):
            yield f"'{name}' is no input of this layer that the file alone gives"
    producer = contracts.get(wire.layer)
    output = producer.outputs.model_fields.get(wire.output) if producer is not None else None
    if wire.layer == layer:
        yield "a layer cannot take its own output"
    elif output is None:
        yield f"there is no output {wire.source}"
    else:
        if _shape(output.annotation) != _shape(info.annotation):
            yield f"{wire.source} is {_shape(output.annotation)}, and the input {_shape(info.annotation)}"
        if nullable(output) and not nullable(info):
            yield f"{wire.source} may be null, and the input may not"


def _configured(info: FieldInfo, origin: Configured, contracts: Mapping[str, Contract]) -> Iterator[str]:
    collects = get_origin(bare(info.annotation)) is list
    # Each orchestrator has a provider of its own for a role, and not every provider every input.
    found = [
        sources(origin, [item for item in contracts.values() if orchestrator in item.orchestrators])
        for orchestrator in ORCHESTRATORS
    ]
    followed = tuple(dict.fromkeys(source for one in found for source in one))
    for source in followed:
        yield from _configured_from(info, source, contracts, collects=collects)
    if not collects and max(map(len, found)) != 1:
        yield "an input that is no list has one source"
    if info.is_required() and not nullable(info):
        yield f"a default or null is needed for where {followed[0]} is not configured"


def _configured_from(
    info: FieldInfo, source: str, contracts: Mapping[str, Contract], *, collects: bool
) -> Iterator[str]:
    layer, _, rest = source.partition(".")
    key, _, attribute = rest.partition("[].")
    found = contracts[layer].inputs.model_fields.get(key) if layer in contracts else None
    # A list takes of a wired input what the file gives; another input would be without a value where it is wired.
    elsewhere = (Configured, Supplied) if collects else (Wired, Configured, Supplied)
    if found is not None and any(annotation(found, kind) is not None for kind in elsewhere):
        yield f"{source} is not configured in the file itself"
    if found is not None and attribute:
        block = block_of(under(found.annotation, 0))
        found = block.model_fields.get(attribute) if block is not None else None
    if found is None:
        yield f"there is no input {source}"
        return
    fitting = {_shape(info.annotation), *([_shape(get_args(bare(info.annotation))[0])] if collects else [])}
    if _shape(found.annotation) not in fitting or (attribute and not collects):
        yield f"{source} is {_shape(found.annotation)}, and the input {_shape(info.annotation)}"


def _output(key: str, info: FieldInfo) -> Iterator[str]:
    if not (info.description or "").strip():
        yield "an output has a description"
    shape = _shape(info.annotation)
    if shape not in ("str", "int", "float", "bool", "dict[str, str]", "dict[str, Any]"):
        yield f"an output is a scalar or dict[str, str], not {shape}"


def _whole(contract: Contract) -> Iterator[str]:
    inputs, outputs = contract.inputs.model_fields, contract.outputs.model_fields
    identifiers = [rule.id for rule in (*contract.rules, *contract.given)]
    yield from (
        f"the rule id {one} is used twice" for one in sorted({x for x in identifiers if identifiers.count(x) > 1})
    )
    for one in identifiers:
        if not one.startswith(f"{contract.name}-"):
            yield f"the rule id {one} does not begin with the layer's name"
    for rule in contract.rules:
        if isinstance(rule, Rule) and rule.on not in inputs:
            yield f"the rule {rule.id} is on '{rule.on}', which is no input"
        for key in rule.inputs() if isinstance(rule, Rule) else rule.related:
            if key not in inputs:
                yield f"the rule {rule.id} speaks of '{key}', which is no input"
    for name in contract.names.values():
        if name.what.startswith(("the ", "a ", "an ")):
            yield f"'{name.what}' begins with an article, which messages add"
        for key in re.findall(r"\{(\w+)\}", name.template):
            if key not in inputs:
                yield f"the name '{name.template}' needs an input '{key}'"
    if contract.lookup is not None:
        for key in (*contract.lookup.identified_by, *contract.lookup.fills):
            if key not in outputs:
                yield f"the lookup names '{key}', which is no output"


def _unusable(kind: Any) -> Iterator[str]:
    """Yield what in a type has no one meaning in both Python and Terraform."""
    if get_origin(kind) in (Union, UnionType) and len(set(get_args(kind)) - {NoneType}) > 1:
        yield f"alternatives are separate inputs, not {kind}"
        return
    inner = bare(kind)
    block = block_of(inner)
    if block is not None:
        for name, info in block.model_fields.items():
            yield from (f"{name}: {text}" for text in _unusable(info.annotation))
            if not (info.description or "").strip():
                yield f"{name}: an attribute has a description"
    elif get_origin(inner) is list:
        yield from _unusable(get_args(inner)[0])
    elif get_origin(inner) is dict:
        yield from _unusable(get_args(inner)[1])
    elif inner not in (str, int, float, bool) and get_origin(inner) is not Literal:
        yield f"{inner} is no type an input can have"


def _shape(kind: Any) -> str:
    """Return a type's name without constraints and null, the same for a choice of texts and a text."""
    inner = bare(kind)
    if get_origin(inner) is Literal:
        return type(get_args(inner)[0]).__name__
    if get_origin(inner) is list:
        return f"list[{_shape(get_args(inner)[0])}]"
    if get_origin(inner) is dict:
        return f"dict[{', '.join(_shape(argument) for argument in get_args(inner))}]"
    return str(getattr(inner, "__name__", inner))
