"""Real Terraform over roots of small layers that need no provider but the built-in one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Each layer has two resources; eks takes the network's id and helm the cluster's, so dependencies cross layers.
MODULES = {
    "network": """
variable "zones" { default = ["a", "b"] }
resource "terraform_data" "vpc" { input = "vpc" }
resource "terraform_data" "subnet" {
  for_each = toset(var.zones)
  input    = terraform_data.vpc.id
}
output "vpc_id" { value = terraform_data.vpc.id }
output "subnet_ids" { value = { for k, s in terraform_data.subnet : k => s.id } }
""",
    "eks": """
variable "vpc_id" { type = string }
variable "size" { default = 3.14159265358979323846264338 }
resource "terraform_data" "role" { input = "role" }
resource "terraform_data" "cluster" { input = { vpc = var.vpc_id, role = terraform_data.role.id, size = var.size } }
check "cluster" {
  assert {
    condition     = terraform_data.cluster.id != ""
    error_message = "there is no cluster"
  }
}
output "cluster" {
  value     = terraform_data.cluster.id
  sensitive = true
}
""",
    "helm": """
variable "cluster" { type = string }
variable "command" { default = "true" }
resource "terraform_data" "release" {
  input = var.cluster
  provisioner "local-exec" { command = var.command }
}
output "release" { value = terraform_data.release.id }
""",
}
OUTPUTS = {"network": ["vpc_id", "subnet_ids"], "eks": ["cluster"], "helm": ["release"]}
WIRES = {"eks": {"vpc_id": ("network", "vpc_id")}, "helm": {"cluster": ("eks", "cluster")}}


class Terraform:
    """Writes roots and runs Terraform over them, as a user without any configuration of their own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True)
        self._cli_config = directory / "cli.tfrc"
        self._cli_config.write_text("")
        for layer, text in MODULES.items():
            module = directory / "modules" / layer
            module.mkdir(parents=True)
            (module / "main.tf").write_text(text)
        found = os.environ.get("HPTF_TERRAFORM") or shutil.which("terraform")
        assert found, "these tests need terraform on PATH"
        self.binary = found

    def root(
        self,
        name: str,
        *layers: str,
        backend: str = 'backend "http" {}',
        plain: bool = False,
        literals: Mapping[str, str] | None = None,
        extra: str = "",
        **inputs: Any,
    ) -> Path:
        """A root over a set of layers, wired to each other, with `literals` for what comes from outside.

        plain: outputs under their own names, as in a root of one layer alone. inputs: `<layer>__<input>`.
        """
        root = self.directory / name
        root.mkdir(exist_ok=True)
        text = [f"terraform {{\n  {backend}\n}}"]
        for layer in layers:
            arguments = {}
            for name_, (source, output) in WIRES.get(layer, {}).items():
                inside = source in layers
                arguments[name_] = f"module.{source}.{output}" if inside else json.dumps((literals or {})[name_])
            for key, value in inputs.items():
                if key.startswith(f"{layer}__"):
                    arguments[key.removeprefix(f"{layer}__")] = json.dumps(value)
            body = "".join(f"  {key} = {value}\n" for key, value in arguments.items())
            text.append(f'module "{layer}" {{\n  source = "../modules/{layer}"\n{body}}}')
            for output in OUTPUTS[layer]:
                key = output if plain else f"{layer}__{output}"
                value = f"  value = module.{layer}.{output}\n  sensitive = {str(output == 'cluster').lower()}\n"
                text.append(f'output "{key}" {{\n{value}}}')
        (root / "main.tf").write_text("\n".join([*text, extra]))
        return root

    def start(self, root: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start Terraform in a root."""
        return subprocess.Popen(
            [self.binary, *arguments],
            cwd=root,
            env=self._environ(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(
        self, root: Path, *arguments: str, environ: Mapping[str, str] | None = None, expect: int | None = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run Terraform in a root, and see that it ends with this exit code (None: whichever)."""
        result = subprocess.run(
            [self.binary, *arguments],
            cwd=root,
            env=self._environ(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert expect is None or result.returncode == expect, result.stdout
        return result

    def _environ(self, more: Mapping[str, str] | None) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "TMPDIR")}
        return {
            **kept,
            "TF_CLI_CONFIG_FILE": str(self._cli_config),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_ARGS": "-no-color",
            **(more or {}),
        }
