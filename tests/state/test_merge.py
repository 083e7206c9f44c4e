from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.errors import HptfError
from hp_tf.state.document import State, dumps, loads
from hp_tf.state.merge import merge, split

from .samples import environment_states, quickly, seconds_to_merge_and_split, simple


def _join(states: Mapping[str, State | None]) -> State:
    """The states of a set as they come back from Terraform: a copy."""
    merged = merge("dev", states)
    assert merged is not None
    return loads(dumps(merged))


@quickly
@given(environment_states())
def test_parting_what_was_joined_gives_it_back(states: dict[str, State | None]) -> None:
    kept = copy.deepcopy(states)
    merged = merge("dev", states)
    if merged is None:
        assert all(state is None for state in states.values())
        return
    parted = split(loads(dumps(merged)), states)
    assert parted.layers == {layer: state for layer, state in states.items() if state is not None}
    assert not parted.changed
    assert not parted.stray
    assert states == kept


@quickly
@given(environment_states())
def test_parting_into_layers_without_state_keeps_all_content(states: dict[str, State | None]) -> None:
    merged = merge("dev", states)
    if merged is None:
        return
    numbers = (f"new-{number}" for number in itertools.count())
    parted = split(merged, dict.fromkeys(states), new_lineage=lambda: next(numbers))
    assert len({state["lineage"] for state in parted.layers.values()}) == len(parted.layers)
    for layer, old in states.items():
        if old is None or not (old["resources"] or old["outputs"]):
            assert layer not in parted.layers
            continue
        new = parted.layers[layer]
        assert (new["resources"], new["outputs"]) == (old["resources"], old["outputs"])
        assert new["serial"] == 1
        assert new["lineage"].startswith("new-")


@quickly
@given(environment_states(), st.data())
def test_a_change_raises_the_serial_of_its_layer_alone(states: dict[str, State | None], data: st.DataObject) -> None:
    merged = merge("dev", states)
    if merged is None:
        return
    assert merged["serial"] == sum(state["serial"] for state in states.values() if state)
    layer = data.draw(st.sampled_from(sorted(layer for layer, state in states.items() if state)))
    merged["outputs"][f"{layer}__brand_new"] = {"value": 1, "type": "number"}
    parted = split(merged, states)
    assert parted.changed == {layer}
    again = merge("dev", parted.layers)
    assert again is not None
    assert again["serial"] == merged["serial"] + 1
    assert again["lineage"] == merged["lineage"]


@quickly
@given(environment_states(), st.randoms())
def test_the_order_of_layers_and_resources_means_nothing(states: dict[str, State | None], random: Any) -> None:
    layers = list(states)
    random.shuffle(layers)
    merged = merge("dev", {layer: states[layer] for layer in layers})
    assert merged == merge("dev", states)
    if merged is not None:
        random.shuffle(merged["resources"])
        assert not split(merged, states).changed


def test_a_set_has_the_same_lineage_as_long_as_its_members_have() -> None:
    one, two = simple("network"), simple("eks")
    lineages = {
        (merge("dev", states) or {})["lineage"]
        for states in (
            {"network": one, "eks": two},
            {"network": {**one, "serial": 9}, "eks": two, "helm": None},
        )
    }
    assert len(lineages) == 1
    others = [
        merge("prod", {"network": one, "eks": two}),
        merge("dev", {"network": one}),
        merge("dev", {"network": two, "eks": one}),
        merge("dev", {"network": {**one, "lineage": "other"}, "eks": two}),
    ]
    assert len({(other or {})["lineage"] for other in others} | lineages) == 5


def test_no_state_at_all_is_not_an_empty_state() -> None:
    assert merge("dev", {"network": None}) is None
    assert merge("dev", {"network": simple("network"), "eks": None}) is not None


def test_destroying_leaves_empty_states_with_their_serials() -> None:
    states: dict[str, State | None] = {"network": simple("network", "a", serial=4, vpc="v"), "eks": None}
    merged = merge("dev", states)
    assert merged is not None
    parted = split({**merged, "resources": [], "outputs": {}}, states)
    assert parted.changed == {"network"}
    empty = parted.layers["network"]
    assert (empty["serial"], empty["lineage"], empty["resources"], empty["outputs"]) == (
        5,
        "lineage-of-network",
        [],
        {},
    )
    assert "eks" not in parted.layers
    assert not split(merge("dev", parted.layers) or {}, parted.layers).changed


def _depending(layer: str, *dependencies: str, key: str = "a") -> State:
    state = simple(layer, key)
    state["resources"][0]["instances"][0]["dependencies"] = list(dependencies)
    return state


def test_dependencies_on_layers_outside_the_set_are_kept() -> None:
    outside = "module.network.terraform_data.this"
    before: dict[str, State | None] = {"eks": _depending("eks", "module.eks.terraform_data.role", outside)}
    merged = _join(before)
    # With the network's values as literals, Terraform sees only the dependency inside the set.
    merged["resources"] = _depending("eks", "module.eks.terraform_data.role")["resources"]
    parted = split(merged, before)
    assert not parted.changed
    # A new instance of the resource gets the kept ones too, and what was dropped inside the set is gone.
    merged["resources"] = simple("eks", "a", "b")["resources"]
    instances = split(merged, before).layers["eks"]["resources"][0]["instances"]
    assert [instance["dependencies"] for instance in instances] == [[outside], [outside]]


def test_dependencies_inside_the_set_are_terraforms() -> None:
    before: dict[str, State | None] = {
        "eks": _depending("eks", "module.network.terraform_data.this"),
        "network": simple("network", "a"),
    }
    merged = _join(before)
    for resource in merged["resources"]:
        for instance in resource["instances"]:
            instance.pop("dependencies", None)
    parted = split(merged, before)
    assert parted.changed == {"eks"}
    assert "dependencies" not in parted.layers["eks"]["resources"][0]["instances"][0]


def test_a_resource_of_no_layer_is_set_apart() -> None:
    before: dict[str, State | None] = {"network": simple("network", "a")}
    merged = _join(before)
    root = {**merged["resources"][0], "module": None}
    other = {**merged["resources"][0], "module": "module.networks"}
    read = {**root, "mode": "data"}
    merged["resources"] += [root, other, read]
    merged["outputs"]["loose"] = {"value": 1, "type": "number"}
    parted = split(merged, before)
    assert parted.stray == [root, other]
    assert not parted.changed


def test_a_resource_can_move_from_one_layer_to_another() -> None:
    before: dict[str, State | None] = {"network": simple("network", "a"), "eks": simple("eks", "b")}
    merged = _join(before)
    for resource in merged["resources"]:
        resource.update(module="module.eks", name=f"from_{resource['module'].removeprefix('module.')}")
    parted = split(merged, before)
    assert parted.changed == {"network", "eks"}
    assert parted.layers["network"]["resources"] == []
    assert len(parted.layers["eks"]["resources"]) == 2


def test_a_layer_whose_state_holds_something_else_is_refused() -> None:
    state = simple("network", "a")
    del state["resources"][0]["module"]
    with pytest.raises(HptfError, match=r"network holds terraform_data\.this, which is not part of module\.network"):
        merge("dev", {"network": state})


def test_checks_go_to_the_layer_of_their_address_and_make_no_change() -> None:
    before: dict[str, State | None] = {"network": simple("network", "a"), "eks": simple("eks", "b", vpc="v")}
    merged = _join(before)
    mine = {"object_kind": "check", "config_addr": "module.eks.check.health", "status": "pass", "objects": None}
    merged["check_results"] = [mine, {**mine, "config_addr": "output.eks__vpc"}]
    assert not split(merged, before).changed
    merged["outputs"]["eks__vpc"]["value"] = "w"
    eks = split(merged, before).layers["eks"]
    assert eks["check_results"] == [mine]
    assert (merge("dev", {"eks": eks}) or {})["check_results"] == [mine]


def test_versions_of_terraform() -> None:
    old, new = simple("network", "a"), simple("eks", "b", vpc="v")
    old["terraform_version"], new["terraform_version"] = "1.9.8", "1.10.5"
    merged = _join({"network": old, "eks": new})
    assert merged["terraform_version"] == "1.10.5"
    merged["terraform_version"] = "1.11.4"
    merged["outputs"]["eks__vpc"]["value"] = "w"
    parted = split(merged, {"network": old, "eks": new})
    assert {layer: state["terraform_version"] for layer, state in parted.layers.items()} == {
        "network": "1.9.8",
        "eks": "1.11.4",
    }


def test_names_that_begin_alike_are_kept_apart() -> None:
    before: dict[str, State | None] = {"eks": simple("eks", "a", _x="1"), "eks_base": simple("eks_base", "b", x__y="2")}
    merged = _join(before)
    assert set(merged["outputs"]) == {"eks___x", "eks_base__x__y"}
    assert split(merged, before).layers == before


def test_ten_thousand_resources_take_less_than_a_second() -> None:
    assert min(seconds_to_merge_and_split() for _ in range(2)) < 1.0


def test_an_order_that_no_reference_says_is_said_by_dependencies() -> None:
    network, eks, helm = simple("network", "n"), simple("eks", "e"), simple("helm", "h")
    network["resources"][0]["module"] = 'module.network.module.zone["a.\\"b\\""]'
    network["resources"].append({**network["resources"][0], "mode": "data"})
    helm["resources"][0]["instances"][0]["dependencies"] = ["module.network.terraform_data.other"]
    merged = merge("dev", {"network": network, "eks": eks, "helm": helm}, {"helm": {"network", "eks", "absent"}})
    assert merged is not None
    found = {r["module"]: r["instances"][0].get("dependencies") for r in merged["resources"] if r["mode"] == "managed"}
    assert found == {
        "module.eks": None,
        "module.helm": [
            "module.eks.terraform_data.this",
            "module.network.module.zone.terraform_data.this",
            "module.network.terraform_data.other",
        ],
        network["resources"][0]["module"]: None,
    }
    assert "dependencies" not in eks["resources"][0]["instances"][0]
