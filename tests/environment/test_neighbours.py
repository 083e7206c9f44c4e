"""A copied file, of which too little was changed: its states and names are another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf import codes
from hp_tf.environment.load import validated
from hp_tf.environment.neighbours import refuse_shared
from hp_tf.errors import BadInput
from tests.engine.harness import CONTRACTS

FILE = """
orchestrator: eks
name: {name}
aws: {{region: {region}, account_id: "123456789012"}}
state: {{s3: {{bucket: acme, prefix: {prefix}}}}}
{more}layers:
  alpha: {{}}
"""


def write(folder: Path, stem: str, *, name: str, prefix: str, region: str = "us-west-2", more: str = "") -> None:
    (folder / f"{stem}.yaml").write_text(FILE.format(name=name, prefix=prefix, region=region, more=more))


def found(folder: Path, stem: str) -> list[tuple[str, str]]:
    """What an environment shares: codes and subjects."""
    environment, _ = validated(stem, CONTRACTS, folder)
    try:
        refuse_shared(environment, CONTRACTS)
    except BadInput as error:
        assert all(item.location is not None and "live.yaml" in item.message for item in error.problems)
        return [(item.code.name, item.subject) for item in error.problems]
    return []


STATES, NAME = (codes.STATE_SHARED.name, "state.s3"), (codes.NAME_SHARED.name, "name")


@pytest.mark.parametrize(
    ("copy", "shared"),
    [
        ({"name": "live", "prefix": "live"}, [STATES, NAME]),
        ({"name": "copy", "prefix": "live"}, [STATES]),
        ({"name": "live", "prefix": "copy"}, [NAME]),
        ({"name": "live", "prefix": "copy", "region": "us-east-1"}, []),
        ({"name": "copy", "prefix": "copy"}, []),
        ({"name": "live", "prefix": "live", "more": "emulator: embedded\n"}, []),
    ],
)
def test_two_files_beside_each_other(tmp_path: Path, copy: dict[str, str], shared: list[tuple[str, str]]) -> None:
    write(tmp_path, "live", name="live", prefix="live")
    write(tmp_path, "copy", **copy)
    (tmp_path / "broken.yaml").write_text("{")
    assert found(tmp_path, "copy") == shared


def test_directories_are_compared_as_they_lie(tmp_path: Path) -> None:
    for stem, directory in (("live", "states"), ("copy", "../envs/states"), ("other", "others")):
        write(tmp_path, stem, name=stem, prefix=stem)
        file = tmp_path / f"{stem}.yaml"
        state = f"state: {{local: {{directory: {directory.replace('envs', tmp_path.name)}}}}}"
        file.write_text(file.read_text().replace(f"state: {{s3: {{bucket: acme, prefix: {stem}}}}}", state))
    assert found(tmp_path, "copy") == [(codes.STATE_SHARED.name, "state.local")]
    assert found(tmp_path, "other") == []


def test_what_comes_from_a_file_that_is_extended_is_another_matter(tmp_path: Path) -> None:
    write(tmp_path, "live", name="live", prefix="live")
    (tmp_path / "child.yaml").write_text("extends: live\nname: child\nstate: {s3: {bucket: acme, prefix: child}}\n")
    assert found(tmp_path, "child") == []
    assert found(tmp_path, "live") == []
