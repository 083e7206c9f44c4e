"""The same environment by hand: one Terraform root with every module, and one root for each layer.

The module calls are written once, as the author of a single root would write them; a layer's own root is the same call
with its references turned into variables.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Template

from hp_tf.charts.source import EMBEDDED
from hp_tf.contract.providers import PROVIDERS as DECLARED
from hp_tf.layers.discovery import CONTRACTS

STATE_BUCKET = "bench-by-hand"
_REFERENCE = re.compile(r"module\.(\w+)\.(\w+)")
_OUTPUT = re.compile(r'^output "(\w+)"', re.MULTILINE)

# Everything of the main job but FSx, whose creation the aws provider sleeps thirty seconds over.
MODULES: Mapping[str, str] = {
    "network": """
  name                         = "$name"
  region                       = "$region"
  account_id                   = "$account"
  tags                         = { environment = "bench" }
  availability_zone_ids        = ["usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"]
  primary_availability_zone_id = "usw2-az2"
  nat                          = "per_az"
  flow_logs                    = "cloudwatch"
""",
    "security": """
  name            = "$name"
  tags            = { environment = "bench" }
  vpc_id          = module.network.vpc_id
  vpc_cidr_blocks = module.network.vpc_cidr_blocks
""",
    "endpoints": """
  name                    = "$name"
  region                  = "$region"
  account_id              = "$account"
  partition               = "aws"
  tags                    = { environment = "bench" }
  vpc_id                  = module.network.vpc_id
  private_route_table_ids = module.network.private_route_table_ids
""",
    "storage": """
  name          = "$name"
  region        = "$region"
  account_id    = "$account"
  partition     = "aws"
  tags          = { environment = "bench" }
  force_destroy = true
""",
    "eks": """
  name                  = "$name"
  region                = "$region"
  account_id            = "$account"
  partition             = "aws"
  tags                  = { environment = "bench" }
  vpc_id                = module.network.vpc_id
  vpc_cidr              = module.network.vpc_cidr
  vpc_cidr_blocks       = module.network.vpc_cidr_blocks
  security_group_id     = module.security.security_group_id
  availability_zone_ids = ["usw2-az1", "usw2-az2", "usw2-az3"]
""",
    "iam": """
  name               = "$name"
  region             = "$region"
  account_id         = "$account"
  partition          = "aws"
  tags               = { environment = "bench" }
  bucket_name        = module.storage.bucket_name
  vpc_id             = module.network.vpc_id
  private_subnet_ids = module.network.private_subnet_ids
  security_group_id  = module.security.security_group_id
  cluster_arn        = module.eks.cluster_arn
""",
    "helm": """
  region       = "$region"
  cluster_name = module.eks.cluster_name
  chart_path   = "./charts/hyperpod"
""",
    "hyperpod": """
  region                       = "$region"
  account_id                   = "$account"
  partition                    = "aws"
  tags                         = { environment = "bench" }
  cluster_name                 = "$name"
  eks_cluster_arn              = module.eks.cluster_arn
  private_subnet_ids           = module.network.private_subnet_ids
  primary_availability_zone_id = module.network.primary_availability_zone_id
  security_group_id            = module.security.security_group_id
  execution_role_arn           = module.iam.execution_role_arn
  lifecycle_script_uri         = module.storage.lifecycle_script_uri
  lifecycle_on_create          = module.storage.lifecycle_on_create
  dependencies_release         = module.helm.release_name
  s3_endpoint_id               = module.endpoints.s3_endpoint_id
  instance_groups = [
    { name = "general", instance_type = "ml.m5.2xlarge", count = 1 },
    { name = "workers", instance_type = "ml.g5.8xlarge", count = 2 },
  ]
""",
}

PROVIDERS: Mapping[str, str] = {
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
_REQUIRED = {item.name: item for item in DECLARED}


def write_single(folder: Path, modules: Path, values: Mapping[str, str]) -> None:
    """Write one root with every module.

    Args:
        modules: the folder the modules are copied from.
        values: ``name``, ``region`` and ``account`` of the environment.
    """
    parts = [_terraform(tuple(_REQUIRED), "single"), *(PROVIDERS[name] for name in _REQUIRED)]
    parts += [_call(layer, body) for layer, body in MODULES.items()]
    for layer in MODULES:
        parts += [_output(f"{layer}__{name}", f"module.{layer}.{name}") for name in outputs(modules / layer)]
    _write(folder, modules, tuple(MODULES), "\n".join(parts), values)


def write_layers(folder: Path, modules: Path, values: Mapping[str, str]) -> dict[str, dict[str, set[str]]]:
    """Write one root for each layer, and return which outputs of which other layers each of them needs."""
    needs: dict[str, dict[str, set[str]]] = {}
    for layer, body in MODULES.items():
        required = tuple(item.name for item in CONTRACTS[layer].providers)
        text = "".join(PROVIDERS[name] for name in required) + _call(layer, body)
        needs[layer] = {}
        for producer, name in _REFERENCE.findall(text):
            needs[layer].setdefault(producer, set()).add(name)
        variables = [
            f'variable "{producer}__{name}" {{\n  type = any\n}}\n'
            for producer, names in sorted(needs[layer].items())
            for name in sorted(names)
        ]
        parts = [_terraform(required, layer), _REFERENCE.sub(r"var.\1__\2", text), *variables]
        parts += [_output(name, f"module.{layer}.{name}") for name in outputs(modules / layer)]
        _write(folder / layer, modules, (layer,), "\n".join(parts), values)
    return needs


def outputs(module: Path) -> list[str]:
    """Return the names of a module's outputs."""
    return _OUTPUT.findall((module / "outputs.tf").read_text())


def _terraform(providers: tuple[str, ...], key: str) -> str:
    required = "".join(
        f'    {item.name} = {{\n      source  = "{item.source}"\n      version = "{item.version}"\n    }}\n'
        for item in (_REQUIRED[name] for name in providers)
    )
    return f"""terraform {{
  required_version = ">= 1.10.0"
  required_providers {{
{required}  }}
  backend "s3" {{
    bucket       = "{STATE_BUCKET}"
    key          = "$name/{key}.tfstate"
    region       = "$region"
    use_lockfile = true
  }}
}}
"""


def _call(layer: str, body: str) -> str:
    return f'\nmodule "{layer}" {{\n  source = "./modules/{layer}"\n{body}}}\n'


def _output(name: str, value: str) -> str:
    return f'\noutput "{name}" {{\n  value = {value}\n}}\n'


def _write(folder: Path, modules: Path, layers: tuple[str, ...], text: str, values: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for layer in layers:
        shutil.copytree(modules / layer, folder / "modules" / layer)
    if "helm" in layers:
        shutil.copytree(EMBEDDED, folder / "charts" / "hyperpod")
    (folder / "main.tf").write_text(Template(text).substitute(values))
