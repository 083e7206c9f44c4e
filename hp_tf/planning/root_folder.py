"""Write a root to disk: Terraform's working folder for a set, private, and the same bytes for the same input."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hp_tf.charts import files
from hp_tf.files import make_private, write_private
from hp_tf.planning.root import Root
from hp_tf.terraform.init import LOCK_FILE

# What Terraform and OpenTofu read at the top of a root, besides the lock file.
_READ = tuple(f".{kind}{form}" for kind in ("tf", "tofu", "tfvars") for form in ("", ".json"))
VARIABLES = "hptf.auto.tfvars.json"


def materialise(root: Root, folder: Path, modules: Path, folders: Mapping[str, Path]) -> str:
    """Make a folder hold exactly this root, and return the digest of its content.

    Args:
        modules: where the modules come from; the root gets copies, so that it does not depend on the machine's layout.
        folders: more folders to copy in, by path relative to the root (charts, lifecycle scripts).
    """
    make_private(folder)
    wanted: dict[str, bytes] = {"main.tf.json": _json(root.main)}
    if root.variables:
        wanted[VARIABLES] = _json(root.variables)
    for name in root.modules:
        wanted.update(_files(modules / name, f"modules/{name}"))
    for relative, source in folders.items():
        wanted.update(_files(source, relative))
    for name, content in wanted.items():
        _write(folder / name, content)
    _remove_stale(folder, set(wanted))
    digest = hashlib.sha256()
    for name in sorted(wanted):
        digest.update(name.encode() + b"\0" + hashlib.sha256(wanted[name]).digest())
    return digest.hexdigest()


def lock_providers(folder: Path, reviewed: Path | None, others: Iterable[Path]) -> None:
    """Settle which versions of providers a root uses, where it is not settled already.

    Args:
        reviewed: the provider lock file that a reviewed plan was made with, there or not; it wins over the root's own.
        others: lock files of the environment's other roots; a new root begins with the newest.
    """
    if reviewed is not None and not reviewed.is_file():
        (folder / LOCK_FILE).unlink(missing_ok=True)
        return
    found = [reviewed] if reviewed is not None else [] if (folder / LOCK_FILE).exists() else list(others)
    if found:
        _write(folder / LOCK_FILE, max(found, key=lambda path: path.stat().st_mtime).read_bytes())


def tree_digest(folder: Path) -> str:
    """Return the content digest of a folder, the same on every machine."""
    digest = hashlib.sha256()
    for name, content in sorted(_files(folder, "").items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, sort_keys=True) + "\n").encode()


def _files(source: Path, prefix: str) -> dict[str, bytes]:
    return {f"{prefix}/{name}".lstrip("/"): path.read_bytes() for name, path in files.content(source).items()}


def _write(path: Path, content: bytes) -> None:
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        pass
    write_private(path, content)


def _remove_stale(folder: Path, wanted: set[str]) -> None:
    for path in folder.iterdir():
        if path.name.endswith(_READ) and path.name not in wanted:
            path.unlink()
    tops = {name.split("/")[0] for name in wanted if "/" in name}
    for top in ("modules", "charts", "files"):
        if top not in tops:
            shutil.rmtree(folder / top, ignore_errors=True)
            continue
        for path in (folder / top).rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
                path.unlink()
