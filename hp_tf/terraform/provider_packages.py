"""The providers that `terraform init` installed for a root, held to the root's lock file as Terraform holds them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hp_tf.files import write_private
from hp_tf.terraform.hcl import top_level
from hp_tf.terraform.mirrors import platform_name

_VERSION = re.compile(r'^\s*version\s*=\s*"([^"]+)"', re.MULTILINE)
_HASH = re.compile(r'"(h1:[^"]+)"')


def programs(root: Path, lock_file: Path, record: Path) -> dict[str, Path]:
    """Return the programs of a root's providers, by address; those alone whose package has a checksum of the lock file.

    Args:
        record: a file that keeps checksums of packages by their files' identity. Terraform hashes every package in
            every command; a file of the same inode, size and times, that of its last change among them, is as it was.
    """
    try:
        locked = [item for item in top_level(lock_file.read_text(encoding="utf-8")) if item.kind == "provider"]
    except (OSError, ValueError):
        return {}
    known = _read(record)
    found, seen = {}, dict[str, Any]()
    for item in locked:
        version, hashes = _VERSION.search(item.text), _HASH.findall(item.text)
        if not item.labels or version is None or not hashes:
            continue
        package = root / ".terraform" / "providers" / item.labels[0] / version[1] / platform_name()
        program = _program(package, item.labels[0].rpartition("/")[2])
        if program is None:
            continue
        identity = _identity(package)
        held = known.get(item.labels[0])
        digest = held[1] if held and held[0] == identity else _digest(package)
        seen[item.labels[0]] = [identity, digest]
        if digest in hashes:
            found[item.labels[0]] = program
    if any(known.get(address) != held for address, held in seen.items()):
        with suppress(OSError):
            write_private(record, json.dumps({**known, **seen}).encode())
    return found


def _program(package: Path, kind: str) -> Path | None:
    """The one program of a package; None if there is none, or more than one."""
    with suppress(OSError):
        found = [path for path in package.glob(f"terraform-provider-{kind}*") if os.access(path, os.X_OK)]
        if len(found) == 1:
            return found[0].resolve()
    return None


def _files(package: Path) -> list[tuple[str, Path]]:
    paths = [path for path in package.resolve().rglob("*") if not path.is_dir()]
    return sorted((path.relative_to(package.resolve()).as_posix(), path) for path in paths)


def _identity(package: Path) -> str:
    lines = [str(package.resolve())]
    for name, path in _files(package):
        status = path.stat()
        lines.append(
            f"{name} {status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _digest(package: Path) -> str:
    """Terraform's `h1:` checksum: over the names and SHA-256 of all files (Go's `dirhash.Hash1`)."""
    total = hashlib.sha256()
    for name, path in _files(package):
        with path.open("rb") as file:
            total.update(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n".encode())
    return f"h1:{base64.b64encode(total.digest()).decode()}"


def _read(record: Path) -> Mapping[str, Any]:
    try:
        held = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}
