"""The parts of the Kubernetes API that need no server: bodies, merging, selectors, releases."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.emulator.kube.merge import strategic_merge
from hp_tf.emulator.kube.releases import installed_charts
from hp_tf.emulator.kube.selectors import fields_match, labels_match
from hp_tf.emulator.kube.store import Conflict, Exists, KubeState, Missing
from hp_tf.emulator.kube.wire import MAGIC, BadBody, read_body


def _field(number: int, content: bytes) -> bytes:
    assert number < 16
    size = len(content)
    head = bytes([number << 3 | 2])
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + content


def _envelope(kind: bytes, raw: bytes) -> bytes:
    return MAGIC + _field(1, _field(1, b"v1") + _field(2, kind)) + _field(2, raw)


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.binary(max_size=200), max_size=3))
def test_a_secret_in_protobuf(data: dict[str, bytes]) -> None:
    metadata = _field(1, b"name") + _field(3, b"space") + _field(11, _field(1, b"k") + _field(2, b"v"))
    entries = b"".join(_field(2, _field(1, key.encode()) + _field(2, value)) for key, value in data.items())
    secret = read_body(_envelope(b"Secret", _field(1, metadata) + entries + _field(3, b"Opaque")), "")
    assert secret["metadata"] == {"name": "name", "namespace": "space", "labels": {"k": "v"}}
    assert {key: base64.b64decode(value) for key, value in secret.get("data", {}).items()} == data
    assert (secret["kind"], secret["apiVersion"], secret["type"]) == ("Secret", "v1", "Opaque")


@given(st.binary(max_size=60))
def test_garbage_in_protobuf_is_refused_or_read(data: bytes) -> None:
    try:
        read_body(MAGIC + data, "")
    except BadBody:
        return


def test_text_that_is_no_text_in_protobuf_is_refused() -> None:
    with pytest.raises(BadBody, match="utf-8"):
        read_body(_envelope(b"Secret", _field(1, _field(1, b"\xff"))), "")


def test_other_kinds_in_protobuf_are_named() -> None:
    with pytest.raises(BadBody, match="Pod in protobuf"):
        read_body(_envelope(b"Pod", b""), "")


def test_json_yaml_and_nothing() -> None:
    assert read_body(b'{"a": 1}', "application/json") == {"a": 1}
    assert read_body(b"a: 1\n", "application/apply-patch+yaml") == {"a": 1}
    assert read_body(b"", "") == {}
    assert read_body(b"a: 2026-11-22\n1: x\n", "application/yaml") == {"a": "2026-11-22", "1": "x"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", "json"), (b'{"a": NaN}', "json"), (b'"\xff"', "json"), (b"a: !!binary YQ==", "yaml"), (b"a: [", "yaml")],
)
def test_what_json_cannot_say_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(BadBody):
        read_body(body, f"application/{kind}")


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ("app=x", True),
        ("app==x,tier!=b", True),
        ("app in (x,y)", True),
        ("app notin (x)", False),
        ("!old", True),
        ("tier", True),
        ("old", False),
        ("app=x,tier=z", False),
        ("", True),
    ],
)
def test_label_selectors(selector: str, fits: bool) -> None:
    assert labels_match({"app": "x", "tier": "a"}, selector) is fits


def test_field_selectors() -> None:
    value = {"metadata": {"name": "n"}, "status": {"phase": "Running"}}
    assert fields_match(value, "metadata.name=n,status.phase!=Failed")
    assert not fields_match(value, "metadata.name=m")
    assert not fields_match(value, "spec.nodeName=x")


def test_strategic_merge_joins_lists_by_name() -> None:
    old = {"containers": [{"name": "a", "image": "1", "env": [{"name": "X", "value": "1"}]}, {"name": "b"}]}
    new = {"containers": [{"name": "a", "env": [{"name": "Y", "value": "2"}]}, {"name": "b", "$patch": "delete"}]}
    merged = strategic_merge(old, new)
    expected = [{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]
    assert merged == {"containers": [{"name": "a", "image": "1", "env": expected}]}
    assert strategic_merge({"args": [1, 2], "gone": 1}, {"args": [3], "gone": None}) == {"args": [3]}


def _state() -> KubeState:
    return KubeState("1.33")


def test_a_namespace_takes_its_objects_along() -> None:
    state = _state()
    state.create("", "namespaces", None, {"metadata": {"name": "n"}})
    state.create("", "secrets", "n", {"metadata": {"name": "s"}})
    state.remove("", "namespaces", None, "n")
    assert state.list("", "secrets", None) == []


def test_the_store_hands_out_copies() -> None:
    state = _state()
    given: dict[str, Any] = {"metadata": {"name": "c"}, "data": {"a": "1"}}
    made = state.create("", "configmaps", "default", given)
    made["data"]["a"] = given["data"]["a"] = "2"
    assert state.get("", "configmaps", "default", "c")["data"] == {"a": "1"}


def test_the_store_refuses_what_cannot_be() -> None:
    state = _state()
    made = state.create("", "configmaps", "default", {"metadata": {"name": "c"}})
    with pytest.raises(Exists):
        state.create("", "configmaps", "default", {"metadata": {"name": "c"}})
    state.replace("", "configmaps", "default", "c", {**made, "data": {"a": "1"}})
    with pytest.raises(Conflict):
        state.replace("", "configmaps", "default", "c", {**made, "data": {"a": "2"}})
    with pytest.raises(Missing):
        state.get("", "configmaps", "other", "c")


def test_an_unchanged_object_keeps_its_version() -> None:
    state = _state()
    made = state.create("", "configmaps", "default", {"metadata": {"name": "c"}})
    assert state.replace("", "configmaps", "default", "c", made) == made


def test_a_secret_that_only_looks_like_a_release_is_no_release() -> None:
    state = _state()
    secret = {"metadata": {"name": "s"}, "type": "helm.sh/release.v1", "data": {"release": "bm9uc2Vuc2U="}}
    state.create("", "secrets", "default", secret)
    assert installed_charts(state) == set()
