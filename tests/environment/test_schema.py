from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hp_tf.contracts.registry import CONTRACTS as REAL
from hp_tf.environment.schema import json_schema, render
from hp_tf.environment.yaml import read_text
from tests.environment.samples import CONTRACTS, GOOD


def complaints(text: str) -> list[str]:
    validator = Draft202012Validator(json_schema(CONTRACTS))
    return sorted(error.json_path for error in validator.iter_errors(read_text(text, "f").plain()))


def layer(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json_schema(CONTRACTS)["properties"]["layers"]["properties"][name]
    return found


def test_it_is_a_schema_and_always_the_same() -> None:
    Draft202012Validator.check_schema(json_schema(CONTRACTS))
    assert render(CONTRACTS) == render(dict(CONTRACTS))
    assert json.loads(render(CONTRACTS)) == json_schema(CONTRACTS)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "extends: dev\n",
        "extends: [base, dev]\nname: x-1\n",
        "layers:\n  net:\n  box: {vpc_id: null, groups: [{name: a, count: 1, disk: {size: 3}}]}\n",
        "layers: {net: {existing: {vpc_id: x, subnet_ids: {a: b}}}}\n",
        "layers: {net: {days: null, nat: none}}\n",
    ],
)
def test_good_files_pass(text: str) -> None:
    assert complaints(text) == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("zones: 1\n", "$"),
        ("aws: {account_id: 123456789012}\n", "$.aws.account_id"),
        ("name: Dev_1\n", "$.name"),
        ("layers: {nett: {}}\n", "$.layers"),
        ("layers: {net: {zones: []}}\n", "$.layers.net.zones"),
        ("layers: {net: {nat: singel}}\n", "$.layers.net.nat"),
        ("layers: {net: {days: 0}}\n", "$.layers.net.days"),
        ("layers: {box: {vpc_id: vpc-1}}\n", "$.layers.box.vpc_id"),
        ("layers: {box: {script_path: x}}\n", "$.layers.box"),
        ("layers: {box: {groups: [{name: a}]}}\n", "$.layers.box.groups[0]"),
        ("layers: {box: {disk: {encrypted: 'yes'}}}\n", "$.layers.box.disk.encrypted"),
        ("layers: {box: {groups: [{name: a, count: 1, labels: {a: 1}}]}}\n", "$.layers.box.groups[0].labels.a"),
        ("extends: ../dev\n", "$.extends"),
    ],
)
def test_bad_lines_are_marked(text: str, path: str) -> None:
    assert complaints(text) == [path]


def test_editors_see_descriptions_defaults_and_choices() -> None:
    net = layer("net")
    assert net["description"] == "A network."
    assert net["properties"]["nat"] == {
        "type": ["string", "null"],
        "enum": ["single", "per_zone", "none", None],
        "description": "The way out.",
        "default": "single",
    }
    assert net["properties"]["enabled"]["default"] is True
    box = layer("box")["properties"]
    assert box["vpc_id"]["description"] == "The VPC. Taken from net.vpc_id unless given."
    assert box["vpc_id"]["pattern"] == "^(?:vpc-[0-9a-f]{8})$"
    assert box["disk"]["default"] == {"size": 100, "encrypted": True}


def test_what_is_fixed_at_creation_says_so() -> None:
    kind = json_schema(REAL)["properties"]["layers"]["properties"]["hyperpod"]["properties"]["instance_groups"]
    text = kind["items"]["properties"]["instance_type"]["description"]
    assert "Fixed at creation: give the group another name" in text
