"""The eks module: control-plane subnets, the EKS cluster, add-ons that need no nodes, and access entries."""

from __future__ import annotations

from typing import Any

from cdktn_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktn_provider_aws.eks_access_entry import EksAccessEntry
from cdktn_provider_aws.eks_access_policy_association import (
    EksAccessPolicyAssociation,
    EksAccessPolicyAssociationAccessScope,
)
from cdktn_provider_aws.eks_addon import EksAddon
from cdktn_provider_aws.eks_cluster import (
    EksCluster,
    EksClusterAccessConfig,
    EksClusterUpgradePolicy,
    EksClusterVpcConfig,
)
from cdktn_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktn_provider_aws.kms_alias import KmsAlias
from cdktn_provider_aws.kms_key import KmsKey
from cdktn_provider_aws.route_table import RouteTable
from cdktn_provider_aws.route_table_association import RouteTableAssociation
from cdktn_provider_aws.subnet import Subnet
from cdktn_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule

from hp_tf.synth.addons import addon
from hp_tf.synth.module import Module
from hp_tf.synth.roles import log_group, role
from hp_tf.synth.snippets import bare, tags

CLUSTER = "${aws_eks_cluster.this.name}"
KEY = '${var.secrets_encryption == "created_key" ? 1 : 0}'


def define(module: Module) -> None:
    """Write the module."""
    module.local("cluster_name", bare(module.name("cluster")))
    before = [*_subnets(module), *_role(module), _log_group(module)]
    _key(module)
    cluster = _cluster(module)
    module.depends_on(cluster, before)
    attached = [_addons(module), *_access(module)]
    for resource in attached:
        # It changes with another cluster alone; of the whole resource, every change would count.
        resource.add_override("lifecycle.replace_triggered_by", ["aws_eks_cluster.this.created_at"])
    usable = [*attached, _private_access(module)]

    module.output("cluster_name", CLUSTER, depends_on=usable)
    module.output("cluster_arn", "${aws_eks_cluster.this.arn}")
    module.output("cluster_endpoint", "${aws_eks_cluster.this.endpoint}")
    module.output("cluster_certificate_authority", "${aws_eks_cluster.this.certificate_authority[0].data}")
    module.output("cluster_security_group_id", "${aws_eks_cluster.this.vpc_config[0].cluster_security_group_id}")
    module.output("secrets_key_arn", "${one(local.encryption_keys)}")
    module.output("kubernetes_version", "${aws_eks_cluster.this.version}")
    module.output("role_name", "${aws_iam_role.this.name}")
    module.output("role_arn", "${aws_iam_role.this.arn}")
    module.output("log_group_name", "${aws_cloudwatch_log_group.this.name}")
    module.output("log_group_arn", "${aws_cloudwatch_log_group.this.arn}")
    module.output("control_plane_subnet_cidrs", "${local.subnet_cidrs}")
    module.output("oidc_issuer_url", "${aws_eks_cluster.this.identity[0].oidc[0].issuer}")
    module.output("vpc_id", "${var.vpc_id}")
    module.output("control_plane_subnet_ids", "${local.subnet_ids}")
    module.output(
        "control_plane_route_table_ids",
        "${{ for zone, table in aws_route_table.control_plane : zone => table.id }}",
    )


def _subnets(module: Module) -> list[Any]:
    """Write the control plane's subnets, each with a route table of its own that leads nowhere else."""
    module.local(
        "bits",
        '28 - tonumber(split("/", var.vpc_cidr)[1])',
        comment="What a /28 adds to the VPC's prefix.",
    )
    module.local(
        "subnet_cidrs",
        "{\n"
        "  for zone in var.availability_zone_ids : zone => (\n"
        "    contains(keys(var.subnet_cidrs), zone) ? var.subnet_cidrs[zone] :\n"
        '    cidrsubnet(var.vpc_cidr, local.bits, pow(2, local.bits) - 16 + tonumber(regex("[0-9]+$", zone)))\n'
        "  ) if var.create_subnets\n"
        "}",
        comment="By the zone's own number, from the end of the VPC's range: adding a zone moves no other.",
    )
    subnet = Subnet(
        module,
        "subnet.control_plane",
        vpc_id=module.ref("vpc_id"),
        availability_zone_id="${each.key}",
        cidr_block="${each.value}",
        tags=tags(module, "${var.name}-eks-${each.key}"),
    )
    module.for_each(subnet, "${local.subnet_cidrs}")
    module.comment(
        subnet,
        "For the control plane's network interfaces alone. Without the tag of internal load balancers:\n"
        "a /28 has no room for them, and its route table leads nowhere.",
    )
    table = RouteTable(
        module,
        "route_table.control_plane",
        vpc_id=module.ref("vpc_id"),
        tags=tags(module, "${var.name}-eks-${each.key}"),
    )
    module.for_each(table, "${local.subnet_cidrs}")
    association = RouteTableAssociation(
        module,
        "route_table_association.control_plane",
        subnet_id="${aws_subnet.control_plane[each.key].id}",
        route_table_id="${aws_route_table.control_plane[each.key].id}",
    )
    module.for_each(association, "${local.subnet_cidrs}")
    module.made_first(subnet, table, association)
    module.local(
        "subnet_ids",
        "merge(var.subnet_ids, { for zone, subnet in aws_subnet.control_plane : zone => subnet.id })",
    )
    return [association]


def _role(module: Module) -> list[Any]:
    description = "Control plane of the EKS cluster of ${var.name}."
    role(module, "role.this", "role", "eks.amazonaws.com", description, for_account=True)
    policy = IamRolePolicyAttachment(
        module,
        "attachment.cluster",
        role="${aws_iam_role.this.name}",
        policy_arn="arn:${var.partition}:iam::aws:policy/AmazonEKSClusterPolicy",
    )
    return [policy]


def _log_group(module: Module) -> CloudwatchLogGroup:
    name = "/aws/eks/${local.cluster_name}/cluster"
    group = log_group(module, "log_group.this", name, "log_retention_days", "log_kms_key_arn")
    module.comment(group, "Before the cluster: EKS would make it itself, without a retention.")
    module.accept(group, "CKV_AWS_338", "How long logs are kept is the caller's choice, log_retention_days")
    return group


def _key(module: Module) -> None:
    key = KmsKey(
        module,
        "key.secrets",
        description="Kubernetes secrets of the EKS cluster of ${var.name}.",
        enable_key_rotation=True,
        deletion_window_in_days=module.number("${var.kms_key_deletion_window_days}"),
        policy=module.json(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "Account",
                        "Effect": "Allow",
                        "Principal": {"AWS": "arn:${var.partition}:iam::${var.account_id}:root"},
                        "Action": "kms:*",
                        "Resource": "*",
                    }
                ],
            }
        ),
        tags=module.mapping("${var.tags}"),
    )
    module.count(key, KEY)
    alias = KmsAlias(
        module,
        "alias.secrets",
        name="alias/${local.cluster_name}-secrets",
        target_key_id="${aws_kms_key.secrets[0].key_id}",
    )
    module.count(alias, KEY)
    module.local(
        "encryption_keys",
        'var.secrets_encryption == "created_key" ? aws_kms_key.secrets[*].arn : compact([var.kms_key_arn])',
    )


def _cluster(module: Module) -> EksCluster:
    cluster = EksCluster(
        module,
        "cluster.this",
        name="${local.cluster_name}",
        role_arn="${aws_iam_role.this.arn}",
        version=module.ref("kubernetes_version"),
        enabled_cluster_log_types=module.strings("${var.log_types}"),
        bootstrap_self_managed_addons=module.boolean("${var.bootstrap_self_managed_addons}"),
        vpc_config=EksClusterVpcConfig(
            subnet_ids=module.strings("${[for zone in var.availability_zone_ids : local.subnet_ids[zone]]}"),
            security_group_ids=module.strings("${concat([var.security_group_id], var.additional_security_group_ids)}"),
            endpoint_private_access=module.boolean("${var.endpoint_private_access}"),
            endpoint_public_access=module.boolean("${var.endpoint_public_access}"),
            public_access_cidrs=module.strings("${var.endpoint_public_access ? var.public_access_cidrs : null}"),
        ),
        access_config=EksClusterAccessConfig(
            authentication_mode=module.ref("authentication_mode"),
            bootstrap_cluster_creator_admin_permissions=module.boolean(
                "${var.bootstrap_cluster_creator_admin_permissions}"
            ),
        ),
        upgrade_policy=EksClusterUpgradePolicy(support_type=module.ref("support_type")),
        tags=module.mapping("${var.tags}"),
    )
    flag = "self.access_config[0].bootstrap_cluster_creator_admin_permissions"
    module.postcondition(
        cluster,
        # What an imported cluster was made with is not known.
        f"${{try({flag}, null) != true || var.bootstrap_cluster_creator_admin_permissions}}",
        "bootstrap_cluster_creator_admin_permissions is fixed at creation: leave it true, and delete the entry.",
    )
    module.check(
        "bootstrap_addons",
        "${!aws_eks_cluster.this.bootstrap_self_managed_addons || var.bootstrap_self_managed_addons}",
        "The cluster was made with bootstrap_self_managed_addons, or imported, and false has no effect on it any more.",
    )
    module.dynamic(
        cluster,
        "encryption_config",
        '${var.secrets_encryption == "aws_owned_key" ? [] : ["secrets"]}',
        {"resources": ["${encryption_config.value}"], "provider": {"key_arn": "${one(local.encryption_keys)}"}},
    )
    module.dynamic(
        cluster,
        "kubernetes_network_config",
        "${var.service_ipv4_cidr == null ? [] : [var.service_ipv4_cidr]}",
        {"service_ipv4_cidr": "${kubernetes_network_config.value}"},
    )
    cluster.add_override(
        "lifecycle.ignore_changes",
        ["bootstrap_self_managed_addons", "access_config[0].bootstrap_cluster_creator_admin_permissions"],
    )
    public = "Whether and for whom the API server is public is the caller's choice"
    module.accept(cluster, "CKV_AWS_38", f"{public}, public_access_cidrs")
    module.accept(cluster, "CKV_AWS_39", f"{public}, endpoint_public_access")
    module.accept(
        cluster, "CKV_AWS_58", "EKS encrypts secrets with its own key where secrets_encryption names no other"
    )
    module.comment(
        cluster,
        "What is bootstrapped counts at creation only, and EKS does not tell it afterwards: without ignore_changes\n"
        "a cluster that is imported would be replaced.",
    )
    return cluster


def _addons(module: Module) -> EksAddon:
    made = addon(
        module,
        "addon.this",
        cluster=CLUSTER,
        name="${each.key}",
        version="${each.value.addon_version}",
        configuration="${each.value.configuration_values}",
        roles="${each.value.pod_identity_roles}",
    )
    module.set(made, "service_account_role_arn", "${each.value.service_account_role_arn}")
    module.set(made, "preserve", "${each.value.preserve}")
    module.for_each(made, "${var.addons}")
    module.comment(
        made,
        "Only add-ons that become active without nodes: CoreDNS and the like come after the nodes.\n"
        "Here as below: what EKS deletes with the cluster is made anew with it, though its name stays the same.",
    )
    return made


def _access(module: Module) -> list[Any]:
    entry = EksAccessEntry(
        module,
        "entry.this",
        cluster_name=CLUSTER,
        principal_arn="${each.value.principal_arn}",
        type="${each.value.type}",
        user_name="${each.value.user_name}",
        tags=module.mapping("${var.tags}"),
    )
    # Entries of nodes take no groups, not even an empty list.
    module.set(entry, "kubernetes_groups", '${each.value.type == "STANDARD" ? each.value.kubernetes_groups : null}')
    module.for_each(entry, "${var.access_entries}")
    module.local(
        "access_policies",
        """merge([
  for entry, access in var.access_entries : {
    for name, given in access.policies : "${entry}/${name}" => {
      entry      = entry
      namespaces = given.namespaces
      policy_arn = startswith(given.policy, "arn:") ? given.policy : "${local.policies}/${given.policy}"
    }
  }
]...)""",
        comment="One element per entry and policy, by the names they have in access_entries.",
    )
    module.local("policies", '"arn:${var.partition}:eks::aws:cluster-access-policy"')
    association = EksAccessPolicyAssociation(
        module,
        "association.this",
        cluster_name=CLUSTER,
        principal_arn="${aws_eks_access_entry.this[each.value.entry].principal_arn}",
        policy_arn="${each.value.policy_arn}",
        access_scope=EksAccessPolicyAssociationAccessScope(
            type='${length(each.value.namespaces) == 0 ? "cluster" : "namespace"}',
            namespaces=module.strings("${length(each.value.namespaces) == 0 ? null : each.value.namespaces}"),
        ),
    )
    module.for_each(association, "${local.access_policies}")
    return [entry, association]


def _private_access(module: Module) -> VpcSecurityGroupIngressRule:
    """Let further ranges reach the private endpoint, by the group that EKS gives its network interfaces."""
    rule = VpcSecurityGroupIngressRule(
        module,
        "ingress.private_access",
        security_group_id="${aws_eks_cluster.this.vpc_config[0].cluster_security_group_id}",
        description="Kubernetes API from ${each.key}.",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4="${each.value}",
        tags=tags(module, "${var.name}-eks-api-${each.key}"),
    )
    module.for_each(rule, "${var.private_access_cidrs}")
    return rule
