"""A unix socket that gives every connection a gRPC server of its own.

Terraform opens one connection for each configured provider of each run, as it would start one process. A shared server
could not tell them apart, so two runs, or two provider aliases, would overwrite each other's configuration. The relay
also learns who is calling: a relative path in a configuration starts at the caller's working directory.
"""

from __future__ import annotations

import itertools
import logging
import selectors
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import grpc
from tf.gen import grpc_controller_pb2, grpc_controller_pb2_grpc, grpc_stdio_pb2_grpc, tfplugin_pb2_grpc

from hp_tf.standin.servicer import Servicer

log = logging.getLogger(__name__)

WORKERS = 16
"""Calls of one connection that run at once. Terraform's own default is ten."""

CHUNK = 1 << 16

MACOS_PEER_PROCESS = 2
"""getsockopt option at level 0 that names the peer's process id on macOS."""


CONTROLLER = SimpleNamespace(Shutdown=lambda request, context: grpc_controller_pb2.Empty())
"""go-plugin's own service. A connection's server ends with the connection, never by this call."""

STDIO = SimpleNamespace(StreamStdio=lambda request, context: iter(()))
"""go-plugin's stream of a plugin's output. It ends at once: a stream left open would hold a worker thread."""


def peer_process(connection: socket.socket) -> int | None:
    """The process id at the other end of a unix socket, where the system tells."""
    if hasattr(socket, "SO_PEERCRED"):
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", credentials)[0])
    if sys.platform == "darwin":
        return connection.getsockopt(0, MACOS_PEER_PROCESS)
    return None


def working_directory(process: int | None) -> Path:
    """The working directory of another process of this user; our own if the system does not tell."""
    if process is None:
        return Path.cwd()
    with suppress(OSError):
        return Path(f"/proc/{process}/cwd").readlink()
    with suppress(OSError, subprocess.SubprocessError):
        listing = subprocess.run(
            ["lsof", "-a", "-p", str(process), "-d", "cwd", "-Fn"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
        return next((Path(line[1:]) for line in listing.stdout.splitlines() if line.startswith("n")), Path.cwd())
    return Path.cwd()


class Relay:
    """Accepts on `path` and serves each connection with a new servicer.

    Attributes:
        path: the socket to create; a file of that name is replaced.
        servicer: makes the Provider service for one connection, given the caller's working directory.
    """

    def __init__(self, path: Path, servicer: Callable[[Path], Servicer]) -> None:
        self._path = path
        self._servicer = servicer
        self._numbers = itertools.count()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def start(self) -> None:
        """Listen, and accept in a background thread until `close`."""
        self._path.unlink(missing_ok=True)
        self._listener.bind(str(self._path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, name=f"standin {self._path.stem}", daemon=True).start()

    def close(self) -> None:
        """Accept no more connections; those that are open stay until their Terraform ends."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        inner = self._path.with_name(f"{self._path.stem}-{next(self._numbers)}")
        pool = ThreadPoolExecutor(max_workers=WORKERS)
        server = grpc.server(pool)
        servicer = self._servicer(working_directory(peer_process(connection)))
        tfplugin_pb2_grpc.add_ProviderServicer_to_server(servicer.service(), server)
        grpc_controller_pb2_grpc.add_GRPCControllerServicer_to_server(CONTROLLER, server)
        grpc_stdio_pb2_grpc.add_GRPCStdioServicer_to_server(STDIO, server)
        server.add_insecure_port(f"unix:{inner}")
        server.start()
        try:
            with connection, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as upstream:
                upstream.connect(str(inner))
                inner.unlink(missing_ok=True)  # nobody else connects to it
                _splice(connection, upstream)
        except OSError as error:
            log.info("connection of %s ended: %s", self._path.stem, error)
        finally:
            servicer.hang_up()
            server.stop(grace=None)
            pool.shutdown(wait=False)
            inner.unlink(missing_ok=True)


def _splice(left: socket.socket, right: socket.socket) -> None:
    """Carry bytes both ways until either side closes."""
    with selectors.DefaultSelector() as selector:
        selector.register(left, selectors.EVENT_READ, right)
        selector.register(right, selectors.EVENT_READ, left)
        while True:
            for key, _ in selector.select():
                source = key.fileobj
                assert isinstance(source, socket.socket)
                data = source.recv(CHUNK)
                if not data:
                    return
                key.data.sendall(data)
