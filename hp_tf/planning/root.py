"""The generated Terraform root of a set of layers: one module block per layer, wired output to input.

Pure: everything that goes into the root is passed in, and the same input gives the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from hp_tf.contract.base import Contract, Outputs, Sensitive, annotation, nullable
from hp_tf.contract.providers import Access, ClusterAccess, Provider
from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Binding, Wiring
from hp_tf.planning import imports
from hp_tf.planning.imports import Adoption
from hp_tf.terraform.hcl import escape

Leaving = Literal["destroy", "forget"]


@dataclass(frozen=True)
class Root:
    """A root as data.

    Attributes:
        main: the content of ``main.tf.json``.
        variables: the values of its variables, for a private tfvars file.
        modules: the layers with a module block.
    """

    main: dict[str, Any]
    variables: dict[str, Any]
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    """The layers of a run's set.

    Attributes:
        present: layers with a module block, producers first.
        leaving: layers that have state and no module block, and what happens to their resources.
    """

    present: tuple[str, ...]
    leaving: Mapping[str, Leaving] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        """Every layer whose state belongs to the run."""
        return (*self.present, *self.leaving)


def outside(members: Collection[str], wiring: Wiring, *, kubernetes: bool) -> Iterator[tuple[str, str, str | None]]:
    """Yield (producer, output, consumer) of each value from outside the set; the consumer is None for a provider."""
    for consumer in members:
        for binding in wiring.bindings.get(consumer, {}).values():
            source = _source(binding)
            if source is not None and source[0] not in members:
                yield (*source, consumer)
    if kubernetes:
        for binding in wiring.kubernetes.values():
            source = _source(binding)
            if source is not None and source[0] not in members:
                yield (*source, None)


def build(
    environment: Environment,
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    members: Selection,
    *,
    literals: Mapping[tuple[str, str], Any],
    supplied: Mapping[tuple[str, str], Any],
    access: Access,
    state_providers: Collection[str] = (),
    adoptions: Sequence[Adoption] = (),
) -> Root:
    """Return the root of a set.

    Args:
        literals: the values of outputs that come from outside the set, by (producer, output).
        supplied: values hptf finds out itself (the chart's path, what the service has), by (layer, input).
        access: the account and the way in.
        state_providers: source addresses (``hashicorp/aws``) named by the states of the set, so that leaving layers
            keep the providers their resources need.
        adoptions: resources to import.
    """
    variables = _Variables(contracts, literals)
    modules = {
        name: _module(name, environment, wiring, contracts, members, variables, supplied) for name in members.present
    }
    required = _providers(contracts, members, state_providers)
    way_in = _escaped(access)
    providers = {name: [_provider(item, wiring, members, variables, way_in)] for name, item in required.items()}
    main: dict[str, Any] = {
        "terraform": {
            "required_version": ">= 1.10.0",
            "backend": {"http": {}},
            "required_providers": {
                name: {"source": item.source, "version": item.version} for name, item in required.items()
            },
        },
        "provider": providers,
        "variable": variables.blocks,
        "module": modules,
        "output": dict(_outputs(contracts, members.present)),
        "removed": [
            {"from": f"module.{name}", "lifecycle": [{"destroy": False}]}
            for name, what in members.leaving.items()
            if what == "forget"
        ],
        "import": imports.blocks(adoptions),
    }
    return Root({key: value for key, value in main.items() if value}, variables.values, members.present)


def variable_name(producer: str, output: str) -> str:
    """Return the root's name for a layer's output, as variable and as output."""
    return f"{producer}__{output}"


def output_type(outputs: type[Outputs], name: str) -> str:
    """Return an output's Terraform type."""
    text = str(outputs.model_fields[name].annotation)
    if "dict" in text:
        return "map(string)"
    return "bool" if "bool" in text else "string"


class _Variables:
    """Collects the root's variables as module blocks and providers ask for them."""

    def __init__(self, contracts: Mapping[str, Contract], literals: Mapping[tuple[str, str], Any]) -> None:
        self._contracts = contracts
        self._literals = literals
        self.blocks: dict[str, Any] = {}
        self.values: dict[str, Any] = {}

    def literal(self, producer: str, output: str) -> str:
        outputs = self._contracts[producer].outputs
        info = outputs.model_fields[output]
        return self._add(
            variable_name(producer, output),
            self._literals[producer, output],
            output_type(outputs, output),
            sensitive=annotation(info, Sensitive) is not None,
            nullable=nullable(info),
        )

    def secret(self, layer: str, name: str, value: Any) -> str:
        return self._add(f"input__{layer}__{name}", value, "any", sensitive=True, nullable=True)

    def _add(self, name: str, value: Any, kind: str, *, sensitive: bool, nullable: bool) -> str:
        block: dict[str, Any] = {"type": kind}
        if not nullable:
            block["nullable"] = False
        if sensitive:
            block["sensitive"] = True
        self.blocks[name] = block
        self.values[name] = value
        return f"${{var.{name}}}"


def _source(binding: Binding) -> tuple[str, str] | None:
    if binding.wire is None or binding.kind not in ("wire", "given", "lookup"):
        return None
    return binding.wire.layer, binding.wire.output


def _reference(producer: str, output: str, members: Selection, variables: _Variables) -> str:
    if producer in members.present:
        return f"${{module.{producer}.{output}}}"
    return variables.literal(producer, output)


def _module(
    name: str,
    environment: Environment,
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    members: Selection,
    variables: _Variables,
    supplied: Mapping[tuple[str, str], Any],
) -> dict[str, Any]:
    block: dict[str, Any] = {"source": f"./modules/{name}"}
    fields = contracts[name].inputs.model_fields
    for key, binding in wiring.bindings[name].items():
        source = _source(binding)
        if (name, key) in supplied:
            block[key] = escape(supplied[name, key])
        elif not binding.passed:
            continue
        elif source is not None:
            block[key] = _reference(*source, members, variables)
        elif binding.kind == "null":
            block[key] = "${null}"
        elif binding.kind != "supplied":
            if annotation(fields[key], Sensitive) is not None:
                block[key] = variables.secret(name, key, binding.value)
            else:
                block[key] = escape(binding.value)
    return block


def _providers(
    contracts: Mapping[str, Contract], members: Selection, state_providers: Collection[str]
) -> dict[str, Provider]:
    wanted: dict[str, Provider] = {}
    for name in members.present:
        wanted.update({item.name: item for item in contracts[name].providers})
    known = {item.source: item for contract in contracts.values() for item in contract.providers}
    for source in state_providers:
        if source in known:
            wanted.setdefault(known[source].name, known[source])
    return dict(sorted(wanted.items()))


def _escaped(access: Access) -> Access:
    return Access(*(escape(getattr(access, item.name)) for item in fields(access)))


def _provider(
    provider: Provider, wiring: Wiring, members: Selection, variables: _Variables, access: Access
) -> Mapping[str, Any]:
    if provider.in_cluster is None:
        return provider.configure(access)
    values = {}
    for key, binding in wiring.kubernetes.items():
        source = _source(binding)
        values[key] = escape(binding.value) if source is None else _reference(*source, members, variables)
    authority = f"${{base64decode({_expression(values['cluster_ca_certificate'])})}}"
    return provider.in_cluster(access, ClusterAccess(values["host"], authority, values["cluster_name"]))


def _expression(reference: str) -> str:
    return reference[2:-1] if reference.startswith("${") else f'"{reference}"'


def _outputs(contracts: Mapping[str, Contract], present: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for layer in present:
        for output, info in contracts[layer].outputs.model_fields.items():
            block: dict[str, Any] = {"value": f"${{module.{layer}.{output}}}"}
            if annotation(info, Sensitive) is not None:
                block["sensitive"] = True
            yield variable_name(layer, output), block
