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
from hp_tf.charts.lock import ChartLock
from hp_tf.charts.source import GitChart
from hp_tf.contract.base import Folder, Supplied, annotation
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
            elif annotation(info, Folder) is not None and bindings[name].kind == "file":
                folder = (context.environment.directory / str(bindings[name].value)).resolve()
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
        GitChart(chart["repository"], chart["revision"], chart["path"]),
        source.cache_folder(context.environ),
        ChartLock(context.environment.directory / "charts.lock.json"),
        lambda: helm_binary(context.environ),
    )


def _beside(context: Context, path: str) -> Path:
    return (context.environment.directory / path).resolve()
