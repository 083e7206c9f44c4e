from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hp_tf.layers.storage.contract import CONTRACT
from tests.contract.evaluating import broken, circles, disagreements, failures

BASE: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
}
GIVEN = {"create_bucket": False, "bucket_name": "acme-scripts"}
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


GOOD: list[dict[str, Any]] = [
    {},
    GIVEN,
    {**GIVEN, "upload_lifecycle_scripts": False},
    {"access_logs": "created", "kms_key_arn": KEY, "noncurrent_version_days": 30},
    {"access_logs": "given", "access_log_bucket_name": "acme-logs"},
    {"lifecycle_prefix": "eks/v2", "lifecycle_on_create": "start.sh"},
    {"slurm_configuration": "api"},
    {"slurm_configuration": "scripts", "lifecycle_git": {}},
    {"slurm_configuration": "scripts", "upload_lifecycle_scripts": False},
    {"lifecycle_git": {"repository": "https://example.com/scripts.git", "revision": "0" * 40, "path": "."}},
]


@pytest.mark.parametrize("values", GOOD)
def test_good_inputs(values: dict[str, Any]) -> None:
    assert failures(CONTRACT, BASE | values) == []


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"create_bucket": False}, "storage-bucket-needed"),
    ({**GIVEN, "access_logs": "created"}, "storage-access-logs-created-bucket"),
    ({**GIVEN, "noncurrent_version_days": 30}, "storage-noncurrent-created-bucket"),
    ({**GIVEN, "kms_key_arn": KEY}, "storage-kms-created-bucket"),
    ({"access_logs": "given"}, "storage-access-log-bucket-needed"),
    ({"access_log_bucket_name": "acme-logs"}, "storage-access-log-bucket-unused"),
    (
        {"upload_lifecycle_scripts": False, "lifecycle_directory": "scripts"},
        "storage-lifecycle-directory-unused",
    ),
    ({"lifecycle_directory": "no/such/folder"}, "storage-lifecycle-scripts"),
    ({"slurm_configuration": "api", "lifecycle_prefix": ""}, "storage-lifecycle-prefix-slurm"),
    ({"slurm_configuration": "scripts"}, "storage-lifecycle-git"),
    ({"lifecycle_git": {}, "upload_lifecycle_scripts": False}, "storage-lifecycle-git"),
    ({"lifecycle_git": {"repository": "https://example.com/scripts.git"}}, "storage-lifecycle-git"),
]


@pytest.mark.parametrize(("values", "rule"), BROKEN)
def test_each_rule_finds_its_case_alone(values: dict[str, Any], rule: str) -> None:
    assert broken(CONTRACT, BASE | values) == {rule}


WRONG: list[dict[str, Any]] = [
    {"lifecycle_on_create": "x" * 129},
    {"lifecycle_on_create": "scripts/on_create.sh"},
    {"lifecycle_on_create": ""},
    {"lifecycle_prefix": "/eks"},
    {"lifecycle_prefix": "eks/"},
    {"lifecycle_prefix": "eks//v2"},
    {"lifecycle_directory": ""},
    {"bucket_name": "Acme"},
    {"bucket_name": "ab"},
    {"noncurrent_version_days": 0},
    {"access_logs": "own"},
    {"slurm_configuration": "both"},
]


@pytest.mark.parametrize("values", WRONG)
def test_wrong_types_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONTRACT.inputs.model_validate(BASE | values)


def test_what_can_move_pins_nothing() -> None:
    with pytest.raises(ValidationError):
        CONTRACT.inputs.model_validate({**BASE, "lifecycle_git": {"revision": "main"}})


def messages(directory: Path, **values: Any) -> list[str]:
    found = failures(CONTRACT, {**BASE, "lifecycle_directory": str(directory), **values})
    assert all(failure.path == ("lifecycle_directory",) for failure in found)
    return [failure.message for failure in found]


def test_a_good_folder_of_scripts(tmp_path: Path) -> None:
    (tmp_path / "on_create.sh").write_bytes(b"#!/bin/bash\necho\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "notes.txt").write_bytes(b"any\r\nending\r\n")
    (tmp_path / "lib" / "tool.bin").write_bytes(b"\x00\xff\r\n")
    assert messages(tmp_path) == []


def test_everything_wrong_with_a_folder_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "on_create.sh").write_bytes(b"echo\r\n")
    (tmp_path / "helper").write_bytes(b"#!/bin/sh\r\n")
    first, second, third = messages(tmp_path)
    assert first == "'helper' has Windows line endings, which Linux cannot run; save it with LF endings."
    assert "'on_create.sh' does not begin with a line such as '#!/bin/bash'" in second
    assert "'on_create.sh' has Windows line endings" in third


def test_the_script_must_be_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "on_create.sh").write_bytes(b"#!/bin/bash\n")
    [message] = messages(tmp_path, lifecycle_on_create="start.sh")
    assert "holds no file 'start.sh'" in message


def test_bucket_name_has_the_beginning_that_the_managed_policy_reads() -> None:
    values = {"name": "dev", "region": "us-west-2", "account_id": "123456789012"}
    name = CONTRACT.names["bucket"]
    assert name.render(values) == "sagemaker-dev-123456789012-us-west-2"
    assert name.hcl() == "sagemaker-${var.name}-${var.account_id}-${var.region}"
    assert len(name.render({**values, "name": "x" * 25, "region": "ap-southeast-1"})) <= name.limit


def test_validations_do_not_go_in_a_circle() -> None:
    assert circles(CONTRACT) == []


@pytest.mark.slow
def test_terraform_judges_the_same(tmp_path: Path) -> None:
    changes = [*GOOD, *(values for values, _ in BROKEN), *WRONG]
    assert disagreements(CONTRACT, BASE, changes, tmp_path) == []


@pytest.mark.parametrize("values", [{"noncurrent_version_days": "30"}, {"create_bucket": "true"}, {"versioning": True}])
def test_values_terraform_would_convert_or_ignore_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONTRACT.inputs.model_validate(BASE | values)
