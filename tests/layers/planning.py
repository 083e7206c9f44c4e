"""The modules of network, security, endpoints and storage, planned once in many settings by the real aws provider.

One root holds a module call per setting, so that the bindings and the provider start once for all tests. A given VPC is
read from moto; everything else plans without AWS.
"""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from hp_tf.layers.endpoints import contract as endpoints
from hp_tf.layers.network import contract as network
from hp_tf.layers.security import contract as security
from hp_tf.layers.storage import contract as storage
from hp_tf.synth import write
from tests.synth.terraform import Terraform, mirror

CONTRACTS = {module.CONTRACT.name: module.CONTRACT for module in (network, security, endpoints, storage)}

ACCOUNT = "123456789012"
REGION = "us-west-2"
ONE, TWO, THREE, LOCAL = "usw2-az1", "usw2-az2", "usw2-az3", "usw2-lax1-az1"
NAT, OTHER_NAT = "nat-0123456789abcdef0", "nat-0123456789abcdef1"
GROUP = "sg-0123456789abcdef0"
ENDPOINT = "vpce-0123456789abcdef0"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TAGS = {"team": "ml"}

COMMON: Mapping[str, Mapping[str, Any]] = {
    "network": {"name": "dev", "region": REGION, "account_id": ACCOUNT, "tags": TAGS},
    "security": {
        "name": "dev",
        "tags": TAGS,
        "vpc_id": "${module.two.vpc_id}",
    },
    "endpoints": {
        "name": "dev",
        "region": REGION,
        "account_id": ACCOUNT,
        "partition": "aws",
        "tags": TAGS,
        "vpc_id": "${module.two.vpc_id}",
        "private_route_table_ids": "${module.two.private_route_table_ids}",
        "private_subnet_ids": "${module.two.private_subnet_ids}",
        "vpc_cidr_blocks": "${module.two.vpc_cidr_blocks}",
    },
    "storage": {"name": "dev", "region": REGION, "account_id": ACCOUNT, "partition": "aws", "tags": TAGS},
}

GIVEN_VPC = {
    "create_vpc": False,
    "vpc_id": "${data.aws_vpc.given.id}",
    "vpc_cidr": "10.50.0.0/16",
    "public_subnets": False,
}

# Settings by the name of their module call: the layer, and its inputs beside the common ones.
SETTINGS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "one": ("network", {"availability_zone_ids": [ONE], "flow_logs": "cloudwatch"}),
    "two": ("network", {"availability_zone_ids": [ONE, TWO], "primary_availability_zone_id": TWO}),
    "reordered": ("network", {"availability_zone_ids": [TWO, ONE], "primary_availability_zone_id": TWO}),
    "three": ("network", {"availability_zone_ids": [THREE, ONE, TWO], "primary_availability_zone_id": TWO}),
    "per_az": (
        "network",
        {"availability_zone_ids": [ONE, TWO, THREE], "primary_availability_zone_id": TWO, "nat": "per_az"},
    ),
    "further": (
        "network",
        {
            "availability_zone_ids": [ONE, TWO],
            "primary_availability_zone_id": TWO,
            "nat": "per_az",
            "nat_allocation_ids": {ONE: "eipalloc-0123456789abcdef0"},
            "private_routes": {
                "corporate": {"destination_cidr_block": "10.20.0.0/16", "transit_gateway_id": "tgw-0123456789abcdef0"}
            },
            "private_subnet_tags": {"karpenter.sh/discovery": "dev"},
            "public_subnet_tags": {"kubernetes.io/role/elb": "0"},
        },
    ),
    "closed": ("network", {"availability_zone_ids": [ONE], "nat": "none", "public_subnets": False}),
    "existing_nat": (
        "network",
        {
            **GIVEN_VPC,
            "availability_zone_ids": [ONE, TWO],
            "primary_availability_zone_id": TWO,
            "nat": "existing",
            "nat_gateway_ids": {TWO: NAT},
        },
    ),
    "existing_nats": (
        "network",
        {
            **GIVEN_VPC,
            "availability_zone_ids": [ONE, TWO],
            "primary_availability_zone_id": TWO,
            "nat": "existing",
            "nat_gateway_ids": {ONE: OTHER_NAT, TWO: NAT},
        },
    ),
    "local_zone": (
        "network",
        {
            "availability_zone_ids": [ONE, LOCAL],
            "primary_availability_zone_id": ONE,
            "nat": "per_az",
            "private_subnet_cidrs": {LOCAL: "10.9.0.0/16"},
            "public_subnet_cidrs": {LOCAL: "10.192.9.0/24"},
        },
    ),
    "given_vpc": (
        "network",
        {
            **GIVEN_VPC,
            # As a caller may write it: it defers the module's data sources to apply, and the VPC's id must stay known.
            "depends_on": ["module.two"],
            "availability_zone_ids": [ONE],
            "nat": "none",
            "associate_private_cidrs": False,
            "private_subnet_cidrs": {ONE: "10.50.128.0/17"},
            "further_vpc_cidrs": {"offices": "10.60.0.0/16"},
            "flow_logs": "s3",
            "flow_log_bucket_arn": "arn:aws:s3:::acme-flow-logs",
        },
    ),
    "new_group": ("security", {}),
    "reached_group": (
        "security",
        {
            "vpc_cidr_blocks": "${module.two.vpc_cidr_blocks}",
            "openzfs_security_group_ids": [GROUP],
            "ssh_cidr_blocks": ["192.0.2.0/24"],
            "ssh_security_group_ids": ["sg-0123456789abcdef1"],
        },
    ),
    "given_group": (
        "security",
        {
            "create_security_group": False,
            "security_group_id": GROUP,
            "present_rules": ["ingress_self", "egress_self", "egress_anywhere"],
        },
    ),
    "s3_endpoint": ("endpoints", {"s3_read_buckets": ["acme-read"], "s3_write_buckets": ["acme-write-*"]}),
    "s3_endpoint_plain": ("endpoints", {}),
    "no_endpoint": ("endpoints", {"s3": False}),
    "interfaces": (
        "endpoints",
        {
            "dynamodb": True,
            "interface_endpoints": ["ec2", "ecr.api"],
            "interface_availability_zone_ids": [TWO],
            "given_interface_endpoint_ids": {"sts": ENDPOINT},
        },
    ),
    "given_interfaces": (
        "endpoints",
        {
            "given_interface_endpoint_ids": {"sts": ENDPOINT},
            "vpc_cidr_blocks": "${module.given_vpc.vpc_cidr_blocks}",
        },
    ),
    "bucket": ("storage", {}),
    "bucket_full": (
        "storage",
        {
            "kms_key_arn": KEY,
            "access_logs": "created",
            "noncurrent_version_days": 30,
            "force_destroy": True,
            "lifecycle_prefix": "eks/v2",
            "lifecycle_on_create": "start.sh",
        },
    ),
    "bucket_given_logs": ("storage", {"access_logs": "given", "access_log_bucket_name": "acme-logs"}),
    "given_bucket": (
        "storage",
        {"create_bucket": False, "bucket_name": "acme-scripts", "lifecycle_directory": "scripts"},
    ),
    "no_scripts": ("storage", {"upload_lifecycle_scripts": False}),
}


@dataclass(frozen=True)
class Planned:
    """What one module call would make: attributes and what is unknown in them, by address within the module.

    ``checks``: what came of each of its ``check`` blocks.
    """

    resources: Mapping[str, Mapping[str, Any]]
    unknown: Mapping[str, Mapping[str, Any]]
    outputs: Mapping[str, Any]
    checks: Mapping[str, str]

    def of(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """The resources of one type, by the rest of their address."""
        prefix = f"aws_{kind}."
        return {name.removeprefix(prefix): value for name, value in self.resources.items() if name.startswith(prefix)}


@functools.cache
def settings() -> Mapping[str, Planned]:
    """Plan every setting. About half a minute, once per test process."""
    program = shutil.which("terraform")
    assert program is not None, "these tests need `terraform` on PATH"
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        with tempfile.TemporaryDirectory(prefix="hptf-layers-") as name:
            folder = Path(name)
            _write(folder, Path(program), f"http://{host}:{port}")
            terraform = Terraform(Path(program), folder, providers=mirror())
            terraform.init()
            terraform.ok("validate", "-no-color")
            return _read(terraform.plan())
    finally:
        server.stop()


def _write(folder: Path, program: Path, endpoint: str) -> None:
    for path, text in write.files_of(write.drafts(CONTRACTS, CONTRACTS), program).items():
        target = folder / "modules" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    scripts = folder / "scripts"
    (scripts / "lib").mkdir(parents=True)
    (scripts / "on_create.sh").write_text("#!/bin/bash\n. lib/common.sh\n")
    (scripts / "lib" / "common.sh").write_text("true\n")
    (scripts / "lib" / "tool").write_bytes(b"\x7fELF\xff")

    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    ec2 = session.client("ec2", endpoint_url=endpoint)
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.60.0.0/16")
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    root = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
        "provider": {
            "aws": {
                "region": REGION,
                "access_key": "test",
                "secret_key": "test",
                "skip_credentials_validation": True,
                "skip_metadata_api_check": True,
                "skip_requesting_account_id": True,
                "endpoints": {"ec2": endpoint},
            }
        },
        "data": {"aws_vpc": {"given": {"id": vpc}}},
        "module": {
            name: {"source": f"./modules/{layer}", **COMMON[layer], **inputs}
            for name, (layer, inputs) in SETTINGS.items()
        },
        # One by one: an output with anything unknown in it is left out of the plan's values.
        "output": {
            f"{name}__{output}": {"value": f"${{module.{name}.{output}}}"}
            for name, (layer, _) in SETTINGS.items()
            for output in CONTRACTS[layer].outputs.model_fields
        },
    }
    (folder / "main.tf.json").write_text(json.dumps(root))


def _read(plan: Mapping[str, Any]) -> Mapping[str, Planned]:
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {name: ({}, {}) for name in SETTINGS}
    for change in plan["resource_changes"]:
        if change["mode"] == "managed":
            assert change["change"]["actions"] == ["create"], change["address"]
            _, module, address = change["address"].split(".", 2)
            found[module][0][address] = change["change"]["after"]
            found[module][1][address] = change["change"]["after_unknown"]
    outputs: dict[str, dict[str, Any]] = {name: {} for name in SETTINGS}
    for key, output in plan["planned_values"]["outputs"].items():
        name, _, field = key.partition("__")
        if "value" in output:
            outputs[name][field] = output["value"]
    checks: dict[str, dict[str, str]] = {name: {} for name in SETTINGS}
    for item in plan["checks"]:
        if item["address"]["kind"] == "check":
            checks[item["address"]["module"].removeprefix("module.")][item["address"]["name"]] = item["status"]
    return {name: Planned(values, unknown, outputs[name], checks[name]) for name, (values, unknown) in found.items()}
