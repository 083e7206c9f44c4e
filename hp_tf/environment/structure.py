"""From a merged document to an :class:`Environment`, with everything that is wrong in its structure.

What null means: a line ``key: null`` takes away what was inherited, as if nobody had written the key. Only an attribute
that may be null and has nothing else to fall back to takes it as its value. As an entry of a map (a tag, an add-on) it
has to take something away: there, a line without a value is more often meant as one.

A layer the file says nothing about has its contract's ``enabled``; one it gives inputs for is created unless it says
``enabled: false``; one with ``existing:`` is given by value and takes no inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, get_args

from hp_tf import codes
from hp_tf.contract.addresses import zone_prefix
from hp_tf.contract.base import (
    Configured,
    Contract,
    FromEnvironment,
    Supplied,
    Unique,
    Wired,
    annotation,
    annotations_of,
)
from hp_tf.contract.regions import HYPERPOD_REGIONS, near, partition_of
from hp_tf.contract.types import Partition, Region
from hp_tf.environment.faults import Fault, check
from hp_tf.environment.hints import choice, true_or_false
from hp_tf.environment.inherit import STORES, Document
from hp_tf.environment.model import (
    PLACES,
    STATE_FOLDER,
    AssumeRole,
    Aws,
    Environment,
    LayerConfig,
    LocalState,
    Mode,
    S3State,
    home_of,
)
from hp_tf.environment.sections import AwsSection, FileSections
from hp_tf.environment.shapes import default_of, fields_of, given, in_file, refusal
from hp_tf.environment.tree import Node, Path, dotted, places
from hp_tf.environment.words import listed, meant, no_layer, shown, suggestion
from hp_tf.errors import Problem

# Keys of a layer that are no inputs.
SWITCHES = ("enabled", "existing")


@dataclass(frozen=True)
class Draft:
    """An environment as far as it could be understood, and what is wrong with it.

    A value a fault stands on is a placeholder or missing: nothing may be concluded from it.
    """

    environment: Environment
    faults: tuple[Fault, ...]

    def faulty(self, path: Path) -> bool:
        """Whether a fault stands on a value, inside it, or on something around it."""
        return any(_related(fault.path, path) for fault in self.faults)

    def unreadable(self, path: Path) -> bool:
        """Whether a fault stands on a value as a whole, or on something around it."""
        return any(path[: len(fault.path)] == fault.path for fault in self.faults)


def draft(document: Document, contracts: Mapping[str, Contract]) -> Draft:
    """Return the environment a document describes, with every structural fault in it."""
    tree = document.tree
    top = {key: child for key, child in tree.mapping.items() if key != "layers"}
    header = given(Node(top, tree.start), FileSections)
    faults = check(
        FileSections,
        header,
        tree,
        what="keys at the top of the file",
        also=("extends", "layers"),
        neighbours={"aws": AwsSection.model_fields, "layers": contracts},
    )
    faults += _inherited_states(document)
    faults += _state_faults(header, tree)
    orchestrator = header.get("orchestrator")
    unusable = _orchestrator_faults(orchestrator, tree, contracts)
    if unusable:
        faults = [*(fault for fault in faults if fault.path != ("orchestrator",)), *unusable]
        orchestrator = None
    layers: dict[str, LayerConfig] = {}
    section = tree.mapping.get("layers", Node({}, tree.start))
    if not isinstance(section.data, dict | None):
        text = f"layers must be a mapping of layers to their inputs, not {shown(section.plain())}"
        faults.append(Fault(("layers",), Problem(text, section.place, code=codes.WRONG_TYPE)))
    for name, node in section.mapping.items():
        faults += _misplaced(name, node, section, contracts, orchestrator)
    # What a section that cannot be read says of a layer, or one under a name that was meant for it, is not known. It is
    # not that the layer lacks its inputs: such a layer is no mapping either.
    silent = Node(None if isinstance(section.data, dict | None) and orchestrator is not None else [], section.place)
    mistaken = {fault.path[1] for fault in faults if fault.path[:1] == ("layers",) and len(fault.path) == 2}
    for name, contract in contracts.items():
        if orchestrator in ("eks", "slurm") and orchestrator not in contract.orchestrators:
            continue
        node = section.mapping.get(name, Node([], section.place) if name in mistaken else silent)
        layers[name], found = _layer(contract, node, tree, contracts)
        faults += found
    faults += _region_faults(header, tree, layers)
    if header.get("emulator") is None:
        faults += _inherited_names(document, layers)
    return Draft(_environment(document, header, layers), tuple(faults))


def _orchestrator_faults(orchestrator: Any, tree: Node, contracts: Mapping[str, Contract]) -> list[Fault]:
    usable = usable_orchestrators(contracts)
    if orchestrator is None or orchestrator in usable:
        return []
    if orchestrator in ("eks", "slurm"):
        text = f"orchestrator: {orchestrator} cannot be used yet: no layer makes its cluster"
        code = codes.ORCHESTRATOR_UNUSABLE
        hint: str | None = f"Write {listed(usable, 'or')}."
    else:
        text, hint = choice("orchestrator", usable, orchestrator)
        code = codes.WRONG_VALUE
    return [Fault(("orchestrator",), Problem(text, tree.nearest(("orchestrator",)).place, hint, code))]


def usable_orchestrators(contracts: Mapping[str, Contract]) -> list[str]:
    """Return the orchestrators whose cluster a layer makes."""
    return sorted({one for contract in contracts.values() if contract.makes_cluster for one in contract.orchestrators})


def _misplaced(
    name: str, node: Node, section: Node, contracts: Mapping[str, Contract], orchestrator: Any
) -> list[Fault]:
    path: Path = ("layers", name)
    if name not in contracts:
        problem = no_layer(name, contracts)
        text = f"{dotted(path)} is unknown: {problem.message}"
        fault = replace(problem, message=text, location=node.key, subject=dotted(path))
        guess = meant(name, contracts)
        return [Fault(path if guess is None or guess in section.mapping else ("layers", guess), fault)]
    owners = contracts[name].orchestrators
    if orchestrator in ("eks", "slurm") and orchestrator not in owners and node.data is not None:
        text = f"{dotted(path)}: the layer '{name}' exists only with orchestrator: {listed(sorted(owners), 'or')}"
        return [
            Fault(
                path,
                Problem(
                    text,
                    node.key,
                    f"This environment's orchestrator is {orchestrator}.",
                    codes.LAYER_OF_ANOTHER_ORCHESTRATOR,
                ),
            )
        ]
    return []


def _layer(
    contract: Contract, node: Node, tree: Node, contracts: Mapping[str, Contract]
) -> tuple[LayerConfig, list[Fault]]:
    base: Path = ("layers", contract.name)
    faults: list[Fault] = []
    if not isinstance(node.data, dict | None) and node.key is not None:
        text = f"{dotted(base)} must be a mapping of inputs, not {shown(node.plain())}"
        faults.append(Fault(base, Problem(text, node.place, code=codes.WRONG_TYPE)))
    said = {key: child for key, child in node.mapping.items() if key not in SWITCHES}
    inputs = given(Node(said, node.start), contract.inputs)
    enabled, existing = (node.mapping.get(key, Node(None, node.start)) for key in SWITCHES)
    mode: Mode = "created" if enabled.data is True or (inputs and enabled.data is None) else _default_mode(contract)
    if enabled.data is False:
        mode = "disabled"
    elif not isinstance(enabled.data, bool | None):
        text = f"{dotted((*base, 'enabled'))} must be true or false, not {shown(enabled.plain())}"
        faults.append(
            Fault((*base, "enabled"), Problem(text, enabled.place, true_or_false(enabled.data), codes.WRONG_TYPE))
        )
    outputs: dict[str, Any] = {}
    if existing.data is not None:
        mode = "existing"
        faults += _existing_faults(contract, existing, enabled, said, base)
        outputs = given(existing, contract.outputs) if isinstance(existing.data, dict) else {}
        wrong = _outputs_faults(contract, outputs, tree, base, contracts)
        # An output under a misspelt name is there: what it is, nobody may conclude anything from.
        outputs |= {str(fault.path[-1]): None for fault in wrong if fault.path[-1] in contract.outputs.model_fields}
        faults += wrong
    for key in [key for key in inputs if key in contract.inputs.model_fields]:
        if not in_file(contract.inputs.model_fields[key]):
            faults.append(_not_in_file(contract, key, said[key], base))
            del inputs[key]
    faults += check(
        contract.inputs,
        inputs,
        tree,
        base,
        what=f"inputs of the layer {contract.name}",
        also=SWITCHES,
        neighbours=_neighbours(contract, contracts),
        partial=mode != "created" or not isinstance(node.data, dict | None),
    )
    return LayerConfig(contract.name, contract, mode, inputs, outputs), faults


def _default_mode(contract: Contract) -> Mode:
    return "created" if contract.enabled else "disabled"


def _existing_faults(
    contract: Contract, existing: Node, enabled: Node, said: Mapping[str, Node], base: Path
) -> list[Fault]:
    path: Path = (*base, "existing")
    if not isinstance(existing.data, dict):
        text = f"{dotted(path)} must be a mapping of the layer's outputs to values, not {shown(existing.plain())}"
        example = next(iter(contract.outputs.model_fields), "output")
        return [
            Fault(
                path,
                Problem(text, existing.place, f"Write for example 'existing: {{{example}: ...}}'.", codes.WRONG_TYPE),
            )
        ]
    rivals = [*said, *(["enabled"] if enabled.data is not None else [])]
    if not rivals:
        return []
    text = f"{dotted(base)} has 'existing' and also {listed(rivals)}: a layer that exists already takes no inputs"
    return [
        Fault((*base, rivals[0]), Problem(text, existing.place, "Keep one of the two.", codes.EXISTING_WITH_INPUTS))
    ]


def _outputs_faults(
    contract: Contract, outputs: Mapping[str, Any], tree: Node, base: Path, contracts: Mapping[str, Contract]
) -> list[Fault]:
    what = f"outputs of the layer {contract.name}"
    homes = {f"layers.{name}": fields_of(other.inputs) for name, other in contracts.items() if name == contract.name}
    faults = check(contract.outputs, outputs, tree, (*base, "existing"), what=what, partial=True, neighbours=homes)
    for key in outputs:
        if key in contract.outputs.model_fields and not in_file(contract.outputs.model_fields[key]):
            path = (*base, "existing", key)
            text = f"{dotted(path)} is there to be read, and no layer needs it"
            faults.append(Fault(path, Problem(text, tree.nearest(path).key, "Leave it out.", codes.NOT_IN_FILE)))
    return faults


def _not_in_file(contract: Contract, key: str, node: Node, base: Path) -> Fault:
    """The fault of an input that no file gives: who gives it instead."""
    info = contract.inputs.model_fields[key]
    supplied, fact = annotation(info, Supplied), annotation(info, FromEnvironment)
    if supplied is not None:
        how, instead = f"is computed by hptf from {supplied.source}", dotted((*base, supplied.source))
    elif fact is not None:
        how, instead = "is a fact of the whole environment", dotted(PLACES[fact.value])
    else:
        sources = [source for origin in annotations_of(info, Configured) for source in origin.sources]
        how = "is read by hptf elsewhere"
        ways = [f"layers.{source}" for source in sources]
        ways += [f"layers.{wire.layer}.existing.{wire.output}" for wire in annotations_of(info, Wired)]
        instead = listed(ways)
    text = f"{dotted((*base, key))} {how}, never written in a file"
    return Fault((*base, key), Problem(text, node.key, f"Say it with {instead}.", codes.NOT_IN_FILE))


def _neighbours(contract: Contract, contracts: Mapping[str, Contract]) -> dict[str, Iterable[str]]:
    homes: dict[str, Iterable[str]] = {f"layers.{contract.name}.existing": contract.outputs.model_fields}
    homes["aws"] = AwsSection.model_fields
    return homes | {
        f"layers.{name}": fields_of(other.inputs) for name, other in contracts.items() if name != contract.name
    }


def _region_faults(header: Mapping[str, Any], tree: Node, layers: Mapping[str, LayerConfig]) -> list[Fault]:
    """A region that cannot be used is one fault: what layers say of it would only repeat it."""
    region = _text(_mapping(header.get("aws")).get("region"))
    partition = partition_of(region)
    makes_cluster = any(layer.contract.makes_cluster and layer.mode == "created" for layer in layers.values())
    if refusal(Region, region):
        return []
    if not partition:
        text = f"aws.region: '{region}' is in a partition that hptf does not know"
        hint = f"It knows {listed(get_args(Partition))}."
    elif partition == "aws" and zone_prefix(region) is None:
        text = f"aws.region: there is no region '{region}'"
        hint = suggestion(region, HYPERPOD_REGIONS, "regions with HyperPod")
    elif partition == "aws" and region not in HYPERPOD_REGIONS and makes_cluster:
        text = f"aws.region: HyperPod cannot be had in '{region}'"
        nearby = near(region)
        farther = [name for name in HYPERPOD_REGIONS if name not in nearby]
        hint = f"It can be had in {listed(nearby)}{f'; farther off in {listed(farther)}' if farther else ''}."
    else:
        return []
    return [Fault(("aws", "region"), Problem(text, tree.nearest(("aws", "region")).place, hint, codes.REGION_UNUSABLE))]


def _state_faults(header: Mapping[str, Any], tree: Node) -> list[Fault]:
    state = header.get("state")
    chosen = [key for key, value in _mapping(state).items() if value is not None]
    if isinstance(state, dict) and len(chosen) != 1 and {*state} <= {*STORES}:
        text = f"state must hold one of {listed(STORES)}" + (", not both" if chosen else "")
        return [Fault(("state",), Problem(text, tree.nearest(("state",)).place, code=codes.STATE_AMBIGUOUS))]
    return []


def _inherited_states(document: Document) -> list[Fault]:
    """Two environments on one state would destroy each other's resources."""
    faults: list[Fault] = []
    name = document.files[-1].name
    for key in (("state", "s3", "prefix"), ("state", "local", "directory")):
        node = document.tree.find(key)
        if node is not None and node.data is not None and _inherited(document, key):
            text = f"{dotted(key)} is inherited{_from(node)}, so two environments would write the same states"
            hint = f"Give {name} its own {key[-1]}, or leave it out of the parent: each file has its own default."
            faults.append(Fault(key, Problem(text, document.extends, hint, codes.STATE_SHARED)))
    return faults


def _inherited_names(document: Document, layers: Mapping[str, LayerConfig]) -> list[Fault]:
    """Two environments under one name in one account and region would fight over what bears it."""
    if document.extends is None or not all(_inherited(document, ("aws", key)) for key in ("region", "account_id")):
        return []
    faults: list[Fault] = []
    name = document.files[-1].name
    if _inherited(document, ("name",)):
        text = f"name, region and account of {name} are all inherited, so two environments would fight over names"
        faults.append(
            Fault(("name",), Problem(text, document.extends, f"Give {name} a name of its own.", codes.NAME_SHARED))
        )
    for layer in layers.values():
        if layer.mode != "created":
            continue
        for key, info in layer.contract.inputs.model_fields.items():
            path: Path = ("layers", layer.name, key)
            node = document.tree.find(path)
            # A default is shared only with a parent that is an environment of its own.
            shared = document.parents is not None and document.parents.find(("name",)) is not None
            value = node.data if node is not None and node.data is not None else default_of(info) if shared else None
            if annotation(info, Unique) is None or value is None or not _inherited(document, path):
                continue
            where = ", the default," if node is None else _from(node)
            text = f"{dotted(path)} is '{value}'{where} in {name} and in what it extends, with one region and account"
            faults.append(
                Fault(path, Problem(text, document.extends, f"Give {name} a {key} of its own.", codes.NAME_SHARED))
            )
    return faults


def _inherited(document: Document, path: Path) -> bool:
    """Whether a file says nothing of its own at a path."""
    node = document.tree.find(path)
    return document.extends is not None and (node is None or node.start.file != str(document.files[-1]))


def _from(node: Node) -> str:
    return f" ({FilePath(node.start.file).name}:{node.start.line})"


def _environment(document: Document, header: Mapping[str, Any], layers: Mapping[str, LayerConfig]) -> Environment:
    path = document.files[-1]
    aws, state = _mapping(header.get("aws")), _mapping(header.get("state"))
    role = _mapping(aws.get("assume_role"))
    orchestrator = header.get("orchestrator")
    emulator = header.get("emulator")
    return Environment(
        id=path.stem,
        path=path,
        files=document.files,
        name=_text(header.get("name")),
        orchestrator="slurm" if orchestrator == "slurm" else "eks",
        aws=Aws(
            region=_text(aws.get("region")),
            account_id=_text(aws.get("account_id")),
            profile=aws.get("profile"),
            assume_role=AssumeRole(**_known(role, AssumeRole)) if "role_arn" in role else None,
            tags=_mapping(aws.get("tags")),
        ),
        state=_state(path, state),
        emulator=emulator.rstrip("/") if isinstance(emulator, str) else None,
        layers=layers,
        locations=places(document.tree),
    )


def _state(path: FilePath, state: Mapping[str, Any]) -> LocalState | S3State:
    s3, local = _mapping(state.get("s3")), _mapping(state.get("local"))
    if s3:
        prefix = _text(s3.get("prefix")) or f"hyperpod/{path.stem}"
        return S3State(_text(s3.get("bucket")), prefix, s3.get("kms_key_arn"))
    directory = _text(local.get("directory"))
    if directory:
        return LocalState(path.absolute().parent / directory)
    return LocalState(home_of(path) / ".hptf" / STATE_FOLDER / path.stem)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _known(values: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key in kind.__dataclass_fields__}


def _related(one: Path, other: Path) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]
