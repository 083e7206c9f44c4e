"""The merged tree to typed sections: an :class:`Environment` as far as it can be understood, and what is wrong.

What null means: a line ``key: null`` takes away what was inherited, as if nobody had written the key. Only an attribute
that may be null and has nothing else to fall back to takes it as its value. As an entry of a map (a tag, an add-on) it
has to take something away: there, a line without a value is more often meant as one.

A layer the file says nothing about has its contract's ``enabled``; one it gives inputs for is created unless it says
``enabled: false``; one with ``existing:`` is given by value and takes no inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hp_tf import codes
from hp_tf.contract.base import (
    ORCHESTRATORS,
    Contract,
    FromEnvironment,
    Supplied,
    annotation,
    has_origin,
)
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.environment.claims import one_store, region, shared_names, shared_states
from hp_tf.environment.fields import fields_of, given, in_file, is_sensitive
from hp_tf.environment.inherit import Document
from hp_tf.environment.messages import values
from hp_tf.environment.messages.values import Room
from hp_tf.environment.messages.words import listed, meant, no_layer, shown
from hp_tf.environment.mistakes import Mistake, mistake
from hp_tf.environment.model import PLACES, Environment, LayerConfig, Mode
from hp_tf.environment.sections import Aws, FileSections
from hp_tf.environment.tree import Node, Path, dotted

# Keys of a layer that are no inputs.
SWITCHES = ("enabled", "existing")
Neighbours = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Draft:
    """An environment as far as it could be understood, and what is wrong with it.

    A value a mistake stands on is a placeholder or missing: nothing may be concluded from it.
    """

    environment: Environment
    mistakes: tuple[Mistake, ...]

    def faulty(self, path: Path) -> bool:
        """Whether a mistake stands on a value, inside it, or on something around it."""
        return any(one.path[: len(path)] == path[: len(one.path)] for one in self.mistakes)

    def unreadable(self, path: Path) -> bool:
        """Whether a mistake stands on a value as a whole, or on something around it."""
        return any(path[: len(one.path)] == one.path for one in self.mistakes)


def draft(document: Document, contracts: Mapping[str, Contract]) -> Draft:
    """Return the environment a document describes, with every mistake in its structure."""
    tree = document.tree
    header = given(
        Node({key: child for key, child in tree.mapping.items() if key != "layers"}, tree.start), FileSections
    )
    neighbours: Neighbours = {"aws": Aws.model_fields, "layers": contracts}
    room = Room((), FileSections, "keys at the top of the file", neighbours, ("extends", "layers"))
    found = list(_check(room, header, tree))
    found += [*one_store(header, tree), *shared_states(document)]
    if unusable := list(_orchestrator(header.get("orchestrator"), tree, contracts)):
        found = [*(one for one in found if one.path != ("orchestrator",)), *unusable]
    orchestrator = None if unusable else header.get("orchestrator")
    section = tree.mapping.get("layers", Node({}, tree.start))
    found += _no_mapping(section, ("layers",), tree, "layers to their inputs")
    for name in section.mapping:
        found += _misplaced(name, section, tree, contracts, orchestrator)
    # What a section that cannot be read says of a layer, or one under a name that was meant for it, is not known. It is
    # not that the layer lacks its inputs: such a layer is no mapping either.
    unread = Node([], section.place)
    silent = Node(None, section.place) if isinstance(section.data, dict | None) and orchestrator is not None else unread
    mistaken = {one.path[1] for one in found if one.path[:1] == ("layers",) and len(one.path) == 2}
    layers: dict[str, LayerConfig] = {}
    unclear = orchestrator not in ORCHESTRATORS
    here = {name: one for name, one in contracts.items() if unclear or orchestrator in one.orchestrators}
    for name, contract in here.items():
        node = section.mapping.get(name, unread if name in mistaken else silent)
        layers[name], wrong = _layer(contract, node, tree, here)
        found += wrong
    found += region(header, tree)
    if header.get("emulator") is None:
        found += shared_names(document, layers.values())
    sound = _without(header, [one.path for one in found])
    return Draft(Environment.of(document.files, tree, sound, layers), tuple(found))


def _without(value: Any, paths: list[Path]) -> Any:
    """Return plain data without what stands at some paths."""
    if not isinstance(value, dict):
        return value
    kept = {key: item for key, item in value.items() if (key,) not in paths}
    return {key: _without(item, [path[1:] for path in paths if path[:1] == (key,)]) for key, item in kept.items()}


def _check(room: Room, data: dict[str, Any], tree: Node, *, partial: bool = False) -> Iterator[Mistake]:
    """Yield everything pydantic has against some data.

    Args:
        room: what the data should be, and where in the file it stands.
        data: plain data without the nulls that mean "not given".
        tree: the whole file.
        partial: a missing top key is no mistake. Where it has an origin, it never is.
    """
    model, base = room.model, room.path
    try:
        model.model_validate(data)
        return
    except ValidationError as error:
        found = error.errors(include_url=False)
    misspelt = {values.meant_for(model, one["loc"]) for one in found if one["type"] == "extra_forbidden"}
    for details in found:
        loc = details["loc"]
        path = (*base, *loc)
        if details["type"] == "extra_forbidden":
            text, remedy = values.unknown_key(room, loc)
            one = mistake(codes.UNKNOWN_KEY, tree, path, text, remedy, at=tree.nearest(path).key)
            # The value was given, under another name: nothing may be concluded from its absence.
            guess = (*base, *values.meant_for(model, loc))
            yield replace(one, path=guess) if tree.find(guess) is None else one
        elif details["type"] != "missing":
            yield _wrong(details, model, tree, base)
        elif loc not in misspelt and not (len(loc) == 1 and (partial or has_origin(model.model_fields[str(loc[0])]))):
            yield mistake(codes.VALUE_MISSING, tree, path, " is required", values.about(model, loc))


def _wrong(details: ErrorDetails, model: type[BaseModel], tree: Node, base: Path) -> Mistake:
    """The mistake of one value, or of one key of a map."""
    loc: Path = details["loc"]
    code = codes.WRONG_TYPE if details["type"] in values.TYPES else codes.WRONG_VALUE
    if loc[-1] == "[key]":
        path = (*base, *loc[:-1])
        text = f": the key {values.complaint(details)}"
        return mistake(code, tree, path, text, at=tree.nearest(path).key)
    path = (*base, *loc)
    if is_sensitive(model, loc):
        return mistake(code, tree, path, " is not a value that can be used", values.about(model, loc))
    return mistake(code, tree, path, *values.wrong_value(details, model, loc, tree.nearest(path)))


def _no_mapping(node: Node, path: Path, tree: Node, of: str, remedy: str | None = None) -> Iterator[Mistake]:
    if not isinstance(node.data, dict | None) and node.key is not None:
        text = f" must be a mapping of {of}, not {shown(node.plain())}"
        yield mistake(codes.WRONG_TYPE, tree, path, text, remedy)


def _orchestrator(orchestrator: Any, tree: Node, contracts: Mapping[str, Contract]) -> Iterator[Mistake]:
    usable = usable_orchestrators(contracts)
    path: Path = ("orchestrator",)
    if orchestrator is None or orchestrator in usable:
        return
    if orchestrator in ORCHESTRATORS:
        text = f": {orchestrator} cannot be used yet: no layer makes its cluster"
        yield mistake(codes.ORCHESTRATOR_UNUSABLE, tree, path, text, f"write {listed(usable, 'or')}")
    else:
        yield mistake(codes.WRONG_VALUE, tree, path, *values.choice(usable, orchestrator))


def usable_orchestrators(contracts: Mapping[str, Contract]) -> list[str]:
    """Return the orchestrators whose cluster a layer makes."""
    makers = [contract for contract in contracts.values() if contract.role(HyperPodCluster) is not None]
    return sorted({one for contract in makers for one in contract.orchestrators})


def _misplaced(
    name: str, section: Node, tree: Node, contracts: Mapping[str, Contract], orchestrator: Any
) -> Iterator[Mistake]:
    """A section of a layer that does not exist, or not with this orchestrator."""
    path: Path = ("layers", name)
    node = section.mapping[name]
    if name not in contracts:
        unknown, guess = no_layer(name, contracts), meant(name, contracts)
        one = mistake(unknown.code, tree, path, f" is unknown: {unknown.message}", unknown.remedy, at=node.key)
        yield one if guess is None or guess in section.mapping else replace(one, path=("layers", guess))
        return
    owners = contracts[name].orchestrators
    if orchestrator in ORCHESTRATORS and orchestrator not in owners and node.data is not None:
        text = f": the layer '{name}' exists only with orchestrator: {listed(sorted(owners), 'or')}"
        remedy = f"this environment's orchestrator is {orchestrator}"
        yield mistake(codes.LAYER_OF_ANOTHER_ORCHESTRATOR, tree, path, text, remedy, at=node.key)


def _layer(
    contract: Contract, node: Node, tree: Node, contracts: Mapping[str, Contract]
) -> tuple[LayerConfig, list[Mistake]]:
    base: Path = ("layers", contract.name)
    found = list(_no_mapping(node, base, tree, "inputs"))
    if node.data is None and node.key is not None and not node.takes:
        name = contract.name
        remedy = f"write '{name}: {{}}' for its defaults, or '{name}: {{enabled: false}}' to leave it out"
        found.append(mistake(codes.VALUE_MISSING, tree, base, " is empty", remedy, at=node.key))
    said = {key: child for key, child in node.mapping.items() if key not in SWITCHES}
    enabled, existing = (node.mapping.get(key, Node(None, node.start)) for key in SWITCHES)
    inputs = given(Node(said, node.start), contract.inputs)
    outputs: dict[str, Any] = {}
    switch = enabled.data if isinstance(enabled.data, bool) else None
    if enabled.data is not None and switch is None:
        path, text = (*base, "enabled"), f" must be true or false, not {shown(enabled.plain())}"
        found.append(mistake(codes.WRONG_TYPE, tree, path, text, values.true_or_false(enabled.data)))
    created = switch if switch is not None else contract.enabled or bool(inputs)
    mode: Mode = "created" if created else "disabled"
    if existing.data is not None:
        mode = "existing"
        outputs, wrong = _outputs(contract, existing, tree)
        found += wrong
        rivals = [*said, *(["enabled"] if enabled.data is not None else [])]
        if rivals and isinstance(existing.data, dict):
            text = f" has 'existing' and also {listed(rivals)}: a layer that exists already takes no inputs"
            one = mistake(codes.EXISTING_WITH_INPUTS, tree, base, text, "keep one of the two", at=existing.place)
            found.append(replace(one, path=(*base, rivals[0])))
    for key in [key for key in inputs if key in contract.inputs.model_fields]:
        if not in_file(contract.inputs.model_fields[key]):
            found.append(_not_in_file(contract, key, tree))
            del inputs[key]
    neighbours: Neighbours = {
        f"{dotted(base)}.existing": contract.outputs.model_fields,
        "aws": Aws.model_fields,
        **{f"layers.{name}": fields_of(other.inputs) for name, other in contracts.items() if name != contract.name},
    }
    room = Room(base, contract.inputs, f"inputs of the layer {contract.name}", neighbours, SWITCHES)
    found += _check(room, inputs, tree, partial=mode != "created" or not isinstance(node.data, dict | None))
    return LayerConfig(contract.name, contract, mode, inputs, outputs), found


def _outputs(contract: Contract, existing: Node, tree: Node) -> tuple[dict[str, Any], list[Mistake]]:
    """Return what is given of a layer that exists, and what is wrong with it."""
    base: Path = ("layers", contract.name, "existing")
    fields = contract.outputs.model_fields
    if not isinstance(existing.data, dict):
        remedy = f"write for example 'existing: {{{next(iter(fields), 'output')}: ...}}'"
        return {}, list(_no_mapping(existing, base, tree, "the layer's outputs to values", remedy))
    outputs = given(existing, contract.outputs)
    neighbours: Neighbours = {f"layers.{contract.name}": fields_of(contract.inputs)}
    room = Room(base, contract.outputs, f"outputs of the layer {contract.name}", neighbours)
    found = list(_check(room, outputs, tree, partial=True))
    for key in outputs:
        if key in fields and not in_file(fields[key]):
            path, text = (*base, key), " is there to be read, and no layer needs it"
            found.append(mistake(codes.NOT_IN_FILE, tree, path, text, "leave it out", at=tree.nearest(path).key))
    if contract.derives is not None and not found:
        outputs = {**contract.derives(outputs), **outputs}
    # An output under a misspelt name is there: what it is, nobody may conclude anything from.
    return outputs | {str(one.path[-1]): None for one in found if one.path[-1] in fields}, found


def _not_in_file(contract: Contract, key: str, tree: Node) -> Mistake:
    """The mistake of an input that no file gives: who gives it instead."""
    info, path = contract.inputs.model_fields[key], ("layers", contract.name, key)
    fact, supplied = annotation(info, FromEnvironment), annotation(info, Supplied)
    if fact is not None:
        how, instead = "is a fact of the whole environment", PLACES[fact.value]
    elif supplied is None:
        text = " is what the service has, and hptf reads it itself"
        return mistake(codes.NOT_IN_FILE, tree, path, text, "Leave it out.", at=tree.nearest(path).key)
    else:
        source = supplied.source
        how, instead = f"is computed by hptf from {source}", ("layers", contract.name, source)
    text = f" {how}, never written in a file"
    return mistake(codes.NOT_IN_FILE, tree, path, text, f"say it with {dotted(instead)}", at=tree.nearest(path).key)
