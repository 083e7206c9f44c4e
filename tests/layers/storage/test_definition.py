from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import document, evaluate
from tests.layers.planning import ACCOUNT, COMMON, KEY, settings

pytestmark = [pytest.mark.slow, pytest.mark.synth]

BUCKET = "sagemaker-dev-123456789012-us-west-2"
LOGS = "dev-logs-123456789012-us-west-2"
SETTINGS = (
    "public_access_block",
    "ownership_controls",
    "server_side_encryption_configuration",
    "policy",
)


def encryption(setting: str, name: str = "this") -> dict[str, Any]:
    planned = settings()[setting].resources[f"aws_s3_bucket_server_side_encryption_configuration.{name}[0]"]
    found: dict[str, Any] = planned["rule"][0]
    return found


def test_bucket_is_closed_and_versioned() -> None:
    planned = settings()["bucket"]
    bucket = planned.resources["aws_s3_bucket.this[0]"]
    assert (bucket["bucket"], bucket["force_destroy"]) == (BUCKET, False)
    block = planned.resources["aws_s3_bucket_public_access_block.this[0]"]
    assert all(
        block[name]
        for name in ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    )
    versions = planned.resources["aws_s3_bucket_versioning.this[0]"]
    assert versions["versioning_configuration"][0]["status"] == "Enabled"
    owner = planned.resources["aws_s3_bucket_ownership_controls.this[0]"]
    assert owner["rule"][0]["object_ownership"] == "BucketOwnerEnforced"
    assert encryption("bucket")["apply_server_side_encryption_by_default"][0]["sse_algorithm"] == "AES256"
    # Off unless asked for: the provider waits a minute.
    assert not planned.of("s3_bucket_lifecycle_configuration")
    assert not planned.of("s3_bucket_logging")


def test_bucket_refuses_requests_without_tls() -> None:
    policy = json.loads(settings()["bucket"].resources["aws_s3_bucket_policy.this[0]"]["policy"])
    [statement] = policy["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Resource"] == [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_key_of_the_users() -> None:
    rule = encryption("bucket_full")
    assert rule["bucket_key_enabled"] is True
    default = rule["apply_server_side_encryption_by_default"][0]
    assert (default["sse_algorithm"], default["kms_master_key_id"]) == ("aws:kms", KEY)
    # S3 delivers no logs to a bucket with a key of the user's.
    assert encryption("bucket_full", "logs")["apply_server_side_encryption_by_default"][0]["sse_algorithm"] == "AES256"


def test_the_log_bucket_is_closed_and_lets_logs_be_delivered() -> None:
    planned = settings()["bucket_full"]
    assert planned.resources["aws_s3_bucket.logs[0]"]["bucket"] == LOGS
    for kind in SETTINGS:
        assert f"aws_s3_bucket_{kind}.logs[0]" in planned.resources
    policy = json.loads(planned.resources["aws_s3_bucket_policy.logs[0]"]["policy"])
    deny, deliver = policy["Statement"]
    assert (deny["Effect"], deny["Resource"][0]) == ("Deny", f"arn:aws:s3:::{LOGS}")
    assert deliver["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert deliver["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{BUCKET}"},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }
    assert planned.resources["aws_s3_bucket_logging.this[0]"]["target_prefix"] == f"{BUCKET}/"


def test_a_given_log_bucket_is_only_written_to() -> None:
    planned = settings()["bucket_given_logs"]
    assert planned.resources["aws_s3_bucket_logging.this[0]"]["target_bucket"] == "acme-logs"
    assert "aws_s3_bucket.logs[0]" not in planned.resources


def test_old_versions_go_if_asked_for() -> None:
    rule = settings()["bucket_full"].resources["aws_s3_bucket_lifecycle_configuration.this[0]"]["rule"][0]
    assert rule["noncurrent_version_expiration"][0]["noncurrent_days"] == 30
    assert rule["status"] == "Enabled"


def test_access_logs_go_after_a_year() -> None:
    planned = settings()["bucket_full"]
    versions = planned.resources["aws_s3_bucket_versioning.logs[0]"]
    assert versions["versioning_configuration"][0]["status"] == "Enabled"
    rule = planned.resources["aws_s3_bucket_lifecycle_configuration.logs[0]"]["rule"][0]
    assert (rule["expiration"][0]["days"], rule["noncurrent_version_expiration"][0]["noncurrent_days"]) == (365, 7)
    # Those of a given bucket are its owner's.
    assert not settings()["bucket_given_logs"].of("s3_bucket_lifecycle_configuration")


def test_the_packaged_script_is_uploaded() -> None:
    planned = settings()["bucket"]
    script = (files("hp_tf.layers.storage") / "on_create.sh").read_text()
    item = planned.resources['aws_s3_object.lifecycle["on_create.sh"]']
    assert (item["bucket"], item["key"], item["content"]) == (BUCKET, "on_create.sh", script)
    # A path would be another one in each root that calls the module.
    assert item["source"] is None
    # What somebody writes over it has another hash, and is put back.
    assert item["etag"] == hashlib.md5(script.encode()).hexdigest()
    assert item["metadata"] == {"sha256": hashlib.sha256(script.encode()).hexdigest()}
    # A provider's default tags may be more than the ten that an object takes.
    assert item["override_provider"] == [{"default_tags": [{"tags": None}]}]
    assert planned.outputs["lifecycle_script_uri"] == f"s3://{BUCKET}"
    assert planned.outputs["lifecycle_on_create"] == "on_create.sh"
    assert planned.outputs["bucket_arn"] == f"arn:aws:s3:::{BUCKET}"


def test_prefix_and_name_of_the_script() -> None:
    planned = settings()["bucket_full"]
    assert planned.resources['aws_s3_object.lifecycle["start.sh"]']["key"] == "eks/v2/start.sh"
    # With a key of its own S3's hash is another one; what the object was sent with tells.
    assert planned.resources['aws_s3_object.lifecycle["start.sh"]'].get("etag") is None
    assert planned.unknown['aws_s3_object.lifecycle["start.sh"]'].get("etag") is True
    assert planned.outputs["lifecycle_script_uri"] == f"s3://{BUCKET}/eks/v2"
    assert planned.outputs["lifecycle_on_create"] == "start.sh"


def test_a_given_bucket_gets_the_users_scripts_and_nothing_else() -> None:
    planned = settings()["given_bucket"]
    assert set(planned.resources) == {
        f'aws_s3_object.lifecycle["{name}"]' for name in ("on_create.sh", "lib/common.sh", "lib/tool")
    }
    assert {item["bucket"] for item in planned.resources.values()} == {"acme-scripts"}
    text = planned.resources['aws_s3_object.lifecycle["lib/common.sh"]']
    assert (text["content"], text["content_base64"]) == ("true\n", None)
    binary = planned.resources['aws_s3_object.lifecycle["lib/tool"]']
    assert binary["content"] is None
    assert base64.b64decode(binary["content_base64"]) == b"\x7fELF\xff"


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({}, True),
        ({"lifecycle_directory": "scripts"}, True),
        ({"lifecycle_directory": "scripts", "lifecycle_on_create": "other.sh"}, False),
        ({"lifecycle_directory": "script"}, False),
        ({"upload_lifecycle_scripts": False, "lifecycle_on_create": "other.sh"}, True),
    ],
)
def test_a_folder_without_the_script_fails_the_plan(change: dict[str, Any], right: bool, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "on_create.sh").touch()
    (precondition,) = document("storage")["output"]["lifecycle_script_uri"]["precondition"]
    inputs = {**COMMON["storage"], **change}
    assert evaluate("storage", inputs, {"right": precondition["condition"]}, tmp_path) == {"right": right}


def test_scripts_that_are_there_already_are_not_uploaded() -> None:
    planned = settings()["no_scripts"]
    assert not planned.of("s3_object")
    assert planned.outputs["lifecycle_script_uri"] == f"s3://{BUCKET}"


def test_the_bucket_of_the_access_logs_is_named() -> None:
    planned = settings()
    assert planned["bucket"].outputs["access_log_bucket_name"] is None
    assert planned["bucket_given_logs"].outputs["access_log_bucket_name"] == "acme-logs"
