from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from hp_tf.errors import HptfError
from hp_tf.state.backend import Backend
from hp_tf.state.document import outputs
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.s3 import S3Store
from hp_tf.state.session import StateSession
from hp_tf.state.snapshot import read
from tests import buckets

from .samples import simple
from .terraform import Terraform

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

INFO = LockInfo.new("OperationTypeApply", info="a test")
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as endpoint:
        yield endpoint


@pytest.fixture
def client(endpoint: str) -> S3Client:
    return buckets.client_of(endpoint)


@pytest.fixture
def bucket(client: S3Client) -> str:
    return buckets.make(client)


@pytest.fixture
def s3(client: S3Client, bucket: str) -> S3Store:
    return S3Store(client, bucket, "hyperpod/dev")


def _keys(client: S3Client, bucket: str) -> list[str]:
    return sorted(entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", []))


def test_a_state_is_read_as_it_was_written(s3: S3Store, client: S3Client, bucket: str) -> None:
    assert s3.read("network") is None
    assert s3.survey() == {}
    state = simple("network", "a", vpc="v")
    s3.write("network", state)
    assert s3.read("network") == state
    assert s3.layers() == ["network"]
    assert s3.read_all(["network", "eks"]) == {"network": state, "eks": None}
    assert s3.read_all([]) == {}
    assert _keys(client, bucket) == ["hyperpod/dev/.hptf/last/network.json", "hyperpod/dev/network.tfstate"]
    assert s3.describe() == f"s3://{bucket}/hyperpod/dev"


def test_own_objects_are_listed_by_folder_and_read_together(s3: S3Store) -> None:
    assert s3.list_objects("runs") == []
    for name in ("runs/b.json", "runs/a.json", "running.json"):
        s3.write_object(name, name.encode())
    assert s3.list_objects("runs") == ["runs/a.json", "runs/b.json"]
    assert s3.read_objects(["runs/a.json", "runs/c.json"]) == {"runs/a.json": b"runs/a.json", "runs/c.json": None}


def test_without_a_prefix(client: S3Client, bucket: str) -> None:
    store = S3Store(client, bucket)
    store.write("network", simple("network"))
    store.write_object("completed/network.json", b"{}")
    assert _keys(client, bucket) == [".hptf/completed/network.json", ".hptf/last/network.json", "network.tfstate"]
    assert store.layers() == ["network"]


def test_a_key_of_the_users_encrypts_states_locks_and_objects(client: S3Client, bucket: str) -> None:
    arn = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    store = S3Store(client, bucket, "p/", kms_key_arn=arn)
    store.write("network", simple("network"))
    store.lock("network", INFO)
    store.write_object("x", b"")
    for key in ("p/network.tfstate", "p/network.tfstate.tflock", "p/.hptf/x"):
        head = client.head_object(Bucket=bucket, Key=key)
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", arn)


def test_locking_is_terraforms_native_protocol(s3: S3Store, client: S3Client, bucket: str) -> None:
    s3.lock("network", INFO)
    body = json.loads(client.get_object(Bucket=bucket, Key="hyperpod/dev/network.tfstate.tflock")["Body"].read())
    assert body["ID"] == INFO.id
    assert body["Path"] == f"{bucket}/hyperpod/dev/network.tfstate"
    # A lock alone is no state.
    assert s3.layers() == []
    assert s3.survey()["network"].locked
    assert s3.survey()["network"].version is None
    with pytest.raises(LockHeld) as held:
        s3.lock("network", LockInfo.new("other"))
    assert held.value.holder is not None
    assert held.value.holder.id == INFO.id
    assert f"hptf unlock ENV --id {INFO.id}" in str(held.value)
    with pytest.raises(LockHeld):
        s3.unlock("network", "another id")
    assert s3.holder("network") is not None
    # The answer to a request that was repeated: the lock is ours already.
    s3.lock("network", INFO)
    s3.unlock("network", INFO.id)
    s3.unlock("network", INFO.id)
    assert s3.holder("network") is None
    s3.lock("network", LockInfo.new("other"))


def test_a_lock_that_cannot_be_read_is_still_a_lock(s3: S3Store, client: S3Client, bucket: str) -> None:
    client.put_object(Bucket=bucket, Key="hyperpod/dev/network.tfstate.tflock", Body=b"what")
    with pytest.raises(LockHeld, match="not readable"):
        s3.lock("network", INFO)


def test_two_sets_shut_each_other_out(s3: S3Store, client: S3Client, bucket: str) -> None:
    other = S3Store(client, bucket, "hyperpod/dev")
    with LockSet(s3, ["eks", "network"]) as first:
        first.acquire(INFO)
        with pytest.raises(LockHeld, match="layer network"):
            LockSet(other, ["helm", "network"]).acquire(LockInfo.new("other"))
        assert other.holder("helm") is None
        with pytest.raises(LockHeld):
            read(other, ["network"])
        assert LockSet(other, ["eks", "network"]).break_own(["unknown"]) == []
    assert other.survey() == {}


def test_objects_of_hptfs_own_are_written_read_and_deleted(s3: S3Store) -> None:
    assert s3.read_object("x/y") is None
    s3.write_object("x/y", b"1")
    s3.write_object("z", b"2")
    assert (s3.read_object("x/y"), s3.read_object("z")) == (b"1", b"2")
    s3.delete_object("z")
    assert (s3.read_object("x/y"), s3.read_object("z")) == (b"1", None)
    assert s3.layers() == []
    with pytest.raises(ValueError):
        s3.write_object("x.tfstate", b"")


def test_writing_several_reports_each_that_failed(
    s3: S3Store, monkeypatch: pytest.MonkeyPatch, client: S3Client
) -> None:
    real = client.put_object

    def put_object(**arguments: Any) -> Any:
        if "eks" in arguments["Key"]:
            raise ClientError({"Error": {"Code": "SlowDown", "Message": "slow down"}}, "PutObject")
        return real(**arguments)

    monkeypatch.setattr(client, "put_object", put_object)
    failed = s3.write_all({layer: simple(layer) for layer in ("network", "eks", "helm")})
    assert set(failed) == {"eks"}
    assert "slow down" in failed["eks"].message
    assert s3.layers() == ["helm", "network"]


def test_a_missing_bucket_gets_a_sentence(client: S3Client) -> None:
    store = S3Store(client, "no-such-bucket-here", "p")
    calls = (
        lambda: store.read("network"),
        lambda: store.write("network", simple("network")),
        lambda: store.lock("network", INFO),
        lambda: store.survey(),
    )
    for call in calls:
        with pytest.raises(HptfError, match="the state bucket no-such-bucket-here does not exist"):
            call()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject"), "access denied"),
        (ClientError({"Error": {"Code": "ExpiredToken"}}, "GetObject"), "credentials have expired"),
        (ClientError({"Error": {"Code": "PermanentRedirect"}}, "GetObject"), "in another region"),
        (ClientError({"Error": {"Code": "InternalError", "Message": "oh"}}, "GetObject"), "oh"),
        (NoCredentialsError(), "no AWS credentials"),
    ],
)
def test_faults_of_aws_get_a_sentence(
    s3: S3Store, client: S3Client, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def fail(**arguments: Any) -> None:
        raise error

    monkeypatch.setattr(client, "get_object", fail)
    with pytest.raises(HptfError, match=sentence):
        s3.read("network")


def test_an_endpoint_that_is_gone_gets_a_sentence() -> None:
    store = S3Store(buckets.client_of("http://127.0.0.1:9"), "bucket")
    with pytest.raises(HptfError, match="S3 does not answer"):
        store.read("network")


def test_plain_terraform_on_the_same_key(
    s3: S3Store, bucket: str, endpoint: str, terraform: Terraform, tmp_path: Path
) -> None:
    layers = ["network", "eks"]
    root = terraform.root("set", *layers)
    session = StateSession("dev", layers, s3, tmp_path / "run")
    with Backend(session) as backend:
        terraform.run(root, "init", environ=backend.environ())
        terraform.run(root, "apply", "-auto-approve", environ=backend.environ())
    backend_block = f'''backend "s3" {{
    bucket       = "{bucket}"
    key          = "hyperpod/dev/eks.tfstate"
    region       = "us-west-2"
    use_lockfile = true
    use_path_style = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
  }}'''
    vpc_id = outputs(s3.read("network"))["vpc_id"].value
    literals = {"vpc_id": vpc_id}
    environ = {**KEYS, "AWS_ENDPOINT_URL_S3": endpoint, "AWS_EC2_METADATA_DISABLED": "true"}
    alone = terraform.root("alone", "eks", backend=backend_block, plain=True, literals=literals)
    terraform.run(alone, "init", environ=environ)
    terraform.run(alone, "plan", "-detailed-exitcode", environ=environ)

    locks = LockSet(s3, layers)
    locks.acquire(INFO)
    with locks:
        shut_out = terraform.run(alone, "plan", environ=environ, expect=1).stdout
        assert "Error acquiring the state lock" in shut_out
        assert INFO.id in shut_out
    terraform.root("alone", "eks", backend=backend_block, plain=True, literals=literals, eks__size=4)
    before = s3.read("eks") or {}
    terraform.run(alone, "apply", "-auto-approve", environ=environ)
    after = s3.read("eks") or {}
    assert (after["serial"], after["lineage"]) == (before["serial"] + 1, before["lineage"])
    assert s3.holder("eks") is None
