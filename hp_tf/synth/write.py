"""All layers' modules as files: made, written, cleaned of what is stale."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hp_tf.contract.base import Contract
from hp_tf.synth import engine
from hp_tf.synth.format import formatted
from hp_tf.synth.generate import Draft, draft, finished

if TYPE_CHECKING:
    from hp_tf.synth.module import Module

Definitions = Callable[[str], "Callable[[Module], None]"]
# Terraform's own leavings in a folder someone ran it in.
TERRAFORMS = (".terraform", ".terraform.lock.hcl")
GENERATED = "by `hptf synth`; edit there."


def drafts(
    layers: Iterable[str], contracts: Mapping[str, Contract], definitions: Definitions = engine.definition
) -> list[Draft]:
    """Return the layers' modules, not formatted yet. Starts Node once.

    Raises:
        DefinitionError: a layer without a definition, or one the guards refuse.
        HptfError: Node or the bindings are missing.
    """
    engine.prepare()
    return [draft(contracts[name], engine.build(contracts[name], definitions(name))) for name in layers]


def files_of(made: Iterable[Draft], terraform: Path) -> dict[Path, str]:
    """Return every module's files by ``<layer>/<path>``."""
    modules = list(made)
    texts = formatted(
        {f"{item.contract.name}/{name}": text for item in modules for name, text in item.hcl.items()}, terraform
    )
    return {
        Path(item.contract.name) / path: text
        for item in modules
        for path, text in finished(item, {name: texts[f"{item.contract.name}/{name}"] for name in item.hcl}).items()
    }


def stale_files(
    output_directory: Path, layers: Iterable[str], contracts: Mapping[str, Contract], kept: Iterable[Path]
) -> list[Path]:
    """Return files that a synth of these layers would not write, and generated modules no contract stands behind.

    Args:
        kept: what is written, relative to ``output_directory``.
    """
    wanted = set(kept)
    found: list[Path] = []
    for layer in layers:
        for path in sorted((output_directory / layer).rglob("*")):
            relative = path.relative_to(output_directory)
            if path.is_file() and relative not in wanted and not set(relative.parts) & set(TERRAFORMS):
                found.append(relative)
    for main in sorted(output_directory.glob("*/main.tf")):
        if main.parent.name not in contracts and GENERATED in main.read_text(encoding="utf-8"):
            inside = sorted(path for path in main.parent.rglob("*") if path.is_file())
            found += [path.relative_to(output_directory) for path in inside if not set(path.parts) & set(TERRAFORMS)]
    return found


def synth(
    layers: Iterable[str],
    contracts: Mapping[str, Contract],
    output_directory: Path,
    terraform: Path,
    *,
    documents: Mapping[Path, str] | None = None,
    definitions: Definitions = engine.definition,
) -> list[Path]:
    """Write the layers' modules and delete what is stale. Nothing is written unless every layer is right.

    Args:
        layers: names of contracts.
        output_directory: the folder ``modules``.
        terraform: the program that formats.
        documents: other generated texts by path, written as they are (the environments' JSON Schema).
        definitions: finds a layer's ``define``.

    Returns:
        The paths that were created, changed or deleted, sorted; empty if all was up to date.

    Raises:
        DefinitionError, HptfError: as ``drafts``.
    """
    chosen = list(layers)
    files = files_of(drafts(chosen, contracts, definitions), terraform)
    stale = [output_directory / path for path in stale_files(output_directory, chosen, contracts, files)]
    texts = {**{output_directory / path: text for path, text in files.items()}, **(documents or {})}
    changed = [path for path, text in texts.items() if read(path) != text]
    for path in changed:
        _write(path, texts[path])
    for path in stale:
        path.unlink()
        _remove_empty(path.parent, output_directory)
    return sorted([*changed, *stale])


def read(path: Path) -> str | None:
    """Return a text file's content, or None if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".hptf-")
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    temporary = Path(name)
    temporary.chmod(0o644)
    temporary.replace(path)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
