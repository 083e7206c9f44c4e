"""Providers that serve every Terraform command of a run, started once.

By itself Terraform starts every provider anew in each command, and once for each thing it wants of it. Here a provider
is started as Terraform does it and announced with TF_REATTACH_PROVIDERS. It lives as long as hptf or a Terraform that
hptf started: all of them hold one end of a pipe, and a shell that waits at the other end kills the provider when the
last is gone, killed or not. So Terraform can finish an apply whose hptf was killed.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from hp_tf.files import make_folder

REATTACH: Final = "TF_REATTACH_PROVIDERS"
WAIT_SECONDS = 20.0
_POLL_SECONDS = 0.005

# What tells a provider that Terraform starts it, and not a person (`internal/plugin/serve.go` of Terraform).
_HANDSHAKE: Final = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5,6",
}
# The provider hears nothing of the pipe; it, and what it started, end with the shell's process group.
_KEEPER: Final = '{ "$1" </dev/null; echo ended; } & read -r nothing; rm -rf "$2"; kill -9 0'


@dataclass(frozen=True)
class _Process:
    address: str
    keeper: subprocess.Popen[bytes]
    folder: Path

    @property
    def said(self) -> Path:
        return self.folder / "stdout"


class ProviderProcesses:
    """Running providers. They start at once, and are waited for when a command needs them."""

    def __init__(self, programs: Mapping[str, Path], *, cwd: Path, environ: Mapping[str, str], logs: Path) -> None:
        """Start them.

        Args:
            programs: by address.
            cwd: the root's folder: a provider takes relative paths from there.
            environ: of the Terraform that will use them.
            logs: the folder for what they print.

        Raises:
            OSError: if one cannot be started.
        """
        self._processes: list[_Process] = []
        self._answered: dict[str, Any] = {}
        waiting, lifeline = os.pipe()
        self._lifeline: int | None = lifeline
        try:
            make_folder(logs)
            for address, program in programs.items():
                self._processes.append(_start(address, program, waiting, cwd, environ, logs))
        finally:
            os.close(waiting)

    def serving(self, environ: Mapping[str, str]) -> tuple[dict[str, str], tuple[int, ...]]:
        """Return a Terraform's environment with the providers that answer, and what it must hold to keep them alive."""
        if self._lifeline is None:
            return dict(environ), ()
        deadline = time.monotonic() + WAIT_SECONDS
        for process in self._processes:
            if process.address not in self._answered:
                self._answered[process.address] = _answer(process, deadline)
        given = {address: held for address, held in self._answered.items() if held is not None and _listens(held)}
        if not given:
            return dict(environ), ()
        before = json.loads(environ.get(REATTACH) or "{}")
        return {**environ, REATTACH: json.dumps({**before, **given})}, (self._lifeline,)

    def close(self) -> None:
        """Let go of them: they end when no Terraform uses them any more, which is awaited if there is none."""
        if self._lifeline is None:
            return
        os.close(self._lifeline)
        self._lifeline = None
        for process in self._processes:
            try:
                process.keeper.wait(1)
            except subprocess.TimeoutExpired:
                continue

    def __del__(self) -> None:
        self.close()


def _start(address: str, program: Path, waiting: int, cwd: Path, environ: Mapping[str, str], logs: Path) -> _Process:
    # Whoever may connect to a provider has its credentials: a folder for its socket that is the user's alone.
    folder = Path(tempfile.mkdtemp(prefix="hptf-"))
    name = address.rpartition("/")[2]
    # Terraform takes all that a provider logs and drops it. Here it would be megabytes, with secrets in them.
    quiet = {"TF_LOG_SDK": "off", f"TF_LOG_PROVIDER_{name.upper().replace('-', '_')}": "off"}
    # Files: writing to a pipe whose reader was killed would end the provider.
    with _private(folder / "stdout") as out, _private(logs / f"{name}.log") as err:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "sh", os.fspath(program), os.fspath(folder)],
            cwd=cwd,
            env={**environ, **_HANDSHAKE, **quiet, "PLUGIN_UNIX_SOCKET_DIR": os.fspath(folder)},
            stdin=waiting,
            stdout=out,
            stderr=err,
            start_new_session=True,
            umask=0o077,
        )
    return _Process(address, keeper, folder)


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _answer(process: _Process, deadline: float) -> dict[str, Any] | None:
    """What a provider says when it listens, as TF_REATTACH_PROVIDERS wants it; None if it does not."""
    while time.monotonic() < deadline and process.keeper.poll() is None:
        line, end, _ = process.said.read_text(encoding="utf-8", errors="replace").partition("\n")
        if end:
            # Version of the handshake, of the protocol, network, address, protocol's name.
            parts = line.split("|")
            if len(parts) < 5 or parts[0] != "1" or parts[2] != "unix" or parts[4] != "grpc":
                return None
            return {
                "Protocol": "grpc",
                "ProtocolVersion": int(parts[1]),
                "Pid": process.keeper.pid,
                "Test": True,
                "Addr": {"Network": "unix", "String": parts[3]},
            }
        time.sleep(_POLL_SECONDS)
    return None


def _listens(reattach: Mapping[str, Any]) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(reattach["Addr"]["String"])
        except OSError:
            return False
    return True
