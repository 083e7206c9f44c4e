from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.rules import NOT_NULL, UNKNOWN
from hp_tf.environment.inherit import read_inherited
from hp_tf.environment.scope import scope
from hp_tf.environment.shapes import draft
from hp_tf.environment.wiring import resolve
from tests.environment.samples import CONTRACTS, GOOD, HEAD, lines, read, write, wrong

MISTAKES = """\
orchestrator: eks
name: dev-with-a-very-long-name
regoin: us-west-2
aws:
  region: us-west-2
  account_id: 012345678901
  tags: {team: 5}
layers:
  nett: {}
  net:
    zones: a
    nat: singel
    days: "30"
    groups: []
  box:
    vpc_id: vcp-1
    gateway_id: sg-3
    disk: {size: 0, encrypted: yes}
    groups:
      - {name: a, count: 2, minimum: 3}
      - {name: root, cuont: 2}
"""


def test_every_mistake_of_a_file_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    found = wrong(tmp_path, MISTAKES)
    places = {str(problem.location).rpartition("/")[2]: problem for problem in found}
    assert len(places) == len(found) == 16
    said = {place: (problem.message, problem.remedy) for place, problem in places.items()}
    assert said == {
        "dev.yaml:2:7": (
            "name is too long: the VPC's name would be 'dev-with-a-very-long-name-vpc-us-west-2', "
            "39 characters where 30 are allowed",
            "a name of at most 16 characters fits",
        ),
        "dev.yaml:3:1": (
            "regoin is unknown: 'regoin' is not one of the keys at the top of the file",
            "the keys at the top of the file are orchestrator, name, aws, state, emulator, allow, extends and layers",
        ),
        "dev.yaml:6:15": ("aws.account_id must be a text, not the number 12345678901", 'quote it: "012345678901"'),
        "dev.yaml:7:16": ("aws.tags.team must be a text, not the number 5", 'quote it: "5"'),
        "dev.yaml:9:3": ("layers.nett is unknown: there is no layer 'nett'", "did you mean 'net'?"),
        "dev.yaml:11:12": (
            'layers.net.zones must be a list, not the text "a"',
            "write a list even for one value: [a]",
        ),
        "dev.yaml:12:10": (
            'layers.net.nat must be one of single, per_zone or none, not the text "singel"',
            "did you mean 'single'?",
        ),
        "dev.yaml:13:11": (
            'layers.net.days must be a whole number, not the text "30"',
            "write 30, without quotes",
        ),
        "dev.yaml:14:5": (
            "layers.net.groups is unknown: 'groups' is not one of the inputs of the layer net",
            "it belongs under layers.box",
        ),
        "dev.yaml:16:13": ("layers.box.vpc_id: 'vcp-1' is not a VPC id such as vpc-01234567", None),
        "dev.yaml:17:17": ("layers.box.gateway_id: the gateway_id must begin with gw-", None),
        "dev.yaml:18:18": ("layers.box.disk.size must be at least 1, not 0", None),
        "dev.yaml:18:32": (
            'layers.box.disk.encrypted must be true or false, not the text "yes"',
            "write true, without quotes",
        ),
        "dev.yaml:20:38": ("layers.box.groups[0].minimum: the minimum must be at most the count", None),
        "dev.yaml:21:16": ("layers.box.groups[1].name: a group cannot be called root", None),
        "dev.yaml:21:22": ("layers.box.groups[1].cuont is unknown", "did you mean 'count'?"),
    }
    assert lines(found) == sorted(lines(found))
    assert [problem.code.name for problem in found] == [
        "name-too-long",
        "unknown-key",
        "wrong-type",
        "wrong-type",
        "unknown-layer",
        "wrong-type",
        "wrong-value",
        "wrong-type",
        "unknown-key",
        "wrong-value",
        "box-gateway",
        "wrong-value",
        "wrong-type",
        "box-minimum",
        "box-root",
        "unknown-key",
    ]
    subjects = {problem.code.name: problem.subject for problem in found}
    assert (subjects["unknown-layer"], subjects["box-root"], subjects["unknown-key"]) == (
        "layers.nett",
        "layers.box.groups[1].name",
        "layers.box.groups[1].cuont",
    )


def test_sound_elements_are_judged_beside_faulty_ones(tmp_path: Path) -> None:
    text = GOOD + "  box:\n    groups:\n      - {name: a, count: x}\n      - {name: b, count: 5000, minimum: 6000}\n"
    assert [(problem.code.name, problem.message) for problem in wrong(tmp_path, text)] == [
        ("wrong-type", 'layers.box.groups[0].count must be a whole number, not the text "x"'),
        ("box-room", "layers.box.groups[1]: a group must have less than 1000 machines"),
        ("box-minimum", "layers.box.groups[1].minimum: the minimum must be at most the count"),
    ]


def test_a_python_rule_speaks_when_what_it_reads_is_sound(tmp_path: Path) -> None:
    text = GOOD + "  box: {groups: [{name: root, count: 1}], disk: {size: 0}}\n"
    assert [(problem.code.name, problem.message) for problem in wrong(tmp_path, text)] == [
        ("box-root", "layers.box.groups[0].name: a group cannot be called root"),
        ("wrong-value", "layers.box.disk.size must be at least 1, not 0"),
    ]


def test_what_an_ancestor_got_wrong_is_reported_in_its_file(tmp_path: Path) -> None:
    write(tmp_path, base=GOOD.replace("[a, b]", "[a, 5]"))
    (problem,) = wrong(tmp_path, "extends: base\nname: other\n")
    assert str(problem.location) == f"{tmp_path}/base.yaml:8:16"
    assert problem.message == "layers.net.zones[1] must be a text, not the number 5"


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("layers: [net]\n", "layers must be a mapping of layers to their inputs, not a list", 6),
        ("layers:\n  net: 5\n", "layers.net must be a mapping of inputs, not the number 5", 7),
        ("layers:\n  net: {zones: [a], enabled: 'no'}\n", "layers.net.enabled must be true or false", 7),
        ("layers:\n  net: {existing: true}\n", "layers.net.existing must be a mapping of the layer's outputs", 7),
        ("layers:\n  box: {}\n", "layers.net.zones is required", 6),
        ("layers: {net: {zones: [a]}, watch: {exsting: {}}}\n", "layers.watch.exsting is unknown", 6),
        ("layers: {net: {zones: [a]}}\nlayer: {}\n", "layer is unknown", 7),
        ("layers: {net: {zones: [a]}}\nprofile: x\n", "profile is unknown", 7),
        ("layers: {net: {zones: [a], name: x-y-z-x-y-z-x-y-z-x-y-z}}\n", "layers.net.name is too long", 6),
        ("layers: {net: {zones: [a]}, box: {script_path: x}}\n", "layers.box.script_path is computed by hptf", 6),
        ("layers: {net: {zones: [a]}, box: {region: x}}\n", "layers.box.region is a fact of the whole environment", 6),
        ("layers: {net: {zones: [a], gates: null}}\n", "layers.net.gates is unknown", 6),
        ("layers:\n  net:\n    zones:\n  box: {}\n", "layers.net.zones is required", 8),
        ("layers: {net: {zones: [a]}}\nemulator: ftp://x\n", "emulator: 'ftp://x' is not", 7),
        ("layers: {net: {zones: [a]}}\nstate: {}\n", "state must hold one of s3 and local", 7),
    ],
)
def test_what_is_wrong_in_the_structure(tmp_path: Path, text: str, message: str, line: int) -> None:
    (problem,) = wrong(tmp_path, HEAD + text)
    assert problem.message.startswith(message)
    assert lines([problem]) == [line]


def test_a_misplaced_key_is_sent_home(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, GOOD + "region: us-west-2\n")
    assert problem.remedy == "it belongs under aws"


def test_null_takes_away_only_what_is_inherited(tmp_path: Path) -> None:
    labels = "{name: a, count: 1, labels: {x: null}}"
    write(tmp_path, base=GOOD.replace("layers:", "  tags: {team: a, stage: b}\nlayers:") + "  box: {disk: {size: 5}}\n")
    child = "extends: base\nname: other\naws: {tags: {team: null}}\nlayers: {box: {disk: {size: null}}}\n"
    environment, _ = read(tmp_path, child)
    assert environment.aws.tags == {"stage": "b"}
    assert environment.layers["box"].inputs == {"disk": {}}
    found = wrong(
        tmp_path, f"extends: base\nname: other\naws: {{tags: {{taem: }}}}\nlayers: {{box: {{groups: [{labels}]}}}}\n"
    )
    assert [(problem.message, lines([problem])) for problem in found] == [
        ("aws.tags.taem must be a text, not null", [3]),
        ("layers.box.groups[0].labels.x must be a text, not null", [4]),
    ]
    assert {problem.remedy for problem in found} == {
        "null takes an inherited value away, and here none is inherited; give it a value, or leave it out"
    }


def test_a_sensitive_value_is_never_repeated(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, GOOD + "  box: {password: Secret1}\n")
    assert "Secret1" not in str(problem)
    assert problem.message == "layers.box.password is not a value that can be used"


def test_a_layer_of_another_orchestrator_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("orchestrator: eks", "orchestrator: slurm") + "  watch: {enabled: true}\n"
    (problem,) = wrong(tmp_path, text)
    assert problem.message == "layers.watch: the layer 'watch' exists only with orchestrator: eks"


def test_a_wrong_orchestrator_hides_only_what_follows_from_it(tmp_path: Path) -> None:
    text = GOOD.replace("orchestrator: eks", "orchestrator: esk") + "  box: {disk: {size: x}}\n"
    assert [problem.message for problem in wrong(tmp_path, text)] == [
        'orchestrator must be one of eks or slurm, not the text "esk"',
        'layers.box.disk.size must be a whole number, not the text "x"',
    ]


def test_two_environments_cannot_share_states_or_names(tmp_path: Path) -> None:
    write(tmp_path, base=GOOD + "state: {s3: {bucket: acme, prefix: base}}\n")
    found = wrong(tmp_path, "extends: base\n")
    assert [problem.message.partition(",")[0] for problem in found] == [
        "name",
        "state.s3.prefix is inherited (base.yaml:9)",
    ]
    assert {str(problem.location) for problem in found} == {f"{tmp_path}/dev.yaml:1:10"}
    environment, _ = read(tmp_path, "extends: base\nname: other\nstate: {s3: {prefix: other}}\n")
    assert environment.name == "other"


def test_rules_see_defaults_environment_values_and_unknowns(tmp_path: Path) -> None:
    text = GOOD + "  box: {groups: [{name: a, count: 1, disk: {size: 5}}]}\n  watch: {enabled: true}\n"
    found = draft(read_inherited(write(tmp_path, dev=text) / "dev.yaml"), CONTRACTS)
    values = scope(found, resolve(found.environment, CONTRACTS), CONTRACTS["box"])
    assert values == {
        "name": "dev",
        "region": "us-west-2",
        "vpc_id": NOT_NULL,
        "gateway_id": UNKNOWN,
        "watched": True,
        "groups": [
            {
                "name": "a",
                "count": 1,
                "minimum": None,
                "spot": False,
                "disk": {"size": 5, "encrypted": True},
                "labels": {},
            }
        ],
        "disk": {"size": 100, "encrypted": True},
        "password": None,
        "script": None,
        "script_path": UNKNOWN,
        # What layers show to the rules of others, by their roles.
        configured_key(HyperPodCluster): {},
    }


def test_rules_see_null_where_nothing_supplies_a_value(tmp_path: Path) -> None:
    text = HEAD + "layers: {net: {enabled: false}, box: {vpc_id: vpc-01234567}}\n"
    found = draft(read_inherited(write(tmp_path, dev=text) / "dev.yaml"), CONTRACTS)
    values = scope(found, resolve(found.environment, CONTRACTS), CONTRACTS["box"])
    assert values["gateway_id"] is None
    assert values["watched"] is False


def test_outputs_given_by_value_are_checked_by_both_sides(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, HEAD + "layers:\n  net:\n    existing: {vpc_id: 12}\n")
    assert problem.message == "layers.net.existing.vpc_id must be a text, not the number 12"
    (problem,) = wrong(tmp_path, HEAD + "layers:\n  net:\n    existing: {vpc_id: vpc-x}\n")
    assert problem.message.startswith("layers.net.existing.vpc_id cannot be box.vpc_id: 'vpc-x' is not a VPC id")
    assert lines([problem]) == [8]
    (problem,) = wrong(tmp_path, HEAD + "layers:\n  net:\n    existing: {vpc_id: vpc-01234567, subnet_id: {}}\n")
    assert problem.remedy == "did you mean 'subnet_ids'?"
