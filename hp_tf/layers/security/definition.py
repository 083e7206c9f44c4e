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
    module.made_first(group)
    module.comment(group, "What carries it is given another one before it goes: EC2 deletes none that is carried.")
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
    module.output("security_group_id", GROUP, depends_on=[*rules, _nfs(module), *_ssh(module)])


def _nfs(module: Module) -> VpcSecurityGroupIngressRule:
    """Write who reaches a file system of another group: wherever nodes sit, it is in a block of the VPC."""
    module.local(
        "nfs_ports",
        "{\n  rpc = { from = 111, to = 111 }\n  nfs = { from = 2049, to = 2049 }\n"
        "  mount = { from = 20001, to = 20003 }\n}",
        comment="What FSx for OpenZFS listens on, by TCP and UDP.",
    )
    module.local("vpc_cidr_blocks", "var.vpc_cidr_blocks == null ? {} : var.vpc_cidr_blocks")
    module.local(
        "nfs_rules",
        """{
  for part in setproduct(
    var.openzfs_security_group_ids, keys(local.vpc_cidr_blocks), ["tcp", "udp"], keys(local.nfs_ports)
  ) :
  join("-", part) => {
    group    = part[0]
    block    = part[1]
    protocol = part[2]
    ports    = local.nfs_ports[part[3]]
  }
}""",
    )
    rule = VpcSecurityGroupIngressRule(
        module,
        "ingress.nfs",
        security_group_id="${each.value.group}",
        description="NFS from block ${each.value.block}.",
        ip_protocol="${each.value.protocol}",
        from_port=module.number("${each.value.ports.from}"),
        to_port=module.number("${each.value.ports.to}"),
        cidr_ipv4="${local.vpc_cidr_blocks[each.value.block]}",
        tags=tags(module, "${var.name}-nfs-${each.key}"),
    )
    module.for_each(rule, "${local.nfs_rules}")
    return rule


def _ssh(module: Module) -> list[VpcSecurityGroupIngressRule]:
    """Write who reaches the nodes by SSH: nobody unless the inputs name it."""
    blocks = VpcSecurityGroupIngressRule(
        module,
        "ingress.ssh",
        security_group_id=GROUP,
        description="SSH from ${each.key}.",
        ip_protocol="tcp",
        from_port=22,
        to_port=22,
        cidr_ipv4="${each.key}",
        tags=tags(module, "${var.name}-ssh-${each.key}"),
    )
    module.for_each(blocks, "${toset(var.ssh_cidr_blocks)}")
    groups = VpcSecurityGroupIngressRule(
        module,
        "ingress.ssh_of_group",
        security_group_id=GROUP,
        description="SSH from members of ${each.key}.",
        ip_protocol="tcp",
        from_port=22,
        to_port=22,
        referenced_security_group_id="${each.key}",
        tags=tags(module, "${var.name}-ssh-${each.key}"),
    )
    module.for_each(groups, "${toset(var.ssh_security_group_ids)}")
    return [blocks, groups]


def _unless_present(
    module: Module, name: str, rule: VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule
) -> VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule:
    """Leave a rule out that the given group is said to have; tag it with its name."""
    module.count(rule, f'${{contains(local.present_rules, "{name}") ? 0 : 1}}')
    module.set(rule, "tags", f'${{merge(var.tags, {{ Name = "{made_as("${var.name}", name)}" }})}}')
    return rule
