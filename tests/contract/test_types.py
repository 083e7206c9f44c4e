from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from hp_tf.contract import types

GOOD = [
    (types.BucketName, "acme-logs"),
    (types.BucketName, "1.2.3"),
    (types.BucketName, "1.2.3.4.5"),
    (types.BucketName, "192.168.1.a"),
    (types.BucketName, "a.-b"),
    (types.S3Location, "s3://acme"),
    (types.ScriptLocation, "https://acme.s3.us-west-2.amazonaws.com/eks"),
    (types.KeyPrefix, ""),
    (types.KeyPrefix, "hyperpod/..v2/.hidden/a=b"),
]
BAD = [
    (types.BucketName, "a..b"),
    (types.BucketName, "192.168.1.1"),
    (types.BucketName, "-acme"),
    (types.BucketName, "acme."),
    (types.BucketName, "ab"),
    (types.S3Location, "https://acme.s3.us-west-2.amazonaws.com/eks"),
    (types.ScriptLocation, "acme/eks"),
    (types.KeyPrefix, "../a"),
    (types.KeyPrefix, "a/../b"),
    (types.KeyPrefix, "a/./b"),
    (types.KeyPrefix, "/a"),
    (types.KeyPrefix, "a//b"),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_what_aws_takes(kind: Any, value: str) -> None:
    assert TypeAdapter[Any](kind).validate_python(value) == value


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_what_aws_refuses(kind: Any, value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[Any](kind).validate_python(value)
