"""Each patch: the attribute is there, moto without the patch is still wrong, and the patch mends it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from hp_tf.emulator.patches import apply_patches, bucket_permission, rule_description


def _rule() -> Any:
    rule = object.__new__(SecurityGroupRule)
    rule.ip_range = {}
    rule.source_group = {"GroupId": "sg-1", "Description": "EFA"}
    return rule


def _bucket() -> Any:
    make: Any = object.__new__
    bucket = make(FakeBucket)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    bucket.policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()
    return bucket


def test_moto_still_loses_the_description_of_a_rule_with_a_group() -> None:
    assert _rule().description is None


def test_moto_still_denies_everybody_by_a_condition() -> None:
    assert _bucket().get_permission("s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.DENIED


def test_the_patches_mend_both(monkeypatch: pytest.MonkeyPatch) -> None:
    # Registered first, so that the originals come back for the tests above.
    monkeypatch.setattr(SecurityGroupRule, "description", SecurityGroupRule.__dict__["description"])
    monkeypatch.setattr(FakeBucket, "get_permission", FakeBucket.get_permission)
    apply_patches()
    assert _rule().description == "EFA"
    assert _bucket().get_permission("s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.NEUTRAL


def test_a_rule_without_description_has_none() -> None:
    rule = _rule()
    rule.source_group = {"GroupId": "sg-1"}
    assert rule_description(rule) is None
    rule.ip_range = {"CidrIp": "0.0.0.0/0", "Description": "anywhere"}
    assert rule_description(rule) == "anywhere"


def test_statements_without_conditions_still_count() -> None:
    bucket = _bucket()
    document = json.loads(bucket.policy)
    document["Statement"].append({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"})
    bucket.policy = json.dumps(document).encode()
    assert bucket_permission(bucket, "s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.DENIED
    assert bucket_permission(bucket, "s3:PutObject", "arn:aws:s3:::b/k") is PermissionResult.NEUTRAL
    bucket.policy = None
    assert bucket_permission(bucket, "s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.NEUTRAL
