from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, evaluate
from tests.layers.ssm.test_contract import KEY, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def inputs(change: dict[str, Any], folder: Path) -> dict[str, Any]:
    content = arguments("ssm", "aws_ssm_document.this")["content"].replace(
        "aws_cloudwatch_log_group.sessions[0].name", '"group"'
    )
    document = json.loads(evaluate("ssm", {**VALUES, **change}, {"content": content}, folder)["content"])
    assert document["schemaVersion"] == "1.0"
    found: dict[str, Any] = document["inputs"]
    return found


def granted(change: dict[str, Any], folder: Path) -> tuple[int, dict[str, Any]]:
    policy = arguments("ssm", "aws_iam_role_policy.session_logs")
    wanted = {"count": policy["count"], "policy": policy["policy"]}
    found = evaluate("ssm", {**VALUES, **change}, wanted, folder)
    return found["count"], {item["Sid"]: item for item in json.loads(found["policy"])["Statement"]}


def test_a_session_is_of_ubuntu_and_goes_nowhere(tmp_path: Path) -> None:
    found = inputs({}, tmp_path)
    assert (found["runAsEnabled"], found["runAsDefaultUser"], found["idleSessionTimeout"]) == (True, "ubuntu", "20")
    assert (found["s3BucketName"], found["cloudWatchLogGroupName"], found["kmsKeyId"]) == ("", "", "")


def test_only_tagged_users_get_in_without_a_default_one(tmp_path: Path) -> None:
    found = inputs({"default_user": None, "longest_session_minutes": 60}, tmp_path)
    assert (found["runAsEnabled"], found["runAsDefaultUser"], found["maxSessionDuration"]) == (True, "", "60")


def test_logs_go_where_the_file_says(tmp_path: Path) -> None:
    (tmp_path / "bucket").mkdir()
    (tmp_path / "group").mkdir()
    found = inputs({"session_logs": "s3"}, tmp_path / "bucket")
    assert (found["s3BucketName"], found["s3KeyPrefix"]) == ("sagemaker-dev", "sessions")
    found = inputs({"session_logs": "cloudwatch", "kms_key_arn": KEY}, tmp_path / "group")
    assert found["cloudWatchLogGroupName"] == "group"
    assert found["cloudWatchEncryptionEnabled"] is True


@pytest.mark.parametrize(
    ("change", "count", "statements"),
    [
        ({}, 0, set()),
        ({"session_logs": "s3"}, 1, {"WriteLogObjects", "SeeEncryption"}),
        ({"session_logs": "cloudwatch", "kms_key_arn": KEY}, 1, {"WriteLogs", "FindLogGroup", "UseKey"}),
        ({"session_logs": "s3", "grant_logs": False}, 0, {"WriteLogObjects", "SeeEncryption"}),
    ],
)
def test_nodes_may_write_logs_and_no_more(
    change: dict[str, Any], count: int, statements: set[str], tmp_path: Path
) -> None:
    found, granted_statements = granted(change, tmp_path)
    assert (found, set(granted_statements)) == (count, statements)
    for name, statement in granted_statements.items():
        assert (statement["Resource"] == "*") == (name == "FindLogGroup")
