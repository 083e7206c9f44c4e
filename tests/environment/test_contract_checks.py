from __future__ import annotations

from dataclasses import replace
from typing import Annotated, NoReturn

import pytest
from pydantic import Field

from hp_tf.contract.base import (
    ORCHESTRATORS,
    Configured,
    Contract,
    FromEnvironment,
    Inputs,
    Name,
    NeededWith,
    Outputs,
    Supplied,
    Wired,
)
from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Lookup
from hp_tf.contract.roles import KubernetesApi, Nodes
from hp_tf.contract.rules import Rule, var
from hp_tf.layers.discovery import CONTRACTS as OWN
from tests.environment.contract_checks import check_contracts, static_edges
from tests.environment.samples import BOX, CONTRACTS, NET


class Outs(Outputs):
    ids: list[str] = Field(description="Ids.")


class Ins(Inputs):
    version: str = Field(description="Reserved.")
    silent: str
    nowhere: Annotated[str, Wired("net.nothing")] = Field(description="x")
    shape: Annotated[str, Wired("net.subnet_ids")] = Field(description="x")
    null: Annotated[str, Wired("net.gateway_id")] = Field(description="x")
    switched: Annotated[str | None, Wired("net.vpc_id", only_if="silent")] = Field(None, description="x")
    default: Annotated[str, Wired("net.vpc_id")] = Field("x", description="x")
    fact: Annotated[str, FromEnvironment("moon")] = Field(description="x")
    configured: Annotated[str, Configured("net.nothing")] = Field(description="x")
    wired: Annotated[str | None, Configured("box.vpc_id")] = Field(None, description="x")
    bare: Annotated[str, Configured("net.nat")] = Field(description="x")
    keys: Annotated[list[int], Configured("net.zones", "box.groups[].name")] = Field([], description="x")
    rows: Annotated[list[str], Configured("box.groups[].nothing")] = Field([], description="x")
    several: Annotated[str | None, Configured("net.nat", "net.nat")] = Field(None, description="x")
    choice: int | str = Field(description="x")
    pair: tuple[int, int] = Field(description="x")
    supplied: Annotated[str, Supplied("silent")] = Field(description="x")
    needed: Annotated[str | None, NeededWith("net", "x")] = Field(None, description="x")
    itself: Annotated[str, Wired("bad.ids")] = Field(description="x")


BAD = Contract(
    "bad",
    "x",
    Ins,
    Outs,
    rules=(
        Rule("other-rule", on="nothing", check=var("x").given(), message="No."),
        Rule("other-rule", on="silent", check=var("x").given(), message="No."),
    ),
    names={"x": Name("{stage}-x", 10, "the x")},
    lookup=Lookup(("id",), ("ids",), lambda clients, given: {}),
)


def test_the_samples_are_sound() -> None:
    assert check_contracts(CONTRACTS) == []


@pytest.mark.parametrize(
    "text",
    [
        "bad.version: the name means something else",
        "bad.silent: an input has a description",
        "bad.nowhere: there is no output net.nothing",
        "bad.shape: net.subnet_ids is dict[str, str], and the input str",
        "bad.null: net.gateway_id may be null, and the input may not",
        "bad.switched: 'silent' is no switch of this layer",
        "bad.default: a wired input is required or null by default",
        "bad.fact: 'moon' is no environment value",
        "bad.configured: there is no input net.nothing",
        "bad.wired: box.vpc_id is not configured in the file itself",
        "bad.bare: a default or null is needed for where net.nat is not configured",
        "bad.keys: net.zones is list[str], and the input list[int]",
        "bad.keys: box.groups[].name is str, and the input list[int]",
        "bad.rows: there is no input box.groups[].nothing",
        "bad.several: an input that is no list has one source",
        "bad.choice: alternatives are separate inputs",
        "bad.pair: tuple[int, int] is no type an input can have",
        "bad.supplied: 'silent' is no input of this layer that hptf reads",
        "bad.itself: a layer cannot take its own output",
        "bad.ids: an output is a scalar or dict[str, str], not list[str]",
        "bad.needed: only an optional wired input can be needed with a layer, not with 'net'",
        "bad: 'the x' begins with an article",
        "bad: the rule id other-rule is used twice",
        "bad: the rule id other-rule does not begin with the layer's name",
        "bad: the rule other-rule is on 'nothing', which is no input",
        "bad: the rule other-rule speaks of 'x', which is no input",
        "bad: the name '{stage}-x' needs an input 'stage'",
        "bad: the lookup names 'id', which is no output",
    ],
)
def test_what_is_wrong_is_found(text: str) -> None:
    assert any(found.startswith(text) for found in check_contracts({**CONTRACTS, "bad": BAD}))


def test_a_wrong_key_is_found() -> None:
    assert check_contracts({"Net": NET})[0].startswith("Net: a layer's key is its name")


def test_a_circle_of_created_layers_is_found() -> None:
    class Circle(Inputs):
        name: Annotated[str, FromEnvironment("name")] = Field(description="x")
        region: Annotated[str, FromEnvironment("region")] = Field(description="x")
        box_id: Annotated[str, Wired("box.box_id")] = Field(description="x")

    contracts = {**CONTRACTS, "net": replace(NET, inputs=Circle)}
    assert any("in a circle" in found for found in check_contracts(contracts))


def test_static_edges_hold_the_cluster_too() -> None:
    box = replace(BOX, requires=frozenset({KubernetesApi}))
    edges = static_edges({"net": NET, "box": box, "eks": OWN["eks"]})
    assert {(edge.consumer, edge.input, edge.producer) for edge in edges if edge.consumer == "box"} == {
        ("box", "vpc_id", "net"),
        ("box", "gateway_id", "net"),
        ("box", "kubernetes.host", "eks"),
        ("box", "kubernetes.cluster_ca_certificate", "eks"),
        ("box", "kubernetes.cluster_name", "eks"),
    }


def test_a_role_is_provided_once_with_an_orchestrator_and_by_what_the_layer_has() -> None:
    assert check_contracts({"net": replace(NET, requires=frozenset({KubernetesApi}))}) == [
        f"net: with {orchestrator}, no layer provides KubernetesApi" for orchestrator in ORCHESTRATORS
    ]
    twice = check_contracts({"box": replace(BOX, inputs=Inputs, rules=()), "net": replace(NET, provides=BOX.provides)})
    assert [text for text in twice if "several" in text] == [
        f"with {orchestrator}, several layers provide HyperPodCluster" for orchestrator in ORCHESTRATORS
    ]
    nodes = Nodes(cluster_name="vpc_id", running="Running", statuses=nobody, awaited=nobody, events=nobody)
    (lacking,) = check_contracts({"net": replace(NET, provides=(nodes,))})
    assert lacking == "net: a role names 'vpc_id', which is no input"


def nobody(clients: Clients, cluster: str) -> NoReturn:
    raise AssertionError(f"nobody asks for nodes of {cluster}")
