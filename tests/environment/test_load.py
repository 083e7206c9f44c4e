from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.contract.regions import partition_of
from hp_tf.environment.load import path_of, validated
from hp_tf.environment.model import LocalState, S3State, home_of
from hp_tf.environment.sections import AssumeRole
from hp_tf.errors import BadInput
from hp_tf.layers import discovery
from tests.environment.samples import CONTRACTS, GOOD, HEAD, read, write

WORDS = [
    "network",
    "hyperpod",
    "storage",
    "net",
    "box",
    "watch",
    "zones",
    "existing",
    "enabled",
    "groups",
    "disk",
    "size",
    "name",
    "null",
    "true",
    "5",
]
YAML_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(WORDS), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)),
    max_leaves=12,
)
KEYS = ["orchestrator", "name", "aws", "state", "emulator", "layers", "extends", "other"]


def test_a_name_is_looked_for_in_the_directory_and_a_path_is_taken(tmp_path: Path) -> None:
    write(tmp_path, dev=GOOD)
    assert path_of("dev", tmp_path) == tmp_path / "dev.yaml"
    assert path_of(str(tmp_path / "dev.yaml"), tmp_path) == tmp_path / "dev.yaml"


@pytest.mark.parametrize("name", ["state", "dev.rehearsal"])
def test_a_name_that_hptf_needs_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{name: GOOD})
    for given_name in (name, str(tmp_path / f"{name}.yaml")):
        with pytest.raises(BadInput, match=f"an environment cannot be called '{name}'"):
            validated(given_name, CONTRACTS, tmp_path)


@pytest.mark.parametrize(
    ("where", "name", "home"),
    [
        ("", "envs/dev.yaml", ""),
        ("elsewhere", "../envs/dev.yaml", ""),
        ("envs", "dev.yaml", ""),
        ("envs/parts", "../dev.yaml", ""),
        ("elsewhere", "dev.yaml", "elsewhere"),
        ("", "elsewhere/dev.yaml", "elsewhere"),
        ("", "linked/envs/dev.yaml", "linked"),
    ],
)
def test_what_hptf_keeps_is_beside_the_file_wherever_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, name: str, home: str
) -> None:
    for folder in ("envs/parts", "elsewhere", "linked"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "linked" / "envs").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / where)
    assert home_of(Path(name)) == tmp_path / home


def test_two_files_of_one_name_would_share_a_working_folder(tmp_path: Path) -> None:
    envs, other = tmp_path / "envs", tmp_path / "other"
    for folder in (envs, other):
        folder.mkdir()
        write(folder, dev=GOOD)
    validated(str(envs / "dev.yaml"), CONTRACTS, envs)
    with pytest.raises(BadInput, match=r"has the name of .*/envs/dev\.yaml, and both would be told apart"):
        validated(str(other / "dev.yaml"), CONTRACTS, envs)
    (envs / "dev.yaml").unlink()
    validated(str(other / "dev.yaml"), CONTRACTS, envs)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("state: {s3: {bucket: acme, prefix: a/..b/.c}}", True),
        ("state: {s3: {bucket: acme, prefix: a/../b}}", False),
        ("state: {s3: {bucket: acme, prefix: .}}", False),
        ("emulator: http://127.0.0.1:65535", True),
        ("emulator: http://127.0.0.1:65536", False),
        ("emulator: http://127.0.0.1:0", False),
        ("aws: {profile: ''}", False),
    ],
)
def test_the_sections_take_what_can_be_used(tmp_path: Path, line: str, right: bool) -> None:
    write(tmp_path, base=GOOD, dev=f"extends: base\nname: other\n{line}\n")
    try:
        validated("dev", CONTRACTS, tmp_path)
        accepted = True
    except BadInput:
        accepted = False
    assert accepted == right


def test_an_unknown_name_is_answered_with_the_one_meant(tmp_path: Path) -> None:
    write(tmp_path, dev=GOOD, prod=GOOD)
    with pytest.raises(BadInput) as caught:
        validated("porD", CONTRACTS, tmp_path)
    assert caught.value.problems[0].remedy == "did you mean 'prod'?"
    with pytest.raises(BadInput) as caught:
        validated("zzz", CONTRACTS, tmp_path)
    assert caught.value.problems[0].remedy == "the environments are dev and prod"
    with pytest.raises(BadInput, match="there is no file"):
        validated(str(tmp_path / "zzz.yaml"), CONTRACTS)
    assert caught.value.exit_code == 2
    with pytest.raises(BadInput) as caught:
        validated(str(tmp_path / "dev"), CONTRACTS)
    assert caught.value.problems[0].remedy == f"did you mean {tmp_path / 'dev.yaml'}?"
    with pytest.raises(BadInput, match="there is no environment"):
        validated("x" * 300, CONTRACTS, tmp_path)
    with pytest.raises(BadInput, match=r"does not exist\n  run hptf in the folder that holds envs/"):
        validated("dev", CONTRACTS, tmp_path / "envs")


def test_everything_the_file_says_is_in_the_model(tmp_path: Path) -> None:
    text = """\
orchestrator: eks
name: dev
aws:
  region: us-gov-west-1
  account_id: "123456789012"
  profile: ml
  assume_role: {role_arn: "arn:aws-us-gov:iam::123456789012:role/x"}
  tags: {team: a}
state: {s3: {bucket: acme-state}}
emulator: http://127.0.0.1:4566/
layers:
  net:
    zones: [a]
    nat: null
    days: null
"""
    environment, _ = read(tmp_path, text)
    assert (environment.id, environment.name, environment.orchestrator) == ("dev", "dev", "eks")
    assert environment.aws.assume_role == AssumeRole(role_arn="arn:aws-us-gov:iam::123456789012:role/x")
    assert environment.aws.profile == "ml"
    assert environment.environment_value("partition") == "aws-us-gov"
    assert environment.environment_value("tags") == {"team": "a"}
    assert environment.state == S3State("acme-state", "hyperpod/dev", None)
    assert environment.emulator == "http://127.0.0.1:4566"
    assert environment.layers["net"].inputs == {"zones": ["a"], "days": None}
    assert {name: layer.mode for name, layer in environment.layers.items()} == {
        "net": "created",
        "box": "created",
        "watch": "disabled",
    }
    assert str(environment.place(("layers", "net", "zones", 0))).endswith("dev.yaml:13:13")
    assert str(environment.place(("layers", "box"))).endswith("dev.yaml:11:1")


def test_inputs_without_a_switch_enable_a_layer_and_no_state_means_a_directory(tmp_path: Path) -> None:
    home = tmp_path / "envs"
    home.mkdir()
    environment, _ = read(home, GOOD + "  watch: {enabled_alarms: false}\n")
    assert environment.layers["watch"].mode == "created"
    assert environment.state == LocalState(tmp_path / ".hptf" / "state" / "dev")
    environment, _ = read(home, GOOD + "state: {local: {directory: ../states}}\n")
    assert environment.state == LocalState(home / "../states")


def test_what_is_wired_to_nothing_is_refused(tmp_path: Path) -> None:
    write(tmp_path, dev=HEAD + "layers: {net: {zones: [a]}, box: {enabled: false}, watch: {enabled: true}}\n")
    with pytest.raises(BadInput, match="is not created"):
        validated("dev", CONTRACTS, tmp_path)


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-west-2", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("eu-central-1", "aws"),
        ("us-iso-east-1", ""),
        ("eusc-de-east-1", ""),
    ],
)
def test_a_region_belongs_to_a_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition


@pytest.mark.parametrize("contracts", [CONTRACTS, discovery.CONTRACTS], ids=["samples", "own"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(KEYS), YAML_VALUES, max_size=6), YAML_VALUES)
def test_whatever_a_file_holds_it_is_an_environment_or_bad_input(
    tmp_path: Path, contracts: Mapping[str, Contract], top: dict[str, object], layers: object
) -> None:
    for content in (top, {"orchestrator": "eks", "layers": layers}):
        write(tmp_path, dev=json.dumps(content))
        try:
            validated("dev", contracts, tmp_path)
        except BadInput as error:
            assert error.problems


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "is a pipe, a socket or a device, not a file"),
        (Path.mkdir, "is a folder, not a file"),
        (lambda path: path.symlink_to("nowhere.yaml"), "is a link to nowhere.yaml, which does not exist"),
    ],
)
@pytest.mark.parametrize("named", ["dev", "path"])
def test_what_is_in_a_files_place_is_called_what_it_is(
    make: Callable[[Path], object], said: str, named: str, tmp_path: Path
) -> None:
    path = tmp_path / "dev.yaml"
    make(path)
    with pytest.raises(BadInput) as raised:
        path_of("dev" if named == "dev" else str(path), tmp_path)
    (found,) = raised.value.problems
    assert (found.code, found.message) == (codes.FILE_UNREADABLE, f"{path} {said}")
