"""The server behind Terraform's `http` backend, on loopback, for the time of one run.

Terraform calls LOCK, GET, any number of POSTs, UNLOCK. The locks of the store are taken before Terraform starts, so
LOCK is bookkeeping here: a second one in the same run is a fault of ours.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hp_tf.state.document import dumps
from hp_tf.state.locks import LockInfo
from hp_tf.state.session import StateSession

_PATH = "/state"
_USER = "hptf"
_BODY = "application/json"


class Backend:
    """Serves one session to one Terraform. A context manager; the address is known inside it.

    Attributes:
        session: the states of the set.

    Attributes:
        calls: what was asked and what was answered, in order, as (method, status).
    """

    def __init__(self, session: StateSession) -> None:
        self.session = session
        self.calls: list[tuple[str, int]] = []
        self._password = secrets.token_urlsafe(32)
        credentials = base64.b64encode(f"{_USER}:{self._password}".encode()).decode()
        self._authorization = f"Basic {credentials}".encode()
        self._lock: LockInfo | None = None
        self._busy = threading.Lock()
        self._open = False
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Backend:
        self._server = _Server(self)
        self._open = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Waits for a state that is just being written; whoever comes later is turned away.
        with self._busy:
            self._open = False
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    @property
    def locked(self) -> bool:
        """Whether Terraform holds its lock: it was cut off if it has ended and this still holds."""
        return self._lock is not None

    @property
    def refused(self) -> bool:
        """Whether a state that Terraform sent was not taken when it came."""
        return any(method == "POST" and status != HTTPStatus.OK for method, status in self.calls)

    def environ(self) -> dict[str, str]:
        """The variables that lead an empty `backend "http" {}` here."""
        if self._server is None:
            raise RuntimeError("the backend is not running")
        address = f"http://127.0.0.1:{self._server.server_address[1]}{_PATH}"
        return {
            "TF_HTTP_ADDRESS": address,
            "TF_HTTP_LOCK_ADDRESS": address,
            "TF_HTTP_UNLOCK_ADDRESS": address,
            "TF_HTTP_USERNAME": _USER,
            "TF_HTTP_PASSWORD": self._password,
        }

    def authorized(self, header: str | None) -> bool:
        """Whether a request's Authorization header bears this run's password; takes the same time either way."""
        return hmac.compare_digest((header or "").encode(), self._authorization)

    def answer(self, method: str, target: str, body: bytes) -> tuple[HTTPStatus, bytes]:
        """What to answer to a request: status and body."""
        with self._busy:
            if not self._open:
                status, reply = HTTPStatus.SERVICE_UNAVAILABLE, b""
            else:
                try:
                    status, reply = self._dispatch(method, target, body)
                except Exception as error:
                    # Whatever it is, Terraform must hear that the state is not taken; the run finds the rest out.
                    status, reply = HTTPStatus.INTERNAL_SERVER_ERROR, str(error).encode()
            self.calls.append((method, int(status)))
            return status, reply

    def _dispatch(self, method: str, target: str, body: bytes) -> tuple[HTTPStatus, bytes]:
        address = urlsplit(target)
        if address.path != _PATH:
            return HTTPStatus.NOT_FOUND, b""
        if method == "GET":
            state = self.session.merged()
            return (HTTPStatus.NOT_FOUND, b"") if state is None else (HTTPStatus.OK, dumps(state))
        if method == "POST":
            return self._post(parse_qs(address.query).get("ID", [""])[0], body)
        if method == "LOCK":
            return self._take(body)
        return self._free(body)

    def _post(self, lock_id: str, body: bytes) -> tuple[HTTPStatus, bytes]:
        if self.session.read_only:
            return HTTPStatus.FORBIDDEN, b"a plan writes no state"
        if self._lock is None or self._lock.id != lock_id:
            return HTTPStatus.CONFLICT, str(self.session.refuse(body, "it does not bear the lock's id")).encode()
        self.session.accept(body)
        return HTTPStatus.OK, b""

    def _take(self, body: bytes) -> tuple[HTTPStatus, bytes]:
        if self._lock is not None:
            return HTTPStatus.LOCKED, self._lock.to_json()
        try:
            self._lock = LockInfo.from_json(body)
        except ValueError as error:
            return HTTPStatus.BAD_REQUEST, str(error).encode()
        return HTTPStatus.OK, b""

    def _free(self, body: bytes) -> tuple[HTTPStatus, bytes]:
        try:
            lock_id = LockInfo.from_json(body).id
        except ValueError as error:
            return HTTPStatus.BAD_REQUEST, str(error).encode()
        if self._lock is None or self._lock.id != lock_id:
            return HTTPStatus.CONFLICT, self._lock.to_json() if self._lock else b""
        self._lock = None
        return HTTPStatus.OK, b""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke: Terraform asks again, or keeps the state in its `errored.tfstate`."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer leave together; apart, the second would wait for the first to be acknowledged (40 ms).
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_LOCK(self) -> None:
        self._handle()

    def do_UNLOCK(self) -> None:
        self._handle()

    def _handle(self) -> None:
        if not self.server.backend.authorized(self.headers.get("Authorization")):
            self._reply(HTTPStatus.UNAUTHORIZED, b"", close=True)
            return
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            self._reply(HTTPStatus.BAD_REQUEST, b"", close=True)
            return
        if self.headers.get("Transfer-Encoding"):
            self._reply(HTTPStatus.LENGTH_REQUIRED, b"", close=True)
            return
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        self._reply(*self.server.backend.answer(self.command, self.path, body))

    def _reply(self, status: HTTPStatus, body: bytes, *, close: bool = False) -> None:
        self.send_response(status)
        if status == HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", 'Basic realm="hptf"')
        self.send_header("Content-Type", _BODY)
        self.send_header("Content-Length", str(len(body)))
        if close:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is logged: the calls are in `Backend.calls`."""
