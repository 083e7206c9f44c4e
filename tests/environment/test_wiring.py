from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from hp_tf.contract.base import Contract, Inputs, NeededWith, Outputs, Wired
from hp_tf.contract.roles import KubernetesApi
from hp_tf.environment.model import Aws, Environment, LayerConfig, LocalState, Mode
from hp_tf.environment.tree import Node
from hp_tf.environment.wiring import Binding, Edge, in_order, resolve
from hp_tf.findings import Location
from hp_tf.layers.eks.cluster import KUBERNETES_API
from tests.environment.samples import CONTRACTS, GOOD, HEAD, read, wrong


class Nothing(Inputs):
    """No inputs."""


class One(Outputs):
    out: str = Field(description="An output.")


class Cluster(Outputs):
    cluster_name: str = Field(description="Name.")
    cluster_endpoint: str = Field(description="URL.")
    cluster_certificate_authority: str = Field(description="Certificate.")
    group_id: str = Field(description="Group.")


class Group(Outputs):
    group_id: str = Field(description="Group.")


class EksInputs(Inputs):
    group_id: Annotated[str, Wired("group.group_id")] = Field(description="Group.")


class GroupInputs(Inputs):
    group_id: Annotated[str | None, Wired("eks.group_id", when="existing")] = Field(None, description="Group.")


class RequiredGroup(Inputs):
    group_id: Annotated[str, Wired("eks.group_id", when="existing")] = Field(description="Group.")


GROUP = Contract("group", "x", GroupInputs, Group)
EKS = Contract("eks", "x", EksInputs, Cluster, provides=(KUBERNETES_API,))
CHART = Contract("chart", "x", Nothing, One, requires=frozenset({KubernetesApi}))
CLUSTER: Mapping[str, Contract] = {"chart": CHART, "group": GROUP, "eks": EKS}


def environment(*layers: LayerConfig) -> Environment:
    return Environment(
        id="x",
        path=Path("x.yaml"),
        files=(Path("x.yaml"),),
        name="x",
        orchestrator="eks",
        aws=Aws(region="us-west-2", account_id="123456789012"),
        state=LocalState(Path()),
        emulator=None,
        layers={layer.name: layer for layer in layers},
        tree=Node({}, Location("x.yaml", 1)),
    )


def created(contracts: Mapping[str, Contract]) -> Environment:
    return environment(*(LayerConfig(name, contract, "created") for name, contract in contracts.items()))


def test_each_kind_of_source(tmp_path: Path) -> None:
    _, wiring = read(tmp_path, GOOD + "  box: {disk: {size: 5}, script: run.sh}\n  watch: {enabled: true}\n")
    box = wiring.bindings["box"]
    assert box["name"] == Binding("environment", "dev")
    assert box["vpc_id"] == Binding("wire", wire=Wired("net.vpc_id"))
    assert box["disk"] == Binding("file", {"size": 5})
    assert box["watched"] == Binding("configured", True)
    assert box["groups"] == Binding("default", [])
    assert box["script"] == Binding("file", "run.sh", hptf_only=True)
    assert box["script_path"] == Binding("supplied", "run.sh")
    assert [key for key, binding in box.items() if binding.passed] == [
        "name",
        "region",
        "vpc_id",
        "gateway_id",
        "watched",
        "disk",
        "script_path",
    ]
    assert wiring.order == ("net", "box", "watch")
    assert wiring.edges == {
        Edge("box", "vpc_id", "net", "vpc_id"),
        Edge("box", "gateway_id", "net", "gateway_id"),
        Edge("watch", "address", "box", "address"),
        Edge("watch", "box_id", "box", "box_id"),
    }
    assert wiring.producers("watch") == ("box",)
    assert wiring.consumers("net") == ("box",)
    assert wiring.upstream("watch") == ("net", "box")
    assert wiring.downstream("net") == ("box", "watch")
    assert wiring.producers("absent") == ()


def test_a_given_value_removes_the_edge(tmp_path: Path) -> None:
    _, wiring = read(tmp_path, GOOD + "  box: {vpc_id: vpc-01234567, gateway_id: gw-1}\n")
    assert wiring.bindings["box"]["vpc_id"] == Binding("file", "vpc-01234567")
    assert wiring.edges == frozenset()


def test_an_existing_layer_gives_values_and_looks_up_the_rest(tmp_path: Path) -> None:
    _, wiring = read(tmp_path, HEAD + "layers: {net: {existing: {vpc_id: vpc-01234567}}}\n")
    assert wiring.bindings["box"]["vpc_id"] == Binding("given", "vpc-01234567", Wired("net.vpc_id"))
    assert wiring.bindings["box"]["gateway_id"] == Binding("lookup", wire=Wired("net.gateway_id"))
    assert wiring.order == ("box",)
    assert wiring.edges == frozenset()


def test_a_lacking_output_of_an_existing_layer_names_all_who_need_it(tmp_path: Path) -> None:
    text = HEAD + "layers:\n  net: {zones: [a]}\n  box:\n    existing: {box_id: x}\n  watch: {enabled: true}\n"
    (problem,) = wrong(tmp_path, text)
    assert problem.message == "layers.box.existing lacks address, which watch needs"
    assert problem.remedy == "add address to it, or give layers.watch.address by value"
    assert problem.location is not None
    assert problem.location.line == 9


def test_a_lacking_identifier_of_a_lookup_is_asked_for(tmp_path: Path) -> None:
    contracts = {**CONTRACTS, "box": replace(CONTRACTS["box"], lookup=CONTRACTS["net"].lookup)}
    assert contracts["box"].lookup is not None
    looked_up = replace(contracts["box"].lookup, identified_by=("box_id",), fills=("address",))
    contracts["box"] = replace(contracts["box"], lookup=looked_up)
    text = HEAD + "layers: {net: {zones: [a]}, box: {existing: {}}, watch: {enabled: true, box_id: x}}\n"
    (problem,) = wrong(tmp_path, text, contracts)
    assert problem.remedy == "add box_id, and hptf looks address up; or add address itself"


def test_a_disabled_producer_is_named_with_everyone_left_open(tmp_path: Path) -> None:
    text = HEAD + "layers:\n  net: {zones: [a]}\n  box: {enabled: false}\n  watch: {enabled: true}\n"
    (problem,) = wrong(tmp_path, text)
    assert problem.message == ("the layer box is not created, but watch (address, box_id) needs its outputs")
    assert problem.location is not None
    assert problem.location.line == 8


def test_an_optional_input_may_be_needed_beside_a_new_layer() -> None:
    class Release(Inputs):
        release: Annotated[str | None, Wired("chart.out"), NeededWith("eks", "it does not work")] = Field(
            None, description="x"
        )

    user = Contract("user", "x", Release, One)
    contracts = {**CLUSTER, "user": user}
    layers = [LayerConfig("user", user, "created"), LayerConfig("chart", CHART, "disabled")]
    new_cluster = LayerConfig("eks", EKS, "created", {"group_id": "x"})
    (problem,) = resolve(environment(*layers, new_cluster), contracts).problems
    assert problem.message == "the layer chart is not created, but user (release) needs its outputs: it does not work"
    assert problem.remedy == (
        "enable chart, describe it under layers.chart.existing or give layers.user.release by value"
    )
    outputs = dict.fromkeys(Cluster.model_fields, "x")
    reused = environment(*layers, LayerConfig("eks", EKS, "existing", existing=outputs))
    assert resolve(reused, contracts).problems == ()
    given_one = LayerConfig("user", user, "created", {"release": "x"})
    assert resolve(environment(given_one, new_cluster), contracts).problems == ()


def test_by_hand_are_only_few_given() -> None:
    class Four(Inputs):
        a: Annotated[str, Wired("eks.group_id")] = Field(description="x")
        b: Annotated[str, Wired("eks.group_id")] = Field(description="x")
        c: Annotated[str, Wired("eks.group_id")] = Field(description="x")
        d: Annotated[str, Wired("eks.group_id")] = Field(description="x")

    contracts = {"user": Contract("user", "x", Four, One), "eks": EKS}
    layers = environment(LayerConfig("user", contracts["user"], "created"), LayerConfig("eks", EKS, "disabled"))
    (problem,) = resolve(layers, contracts).problems
    assert problem.message == "the layer eks is not created, but user (a, b, c, d) needs its outputs"
    assert problem.remedy == "enable eks, describe it under layers.eks.existing or disable user"


def test_an_optional_input_of_a_disabled_producer_is_null(tmp_path: Path) -> None:
    _, wiring = read(tmp_path, HEAD + "layers: {net: {enabled: false}, box: {vpc_id: vpc-01234567}}\n")
    assert wiring.bindings["box"]["gateway_id"] == Binding("null")
    assert wiring.bindings["box"]["gateway_id"].passed


def test_a_created_cluster_takes_the_group_and_an_existing_one_gives_it() -> None:
    wiring = resolve(created(CLUSTER), CLUSTER)
    assert wiring.problems == ()
    assert wiring.bindings["group"]["group_id"] == Binding("null")
    assert wiring.order == ("group", "eks", "chart")
    outputs = dict.fromkeys(Cluster.model_fields, "x")
    given_cluster = environment(
        LayerConfig("chart", CHART, "created"),
        LayerConfig("group", GROUP, "created"),
        LayerConfig("eks", EKS, "existing", existing=outputs),
    )
    wiring = resolve(given_cluster, CLUSTER)
    assert wiring.problems == ()
    assert wiring.bindings["group"]["group_id"].kind == "given"
    assert wiring.order == ("chart", "group")
    assert {binding.kind for binding in wiring.kubernetes.values()} == {"given"}


def test_layers_in_the_cluster_depend_on_it() -> None:
    wiring = resolve(created(CLUSTER), CLUSTER)
    assert set(wiring.kubernetes) == {"host", "cluster_ca_certificate", "cluster_name"}
    assert Edge("chart", "kubernetes.host", "eks", "cluster_endpoint") in wiring.edges
    assert wiring.producers("chart") == ("eks",)


@pytest.mark.parametrize(("mode", "kind"), [("created", "wire"), ("existing", "given"), ("disabled", "wire")])
def test_what_left_the_cluster_can_still_be_reached_there(mode: Mode, kind: str) -> None:
    outputs = dict.fromkeys(Cluster.model_fields, "x") if mode == "existing" else {}
    layers = environment(
        LayerConfig("chart", CHART, "disabled"),
        LayerConfig("group", GROUP, "created"),
        LayerConfig("eks", EKS, mode, existing=outputs),
    )
    wiring = resolve(layers, CLUSTER)
    assert wiring.problems == ()
    assert {key: binding.kind for key, binding in wiring.kubernetes.items()} == dict.fromkeys(
        KUBERNETES_API.wires("eks"), kind
    )


def test_a_layer_in_a_cluster_that_is_not_created_is_a_problem() -> None:
    layers = environment(LayerConfig("chart", CHART, "created"), LayerConfig("eks", EKS, "disabled"))
    (problem,) = resolve(layers, CLUSTER).problems
    assert problem.message == "the layer eks is not created, but chart (to reach the cluster) needs its outputs"
    assert problem.remedy == "enable eks, describe it under layers.eks.existing or disable chart"


def test_a_source_that_only_an_existing_layer_has_is_said_so() -> None:
    contracts = {"group": replace(GROUP, inputs=RequiredGroup), "eks": EKS}
    layers = environment(LayerConfig("group", contracts["group"], "created"), LayerConfig("eks", EKS, "created"))
    (problem,) = resolve(layers, contracts).problems
    assert problem.message == "group (group_id) needs a value: eks.group_id supplies it only if eks exists already"


def test_a_circle_names_every_step() -> None:
    class Back(Inputs):
        group_id: Annotated[str, Wired("eks.group_id")] = Field(description="Group.")

    contracts = {"group": replace(GROUP, inputs=Back), "eks": EKS}
    wiring = resolve(created(contracts), contracts)
    (problem,) = wiring.problems
    assert "group.group_id from eks.group_id" in problem.message
    assert "eks.group_id from group.group_id" in problem.message
    assert wiring.order == ("group", "eks")


GRAPHS = st.integers(1, 12).flatmap(
    lambda size: st.tuples(
        st.permutations([f"l{index}" for index in range(size)]),
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=30),
    )
)


@settings(max_examples=200)
@given(GRAPHS)
def test_order_puts_producers_first_and_is_always_the_same(graph: tuple[list[str], list[tuple[int, int]]]) -> None:
    layers, pairs = graph
    edges = [Edge(f"l{max(pair)}", "x", f"l{min(pair)}", "y") for pair in pairs if pair[0] != pair[1]]
    order = in_order(layers, edges)
    assert sorted(order) == sorted(layers)
    assert all(order.index(edge.producer) < order.index(edge.consumer) for edge in edges)
    assert in_order(layers, list(reversed(edges))) == order


@pytest.mark.parametrize("layers", [["c", "a", "b"], ["a", "b", "c"]])
def test_without_edges_the_given_order_stays(layers: list[str]) -> None:
    assert in_order(layers, []) == tuple(layers)
