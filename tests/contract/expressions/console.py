"""Many expressions evaluated by one `terraform console`, each in a scope of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hp_tf.contract.expressions.hcl import quoted
from hp_tf.contract.expressions.values import UNKNOWN, unknown

# Output of a resource that is planned and never applied: its value is unknown, even whether it is null.
LATER = "terraform_data.later.output"


@dataclass(frozen=True)
class Typed:
    """A value with Terraform's function that makes it one of its type: ``tostring``, ``tolist``, ``tomap``, ``""``."""

    value: Any
    convert: str

    def hcl(self) -> str:
        return f"{self.convert}({written(self.value)})"


def written(value: Any) -> str:
    """A value in HCL. What is unknown is unknown there, too."""
    if unknown(value):
        return LATER
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Typed):
        return value.hcl()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{quoted(key)} = {written(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value)


def console(cases: Iterable[tuple[str, Mapping[str, Typed]]], folder: Path) -> list[Any]:
    """The values of expressions, UNKNOWN among them. Inputs are what a ``for`` calls ``var``."""
    lines = []
    for text, scope in cases:
        inputs = ", ".join(f"{key} = {value.hcl()}" for key, value in scope.items())
        lines.append(f"jsonencode([for var in [{{ {inputs} }}] : {text}][0]),\n")
    (folder / "main.tf").write_text(
        f'resource "terraform_data" "later" {{}}\nlocals {{\nresults = [\n{"".join(lines)}]\n}}\n', encoding="utf-8"
    )
    program = shutil.which("terraform")
    assert program is not None, "this test needs `terraform` on PATH"
    done = subprocess.run(
        [program, "console", "-no-color"],
        cwd=folder,
        input="local.results\n",
        env={"PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown = [line.strip().removesuffix(",") for line in done.stdout.splitlines()[1:-1]]
    return [UNKNOWN if line == "(known after apply)" else json.loads(_unescaped(line)) for line in shown]


def _unescaped(line: str) -> str:
    """The text that a string of HCL says."""
    return str(json.loads(line.replace("$${", "${").replace("%%{", "%{")))
