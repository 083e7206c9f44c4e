"""Runs `terraform init` only when something it depends on changed: with a 700 MB provider it costs 2.6 s."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hp_tf.errors import HptfError, Interrupted
from hp_tf.files import write_private
from hp_tf.terraform import commands, requirements
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.stop import StopRequest

LOCK_FILE = ".terraform.lock.hcl"
_RECORD = ".hptf-init.json"
_LOCK = ".hptf-init.lock"
_FILES = "files"
# Small files inside .terraform whose content says what is installed; the rest is told by size.
_SMALL = 1 << 20
_HASHED = ("terraform.tfstate", "modules.json", "environment")


def fingerprint(
    root: Path, terraform: Terraform, environ: Mapping[str, str], known: dict[str, Any] | None = None
) -> str:
    """A digest of all that `init` depends on.

    It covers the requirements and module calls of `root` and its local modules, the root's dependency lock file, the
    content of the CLI config that `environ` names, the program with its version, and which providers are reattached.
    `known` as for `requirements.digest`.
    """
    config = environ.get("TF_CLI_CONFIG_FILE")
    return _sha(
        json.dumps(
            {
                "configuration": requirements.digest(root, known),
                "lock": _content(root / LOCK_FILE),
                "cli_config": _content(Path(config)) if config else None,
                "program": [str(terraform.path), *terraform.version, terraform.product],
                "reattached": sorted(reattached(environ)),
            },
            sort_keys=True,
        ).encode()
    )


def reattached(environ: Mapping[str, str]) -> list[str]:
    """The provider addresses in TF_REATTACH_PROVIDERS.

    Raises:
        HptfError: if that is no JSON object.
    """
    text = environ.get("TF_REATTACH_PROVIDERS")
    if not text:
        return []
    try:
        held = json.loads(text)
    except ValueError as error:
        raise HptfError("TF_REATTACH_PROVIDERS is not JSON.") from error
    if not isinstance(held, dict):
        raise HptfError("TF_REATTACH_PROVIDERS is no JSON object.")
    return list(held)


def ensure(invocation: Invocation, *, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Runs init unless it ran before for the same fingerprint and what it installed is still there. True if it ran.

    A second process for the same root waits for the first. Raises what `commands.init` raises, and Interrupted if it
    was asked to stop while waiting.
    """
    root = invocation.root
    with _locked(root / _LOCK, invocation.stop, sleep):
        held = _read(root / _RECORD)
        known = _known(held)
        if isinstance(held, dict) and {**held, _FILES: None} == {**_record(invocation, known), _FILES: None}:
            return False
        (root / _RECORD).unlink(missing_ok=True)
        commands.init(invocation)
        known = {}
        write_private(root / _RECORD, json.dumps({**_record(invocation, known), _FILES: known}).encode())
        return True


def configured(root: Path) -> list[str]:
    """Return the names of the providers that the root and its modules configured when `init` last ran, one a block."""
    files = _known(_read(root / _RECORD)).values()
    return [name for file in files for kind, *names in file.get("labels", ()) if kind == "provider" for name in names]


def recorded(root: Path) -> str | None:
    """Return a digest of what the last init of a root installed, None before the first one."""
    return _content(root / _RECORD)


def forget(root: Path) -> None:
    """Makes the next `ensure` run init."""
    (root / _RECORD).unlink(missing_ok=True)


def _known(held: object) -> dict[str, Any]:
    files = held.get(_FILES) if isinstance(held, dict) else None
    return files if isinstance(files, dict) else {}


def _record(invocation: Invocation, known: dict[str, Any]) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint(invocation.root, invocation.terraform, invocation.environ, known),
        "installed": _sha("\n".join(_installed(invocation.root / ".terraform", "")).encode()),
    }


def _installed(folder: Path, prefix: str) -> Iterator[str]:
    """One line for each file under `.terraform`. A provider may be a link into a mirror: what it points to counts."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = f"{prefix}{entry.name}"
        try:
            status = entry.stat()
        except FileNotFoundError:
            yield f"{name} broken"
            continue
        if stat.S_ISDIR(status.st_mode):
            yield f"{name}/ {Path(entry.path).readlink() if entry.is_symlink() else ''}"
            yield from _installed(Path(entry.path), f"{name}/")
        elif entry.name in _HASHED and status.st_size < _SMALL:
            yield f"{name} {_content(Path(entry.path))}"
        else:
            yield f"{name} {status.st_size} {bool(status.st_mode & stat.S_IXUSR)}"


@contextmanager
def _locked(path: Path, stop: StopRequest, sleep: Callable[[float], None]) -> Iterator[None]:
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "wb") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if stop.requested:
                    raise Interrupted("Stopped while waiting for another hptf to initialise the same root.") from None
                sleep(0.05)
        yield


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _content(path: Path) -> str | None:
    try:
        return _sha(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
