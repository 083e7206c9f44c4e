from __future__ import annotations

import http.client
import json
import socket
import ssl
from urllib.parse import urlsplit

from hp_tf.emulator.daemon import Emulator
from hp_tf.emulator.settings import KEY_HEADER


def _address(emulator: Emulator) -> tuple[str, int]:
    parts = urlsplit(emulator.endpoint)
    assert parts.hostname is not None and parts.port is not None
    return parts.hostname, parts.port


def test_a_connection_carries_many_requests(running: Emulator) -> None:
    connection = http.client.HTTPConnection(*_address(running), timeout=10)
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", "/_hptf/health")
        assert json.loads(connection.getresponse().read())["pid"] == running.pid
    assert connection.sock is first


def test_a_chunked_body_is_read_whole(running: Emulator) -> None:
    connection = http.client.HTTPConnection(*_address(running), timeout=10)
    body = iter([b'{"service": "eks", ', b'"operation": "Never"}'])
    key = {KEY_HEADER: running.access_key}
    headers = {"Transfer-Encoding": "chunked", **key}
    connection.request("POST", "/_hptf/faults", body, encode_chunked=True, headers=headers)
    assert json.loads(connection.getresponse().read())["faults"][-1]["operation"] == "Never"
    connection.request("DELETE", "/_hptf/faults", headers=key)
    assert connection.getresponse().status == 200


def test_the_same_port_speaks_tls(running: Emulator) -> None:
    host, port = _address(running)
    authority = (running.directory / "tls.pem").read_text()
    context = ssl.create_default_context(cadata=authority[authority.index("-----BEGIN CERTIFICATE") :])
    connection = http.client.HTTPSConnection(host, port, context=context, timeout=10)
    for _ in range(2):
        connection.request("GET", "/_hptf/health")
        assert json.loads(connection.getresponse().read())["pid"] == running.pid


def test_only_this_machine_can_reach_it(running: Emulator) -> None:
    _, port = _address(running)
    with socket.socket() as other:
        other.settimeout(1)
        # Another address of this machine: nothing listens there.
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_a_client_that_says_nothing_does_no_harm(running: Emulator) -> None:
    with socket.create_connection(_address(running)):
        pass
    with socket.create_connection(_address(running)) as garbage:
        garbage.sendall(b"\x16\x03garbage that is no handshake\r\n\r\n")
    connection = http.client.HTTPConnection(*_address(running), timeout=10)
    connection.request("GET", "/_hptf/health")
    assert connection.getresponse().status == 200
