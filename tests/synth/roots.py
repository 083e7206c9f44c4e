"""Roots that call every layer's module at once, so that the aws provider starts once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import hp_tf.charts
from hp_tf.contract.base import Contract, Wired, annotations_of
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.examples import example_inputs
from hp_tf.synth.expressions import expression, plain
from hp_tf.synth.generate import Draft
from hp_tf.synth.shape import Shape
from hp_tf.synth.variables import inputs_of
from tests.synth.terraform import write

PROVIDERS = """
terraform {
  required_providers {
    aws   = { source = "hashicorp/aws", version = "5.100.0" }
    awscc = { source = "hashicorp/awscc" }
    helm  = { source = "hashicorp/helm" }
  }
}
provider "aws" {
  region                      = "us-west-2"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}
provider "awscc" {
  region = "us-west-2"
}
provider "helm" {
  kubernetes = {
    host                   = terraform_data.unknown.id
    cluster_ca_certificate = terraform_data.unknown.id
    token                  = terraform_data.unknown.id
  }
}
resource "terraform_data" "unknown" {}
"""
ZONES = ["usw2-az1", "usw2-az2"]

# Inputs beyond the required ones, so that every resource of a layer is in the plan.
FULL: Mapping[str, Mapping[str, Any]] = {
    "network": {
        "availability_zone_ids": ZONES,
        "primary_availability_zone_id": ZONES[0],
        "nat": "per_az",
        "flow_logs": "cloudwatch",
    },
    "eks": {"availability_zone_ids": ZONES},
    # The plan of a quota asks CloudFormation for its type; the layer's own walk plans quotas.
    "governance": {"teams": {}},
    "helm": {"chart_path": str(Path(hp_tf.charts.__file__).parent / "embedded" / "hyperpod-helm-chart")},
    "hyperpod": {
        "instance_groups": [
            {"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 2, "availability_zone_id": ZONES[1]},
            {"name": "general", "instance_type": "ml.m5.2xlarge", "count": 1, "labels": {"role": "general"}},
        ]
    },
}

# Keys of maps that are not keyed by zone, by input.
KEYS: Mapping[str, list[str]] = {
    "addon_versions": ["aws-fsx-csi-driver", "aws-mountpoint-s3-csi-driver", "cert-manager", "metrics-server"]
}

# What a layer wants beyond that where all its switches are on.
SWITCHED_ON: Mapping[str, Mapping[str, Any]] = {"hyperpod_slurm": {"configuration": "scripts"}}


def wired(layers: Iterable[str] = CONTRACTS) -> str:
    """A root in which every layer is wired to the modules beside it: the READMEs' examples, and FULL."""
    return _root({name: {**example_inputs(CONTRACTS[name]), **plain(FULL.get(name, {}))} for name in layers})


def unknown(layers: Iterable[str] = CONTRACTS) -> str:
    """A root in which nothing wired is known before apply. Keys of maps are: they are zone ids."""
    return _root({name: _unknown_inputs(CONTRACTS[name]) for name in layers})


def _unknown_inputs(contract: Contract) -> dict[str, Any]:
    found = {**example_inputs(contract), **plain(FULL.get(contract.name, {}))}
    # What is wired only where a switch is on, is wired here.
    found.update({wire.only_if: True for _, wire in contract.wires() if wire.only_if is not None})
    found.update(SWITCHED_ON.get(contract.name, {}))
    for name, attribute in inputs_of(contract).items():
        wires = annotations_of(contract.inputs.model_fields[name], Wired)
        if any(wire.when != "existing" for wire in wires):
            found[name] = _unknown(
                attribute.shape, KEYS.get(name) or [*(["primary"] if "vpc_cidr_blocks" in name else []), *ZONES]
            )
    return found


def _unknown(shape: Shape, keys: Iterable[str]) -> Any:
    if shape.kind == "map":
        return dict.fromkeys(keys, "${terraform_data.unknown.id}")
    return "${terraform_data.unknown.id}"


def _root(calls: Mapping[str, Mapping[str, Any]]) -> str:
    modules = [
        f'module "{layer}" {{\nsource = "./modules/{layer}"\n'
        + "".join(f"{name} = {expression(value)}\n" for name, value in inputs.items())
        + "}\n"
        for layer, inputs in calls.items()
    ]
    outputs = [f'output "{layer}" {{\nvalue = module.{layer}\nsensitive = true\n}}\n' for layer in calls]
    return "\n".join([PROVIDERS, *modules, *outputs])


def json_form(folder: Path, drafts: Iterable[Draft]) -> Path:
    """Write the modules in Terraform's JSON form."""
    for draft in drafts:
        files = {"main.tf.json": json.dumps(draft.document), **draft.assets}
        write(folder / "modules" / draft.contract.name, files)
    return folder
