"""The environments that come with hptf, read with its own contracts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hp_tf.environment.load import validated
from hp_tf.environment.model import S3State
from hp_tf.environment.schema import json_schema
from hp_tf.environment.text import read_file
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS
from tests.environment.contract_checks import check_contracts

ENVS = Path(__file__).parents[2] / "envs"
NAMES = ("dev", "local", "prod")


def inputs(name: str, layer: str) -> Any:
    return validated(name, CONTRACTS, ENVS)[0].layers[layer].inputs


def groups(name: str) -> dict[str, Any]:
    return {group["name"]: group for group in inputs(name, "hyperpod")["instance_groups"]}


def test_the_contracts_are_sound() -> None:
    assert check_contracts(CONTRACTS) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_creates_every_layer_that_is_on_by_itself_in_order(name: str) -> None:
    environment, wiring = validated(name, CONTRACTS, ENVS)
    assert set(wiring.order) == {
        layer for layer, contract in CONTRACTS.items() if contract.enabled and "eks" in contract.orchestrators
    }
    assert wiring.upstream("hyperpod") == tuple(layer for layer in wiring.order if layer not in ("fsx", "hyperpod"))
    assert all(wiring.order.index(edge.producer) < wiring.order.index(edge.consumer) for edge in wiring.edges)
    assert {binding.kind for binding in wiring.kubernetes.values()} == {"wire"}
    assert environment.id == name


@pytest.mark.parametrize("name", ["slurm", "slurm-minimal", "slurm-scripts"])
def test_those_with_slurm_have_the_layers_of_slurm(name: str) -> None:
    environment, wiring = validated(name, CONTRACTS, ENVS)
    assert environment.orchestrator == "slurm"
    assert wiring.order[-1] == "hyperpod_slurm"
    assert not {*wiring.order} & {"eks", "helm", "hyperpod"}


@pytest.mark.parametrize("name", sorted(path.stem for path in ENVS.glob("*.yaml")))
def test_each_passes_the_schema_editors_use(name: str) -> None:
    schema = json_schema(CONTRACTS)
    Draft202012Validator.check_schema(schema)
    assert [
        error.message for error in Draft202012Validator(schema).iter_errors(read_file(ENVS / f"{name}.yaml").plain())
    ] == []


def test_dev_is_small() -> None:
    assert inputs("dev", "network")["availability_zone_ids"] == ["usw2-az1", "usw2-az2"]
    found = {name: (group["instance_type"], group["count"]) for name, group in groups("dev").items()}
    assert found == {"gpu": ("ml.g5.8xlarge", 2), "general": ("ml.m5.2xlarge", 1)}
    assert inputs("dev", "fsx")["storage_capacity_gib"] == 1200


def test_local_is_dev_on_the_emulator() -> None:
    local, _ = validated("local", CONTRACTS, ENVS)
    assert local.emulator == "embedded"
    assert isinstance(local.state, S3State)
    assert groups("local") == groups("dev")
    assert inputs("local", "network") == inputs("dev", "network")
    assert [file.stem for file in local.files] == ["dev", "local"]


def test_prod_is_large_and_private() -> None:
    prod, _ = validated("prod", CONTRACTS, ENVS)
    assert isinstance(prod.state, S3State)
    assert len(inputs("prod", "network")["availability_zone_ids"]) == 3
    assert inputs("prod", "network")["nat"] == "per_az"
    assert inputs("prod", "eks")["endpoint_public_access"] is False
    training = groups("prod")["training"]
    assert (training["instance_type"], training["count"]) == ("ml.p5.48xlarge", 16)
    assert training["deep_health_checks"] == ["InstanceStress", "InstanceConnectivity"]
    assert training["availability_zone_id"] == "usw2-az2"
    assert "general" in groups("prod")


def test_no_two_share_names_or_states() -> None:
    found = [validated(name, CONTRACTS, ENVS)[0] for name in NAMES]
    assert len({environment.name for environment in found}) == len(NAMES)
    assert len({str(environment.state) for environment in found}) == len(NAMES)
    assert len({inputs(name, "hyperpod")["cluster_name"] for name in NAMES}) == len(NAMES)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values of a schema's type, mostly sensible ones, so that rules are reached."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"][0] if isinstance(schema["type"], list) else schema["type"]
    if kind == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if kind == "object" and "properties" in schema:
        fields = {key: values(inner) for key, inner in schema["properties"].items()}
        required = schema.get("required", [])
        optional = {key: inner for key, inner in fields.items() if key not in required}
        return st.fixed_dictionaries({key: fields[key] for key in required}, optional=optional)
    if kind == "object":
        keys = st.sampled_from(["usw2-az1", "usw2-az2", "usw2-lax1-az1", "coredns", "a"])
        return st.dictionaries(keys, values(schema["additionalProperties"]), max_size=2)
    texts = ["usw2-az1", "usw2-az2", "usw2-lax1-az1", "vpc-01234567", "10.0.0.0/16", "10.0.0.0/28", "ml-dev", "1.33"]
    return {
        "boolean": st.booleans(),
        "integer": st.one_of(st.integers(-1, 20), st.sampled_from([1200, 2400, 4800, 6000])),
        "number": st.floats(0, 100),
        "string": st.one_of(
            st.from_regex(schema["pattern"], fullmatch=True) if "pattern" in schema else st.nothing(),
            st.sampled_from(texts),
        ),
    }[kind]


LAYERS: dict[str, Any] = json_schema(CONTRACTS)["properties"]["layers"]["properties"]


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
@pytest.mark.parametrize("layer", list(CONTRACTS))
def test_whatever_a_layer_is_given_the_answer_is_no_traceback(tmp_path: Path, layer: str, data: st.DataObject) -> None:
    fields = LAYERS[layer]["properties"]
    chosen = data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=6, unique=True))
    given_here = {key: data.draw(values(fields[key]), label=key) for key in chosen}
    (tmp_path / "dev.yaml").write_text((ENVS / "dev.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    child = {"extends": "dev", "name": "ml-x", "layers": {"hyperpod": {"cluster_name": "ml-x"}, layer: given_here}}
    (tmp_path / "x.yaml").write_text(json.dumps(child), encoding="utf-8")
    try:
        validated("x", CONTRACTS, tmp_path)
    except BadInput as error:
        assert all(problem.location is not None for problem in error.problems)


def test_a_wrong_value_is_all_that_is_said_of_it(tmp_path: Path) -> None:
    """What it decides about, such as whether the file system is asked for, is no second mistake."""
    shutil.copytree(ENVS, tmp_path / "envs")
    text = "extends: full\nname: other\nlayers:\n  hyperpod: {cluster_name: other}\n"
    (tmp_path / "envs" / "other.yaml").write_text(text + "  addons: {lustre_volumes: {x: {namespaces: []}}}\n")
    with pytest.raises(BadInput) as caught:
        validated("other", CONTRACTS, tmp_path / "envs")
    assert [(item.code.name, item.subject) for item in caught.value.problems] == [
        ("wrong-value", "layers.addons.lustre_volumes.x.namespaces")
    ]
