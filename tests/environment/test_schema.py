from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hp_tf.environment.load import validated
from hp_tf.environment.schema import json_schema, render
from hp_tf.environment.text import read_text
from hp_tf.errors import BadInput
from hp_tf.layers import discovery
from tests.environment.samples import CONTRACTS, GOOD, write
from tests.environment.test_mistakes import HEAD, environment


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


def test_what_is_only_to_be_read_of_a_layer_is_not_given_to_it() -> None:
    layers = json_schema(discovery.CONTRACTS)["properties"]["layers"]["properties"]
    given = layers["hyperpod"]["properties"]["existing"]["properties"]
    assert set(given) == {"cluster_arn", "cluster_name", "cluster_id"}


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


PARENT = environment(HEAD.replace("aws: {", "aws: {tags: {owner: me}, "))
CHILD = "extends: parent\nname: kid\nlayers:\n  hyperpod: {cluster_name: kid}\n"
GROUPS = "hyperpod: {{cluster_name: kid, instance_groups: [{{name: gpu, instance_type: ml.g5.8xlarge, {}}}]}}"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (CHILD, True),
        (CHILD.replace("parent", "[parent]"), True),
        (CHILD.replace("parent", "[]"), False),
        (CHILD.replace("parent", "../parent"), False),
        (CHILD + "orchestrator: slurm\n", False),
        (CHILD + "emulator: embedded\n", True),
        (CHILD + "emulator: http://localhost:4566\n", True),
        (CHILD + "emulator: http://evil.example.com\n", False),
        (CHILD + "emulator: true\n", False),
        (CHILD + "aws: {tags: {Team: Größe_1}}\n", True),
        (CHILD + "aws: {tags: {team: a<b}}\n", False),
        (CHILD + "aws: {tags: {owner: null}}\n", True),
        (CHILD + f"aws: {{tags: {{{', '.join(f'k{n}: v' for n in range(41))}}}}}\n", False),
        (CHILD.replace("{cluster_name: kid}", "{cluster_name: kid, region: us-west-2}"), False),
        (CHILD + "  network: {cluster_vpc_id: vpc-0123456789abcdef0}\n", False),
        (CHILD + "  network: {nat: null}\n", True),
        (CHILD + "  network: {nat: false}\n", False),
        (CHILD + "  network: {availability_zone_ids: [usw2-az2, null]}\n", False),
        (CHILD + "  network: {availability_zone_ids: []}\n", False),
        (CHILD + "  storage: {enabled: 'yes'}\n", False),
        (CHILD + "  storage: {enabled: null}\n", True),
        (CHILD + "  iam: {role_path: null}\n", True),
        (CHILD + "  stroage: {}\n", False),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: 2")), True),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: 2.0")), True),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: 2.5")), False),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: 2, labels: null")), True),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: 2, labels: {a: null}")), False),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: null")), False),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("count: 2, spot: null")), True),
        (CHILD.replace("hyperpod: {cluster_name: kid}", GROUPS.format("cuont: 2")), False),
    ],
)
def test_editors_and_hptf_judge_alike(tmp_path: Path, text: str, right: bool) -> None:
    try:
        validated("kid", discovery.CONTRACTS, write(tmp_path, parent=PARENT, kid=text))
        accepted = True
    except BadInput:
        accepted = False
    assert accepted == right
    assert OWN.is_valid(read_text(text, "f").plain()) == right


OWN = Draft202012Validator(json_schema(discovery.CONTRACTS))


def test_editors_see_descriptions_defaults_and_choices() -> None:
    net = layer("net")
    assert net["description"] == "a network"
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
    assert box["watched"]["description"].endswith("Follows watch.enabled_alarms unless given.")
    assert box["disk"]["default"] == {"size": 100, "encrypted": True}


def test_what_is_fixed_at_creation_says_so() -> None:
    kind = json_schema(discovery.CONTRACTS)["properties"]["layers"]["properties"]["hyperpod"]["properties"][
        "instance_groups"
    ]
    text = kind["items"]["properties"]["instance_type"]["description"]
    assert "Fixed at creation: give the group another name" in text
