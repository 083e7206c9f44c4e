from __future__ import annotations

import base64
import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.backend import Backend
from hp_tf.state.document import dumps, loads
from hp_tf.state.locks import LockInfo
from hp_tf.state.session import StateSession

from .samples import simple
from .stub import FailingStore

INFO = LockInfo(id="1234", operation="OperationTypeApply", who="ada@host")


@pytest.fixture
def store(tmp_path: Path) -> FailingStore:
    store = FailingStore(tmp_path / "states")
    store.write("network", simple("network", "n"))
    return store


@pytest.fixture
def backend(store: FailingStore, tmp_path: Path) -> Iterator[Backend]:
    with Backend(StateSession("dev", ["network"], store, tmp_path / "run")) as backend:
        yield backend


def _ask(
    backend: Backend,
    method: str,
    body: bytes = b"",
    *,
    query: str = "",
    path: str = "/state",
    password: str | None = None,
) -> tuple[int, bytes]:
    environ = backend.environ()
    host = environ["TF_HTTP_ADDRESS"].split("/")[2]
    word = environ["TF_HTTP_PASSWORD"] if password is None else password
    header = base64.b64encode(f"{environ['TF_HTTP_USERNAME']}:{word}".encode()).decode()
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request(method, path + query, body or None, {"Authorization": f"Basic {header}"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_it_listens_on_loopback_only_with_a_password_of_its_own(backend: Backend, store: FailingStore) -> None:
    environ = backend.environ()
    assert environ["TF_HTTP_ADDRESS"].startswith("http://127.0.0.1:")
    assert len(environ["TF_HTTP_PASSWORD"]) >= 32
    assert Backend(backend.session)._password != environ["TF_HTTP_PASSWORD"]
    assert _ask(backend, "GET")[0] == 200
    for method in ("GET", "POST", "LOCK", "UNLOCK"):
        assert _ask(backend, method, b"{}" if method != "GET" else b"", password="wrong")[0] == 401
    assert backend.calls == [("GET", 200)]
    assert not backend.authorized(None)
    assert not backend.authorized("Basic é")


def test_a_fault_of_its_own_is_an_answer_too(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty() -> None:
        raise TypeError("a fault")

    monkeypatch.setattr(backend.session, "merged", faulty)
    assert _ask(backend, "GET") == (500, b"a fault")


def test_locking_is_bookkeeping_with_terraforms_answers(backend: Backend) -> None:
    assert _ask(backend, "LOCK", INFO.to_json())[0] == 200
    assert backend.locked
    status, body = _ask(backend, "LOCK", LockInfo(id="other").to_json())
    assert status == 423
    assert LockInfo.from_json(body) == INFO
    assert _ask(backend, "UNLOCK", LockInfo(id="other").to_json())[0] == 409
    assert backend.locked
    assert _ask(backend, "UNLOCK", INFO.to_json())[0] == 200
    assert not backend.locked
    assert _ask(backend, "UNLOCK", INFO.to_json())[0] == 409
    assert _ask(backend, "LOCK", b"what")[0] == 400
    assert _ask(backend, "UNLOCK", b"{}")[0] == 400


def test_a_state_must_bear_the_locks_id(backend: Backend, store: FailingStore) -> None:
    body = dumps({**(backend.session.merged() or {}), "outputs": {}, "resources": []})
    assert _ask(backend, "POST", body)[0] == 409
    _ask(backend, "LOCK", INFO.to_json())
    assert _ask(backend, "POST", body, query="?ID=other")[0] == 409
    assert backend.session.failed
    refused = list((backend.session.run_directory / "state").glob("refused-*.tfstate"))
    assert [path.read_bytes() for path in refused] == [body, body]
    assert (store.read("network") or {})["serial"] == 1
    assert _ask(backend, "POST", body, query="?ID=1234")[0] == 200
    assert (store.read("network") or {})["serial"] == 2


def test_a_store_that_fails_is_a_fault_terraform_tries_again(backend: Backend, store: FailingStore) -> None:
    body = dumps({**(backend.session.merged() or {}), "outputs": {}, "resources": []})
    _ask(backend, "LOCK", INFO.to_json())
    store.broken = {"network"}
    status, answer = _ask(backend, "POST", body, query="?ID=1234")
    assert status == 500
    assert b"No writing of network today" in answer
    assert _ask(backend, "GET")[0] == 500
    store.broken = set()
    assert _ask(backend, "POST", body, query="?ID=1234")[0] == 200
    assert loads(_ask(backend, "GET")[1])["resources"] == []


def test_a_plan_cannot_write(store: FailingStore, tmp_path: Path) -> None:
    with Backend(StateSession("dev", ["network"], store, tmp_path / "run", read_only=True)) as backend:
        _ask(backend, "LOCK", INFO.to_json())
        assert _ask(backend, "POST", b"{}", query="?ID=1234")[0] == 403
    assert not (tmp_path / "run").exists()


def test_no_state_is_404_and_so_is_another_path(store: FailingStore, tmp_path: Path) -> None:
    with Backend(StateSession("dev", ["eks"], store, tmp_path / "run")) as backend:
        assert _ask(backend, "GET")[0] == 404
        assert _ask(backend, "LOCK", INFO.to_json(), path="/other")[0] == 404
        assert not backend.locked


def test_a_body_that_was_cut_off_is_not_taken(backend: Backend, store: FailingStore) -> None:
    _ask(backend, "LOCK", INFO.to_json())
    environ = backend.environ()
    host, port = environ["TF_HTTP_ADDRESS"].split("/")[2].split(":")
    word = base64.b64encode(f"{environ['TF_HTTP_USERNAME']}:{environ['TF_HTTP_PASSWORD']}".encode()).decode()
    head = f"POST /state?ID=1234 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {word}\r\nContent-Length: 100\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head.encode() + b'{"version": 4}')
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    chunked = head.replace("Content-Length: 100", "Transfer-Encoding: chunked")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(chunked.encode())
        assert b" 411 " in connection.recv(100)
    assert [method for method, _ in backend.calls] == ["LOCK"]
    assert not backend.session.failed


def test_after_the_run_nothing_is_answered(store: FailingStore, tmp_path: Path) -> None:
    session = StateSession("dev", ["network"], store, tmp_path / "run")
    with Backend(session) as backend:
        address = backend.environ()["TF_HTTP_ADDRESS"]
    assert backend.answer("GET", "/state", b"")[0] == 503
    host, port = address.split("/")[2].split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=5)
    with pytest.raises(RuntimeError):
        Backend(session).environ()


def test_many_askers_at_once_are_served_in_turn(backend: Backend, store: FailingStore) -> None:
    _ask(backend, "LOCK", INFO.to_json())
    state = backend.session.merged() or {}
    bodies = [
        dumps({**state, "outputs": {"network__n": {"value": number, "type": "number"}}}) for number in range(1, 11)
    ]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda body=body: answers.append(_ask(backend, "POST", body, query="?ID=1234")[0]))
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 10
    assert (store.read("network") or {})["serial"] == 11


def test_reading_fails_loudly_when_a_state_holds_what_is_not_its_own(store: FailingStore, tmp_path: Path) -> None:
    store.write("network", {**simple("eks", "e"), "serial": 2})
    session = StateSession("dev", ["network"], store, tmp_path / "run")
    with pytest.raises(HptfError):
        session.merged()
    with Backend(session) as backend:
        status, body = _ask(backend, "GET")
    assert status == 500
    assert b"not part of module.network" in body
