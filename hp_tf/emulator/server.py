"""The HTTP server: many threads, connections kept alive, plain and TLS on one port."""

from __future__ import annotations

import io
import logging
import socket
import ssl
import sys
from collections.abc import Iterable
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer

from hp_tf.emulator.web import Dropped

log = logging.getLogger(__name__)

TLS_HELLO = b"\x16"
IDLE_SECONDS = 300


class Handler(MotoRequestHandler):
    """Reads each request to its end before it is answered, so that the connection can carry the next one.

    A connection whose first byte opens a TLS handshake is encrypted: kubectl and helm send credentials only so.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS

    def setup(self) -> None:
        self.request.settimeout(IDLE_SECONDS)
        if self.request.recv(1, socket.MSG_PEEK) == TLS_HELLO and isinstance(self.server, Server):
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        if isinstance(self.request, ssl.SSLSocket):
            self.request.close()  # wrapping took the connection from the socket that the server will close

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.environ = environ = self.make_environ()
        source = environ["wsgi.input"]
        if environ.get("wsgi.input_terminated"):
            body = source.read()
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        else:
            body = source.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started.append((status, headers))
            return None

        try:
            chunks: Iterable[bytes] = self.server.app(environ, start_response)
        except Dropped:
            self.close_connection = True
            return
        try:
            self._send(*started[-1], chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _send(self, status: str, headers: list[tuple[str, str]], chunks: Iterable[bytes]) -> None:
        names = {name.lower() for name, _ in headers}
        code = int(status.split()[0])
        bodiless = self.command == "HEAD" or code in (204, 304)
        streaming = "content-length" not in names and not bodiless
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        if "date" not in names:
            lines.append(f"Date: {self.date_time_string()}")
        if streaming:
            lines.append("Transfer-Encoding: chunked")
        elif "content-length" not in names and code != 204:
            lines.append("Content-Length: 0")
        if self.close_connection:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if not streaming:
            # One write: a head and a body in two packets cost a delayed acknowledgement.
            self.wfile.write(head if bodiless else head + b"".join(chunks))
            return
        self.wfile.write(head)
        for chunk in chunks:
            if chunk:
                self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            elif self._gone():
                self.close_connection = True
                return
        self.wfile.write(b"0\r\n\r\n")

    def _gone(self) -> bool:
        """Whether the client of a stream has hung up."""
        if isinstance(self.connection, ssl.SSLSocket):
            self.connection.settimeout(0.001)
            try:
                return self.connection.recv(1) == b""
            except TimeoutError:
                return False
            except OSError:
                return True
            finally:
                self.connection.settimeout(IDLE_SECONDS)
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"")
        except BlockingIOError:
            return False
        except OSError:
            return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are in the emulator's own log of calls."""


class Server(ThreadedWSGIServer):
    """Listens on a socket that is bound already; only this machine can reach it."""

    request_queue_size = 256

    def __init__(self, listener: socket.socket, app: Any, tls: ssl.SSLContext) -> None:
        self.tls = tls
        host, port = listener.getsockname()[:2]
        BaseWSGIServer.__init__(self, host, port, app, Handler, fd=listener.fileno())

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError | ssl.SSLError):
            log.exception("a request was not answered")


def listen(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1. Port 0: a free one.

    Raises:
        OSError: if the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    return listener
