"""The security module: a security group with the rules of EFA and Lustre, or those rules in a given group."""

from __future__ import annotations

from typing import Any

from cdktn_provider_aws.security_group import SecurityGroup
from cdktn_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktn_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule

from hp_tf.layers.security.present import made_as
from hp_tf.synth.module import Module
from hp_tf.synth.snippets import bare, tags

GROUP = "${local.security_group_id}"


def define(module: Module) -> None:
    """Write the module."""
    module.local("group_name", bare(module.name("security_group")))
    group = SecurityGroup(
        module,
        "security_group.this",
        name="${local.group_name}",
        description="HyperPod nodes of ${var.name}: EFA and Lustre among themselves, and the way out.",
        vpc_id=module.ref("vpc_id"),
        tags=tags(module, "${local.group_name}"),
    )
    module.count(group, "${var.create_security_group ? 1 : 0}")
    module.accept(group, "CKV2_AWS_5", "Other modules attach it, to the cluster, its nodes and the file system")
    module.local(
        "security_group_id", "var.create_security_group ? aws_security_group.this[0].id : var.security_group_id"
    )

    module.local("present_rules", "var.present_rules == null ? [] : var.present_rules")

    itself: dict[str, Any] = {"security_group_id": GROUP, "referenced_security_group_id": GROUP}
    rules = [
        _unless_present(
            module,
            "ingress_self",
            VpcSecurityGroupIngressRule(
                module,
                "ingress.self",
                description="Everything between the nodes: EFA needs all protocols.",
                ip_protocol="-1",
                **itself,
            ),
        ),
        _unless_present(
            module,
            "ingress_lustre",
            VpcSecurityGroupIngressRule(
                module,
                "ingress.lustre",
                description="Lustre.",
                ip_protocol="tcp",
                from_port=988,
                to_port=988,
                **itself,
            ),
        ),
        _unless_present(
            module,
            "ingress_lustre_data",
            VpcSecurityGroupIngressRule(
                module,
                "ingress.lustre_data",
                description="Lustre, among its clients and servers.",
                ip_protocol="tcp",
                from_port=1018,
                to_port=1023,
                **itself,
            ),
        ),
        _unless_present(
            module,
            "egress_self",
            VpcSecurityGroupEgressRule(
                module,
                "egress.self",
                description="Everything between the nodes: EFA wants this rule beside the one to anywhere.",
                ip_protocol="-1",
                **itself,
            ),
        ),
        _unless_present(
            module,
            "egress_anywhere",
            VpcSecurityGroupEgressRule(
                module,
                "egress.anywhere",
                security_group_id=GROUP,
                description="AWS services, registries and package repositories.",
                ip_protocol="-1",
                cidr_ipv4="0.0.0.0/0",
            ),
        ),
    ]
    module.output("security_group_id", GROUP, depends_on=rules)


def _unless_present(
    module: Module, name: str, rule: VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule
) -> VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule:
    """Leave a rule out that the given group is said to have; tag it with its name."""
    module.count(rule, f'${{contains(local.present_rules, "{name}") ? 0 : 1}}')
    module.set(rule, "tags", f'${{merge(var.tags, {{ Name = "{made_as("${var.name}", name)}" }})}}')
    return rule
