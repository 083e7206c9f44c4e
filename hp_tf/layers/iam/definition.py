"""The iam module: the role of the cluster's nodes, and Karpenter's."""

from __future__ import annotations

from typing import Any

from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment

from hp_tf.synth.module import Module
from hp_tf.synth.roles import role
from hp_tf.synth.snippets import GATED_RECIPES

CREATED = "${var.create_execution_role ? 1 : 0}"
SCALING = "${local.karpenter_role ? 1 : 0}"
# By name, here as below: a role that is made first has another name, or is refused before its policies are touched.
ROLE = "${aws_iam_role.execution[0].name}"

# The addresses of pods are the business of EKS's network plug-in.
_INTERFACE_ACTIONS = """concat(
  [
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
  ],
  var.cluster_arn == null ? [] : [
    "ec2:AssignPrivateIpAddresses",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:UnassignPrivateIpAddresses",
  ],
)"""

_NODE_STATEMENTS = """[
  {
    Sid    = "AttachInterfaces"
    Effect = "Allow"
    Action = ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"]
    Resource = ["${local.ec2}:instance/*", "${local.ec2}:network-interface/*"]
  },
  {
    Sid      = "TagInterfaces"
    Effect   = "Allow"
    Action   = ["ec2:CreateTags"]
    Resource = ["${local.ec2}:network-interface/*"]
  },
  {
    Sid    = "ManageInterfaces"
    Effect = "Allow"
    Action = local.interface_actions
    Resource = [
      "${local.ec2}:instance/*",
      "${local.ec2}:network-interface/*",
      "${local.ec2}:vpc/${var.vpc_id}",
    ]
  },
  {
    Sid    = "InterfacesInSubnetsAndGroups"
    Effect = "Allow"
    Action = concat(local.interface_actions, ["ec2:DetachNetworkInterface"])
    Resource = concat(
      [
        for subnet in distinct(concat(values(var.private_subnet_ids), var.additional_subnet_ids)) :
        "${local.ec2}:subnet/${subnet}"
      ],
      [
        for group in distinct(concat([var.security_group_id], var.additional_security_group_ids)) :
        "${local.ec2}:security-group/${group}"
      ],
    )
  },
  {
    Sid    = "LookUp"
    Effect = "Allow"
    Action = concat(
      [
        "cloudwatch:DescribeAlarms",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVpcs",
      ],
      # The kubelet fetches the images of pods with the node's role.
      var.cluster_arn == null ? [] : [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
      ],
      # It takes no ARN of a file system.
      var.mounts_lustre ? ["fsx:DescribeFileSystems"] : [],
    )
    Resource = "*"
  },
  {
    Sid    = "ReadLifecycleScripts"
    Effect = "Allow"
    Action = ["s3:GetObject", "s3:ListBucket"]
    Resource = flatten([
      for bucket in local.script_buckets : ["${local.s3}:${bucket}", "${local.s3}:${bucket}/*"]
    ])
  },
]"""

# A web address names the bucket before or behind the service's own name.
_SCRIPT_BUCKETS = r"""distinct(concat([var.bucket_name], [
  for uri in var.lifecycle_script_uris : startswith(uri, "s3://") ? split("/", uri)[2] :
  regex("^https://(?:s3(?:[.-][a-z0-9-]+)?\\.amazonaws\\.com[^/]*/)?([^/]+?)(?:\\.s3[.-][^/]*)?(?:/|$)", uri)[0]
]))"""

_POD_STATEMENTS = """var.cluster_arn == null ? [] : [{
  Sid      = "PodIdentity"
  Effect   = "Allow"
  Action   = ["eks-auth:AssumeRoleForPodIdentity"]
  Resource = [var.cluster_arn]
}]"""

_KEY_STATEMENTS = """[
  for statement in [
    {
      Sid    = "UseKeys"
      Effect = "Allow"
      Action = concat(
        ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
        # To encrypt what is written, S3 asks for a data key in plain text as well.
        length(local.written_buckets) == 0 ? [] : ["kms:GenerateDataKey"],
      )
      Resource = local.key_arns
    },
    {
      Sid       = "GrantKeysToVolumes"
      Effect    = "Allow"
      Action    = ["kms:CreateGrant"]
      Resource  = local.key_arns
      Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
    },
  ] : statement if length(local.key_arns) > 0
]"""

_RESTRICTED_STATEMENTS = """concat(
  local.input_bucket_name == null ? [] : [{
    Sid      = "ReadTrainingData"
    Effect   = "Allow"
    Action   = ["s3:GetObject", "s3:ListBucket"]
    Resource = ["${local.s3}:${local.input_bucket_name}", "${local.s3}:${local.input_bucket_name}/*"]
  }],
  local.output_bucket_name == null ? [] : [{
    Sid      = "WriteResults"
    Effect   = "Allow"
    Action   = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    Resource = ["${local.s3}:${local.output_bucket_name}", "${local.s3}:${local.output_bucket_name}/*"]
  }],
  try(var.restricted_access.gated_recipes, false) ? [{
    Sid    = "ReadGatedRecipes"
    Effect = "Allow"
    Action = ["s3:GetObject"]
    Resource = local.gated_recipes
  }] : [],
  try(var.restricted_access.reinforcement_functions, false) ? [{
    Sid      = "CallFunctions"
    Effect   = "Allow"
    Action   = ["lambda:InvokeFunction"]
    Resource = ["arn:${var.partition}:lambda:${var.region}:${var.account_id}:function:*SageMaker*"]
  }] : [],
  try(var.restricted_access.reinforcement_functions, false) ? [{
    Sid      = "UseQueues"
    Effect   = "Allow"
    Action   = ["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"]
    Resource = ["arn:${var.partition}:sqs:${var.region}:${var.account_id}:*SageMaker*"]
  }] : [],
)"""

_DATA_STATEMENTS = """concat(
  var.mounted_bucket_name == null ? [] : [{
    Sid      = "UseMountedBucket"
    Effect   = "Allow"
    Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    Resource = ["${local.s3}:${var.mounted_bucket_name}", "${local.s3}:${var.mounted_bucket_name}/*"]
  }],
  length(var.data_bucket_names) == 0 ? [] : [{
    Sid      = "ReadData"
    Effect   = "Allow"
    Action   = ["s3:GetObject", "s3:ListBucket"]
    Resource = flatten([
      for bucket in var.data_bucket_names : ["${local.s3}:${bucket}", "${local.s3}:${bucket}/*"]
    ])
  }],
  length(var.writable_data_bucket_names) == 0 ? [] : [{
    Sid      = "WriteData"
    Effect   = "Allow"
    Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
    Resource = flatten([
      for bucket in var.writable_data_bucket_names : ["${local.s3}:${bucket}", "${local.s3}:${bucket}/*"]
    ])
  }],
)"""

# A workspace's URL holds its region and its id.
_WORKSPACES = r"""distinct(concat(
  compact([var.observability ? var.prometheus_workspace_arn : null]),
  [
    for part in [
      for url in var.prometheus_endpoints : regex("^https://aps-workspaces\\.([a-z0-9-]+)\\..*/workspaces/(.+)$", url)
    ] : "arn:${var.partition}:aps:${part[0]}:${var.account_id}:workspace/${part[1]}"
  ],
))"""

_SLURM_STATEMENTS = """concat(
  length(local.prometheus_workspace_arns) == 0 ? [] : [{
    Sid      = "SendMetrics"
    Effect   = "Allow"
    Action   = ["aps:RemoteWrite"]
    Resource = local.prometheus_workspace_arns
  }],
  !var.accounting || var.database_secret_arn == null ? [] : [{
    Sid      = "ReadDatabasePassword"
    Effect   = "Allow"
    Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    Resource = [var.database_secret_arn]
  }],
  !var.accounting || var.failover_topic_arn == null ? [] : [{
    Sid      = "TellOfFailover"
    Effect   = "Allow"
    Action   = ["sns:Publish"]
    Resource = [var.failover_topic_arn]
  }],
)"""

_KARPENTER_STATEMENTS = """concat(
  [{
    Sid      = "ScaleClusters"
    Effect   = "Allow"
    Action   = ["sagemaker:BatchAddClusterNodes", "sagemaker:BatchDeleteClusterNodes"]
    Resource = "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:cluster/*"
  }],
  [
    for statement in [
      {
        Sid      = "EncryptVolumes"
        Effect   = "Allow"
        Action   = ["kms:CreateGrant"]
        Resource = var.volume_kms_key_arns
        Condition = {
          StringEquals = { "kms:ViaService" = "sagemaker.${var.region}.amazonaws.com" }
          Bool         = { "kms:GrantIsForAWSResource" = "true" }
          "ForAllValues:StringEquals" = {
            "kms:GrantOperations" = [
              "CreateGrant",
              "Decrypt",
              "DescribeKey",
              "GenerateDataKeyWithoutPlaintext",
              "ReEncryptFrom",
              "ReEncryptTo",
              "RetireGrant",
            ]
          }
        }
      },
      # On its own: a request to describe a key says nothing of a grant.
      {
        Sid       = "DescribeKeys"
        Effect    = "Allow"
        Action    = ["kms:DescribeKey"]
        Resource  = var.volume_kms_key_arns
        Condition = { StringEquals = { "kms:ViaService" = "sagemaker.${var.region}.amazonaws.com" } }
      },
    ] : statement if length(var.volume_kms_key_arns) > 0
  ],
)"""


def define(module: Module) -> None:
    """Write the module."""
    module.local(
        "karpenter_role",
        'var.karpenter_role == null ? var.node_provisioning_mode == "Continuous" : var.karpenter_role',
    )
    module.local("ec2", '"arn:${var.partition}:ec2:${var.region}:${var.account_id}"')
    module.local("s3", '"arn:${var.partition}:s3::"')
    module.local("interface_actions", _INTERFACE_ACTIONS)
    module.local("script_buckets", _SCRIPT_BUCKETS)
    module.local(
        "execution_statements",
        "concat(\n  local.node_statements,\n  local.pod_statements,\n  local.key_statements,\n"
        "  local.restricted_statements,\n  local.data_statements,\n  local.slurm_statements,\n)",
        comment="One document: a role takes ten managed policies, and this would be most of them.",
    )
    module.local(
        "key_arns",
        "distinct(concat(\n  var.kms_key_arns,\n  var.volume_kms_key_arns,\n"
        "  var.bucket_kms_key_arn == null ? [] : [var.bucket_kms_key_arn],\n))",
    )
    module.local("node_statements", _NODE_STATEMENTS)
    module.local("pod_statements", _POD_STATEMENTS)
    module.local("input_bucket_name", "try(var.restricted_access.input_bucket_name, null)")
    module.local("output_bucket_name", "try(var.restricted_access.output_bucket_name, null)")
    module.local(
        "written_buckets",
        "concat(\n  compact([local.output_bucket_name, var.mounted_bucket_name]),\n"
        "  var.writable_data_bucket_names,\n)",
    )
    module.local(
        "key_statements",
        _KEY_STATEMENTS,
        comment="A for rather than a conditional, which wants one type of its arms: these two differ in shape.",
    )
    module.local("gated_recipes", GATED_RECIPES)
    module.local("restricted_statements", _RESTRICTED_STATEMENTS)
    module.local(
        "karpenter_statements",
        _KARPENTER_STATEMENTS,
        comment="Keys of the nodes' volumes alone: Karpenter makes nodes, and nothing else that is encrypted.",
    )
    module.local("data_statements", _DATA_STATEMENTS)
    module.local("prometheus_workspace_arns", _WORKSPACES)
    module.local("slurm_statements", _SLURM_STATEMENTS)

    attached = _execution_role(module)
    _karpenter_role(module)
    module.output(
        "execution_role_arn",
        "${var.create_execution_role ? one(aws_iam_role.execution[*].arn) : var.execution_role_arn}",
        depends_on=attached,
    )
    module.output(
        "execution_role_name",
        "${var.create_execution_role ? one(aws_iam_role.execution[*].name) : "
        'element(split("/", var.execution_role_arn), -1)}',
        depends_on=attached,
    )
    for name, attribute in (("karpenter_role_arn", "arn"), ("karpenter_role_name", "name")):
        module.output(
            name, f"${{one(aws_iam_role.karpenter[*].{attribute})}}", depends_on=["aws_iam_role_policy.karpenter"]
        )


def _execution_role(module: Module) -> list[Any]:
    """Write the nodes' role; return all that gives it permissions."""
    description = "Nodes of the HyperPod cluster of ${var.name}."
    module.count(role(module, "role.execution", "execution_role", "sagemaker.amazonaws.com", description), CREATED)
    managed = IamRolePolicyAttachment(
        module,
        "attachment.managed",
        role=ROLE,
        policy_arn="arn:${var.partition}:iam::aws:policy/AmazonSageMakerClusterInstanceRolePolicy",
    )
    module.count(managed, CREATED)
    additional = IamRolePolicyAttachment(module, "attachment.additional", role=ROLE, policy_arn="${each.value}")
    module.for_each(
        additional, "${{ for name, arn in var.additional_policy_arns : name => arn if var.create_execution_role }}"
    )
    own = IamRolePolicy(
        module,
        "policy.execution",
        name="hyperpod",
        role=ROLE,
        policy='${jsonencode({\n  Version = "2012-10-17"\n  Statement = local.execution_statements\n})}',
    )
    module.count(own, CREATED)
    return [managed, additional, own]


def _karpenter_role(module: Module) -> None:
    service = "hyperpod.sagemaker.amazonaws.com"
    karpenter = role(module, "role.karpenter", "karpenter_role", service, "Karpenter of ${var.name}.")
    module.count(karpenter, SCALING)
    policy = IamRolePolicy(
        module,
        "policy.karpenter",
        name="scale",
        role="${aws_iam_role.karpenter[0].name}",
        policy='${jsonencode({\n  Version = "2012-10-17"\n  Statement = local.karpenter_statements\n})}',
    )
    module.count(policy, SCALING)
