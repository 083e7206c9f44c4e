"""The same environment as a hand would write it: one Terraform root with every module, and one root for each layer.

The module calls are those of the environment that hptf is given, so that two things alike are compared; a layer's own
root is the same call with its references turned into variables.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from hp_tf.charts.source import EMBEDDED
from hp_tf.contract.base import Supplied, annotation
from hp_tf.contract.providers import Provider
from hp_tf.environment.load import validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.single_root import module_calls

STATE_BUCKET = "bench-by-hand"
_CHART = "./charts/hyperpod"
_REFERENCE = re.compile(r"module\.(\w+)\.(\w+)")
_OUTPUT = re.compile(r'^output "(\w+)"', re.MULTILINE)

_CONFIGURED: Mapping[str, str] = {
    "aws": """
provider "aws" {
  region              = "$region"
  allowed_account_ids = ["$account"]
}
""",
    "awscc": """
provider "awscc" {
  region = "$region"
}
""",
    "helm": """
provider "helm" {
  kubernetes = {
    host                   = module.eks.cluster_endpoint
    cluster_ca_certificate = base64decode(module.eks.cluster_certificate_authority)
    exec = {
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "hptf"
      args        = ["token", "--cluster-name", module.eks.cluster_name, "--region", "$region"]
    }
  }
}
""",
}


@dataclass(frozen=True)
class ByHand:
    """An environment to be written by hand.

    Attributes:
        calls: the module blocks, producers first.
        modules: the folder the modules are copied from.
        values: ``name``, ``region`` and ``account`` of the environment.
    """

    calls: Mapping[str, str]
    modules: Path
    values: Mapping[str, str]

    @classmethod
    def of(cls, file: Path, modules: Path) -> ByHand:
        """Return an environment, read from its file."""
        environment, wiring = validated(str(file), CONTRACTS, file.parent)
        aws = environment.aws
        facts = {
            "name": environment.name,
            "region": aws.region,
            "account_id": aws.account_id,
            "partition": "aws",
            "tags": dict(aws.tags),
        }
        calls = module_calls(wiring, CONTRACTS, facts, source="./modules", chart=_CHART)
        values = {"name": environment.name, "region": aws.region, "account": aws.account_id}
        return cls(calls, modules, values)

    def write_single(self, folder: Path) -> None:
        """Write one root with every module."""
        self._write(folder, tuple(self.calls), self._single())

    def rewrite_single(self, folder: Path) -> None:
        """Write that root's own text anew, where the environment has changed; its modules stay."""
        (folder / "main.tf").write_text("\n".join(self._single()))

    def _single(self) -> list[str]:
        providers = _providers(tuple(self.calls))
        parts = [self._terraform(providers, "single"), *map(self._provider, providers), *self.calls.values()]
        for layer in self.calls:
            parts += [_output(f"{layer}__{name}", f"module.{layer}.{name}") for name in outputs(self.modules / layer)]
        return parts

    def write_layers(self, folder: Path) -> dict[str, dict[str, set[str]]]:
        """Write one root for each layer, and return which outputs of which other layers each of them needs."""
        needs: dict[str, dict[str, set[str]]] = {}
        for layer, call in self.calls.items():
            providers = _providers((layer,))
            text = "".join([*map(self._provider, providers), call])
            needs[layer] = {}
            for producer, name in _REFERENCE.findall(text):
                needs[layer].setdefault(producer, set()).add(name)
            variables = [
                f'variable "{producer}__{name}" {{\n  type = any\n}}\n'
                for producer, names in sorted(needs[layer].items())
                for name in sorted(names)
            ]
            parts = [self._terraform(providers, layer), _REFERENCE.sub(r"var.\1__\2", text), *variables]
            parts += [_output(name, f"module.{layer}.{name}") for name in outputs(self.modules / layer)]
            self._write(folder / layer, (layer,), parts)
        return needs

    def _provider(self, provider: Provider) -> str:
        return Template(_CONFIGURED[provider.name]).substitute(self.values)

    def _terraform(self, providers: Sequence[Provider], key: str) -> str:
        required = "".join(
            f'    {item.name} = {{\n      source  = "{item.source}"\n      version = "{item.version}"\n    }}\n'
            for item in providers
        )
        return f"""terraform {{
  required_version = ">= 1.10.0"
  required_providers {{
{required}  }}
  backend "s3" {{
    bucket       = "{STATE_BUCKET}"
    key          = "{self.values["name"]}/{key}.tfstate"
    region       = "{self.values["region"]}"
    use_lockfile = true
  }}
}}
"""

    def _write(self, folder: Path, layers: Sequence[str], parts: Sequence[str]) -> None:
        folder.mkdir(parents=True)
        for layer in layers:
            shutil.copytree(self.modules / layer, folder / "modules" / layer)
            fields = CONTRACTS[layer].inputs.model_fields.values()
            if any(annotation(info, Supplied) is not None for info in fields):
                shutil.copytree(EMBEDDED, folder / _CHART)
        (folder / "main.tf").write_text("\n".join(parts))


def outputs(module: Path) -> list[str]:
    """Return the names of a module's outputs."""
    return _OUTPUT.findall((module / "outputs.tf").read_text())


def _providers(layers: Sequence[str]) -> list[Provider]:
    return list(dict.fromkeys(item for layer in layers for item in CONTRACTS[layer].providers))


def _output(name: str, value: str) -> str:
    return f'\noutput "{name}" {{\n  value = {value}\n}}\n'
