"""What `terraform init` reads in a configuration: provider requirements, backend and module calls."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hp_tf.terraform.hcl import literal, top_level

_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
# The first label of these is a provider's name or a resource type, which implies a provider where none is declared.
_LABELLED = ("provider", "resource", "data", "ephemeral")


def digest(root: Path, known: dict[str, Any] | None = None) -> str:
    """A SHA-256 over all that init reads in `root` and, through local sources, in its modules.

    `known` holds what files of a content say, by the content's SHA-256; it is added to. Taking the modules of a whole
    environment apart costs 0.15 s, and they seldom change.

    A value, a resource's argument or a comment outside the `terraform` block does not change it. A file that cannot be
    taken apart counts with its whole text, so the worst case is an init that was not needed.

    Raises:
        OSError: if `root` cannot be read.
    """
    known = {} if known is None else known
    sha = hashlib.sha256()
    waiting, seen = [root.resolve()], set[Path]()
    while waiting:
        folder = waiting.pop(0)
        if folder in seen:
            continue
        seen.add(folder)
        found = _module(folder, known)
        sha.update(json.dumps(found, sort_keys=True).encode())
        waiting += [(folder / source).resolve() for source in _local_sources(found)]
    return sha.hexdigest()


def _module(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    if not folder.is_dir():
        return {"missing": str(folder)}
    files = sorted(f for f in folder.iterdir() if f.name.endswith(_SUFFIXES) and not f.name.startswith("."))
    return {"folder": str(folder), "files": {file.name: _file(file, known) for file in files}}


def _local_sources(module: dict[str, Any]) -> list[str]:
    calls = (call for file in module.get("files", {}).values() for call in file.get("modules", []))
    return sorted({c["source"] for c in calls if c["source"].startswith(("./", "../"))})


def _file(path: Path, known: dict[str, Any]) -> dict[str, Any]:
    content = path.read_bytes()
    # The same bytes are read differently under another suffix.
    key = f"{path.suffix}:{hashlib.sha256(content).hexdigest()}"
    if key not in known:
        known[key] = _read(path, content)
    found: dict[str, Any] = known[key]
    return found


def _read(path: Path, content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8")
        return _json(json.loads(text)) if path.name.endswith(".json") else _hcl(text)
    except (ValueError, TypeError, AttributeError):
        return {"whole": hashlib.sha256(content).hexdigest()}


def _hcl(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {"terraform": [], "modules": [], "labels": []}
    for item in top_level(text):
        if item.kind == "terraform":
            found["terraform"].append(item.text)
        elif item.kind == "module":
            held = {inner.kind: inner.text for inner in top_level(item.text) if not inner.is_block}
            source = literal(held.get("source", ""))
            if source is None:
                raise ValueError("a module's source is no plain string")
            found["modules"].append({"name": item.labels, "source": source, "version": held.get("version")})
        elif item.kind in _LABELLED:
            found["labels"].append([item.kind, *item.labels[:1]])
    found["labels"] = sorted({tuple(labels) for labels in found["labels"]})
    return found


def _json(document: dict[str, Any]) -> dict[str, Any]:
    modules: list[dict[str, Any]] = []
    for name, body in sorted(_merged(document.get("module", {})).items()):
        for call in body if isinstance(body, list) else [body]:
            source = call.get("source", "")
            if not isinstance(source, str) or "${" in source:
                raise ValueError("a module's source is no plain string")
            modules.append({"name": name, "source": source, "version": call.get("version")})
    labels = sorted((kind, label) for kind in _LABELLED for label in _merged(document.get(kind, {})))
    return {"terraform": document.get("terraform"), "modules": modules, "labels": labels}


def _merged(body: Any) -> dict[str, Any]:
    """In Terraform's JSON, blocks of one kind are an object or a list of such objects."""
    parts = body if isinstance(body, list) else [body]
    merged: dict[str, Any] = {}
    for part in parts:
        for label, held in part.items():
            merged[label] = [*merged.get(label, []), *(held if isinstance(held, list) else [held])]
    return merged
