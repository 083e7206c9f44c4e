"""What hptf itself puts into a root: charts and the user's folders, under paths that are the same on every machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hp_tf.charts import source
from hp_tf.charts.binaries import helm_binary
from hp_tf.charts.chart import PlacedChart, local
from hp_tf.charts.git import GitFolder, cache_folder, fetch_folder
from hp_tf.charts.lock import Lock
from hp_tf.contract.base import Folder, Supplied, annotation
from hp_tf.environment.fields import with_defaults
from hp_tf.errors import BadInput
from hp_tf.planning.root_folder import tree_digest
from hp_tf.run.context import Context


@dataclass(frozen=True)
class RootInputs:
    """Inputs hptf computes, by (layer, input), and folders to copy into the root, by relative path."""

    values: Mapping[tuple[str, str], Any]
    folders: Mapping[str, Path]


def collect(context: Context, layers: Sequence[str]) -> RootInputs:
    """Return what the layers of a root need from hptf: charts, and copies of the user's folders.

    Raises:
        BadInput: for a chart or folder that is not there.
        HptfError: if a chart cannot be fetched.
    """
    values: dict[tuple[str, str], Any] = {}
    folders: dict[str, Path] = {}
    for layer in layers:
        bindings = context.wiring.bindings[layer]
        for name, info in context.contracts[layer].inputs.model_fields.items():
            if annotation(info, Supplied) is not None:
                placed = _chart(context, bindings[name].value)
                folders[placed.relative] = placed.folder
                values[layer, name] = f"./{placed.relative}"
            elif (kind := annotation(info, Folder)) is not None:
                folder = _folder(context, layer, name, kind)
                if folder is not None:
                    relative = f"files/{layer}-{tree_digest(folder)[:16]}"
                    folders[relative] = folder
                    values[layer, name] = f"./{relative}"
    return RootInputs(values, folders)


def path_with_hptf(environ: Mapping[str, str]) -> str:
    """Return a PATH on which Terraform's providers find ``hptf``, the exec plugin."""
    path = environ.get("PATH", os.defpath)
    here = str(Path(sys.executable).parent)
    if shutil.which("hptf", path=path) is not None:
        return path
    return f"{here}{os.pathsep}{path}"


def _chart(context: Context, chart: Mapping[str, Any]) -> PlacedChart:
    if chart["source"] == "path":
        return local(_beside(context, chart["path"]))
    # Where the file does not say: an emulator has no use for the real chart's images, nor a network to fetch it from.
    if chart["source"] == "embedded" or (chart["source"] is None and context.target.emulator is not None):
        return source.embedded()
    return source.fetch(
        source.git_chart(chart["repository"], chart["revision"], chart["path"]),
        source.cache_folder(context.environ),
        Lock(context.environment.directory / "charts.lock.json"),
        lambda: helm_binary(context.environ),
    )


def _folder(context: Context, layer: str, name: str, kind: Folder) -> Path | None:
    """Return the folder of an input: what the file names, else what it says to fetch."""
    bindings, fields = context.wiring.bindings[layer], context.contracts[layer].inputs.model_fields
    own = bindings[name]
    if own.kind == "file" and own.value is not None:
        return _beside(context, str(own.value))
    if kind.git is None or bindings[kind.git].value is None:
        return None
    where = with_defaults(bindings[kind.git].value, fields[kind.git].annotation)
    if where["repository"] is None and context.target.emulator is not None:
        return None
    place = GitFolder(where["repository"] or kind.repository, where["revision"], where["path"], kind.what)
    folder = fetch_folder(
        place,
        cache_folder("folders", context.environ),
        Lock(context.environment.directory / "folders.lock.json", kind.what),
    )
    inputs = {name: binding.value for name, binding in bindings.items()}
    wrong = list(kind.problems(folder, inputs)) if kind.problems is not None else []
    if wrong:
        text = "; ".join(item.rstrip(".") for item in wrong)
        raise BadInput(f"the {place.what} {place.key} cannot be used: {text}", hint="take another revision or folder")
    return folder


def _beside(context: Context, path: str) -> Path:
    return (context.environment.directory / path).resolve()
