"""The subnet_tags module: one tag at a time, on subnets that this module does not make."""

from __future__ import annotations

from cdktn_provider_aws.ec2_tag import Ec2Tag

from hp_tf.synth.module import Module


def define(module: Module) -> None:
    """Write the module."""
    found = []
    for kind, subnets in (
        ("private", "var.private_subnet_ids"),
        ("public", "(var.public_subnet_ids == null ? {} : var.public_subnet_ids)"),
    ):
        module.local(
            f"{kind}_tags",
            f"merge([\n  for zone, subnet in {subnets} : {{\n"
            f'    for key, value in var.{kind}_subnet_tags : "${{zone}}:${{key}}" => '
            "{ subnet = subnet, key = key, value = value }\n  }\n]...)",
        )
        tag = Ec2Tag(
            module,
            f"tag.{kind}",
            resource_id="${each.value.subnet}",
            key="${each.value.key}",
            value="${each.value.value}",
        )
        module.for_each(tag, f"${{local.{kind}_tags}}")
        found.append(tag)
    module.output("tagged_subnet_ids", "${var.private_subnet_ids}", depends_on=found)
