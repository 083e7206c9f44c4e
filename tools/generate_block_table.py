"""Write hp_tf/synth/blocks.json: which arguments of the aws provider are nested blocks and which are attributes.

    terraform providers schema -json | python tools/generate_block_table.py

in a root that requires hashicorp/aws 5.100.0. The result holds the services the layers use, and per resource type only
its nested blocks. The awscc and helm providers have attributes only (their bindings document no block). With the
bindings installed, every type is compared with what its binding documents; differences between the two major versions
(a block that became an attribute) are printed, for the author to judge.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "hp_tf" / "synth" / "blocks.json"
PROVIDER = "registry.terraform.io/hashicorp/aws"
SERVICES = re.compile(
    r"aws_(availability_zones?|caller_identity|cloudcontrolapi_\w+|cloudwatch_(log|metric|event)_\w+"
    r"|db_(instance|parameter_group|snapshot|subnet_group)|default_\w+|ebs_\w+|ec2_\w+|ecr_\w+|efs_\w+|egress_\w+"
    r"|eip\w*|eks_\w+|flow_log|fsx_\w+|grafana_\w+|iam_\w+|instance|internet_gateway\w*|kms_\w+|launch_template"
    r"|main_route_table_association|nat_gateways?|network_acl\w*|network_interface\w*|partition|placement_group"
    r"|prefix_list|prometheus_\w+|region|route|route_tables?|route_table_association|s3_\w+|sagemaker_\w+"
    r"|secretsmanager_\w+|security_group\w*|sns_\w+|sqs_\w+|ssm_\w+|subnets?|vpc|vpcs"
    r"|vpc_(dhcp|endpoint|ipv4|security_group)\w*)"
)


def nested_blocks(block: dict[str, Any]) -> dict[str, Any]:
    """Return the nested blocks of a schema block, by name."""
    return {name: nested_blocks(body["block"]) for name, body in sorted(block.get("block_types", {}).items())}


def table(schemas: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return nested blocks by address prefix: ``aws_vpc``, ``data.aws_region``."""
    provider = schemas["provider_schemas"][PROVIDER]
    found: dict[str, dict[str, Any]] = {}
    for prefix, section in (("", "resource_schemas"), ("data.", "data_source_schemas")):
        for name, schema in sorted(provider[section].items()):
            if SERVICES.fullmatch(name):
                found[prefix + name] = nested_blocks(schema["block"])
    return found


def all_names(blocks: dict[str, Any]) -> set[str]:
    """Return the names of blocks at any depth."""
    return set(blocks).union(*(all_names(inner) for inner in blocks.values()))


def documented_blocks(name: str) -> set[str] | None:
    """Return the blocks, at any depth, that a binding documents for a resource type; None without such a binding."""
    package = importlib.util.find_spec("cdktn_provider_aws")
    if package is None or package.origin is None:
        return None
    folder = name.replace("data.aws_", "data_aws_").removeprefix("aws_")
    source = Path(package.origin).parent / folder / "__init__.py"
    if not source.is_file():
        return None
    anchor = name.removeprefix("data.").removeprefix("aws_")
    return set(re.findall(rf":param \w+: (\w+) block\. Docs at .*/{anchor}#\1 ", source.read_text(encoding="utf-8")))


def main() -> None:
    """Read the schemas from standard input and write the table."""
    found = table(json.load(sys.stdin))
    for name, blocks in found.items():
        documented = documented_blocks(name)
        if documented is not None and all_names(blocks) - documented:
            print(f"{name}: the binding has no block {sorted(all_names(blocks) - documented)}")
    lines = [f"  {json.dumps(name)}: {json.dumps(blocks)}" for name, blocks in found.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} types written to {TARGET.name}")


if __name__ == "__main__":
    main()
