"""What was written last is noted beside the states; a state that is less is refused with the way back to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from hp_tf import codes
from hp_tf.errors import BadInput
from hp_tf.state import document
from hp_tf.state.document import State, dumps
from hp_tf.state.last_written import Written
from hp_tf.state.local import LocalStore
from hp_tf.state.s3 import S3Store
from hp_tf.state.set_back import refuse_set_back, written_last
from hp_tf.state.stores import unnamed
from tests import buckets

from .samples import simple

EMPTY: State = {**simple("network", "l", serial=9), "resources": []}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as endpoint:
        yield endpoint


def refused(store: LocalStore | S3Store, *layers: str) -> list[str]:
    """The layers whose states are refused, with the remedies."""
    written = written_last(store, layers)
    try:
        refuse_set_back(store, written, store.read_all(layers), unnamed)
    except BadInput as error:
        assert {item.code for item in error.problems} == {codes.STATE_SET_BACK}
        return [f"{item.subject}: {item.message}\n{item.remedy}" for item in error.problems]
    return []


def held(serial: int, *, lineage: str = "l", vpc: str = "v") -> State:
    """A state with one resource."""
    return {**simple("network", "n", serial=serial, vpc=vpc), "lineage": lineage}


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (lambda path: path.unlink(), "is empty or gone"),
        (lambda path: path.write_bytes(b""), "is empty or gone"),
        (lambda path: path.write_bytes(dumps(held(6))), "is an older one (serial 6)"),
        (lambda path: path.write_bytes(dumps(held(7, vpc="other"))), "says something else under the same serial 7"),
        (lambda path: path.write_bytes(dumps(held(9, lineage="m"))), "is another one (lineage m, not l)"),
        # Written by Terraform itself since, or not at all.
        (lambda path: path.write_bytes(dumps(held(8, vpc="other"))), None),
        (lambda path: path.write_bytes(json.dumps(held(7), indent=8).encode()), None),
        (lambda path: None, None),
    ],
)
def test_a_state_is_refused_if_it_is_less_than_was_written(
    store: LocalStore, now: Callable[..., object], why: str | None
) -> None:
    assert refused(store, "network") == []
    store.write("network", held(7))
    now(store.directory / "network.tfstate")
    found = refused(store, "network", "eks")
    assert len(found) == (why is not None)
    if why is not None:
        assert why in found[0]
        assert "serial 7 with 1 resources, written 20" in found[0]
        assert found[0].endswith("hptf state accept ENV --layer network")


def test_a_state_that_held_nothing_may_go_and_may_not_get_older(store: LocalStore) -> None:
    store.write("network", EMPTY)
    (store.directory / "network.tfstate").unlink()
    assert refused(store, "network") == []
    (store.directory / "network.tfstate").write_bytes(dumps(held(1, lineage="m")))
    assert refused(store, "network") == []
    # What it had held is gone: it would be made again.
    (store.directory / "network.tfstate").write_bytes(dumps({**held(8), "lineage": EMPTY["lineage"]}))
    assert len(refused(store, "network")) == 1


def test_a_note_that_cannot_be_written_fails_no_state(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    (store.directory / ".hptf").mkdir(parents=True)
    (store.directory / ".hptf" / "last").write_text("in the way")
    store.write("network", held(7))
    assert store.read("network") == held(7)


def test_digests_of_another_format_are_not_compared() -> None:
    written = Written.now(held(7))
    other = held(7, vpc="other")
    assert written.set_back(other) is not None
    assert Written(written.version, 1, written.at, written.by, format=0).set_back(other) is None


def test_the_digest_of_notes_is_this_one() -> None:
    """Whoever changes what a digest counts raises the format of `last_written` too: old notes must not be compared."""
    assert document.digest(held(7)) == "5ceab981b8254d61eb606780eabaef81f2758f8396be4ef67dd3b7e9f41a166a"


def test_the_versions_that_s3_kept_are_named_and_the_last_one_is_offered(endpoint: str) -> None:
    client = buckets.client_of(endpoint)
    bucket = buckets.make(client)
    store = S3Store(client, bucket, "p")
    store.write("network", held(6))
    store.write("network", held(7))
    # Another key that begins alike.
    store.write("network_two", held(1))
    last = client.head_object(Bucket=bucket, Key="p/network.tfstate")["VersionId"]
    client.put_object(Bucket=bucket, Key="p/network.tfstate", Body=dumps(held(6)))
    client.put_object(Bucket=bucket, Key="p/network.tfstate", Body=b"")
    client.delete_object(Bucket=bucket, Key="p/network.tfstate")
    (said,) = refused(store, "network")
    lines = [line.strip() for line in said.splitlines()]
    assert [line.partition(": ")[2] for line in lines if line.startswith("version ")] == [
        "empty",
        "serial 6, 1 resources",
        "serial 7, 1 resources, the one written last",
        "serial 6, 1 resources",
    ]
    assert f"bring one back: hptf state restore ENV --layer network --version {last}" in lines
    assert [kept.latest for kept in store.versions("network")] == [False] * 4


def test_a_bucket_without_versions_has_none_to_offer(endpoint: str) -> None:
    client = buckets.client_of(endpoint)
    bucket = buckets.make(client, versioning=False)
    store = S3Store(client, bucket, "p")
    store.write("network", held(7))
    client.delete_object(Bucket=bucket, Key="p/network.tfstate")
    (said,) = refused(store, "network")
    assert "has kept no version of it" in said
