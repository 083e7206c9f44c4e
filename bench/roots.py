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

from hp_tf.charts.source import EMBEDDED
from hp_tf.contract.base import Supplied, annotation
from hp_tf.contract.providers import Access, ClusterAccess, Provider
from hp_tf.environment.load import validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.expressions import expression
from hp_tf.synth.single_root import module_calls

STATE_BUCKET = "bench-by-hand"
_CHART = "./charts/hyperpod"
_REFERENCE = re.compile(r"module\.(\w+)\.(\w+)")
_OUTPUT = re.compile(r'^output "(\w+)"', re.MULTILINE)


@dataclass(frozen=True)
class ByHand:
    """An environment to be written by hand.

    Attributes:
        calls: the module blocks, producers first.
        modules: the folder the modules are copied from.
        providers: the provider blocks, by the provider's name.
        name, region: of the environment.
    """

    calls: Mapping[str, str]
    modules: Path
    providers: Mapping[str, str]
    name: str
    region: str

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
        wires = {key: item.wire for key, item in wiring.kubernetes.items() if item.wire is not None}
        cluster = {key: f"${{module.{wire.layer}.{wire.output}}}" for key, wire in wires.items()}
        access = Access(aws.region, aws.account_id)
        providers = {item.name: _configured(item, access, cluster) for item in _providers(tuple(calls))}
        return cls(calls, modules, providers, environment.name, aws.region)

    def write_single(self, folder: Path) -> None:
        """Write one root with every module."""
        self._write(folder, tuple(self.calls), self._single())

    def rewrite_single(self, folder: Path) -> None:
        """Write that root's own text anew, where the environment has changed; its modules stay."""
        (folder / "main.tf").write_text("\n".join(self._single()))

    def _single(self) -> list[str]:
        providers = _providers(tuple(self.calls))
        parts = [self._terraform(providers, "single"), *self.providers.values(), *self.calls.values()]
        for layer in self.calls:
            parts += [_output(f"{layer}__{name}", f"module.{layer}.{name}") for name in outputs(self.modules / layer)]
        return parts

    def write_layers(self, folder: Path) -> dict[str, dict[str, set[str]]]:
        """Write one root for each layer, and return which outputs of which other layers each of them needs."""
        needs: dict[str, dict[str, set[str]]] = {}
        for layer, call in self.calls.items():
            providers = _providers((layer,))
            text = "".join([*(self.providers[item.name] for item in providers), call])
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
    key          = "{self.name}/{key}.tfstate"
    region       = "{self.region}"
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


def _configured(provider: Provider, access: Access, cluster: Mapping[str, str]) -> str:
    """Return a provider's block, with the settings that hptf gives it."""
    if provider.in_cluster is None:
        settings = provider.configure(access)
    else:
        authority = cluster["cluster_ca_certificate"].replace("${", "${base64decode(").replace("}", ")}")
        settings = provider.in_cluster(access, ClusterAccess(cluster["host"], authority, cluster["cluster_name"]))
    arguments = "".join(f"  {name} = {expression(value)}\n" for name, value in settings.items())
    return f'\nprovider "{provider.name}" {{\n{arguments}}}\n'


def _output(name: str, value: str) -> str:
    return f'\noutput "{name}" {{\n  value = {value}\n}}\n'
