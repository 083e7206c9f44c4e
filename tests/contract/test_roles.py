"""Roles: who provides them, what rules read by them, and that the engine names no layer beside them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import hp_tf
from hp_tf.contract.base import Configured
from hp_tf.contract.role import configured, configured_key, given, given_key
from hp_tf.contract.roles import HyperPodCluster, KubernetesApi, Network, Nodes, provider_of, sources
from hp_tf.contract.rules import evaluate, other, var
from hp_tf.layers.discovery import CONTRACTS

PACKAGE = Path(hp_tf.__file__).parent
# The rooms that know layers by their contracts alone.
ENGINE = (
    "applying",
    "aws",
    "cli",
    "commands",
    "environment",
    "planning",
    "recovery",
    "report",
    "run",
    "state",
    "synth",
    "terraform",
)
_NAMES = "|".join(CONTRACTS)
_NAMED = re.compile(rf"(?:{_NAMES})|.*\blayers\.(?:{_NAMES})\b.*|.*\bmodule\.(?:{_NAMES})\b.*", re.DOTALL)


def names_of_layers(source: str) -> Iterator[str]:
    """Yield the texts of a module that name a layer, documentation and names of AWS services left out."""
    tree = ast.parse(source)
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "client":
            left_out |= {id(argument) for argument in node.args}
        if isinstance(node, ast.ImportFrom) and re.match(rf"hp_tf\.layers\.(?:{_NAMES})\b", node.module or ""):
            yield f"{node.lineno}: {node.module}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            text = node.value
            members = [f"{name}.{key}" for name, item in CONTRACTS.items() for key in item.outputs.model_fields]
            if _NAMED.fullmatch(text) or text in members:
                yield f"{node.lineno}: {text}"


@pytest.mark.parametrize("room", ENGINE)
def test_the_engine_names_no_layer(room: str) -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{text}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for text in names_of_layers(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'layers.get("eks")',
        'hint = f"{x} layers.eks.public_access_cidrs"',
        "from hp_tf.layers.helm.contract import Chart",
        'Wired("eks.cluster_name")',
    ],
)
def test_a_named_layer_is_seen(source: str) -> None:
    assert list(names_of_layers(source))
    assert not list(names_of_layers('"""Such as layers.eks."""\nclients.client("eks")'))


def test_the_first_of_the_layers_provides_a_role() -> None:
    api = provider_of(KubernetesApi, CONTRACTS.values())
    assert api is not None
    assert (api.layer, api.role.wires(api.layer)["host"].source) == ("eks", "eks.cluster_endpoint")
    nodes, cluster = (provider_of(kind, CONTRACTS.values()) for kind in (Nodes, HyperPodCluster))
    assert nodes is not None and cluster is not None
    assert nodes.layer == cluster.layer
    assert provider_of(KubernetesApi, [CONTRACTS["network"]]) is None


def test_an_input_follows_the_layer_that_provides_a_role() -> None:
    origin = Configured("instance_groups[].security_group_ids", of=HyperPodCluster)
    slurm = replace(CONTRACTS["hyperpod"], name="hyperpod_slurm")
    assert sources(origin, [slurm]) == ("hyperpod_slurm.instance_groups[].security_group_ids",)
    assert sources(origin, [CONTRACTS["network"]]) == ()
    assert sources(Configured("storage.kms_key_arn"), []) == ("storage.kms_key_arn",)


def test_rules_see_another_layer_by_its_role_and_nothing_where_it_is_not() -> None:
    scope = {configured_key(Network): {"nat": "none"}, given_key(KubernetesApi): {"vpc_id": "vpc-1"}}
    assert (configured(scope, Network), given(scope, KubernetesApi)) == ({"nat": "none"}, {"vpc_id": "vpc-1"})
    assert (configured({}, Network), given({}, KubernetesApi)) == ({}, {})
    assert evaluate(other(Network, "nat"), scope) == "none"
    with pytest.raises(ValueError, match="Network does not say that others read tags"):
        other(Network, "tags")
    assert evaluate(var("x").foreseen(other(Network, "nat")), {"x": "single"}) == "single"
