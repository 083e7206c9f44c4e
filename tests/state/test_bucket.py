"""The state bucket: looked at, and made as it should be."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.s3 import S3Store
from tests import buckets


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as endpoint:
        yield endpoint


def test_it_is_made_and_made_safe_once(endpoint: str) -> None:
    client = buckets.client_of(endpoint)
    name = f"states-{uuid.uuid4()}"
    store = S3Store(client, name, "p")
    with pytest.raises(HptfError, match="does not exist") as missing:
        store.read("network")
    assert missing.value.hint is not None
    assert missing.value.hint.endswith("hptf state init ENV")
    done = store.set_up()
    assert done[0] == f"bucket {name} made"
    assert store.shortcomings() == []
    assert store.set_up() == []
    assert client.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert all(client.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
    assert client.get_bucket_location(Bucket=name)["LocationConstraint"] == buckets.REGION


def test_what_is_lacking_is_said_and_mended(endpoint: str) -> None:
    client = buckets.client_of(endpoint)
    key = "arn:aws:kms:us-west-2:123456789012:key/k"
    name = buckets.make(client, versioning=False)
    store = S3Store(client, name, "p", key)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    lacking = store.shortcomings()
    assert [text.startswith(f"the state bucket {name} ") for text in lacking] == [True] * 3
    assert ["versions" in lacking[0], "encrypt" in lacking[1], "public" in lacking[2]] == [True] * 3
    assert len(store.set_up()) == 3
    assert store.shortcomings() == []
    (rule,) = client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}


def test_what_may_not_be_looked_at_is_said_with_the_permission(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import ClientError

    client = buckets.client_of(endpoint)
    store = S3Store(client, buckets.make(client), "p")

    def denied(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetBucketVersioning")

    monkeypatch.setattr(client, "get_bucket_versioning", denied)
    assert "access denied (s3:GetBucketVersioning)" in store.shortcomings()[0]
