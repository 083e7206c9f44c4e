"""The addons module: EKS add-ons with their roles, and one release of namespaces, classes, volumes and claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdktn_provider_aws.eks_addon import EksAddon
from cdktn_provider_aws.iam_role_policy import IamRolePolicy

from hp_tf.contract.eks_addons import ADDONS
from hp_tf.layers.addons.rules import OWN
from hp_tf.synth.addons import addon
from hp_tf.synth.expressions import expression
from hp_tf.synth.module import Module
from hp_tf.synth.own_chart import release
from hp_tf.synth.roles import pod_role

FSX, S3 = OWN["fsx_csi_driver"], OWN["s3_csi_driver"]
RESTRICTED = {"key": "sagemaker.amazonaws.com/RestrictedNode", "operator": "Exists"}
# What each add-on wants to be told to run on nodes with that taint, in its own words. Daemon sets of the drivers: the
# FSx driver's tolerates all taints by itself.
TOLERANT: Mapping[str, Any] = {
    "coredns": {"tolerations": [RESTRICTED]},
    "metrics-server": {"tolerations": [RESTRICTED]},
    "cert-manager": {
        "tolerations": [RESTRICTED],
        "webhook": {"tolerations": [RESTRICTED]},
        "cainjector": {"tolerations": [RESTRICTED]},
    },
    FSX: {"controller": {"tolerations": [RESTRICTED]}},
    S3: {"node": {"tolerateAllTaints": True}},
}

# A driver's tag on the file systems that it makes, and which it alone may delete.
_OWN_FILE_SYSTEM = {"Null": {"aws:ResourceTag/CSIVolumeName": "false"}}
_FILE_SYSTEMS = "arn:${var.partition}:fsx:${var.region}:${var.account_id}:file-system/*"

_FSX_STATEMENTS: list[dict[str, Any]] = [
    {"Sid": "Find", "Effect": "Allow", "Action": ["fsx:DescribeFileSystems"], "Resource": _FILE_SYSTEMS},
    {
        "Sid": "Make",
        "Effect": "Allow",
        "Action": ["fsx:CreateFileSystem", "fsx:TagResource"],
        "Resource": _FILE_SYSTEMS,
        "Condition": {"Null": {"aws:RequestTag/CSIVolumeName": "false"}},
    },
    {
        "Sid": "ChangeAndDeleteOwn",
        "Effect": "Allow",
        "Action": ["fsx:DeleteFileSystem", "fsx:UpdateFileSystem"],
        "Resource": _FILE_SYSTEMS,
        "Condition": _OWN_FILE_SYSTEM,
    },
    {
        "Sid": "FirstFileSystemOfTheAccount",
        "Effect": "Allow",
        "Action": ["iam:CreateServiceLinkedRole"],
        "Resource": "arn:${var.partition}:iam::${var.account_id}:role/aws-service-role/fsx.amazonaws.com/*",
        "Condition": {"StringEquals": {"iam:AWSServiceName": "fsx.amazonaws.com"}},
    },
]

_S3_STATEMENTS = """[
  for statement in [
    {
      Sid      = "List"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = local.buckets
    },
    {
      Sid      = "Read"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [for bucket in local.buckets : "${bucket}/*"]
    },
    {
      Sid      = "Write"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
      Resource = [for bucket in local.written_buckets : "${bucket}/*"]
    },
    {
      Sid      = "UseKeys"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.bucket_kms_key_arns
    },
  ] : statement if length(statement.Resource) > 0
]"""

_CLASSES = """[
  for name, class in var.storage_classes : {
    name          = name
    default       = class.default
    reclaimPolicy = class.reclaim_policy
    mountOptions  = class.mount_options
    parameters = merge({
      for key, value in {
        subnetId = var.private_subnet_ids[coalesce(class.availability_zone_id, var.primary_availability_zone_id)]
        securityGroupIds = join(",", (
          length(class.security_group_ids) == 0 ? [var.security_group_id] : class.security_group_ids
        ))
        deploymentType           = class.deployment_type
        perUnitStorageThroughput = try(
          coalesce(class.per_unit_storage_throughput, local.usual_throughput[class.deployment_type]),
          null,
        )
        dataCompressionType      = class.data_compression_type
        fileSystemTypeVersion    = class.file_system_type_version
        kmsKeyId                 = class.kms_key_arn
      } : key => tostring(value) if value != null
    }, class.parameters)
  }
]"""

_LUSTRE = """flatten([
  for name, volume in var.lustre_volumes : [
    for namespace in volume.namespaces : {
      name         = "${name}-${namespace}"
      namespace    = namespace
      claim        = coalesce(volume.claim_name, name)
      driver       = "fsx.csi.aws.com"
      handle       = "${coalesce(volume.file_system_id, var.file_system_id)}-${name}-${namespace}"
      capacity     = "${volume.capacity_gib}Gi"
      accessMode   = volume.read_only ? "ReadOnlyMany" : "ReadWriteMany"
      readOnly     = volume.read_only
      mountOptions = volume.mount_options
      attributes = {
        dnsname   = coalesce(volume.dns_name, var.file_system_dns_name)
        mountname = coalesce(volume.mount_name, var.file_system_mount_name, "fsx")
      }
    }
  ]
])"""

_BUCKETS = """flatten([
  for name, volume in var.bucket_volumes : [
    for namespace in volume.namespaces : {
      name       = "${name}-${namespace}"
      namespace  = namespace
      claim      = coalesce(volume.claim_name, name)
      driver     = "s3.csi.aws.com"
      handle     = "${volume.bucket_name}-${name}-${namespace}"
      capacity   = "1200Gi"
      accessMode = volume.read_only ? "ReadOnlyMany" : "ReadWriteMany"
      readOnly   = volume.read_only
      mountOptions = concat(
        ["region ${var.region}"],
        volume.prefix == null ? [] : ["prefix ${volume.prefix}"],
        volume.read_only ? ["read-only"] : ["allow-delete"],
        volume.mount_options,
      )
      attributes = { bucketName = volume.bucket_name }
    }
  ]
])"""


def define(module: Module) -> None:
    """Write the module."""
    drivers = {FSX: _fsx_role(module), S3: _s3_role(module)}
    addons = _addons(module, drivers)
    storage = _storage(module, addons)
    module.output(
        "addon_versions",
        "${{ for name, addon in aws_eks_addon.this : name => addon.addon_version }}",
        depends_on=[addons],
    )
    module.output(
        "cert_manager_version",
        '${one([for name, addon in aws_eks_addon.this : addon.addon_version if name == "cert-manager"])}',
        depends_on=[addons],
    )
    module.output("release_name", "${helm_release.this.name}", depends_on=[storage])
    module.output(
        "claims",
        '${{ for volume in local.volumes : "${volume.namespace}/${volume.claim}" => volume.name }}',
        depends_on=[storage],
    )


def _whether(module: Module, kind: str, name: str) -> str:
    """Write whether a driver's role is made, which it is not where the driver is off or has another; return a count."""
    without = f"length(var.{name}.pod_identity_roles) == 0 && var.{name}.service_account_role_arn == null"
    module.local(f"make_{kind}_role", f"var.{name}.enabled && {without}")
    return f"${{local.make_{kind}_role ? 1 : 0}}"


def _fsx_role(module: Module) -> list[Any]:
    account = ADDONS[FSX].service_accounts[0]
    description = "FSx for Lustre driver of the EKS cluster of ${var.name}."
    role = pod_role(module, "role.fsx", "fsx_role", description, namespace=ADDONS[FSX].namespace, account=account)
    count = _whether(module, "fsx", "fsx_csi_driver")
    module.count(role, count)
    policy = IamRolePolicy(
        module,
        "policy.fsx",
        name="fsx-csi",
        role="${aws_iam_role.fsx[0].id}",
        policy=module.json({"Version": "2012-10-17", "Statement": _FSX_STATEMENTS}),
    )
    module.count(policy, count)
    module.comment(
        policy,
        "Not AmazonFSxFullAccess: the driver deletes what it made, by the tag it gives, and no other file system.",
    )
    return [role, policy]


def _s3_role(module: Module) -> list[Any]:
    for name, condition in (("buckets", ""), ("written_buckets", " if !volume.read_only")):
        arn = '"arn:${var.partition}:s3:::${volume.bucket_name}"'
        module.local(name, f"distinct([\n  for volume in values(var.bucket_volumes) : {arn}{condition}\n])")
    module.local("s3_statements", _S3_STATEMENTS)
    account = ADDONS[S3].service_accounts[0]
    description = "S3 driver of the EKS cluster of ${var.name}."
    role = pod_role(module, "role.s3", "s3_role", description, namespace=ADDONS[S3].namespace, account=account)
    module.count(role, _whether(module, "s3", "s3_csi_driver"))
    policy = IamRolePolicy(
        module,
        "policy.s3",
        name="s3-csi",
        role="${aws_iam_role.s3[0].id}",
        policy='${jsonencode({\n  Version = "2012-10-17"\n  Statement = local.s3_statements\n})}',
    )
    module.count(policy, "${local.make_s3_role && length(local.buckets) > 0 ? 1 : 0}")
    return [role, policy]


def _addons(module: Module, drivers: Mapping[str, list[Any]]) -> EksAddon:
    known = "".join(f'"{name}" = var.{key}\n' for key, name in OWN.items())
    module.local("own_addons", f"{{\nfor name, addon in {{\n{known}}} : name => addon if addon.enabled\n}}")
    module.local(
        "own_roles",
        "{\n"
        + "".join(
            f'"{name}" = {{ for role in aws_iam_role.{kind} : "{ADDONS[name].service_accounts[0]}" => role.arn }}\n'
            for name, kind in ((FSX, "fsx"), (S3, "s3"))
        )
        + "}",
        comment="Roles made here by add-on and service account.",
    )
    module.local(
        "restricted_configuration",
        "{\n" + "".join(f'"{name}" = jsonencode({expression(value)})\n' for name, value in TOLERANT.items()) + "}",
        comment="What add-ons are told to run on the nodes of restricted groups.",
    )
    module.local(
        "addons",
        """merge(
  {
    for name, addon in local.own_addons : name => merge(addon, {
      configuration_values = (
        addon.configuration_values == null && var.restricted_nodes
        ? local.restricted_configuration[name]
        : addon.configuration_values
      )
    })
  },
  { for name, addon in var.further_addons : name => merge(addon, { enabled = true }) },
)""",
    )
    made = addon(
        module,
        "addon.this",
        cluster=module.ref("cluster_name"),
        name="${each.key}",
        version="${each.value.addon_version}",
        configuration="${each.value.configuration_values}",
        roles="${merge(lookup(local.own_roles, each.key, {}), each.value.pod_identity_roles)}",
    )
    module.set(made, "service_account_role_arn", "${each.value.service_account_role_arn}")
    module.set(made, "preserve", "${each.value.preserve}")
    module.for_each(made, "${local.addons}")
    module.depends_on(
        made, [module.ref("hyperpod_cluster_name"), *(part for role in drivers.values() for part in role)]
    )
    module.comment(made, "They become active on nodes, for which hyperpod_cluster_name makes them wait.")
    return made


def _storage(module: Module, addons: EksAddon) -> Any:
    module.local("usual_throughput", "{ PERSISTENT_1 = 200, PERSISTENT_2 = 250 }")
    module.local("storage_classes", _CLASSES)
    module.local("lustre_volumes", _LUSTRE)
    module.local("bucket_volumes", _BUCKETS)
    module.local(
        "volumes",
        "concat(local.lustre_volumes, local.bucket_volumes)",
        comment="One volume for each claim: Kubernetes binds a volume to one alone. A driver tells volumes apart by\n"
        "their handles.",
    )
    return release(
        module,
        "release.this",
        name=module.name("release"),
        namespace="kube-system",
        values={
            "namespaces": "${[for name, namespace in var.namespaces : { name = name, labels = namespace.labels }]}",
            "storageClasses": "${local.storage_classes}",
            "volumes": "${local.volumes}",
        },
        depends_on=[module.ref("cluster_name"), module.address(addons)],
    )
