"""Starting, finding, resetting and stopping the emulator: a process in the background, one per directory."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hp_tf.charts.binaries import helm_binary
from hp_tf.emulator.code import fingerprint
from hp_tf.emulator.files import FAILURE, LOCK, LOG, STATE, private_folder, read_json
from hp_tf.emulator.processes import alive, is_emulator
from hp_tf.emulator.settings import KEY_HEADER, REATTACH, REGISTRIES, client_environment
from hp_tf.errors import BadInput, HptfError

START_SECONDS = 60.0
STOP_SECONDS = 10.0
# How long to wait for a sign of life, and once more: a machine under load is slow, which is not dead.
HEALTH_SECONDS = (5.0, 25.0)
DOWN = "hptf local down ENV"
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "SYSTEMROOT")


@dataclass(frozen=True)
class Emulator:
    """A running emulator.

    Attributes:
        endpoint: `http://127.0.0.1:PORT`.
        pid: its process.
        account_id, region: what it emulates.
        directory: where its files are.
        reattach: the stand-in providers, for TF_REATTACH_PROVIDERS; empty if none are served.
        upstream: the other emulator behind it, if there is one.
        code: which code it runs, see `code.fingerprint`.
        access_key: what its callers must know, and its own secret.
        instance: which start this is: what an earlier one held is gone.
    """

    endpoint: str
    pid: int
    account_id: str
    region: str
    directory: Path
    reattach: Mapping[str, Any] = field(default_factory=dict)
    upstream: str | None = None
    code: str = ""
    access_key: str = field(default="", repr=False)
    instance: str = ""

    def environment(self) -> dict[str, str]:
        """Variables that point Terraform and any AWS client at this emulator."""
        variables = client_environment(self.endpoint, self.region, self.access_key)
        if self.reattach:
            # Terraform and OpenTofu name one provider after their own registries.
            sources = {address.partition("/")[2]: held for address, held in self.reattach.items()}
            both = {f"{registry}/{source}": held for source, held in sources.items() for registry in REGISTRIES}
            variables[REATTACH] = json.dumps(both, separators=(",", ":"))
        return variables

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, seconds: float = 10) -> Any:
        """Call one of its own routes (`/_hptf/...`) and return its JSON. Raises OSError or ValueError."""
        data = None if body is None else json.dumps(body).encode()
        headers = {KEY_HEADER: self.access_key}
        request = urllib.request.Request(self.endpoint + path, data=data, method=method, headers=headers)
        # No proxy: the emulator is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=seconds) as response:
            return json.loads(response.read())


def status(directory: Path, *, down: str = DOWN) -> Emulator | None:
    """The emulator that runs in `directory`, or None. A file left by one that is gone is not believed.

    Args:
        directory: its folder.
        down: the command that stops it, for hints.

    Raises:
        HptfError: if its process runs and does not answer: it is slow, not dead.
    """
    found = find(directory)
    if found is None:
        return None
    running, answers = found
    if not answers:
        raise HptfError(
            f"The emulator in {directory} (process {running.pid}) runs and does not answer.",
            hint=f"Try again when the machine is less busy, or stop it: {down}",
        )
    return running


def find(directory: Path) -> tuple[Emulator, bool] | None:
    """Return the emulator of `directory` unless it is gone, and whether it answers."""
    document = read_json(directory / STATE)
    if document is None:
        return None
    try:
        instance = document["instance"]
        running = Emulator(
            endpoint=document["endpoint"],
            pid=document["pid"],
            account_id=document["account_id"],
            region=document["region"],
            directory=directory,
            reattach=document.get("reattach") or {},
            upstream=document.get("upstream"),
            code=document.get("code", ""),
            access_key=document.get("access_key", ""),
            instance=instance,
        )
    except KeyError:
        return None
    for seconds in HEALTH_SECONDS:
        try:
            health = running.call("GET", "/_hptf/health", seconds=seconds)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if not isinstance(getattr(error, "reason", error), TimeoutError) or not is_emulator(running.pid):
                return None
        else:
            # Another program, or another emulator, may have got the port since.
            ours = isinstance(health, dict) and health.get("instance") == instance
            return (running, True) if ours else None
    return running, False


def memory(running: Emulator) -> int:
    """How much memory one that answers takes, in MB."""
    health = running.call("GET", "/_hptf/health", seconds=HEALTH_SECONDS[0])
    return round(float(health["rss_mb"]))


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    private_folder(directory)
    with os.fdopen(os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start(
    directory: Path,
    *,
    account_id: str,
    region: str,
    port: int | None = None,
    upstream: str | None = None,
    environ: Mapping[str, str],
    transition_seconds: float = 0.0,
    down: str = DOWN,
) -> Emulator:
    """Start the emulator, or return the one that runs in `directory` already.

    Args:
        directory: for its files (0700); one emulator per directory.
        account_id: twelve digits; every ARN carries it.
        region: home region.
        port: on 127.0.0.1; None picks a free one.
        upstream: URL of a running emulator (LocalStack) that serves what is not ours.
        environ: the caller's environment; only a few harmless variables of it reach the emulator.
        transition_seconds: how long Creating, Updating and the like last.
        down: as for `status`.

    Raises:
        BadInput: for impossible parameters.
        HptfError: if it cannot start or one for another account, region or upstream runs there.
    """
    directory = directory.absolute()
    if not re.fullmatch(r"\d{12}", account_id):
        raise BadInput(f"{account_id!r} is not an account id.", hint="An account id has twelve digits.")
    if upstream is not None and not re.fullmatch(r"http://[A-Za-z0-9.-]+(:\d+)?/?", upstream):
        raise BadInput(f"{upstream!r} is not the URL of an emulator.", hint="Write it as http://HOST:PORT.")
    upstream = upstream.rstrip("/") if upstream else None
    with _locked(directory):
        running = status(directory, down=down)
        if running is not None:
            wanted = (account_id, region, upstream)
            if (running.account_id, running.region, running.upstream) != wanted:
                raise HptfError(
                    f"An emulator for account {running.account_id} in {running.region} runs in {directory} already.",
                    hint=f"stop it: {down}",
                )
            if running.code != fingerprint():
                raise HptfError(
                    f"The emulator in {directory} was started by another version of hptf ({running.code or 'unknown'}, "
                    f"this is {fingerprint()}).",
                    hint=f"stop it, its resources and states go with it: {down}",
                )
            return running
        arguments = ["--directory", str(directory), "--account-id", account_id, "--region", region]
        arguments += ["--port", str(port or 0), "--transition-seconds", str(transition_seconds)]
        if upstream:
            arguments += ["--upstream", upstream]
        helm = helm_binary(environ)
        if helm is not None:
            arguments += ["--helm", str(helm)]
        pid = _spawn(directory, arguments, environ)
        return _wait_until_ready(directory, pid)


def _spawn(directory: Path, arguments: list[str], environ: Mapping[str, str]) -> int:
    """Start the process and return its id. It is no child of ours: its first process ends at once."""
    for name in (STATE, FAILURE):
        (directory / name).unlink(missing_ok=True)
    variables = {key: environ[key] for key in _PASSED_ON if key in environ}
    # The stand-ins run `hptf` as a credential plugin; it lies beside the interpreter, on PATH or not.
    variables["PATH"] = os.pathsep.join([variables.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    # Each of glibc's arenas keeps its own free memory: with one per thread the process would be far larger.
    variables["MALLOC_ARENA_MAX"] = "2"
    with os.fdopen(os.open(directory / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as log:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-m", "hp_tf.emulator", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=directory,
                env=variables,
                timeout=START_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _too_slow(directory) from error
    try:
        return int(done.stdout)
    except ValueError as error:
        raise _failure(directory) from error


def _failure(directory: Path) -> HptfError:
    document = read_json(directory / FAILURE)
    if document is not None:
        return HptfError(f"The emulator did not start: {document['message']}", hint=document.get("hint"))
    return HptfError("The emulator did not start.", hint=f"Its log is {directory / LOG}.")


def _too_slow(directory: Path) -> HptfError:
    return HptfError(f"The emulator did not start within {START_SECONDS:.0f} s.", hint=f"Its log is {directory / LOG}.")


def _wait_until_ready(directory: Path, pid: int) -> Emulator:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        found = find(directory)
        if found is not None and found[1]:
            return found[0]
        if not alive(pid):
            raise _failure(directory)
        time.sleep(0.02)
    _end(pid)
    raise _too_slow(directory)


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def stop(directory: Path) -> bool:
    """Stop the emulator in `directory`, also one that does not answer. False if none runs there.

    What it held is lost.
    """
    directory = directory.absolute()
    if not directory.is_dir():
        return False
    with _locked(directory):
        found = find(directory)
        if found is not None:
            pid = found[0].pid
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
            until = time.monotonic() + STOP_SECONDS
            while alive(pid):
                if time.monotonic() > until:
                    _end(pid)
                    break
                time.sleep(0.02)
        # Whoever holds the lock may: an emulator that lives is found, and no other writes its file meanwhile.
        (directory / STATE).unlink(missing_ok=True)
        return found is not None


def reset(directory: Path, *, down: str = DOWN) -> bool:
    """Make the emulator in `directory` forget every resource. False if none runs there. ``down``: as for `status`."""
    running = status(directory.absolute(), down=down)
    if running is None:
        return False
    try:
        running.call("POST", "/_hptf/reset", {}, seconds=60)
    except (urllib.error.HTTPError, OSError, ValueError) as error:
        raise HptfError(f"The emulator could not be reset: {error}", hint=f"stop it: {down}") from error
    return True
