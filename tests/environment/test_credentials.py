from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.environment.load import validated
from hp_tf.errors import BadInput
from hp_tf.findings import Location
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report.quoting import quoted
from tests.environment.samples import write

HEAD = """
orchestrator: eks
name: acme
aws: {region: us-west-2, account_id: "123456789012"}
layers:
  network: {availability_zone_ids: [usw2-az1]}
  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}
  hyperpod: {instance_groups: [{name: a, instance_type: ml.m5.xlarge, count: 1}]}
"""
# Made of two, so that no scanner takes this file for a leak.
KEY_ID = "AKIA" + "ABCDEFGHIJKLMNOP"


def _warned(folder: Path, text: str) -> list[tuple[str, int]]:
    environment, _ = validated("acme", CONTRACTS, write(folder, acme=HEAD + text))
    found = [item for item in environment.warnings if item.code.name == "credential-in-file"]
    assert all(KEY_ID not in f"{item} {item.subject} {item.remedy}" and "hunter2" not in str(item) for item in found)
    return [(item.subject, item.location.line if item.location else 0) for item in found]


@pytest.mark.parametrize(
    "values",
    [
        f'["env: {{id: {KEY_ID}}}"]',
        '["mlflow:\\n  db_password: hunter2\\n"]',
        '["apiToken: hunter2"]',
    ],
)
def test_what_looks_like_a_credential_is_warned_of_without_its_value(values: str, tmp_path: Path) -> None:
    assert _warned(tmp_path, f"  helm: {{values: {values}}}\n") == [("layers.helm.values[0]", 9)]


@pytest.mark.parametrize(
    "values",
    ['["existingSecret: db"]', '["password:\\n  secretName: db\\n"]', '["token: {name: x}"]', '["tokenizer: gpt"]'],
)
def test_a_reference_to_a_secret_is_none(values: str, tmp_path: Path) -> None:
    assert _warned(tmp_path, f"  helm: {{values: {values}}}\n") == []


@pytest.mark.parametrize("name", sorted(path.stem for path in Path("envs").glob("*.yaml")))
def test_the_files_that_come_with_hptf_have_none(name: str) -> None:
    environment, _ = validated(name, CONTRACTS, Path("envs"))
    assert not [item for item in environment.warnings if item.code.name == "credential-in-file"]


def test_a_line_with_one_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_text(f"oops: {KEY_ID}\nok: 1\n")
    assert quoted(Location(str(file), 1, 1)) == []
    assert quoted(Location(str(file), 2, 1)) != []


def test_a_link_out_of_the_project_is_refused_before_it_is_read(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project" / "envs", tmp_path / "private.yaml"
    project.mkdir(parents=True)
    elsewhere.write_text("password: [hunter2\n")
    (project / "acme.yaml").symlink_to(elsewhere)
    with pytest.raises(BadInput, match="which is not in the project") as raised:
        validated("acme", CONTRACTS, project)
    assert "hunter2" not in str(raised.value)
    (project / "own.yaml").write_text("extends: acme\n")
    with pytest.raises(BadInput, match="which is not in the project"):
        validated("own", CONTRACTS, project)
    inside = project / "real.yaml"
    inside.write_text(HEAD)
    (project / "acme.yaml").unlink()
    (project / "acme.yaml").symlink_to(inside)
    assert validated("acme", CONTRACTS, project)[0].name == "acme"
