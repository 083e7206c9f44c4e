"""What a module's expressions come to for given inputs, asked of Terraform without any provider."""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth import engine
from hp_tf.synth.generate import draft


def definition(layer: str) -> Any:
    """Return the module that defines a layer. Importing it loads the bindings, which no test file does by itself."""
    engine.prepare()
    return importlib.import_module(f"hp_tf.layers.{layer}.definition")


@functools.cache
def document(layer: str) -> Mapping[str, Any]:
    """Return a layer's module in Terraform's JSON form, as its definition makes it now. Starts Node once a session."""
    engine.prepare()
    contract = CONTRACTS[layer]
    return draft(contract, engine.build(contract, engine.definition(layer))).document


def arguments(layer: str, address: str) -> Mapping[str, Any]:
    """Return a resource's arguments as they stand in the module."""
    kind, _, name = address.partition(".")
    found: Mapping[str, Any] = document(layer)["resource"][kind][name]
    return found


def evaluate(
    layer: str,
    inputs: Mapping[str, Any],
    wanted: Mapping[str, Any],
    folder: Path,
    instead: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the values of expressions in a module.

    Args:
        wanted: by a name of the caller's; templates or plain data over variables and locals, not over resources.
        instead: templates for locals that are made from resources.
    """
    made = document(layer)
    root = {
        "variable": made["variable"],
        "locals": {
            **{name: text for name, text in made["locals"].items() if not re.search(r"\baws(cc)?_", str(text))},
            **(instead or {}),
        },
        # One object, because Terraform leaves out outputs that are null; sensitive, because an input may be.
        "output": {"wanted": {"value": dict(wanted), "sensitive": True}},
    }
    folder.joinpath("main.tf.json").write_text(json.dumps(root))
    folder.joinpath("terraform.tfvars.json").write_text(json.dumps(inputs))
    config = folder / "terraformrc"
    config.touch()
    program = shutil.which("terraform")
    assert program is not None, "these tests need `terraform` on PATH"
    done = subprocess.run(
        [program, "apply", "-auto-approve", "-json", "-input=false"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, [event for event in events if event["type"] == "diagnostic"]
    state = json.loads((folder / "terraform.tfstate").read_text())
    value: dict[str, Any] = state["outputs"]["wanted"]["value"]
    return value


def without_nulls(value: Any) -> Any:
    """Return data without the attributes that are null, at any depth."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value
