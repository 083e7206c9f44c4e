"""The studio module: a domain, profiles and spaces, the editors' role and its way into the EKS cluster."""

from __future__ import annotations

from cdktn_provider_aws.eks_access_entry import EksAccessEntry
from cdktn_provider_aws.eks_access_policy_association import (
    EksAccessPolicyAssociation,
    EksAccessPolicyAssociationAccessScope,
)
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktn_provider_aws.sagemaker_domain import (
    SagemakerDomain,
    SagemakerDomainDefaultUserSettings,
    SagemakerDomainRetentionPolicy,
)
from cdktn_provider_aws.sagemaker_space import (
    SagemakerSpace,
    SagemakerSpaceOwnershipSettings,
    SagemakerSpaceSpaceSettings,
    SagemakerSpaceSpaceSettingsCodeEditorAppSettings,
    SagemakerSpaceSpaceSettingsCodeEditorAppSettingsAppLifecycleManagement,
    SagemakerSpaceSpaceSettingsCodeEditorAppSettingsAppLifecycleManagementIdleSettings,
    SagemakerSpaceSpaceSettingsCodeEditorAppSettingsDefaultResourceSpec,
    SagemakerSpaceSpaceSettingsSpaceStorageSettings,
    SagemakerSpaceSpaceSettingsSpaceStorageSettingsEbsStorageSettings,
    SagemakerSpaceSpaceSharingSettings,
)
from cdktn_provider_aws.sagemaker_studio_lifecycle_config import SagemakerStudioLifecycleConfig
from cdktn_provider_aws.sagemaker_user_profile import (
    SagemakerUserProfile,
    SagemakerUserProfileUserSettings,
    SagemakerUserProfileUserSettingsCodeEditorAppSettings,
    SagemakerUserProfileUserSettingsCodeEditorAppSettingsAppLifecycleManagement,
    SagemakerUserProfileUserSettingsCodeEditorAppSettingsAppLifecycleManagementIdleSettings,
    SagemakerUserProfileUserSettingsCodeEditorAppSettingsDefaultResourceSpec,
)
from cdktn_provider_aws.security_group import SecurityGroup
from cdktn_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule

from hp_tf.layers.studio.start import START
from hp_tf.synth.module import Module
from hp_tf.synth.roles import role
from hp_tf.synth.snippets import tags

_STATEMENTS = """${jsonencode({
  Version = "2012-10-17"
  Statement = concat(
    [
      {
        Sid    = "SeeStudio"
        Effect = "Allow"
        Action = [
          "sagemaker:DescribeApp",
          "sagemaker:DescribeDomain",
          "sagemaker:DescribeSpace",
          "sagemaker:DescribeUserProfile",
        ]
        Resource = concat(["${local.sagemaker}:domain/${local.domain_id}"], [
          for kind in ["app", "space", "user-profile"] : "${local.sagemaker}:${kind}/${local.domain_id}/*"
        ])
      },
      # Each user starts and stops what is in spaces of their own.
      {
        Sid      = "RunOwnApps"
        Effect   = "Allow"
        Action   = ["sagemaker:CreateApp", "sagemaker:DeleteApp"]
        Resource = "${local.sagemaker}:app/${local.domain_id}/*"
        Condition = {
          ArnLike = {
            "sagemaker:OwnerUserProfileArn" = local.own_profile
          }
          StringEquals = { "sagemaker:SpaceSharingType" = ["Private"] }
        }
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:/aws/sagemaker/studio*"
      },
      # What AWS allows on no narrower resource.
      {
        Sid    = "ListStudio"
        Effect = "Allow"
        Action = [
          "sagemaker:ListApps",
          "sagemaker:ListDomains",
          "sagemaker:ListSpaces",
          "sagemaker:ListUserProfiles",
        ]
        Resource = "*"
      },
    ],
    [
      for arn in local.clusters : {
        Sid      = "FindCluster"
        Effect   = "Allow"
        Action   = ["eks:DescribeCluster"]
        Resource = arn
      }
    ],
    [
      for arn in compact([var.hyperpod_cluster_arn]) : {
        Sid    = "SeeNodes"
        Effect = "Allow"
        Action = [
          "sagemaker:DescribeCluster",
          "sagemaker:DescribeClusterEvent",
          "sagemaker:DescribeClusterNode",
          "sagemaker:ListClusterEvents",
          "sagemaker:ListClusterNodes",
        ]
        Resource = arn
      }
    ],
    [
      for statement in [
        {
          Sid      = "ListBuckets"
          Effect   = "Allow"
          Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
          Resource = [for bucket in var.bucket_names : "arn:${var.partition}:s3:::${bucket}"]
        },
        {
          Sid      = "UseObjects"
          Effect   = "Allow"
          Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
          Resource = [for bucket in var.bucket_names : "arn:${var.partition}:s3:::${bucket}/*"]
        },
      ] : statement if length(var.bucket_names) > 0
    ],
  )
})}"""


def define(module: Module) -> None:
    """Write the module."""
    module.local("sagemaker", '"arn:${var.partition}:sagemaker:${var.region}:${var.account_id}"')
    module.local("makes_role", "var.execution_role_arn == null")
    module.local("role_arn", "local.makes_role ? aws_iam_role.this[0].arn : var.execution_role_arn")
    module.local("domain_id", "var.create_domain ? aws_sagemaker_domain.this[0].id : var.domain_id")
    module.local(
        "own_profile",
        '"${local.sagemaker}:user-profile/$${sagemaker:DomainId}/$${sagemaker:UserProfileName}"',
        comment="IAM fills in whose editor asks.",
    )
    module.local(
        "clusters",
        'var.orchestrator == "eks" ? ['
        '"arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"] : []',
    )
    _role(module)
    _network(module)
    script = _script(module)
    _domain(module)
    _users(module, script)
    entered = _access(module)
    module.output("domain_id", "${local.domain_id}")
    module.output(
        "execution_role_arn",
        "${local.role_arn}",
        depends_on=[*entered, "aws_iam_role_policy.this", "aws_iam_role_policy_attachment.additional"],
    )
    module.output("space_names", "${{ for user, space in aws_sagemaker_space.this : user => space.space_name }}")
    module.output(
        "user_profile_arns", "${{ for user, profile in aws_sagemaker_user_profile.this : user => profile.arn }}"
    )


def _role(module: Module) -> None:
    made = role(
        module,
        "role.this",
        "role",
        "sagemaker.amazonaws.com",
        "Editors of ${var.name} in SageMaker Studio.",
        for_account=True,
    )
    module.count(made, "${local.makes_role ? 1 : 0}")
    own = IamRolePolicy(
        module, "iam_role_policy.this", name="studio", role="${aws_iam_role.this[0].name}", policy=_STATEMENTS
    )
    module.count(own, "${local.makes_role ? 1 : 0}")
    additional = IamRolePolicyAttachment(
        module, "attachment.additional", role="${aws_iam_role.this[0].name}", policy_arn="${each.value}"
    )
    module.for_each(additional, "${var.additional_policy_arns}")


def _network(module: Module) -> None:
    module.local("makes_group", "length(var.security_group_ids) == 0")
    group = SecurityGroup(
        module,
        "security_group.this",
        name=module.name("security_group"),
        description="Editors of ${var.name} in SageMaker Studio: the way out, and nobody in.",
        vpc_id=module.ref("vpc_id"),
        tags=tags(module, module.name("security_group")),
    )
    module.count(group, "${local.makes_group ? 1 : 0}")
    module.made_first(group)
    out = VpcSecurityGroupEgressRule(
        module,
        "egress.anywhere",
        security_group_id="${aws_security_group.this[0].id}",
        description="AWS services, the cluster, registries and package repositories.",
        ip_protocol="-1",
        cidr_ipv4="0.0.0.0/0",
        tags=tags(module, "${var.name}-studio-anywhere"),
    )
    module.count(out, "${local.makes_group ? 1 : 0}")
    module.local("group_ids", "local.makes_group ? aws_security_group.this[*].id : var.security_group_ids")


def _script(module: Module) -> SagemakerStudioLifecycleConfig:
    path = module.asset("start.sh.tftpl", START)
    module.local(
        "own_script",
        f'templatefile("{path}", {{\n'
        '  cluster_name    = var.orchestrator == "eks" ? var.cluster_name : ""\n'
        "  helm_version    = var.helm_version\n"
        "  install_tools   = var.install_tools\n"
        "  kubectl_version = var.kubectl_version\n"
        "  region          = var.region\n"
        "})",
    )
    module.local("script", "var.start_script == null ? local.own_script : var.start_script")
    made = SagemakerStudioLifecycleConfig(
        module,
        "lifecycle_config.start",
        studio_lifecycle_config_name=f"{module.name('script')}-${{substr(sha256(local.script), 0, 8)}}",
        studio_lifecycle_config_app_type="CodeEditor",
        studio_lifecycle_config_content="${base64encode(local.script)}",
        tags=module.mapping("${var.tags}"),
    )
    made.add_override("lifecycle.create_before_destroy", True)
    module.comment(
        made,
        "A script cannot be changed, nor deleted while spaces use it: another one has another name, and comes first.",
    )
    return made


def _domain(module: Module) -> None:
    domain = SagemakerDomain(
        module,
        "domain.this",
        domain_name=module.name("domain"),
        auth_mode="IAM",
        app_network_access_type=module.ref("network_access"),
        vpc_id=module.ref("vpc_id"),
        subnet_ids=module.strings("${values(var.private_subnet_ids)}"),
        kms_key_id=module.ref("kms_key_arn"),
        default_user_settings=SagemakerDomainDefaultUserSettings(
            execution_role="${local.role_arn}", security_groups=module.strings("${local.group_ids}")
        ),
        retention_policy=SagemakerDomainRetentionPolicy(
            home_efs_file_system='${var.keep_home_directories ? "Retain" : "Delete"}'
        ),
        tags=tags(module, module.name("domain")),
    )
    module.count(domain, "${var.create_domain ? 1 : 0}")
    module.accept(domain, "CKV_AWS_187", "A key of one's own is an input")


def _users(module: Module, script: SagemakerStudioLifecycleConfig) -> None:
    idle = module.number("${var.idle_timeout_minutes}")
    profile = SagemakerUserProfile(
        module,
        "user_profile.this",
        domain_id="${local.domain_id}",
        user_profile_name="${each.value}",
        user_settings=SagemakerUserProfileUserSettings(
            execution_role="${local.role_arn}",
            security_groups=module.strings("${local.group_ids}"),
            code_editor_app_settings=SagemakerUserProfileUserSettingsCodeEditorAppSettings(
                lifecycle_config_arns=[script.arn],
                default_resource_spec=SagemakerUserProfileUserSettingsCodeEditorAppSettingsDefaultResourceSpec(
                    instance_type=module.ref("instance_type"), lifecycle_config_arn=script.arn
                ),
                app_lifecycle_management=SagemakerUserProfileUserSettingsCodeEditorAppSettingsAppLifecycleManagement(
                    idle_settings=(
                        SagemakerUserProfileUserSettingsCodeEditorAppSettingsAppLifecycleManagementIdleSettings(
                            lifecycle_management="ENABLED",
                            idle_timeout_in_minutes=idle,
                            # The provider sends 0 for what is left out, which SageMaker refuses.
                            min_idle_timeout_in_minutes=60,
                            max_idle_timeout_in_minutes=525600,
                        )
                    )
                ),
            ),
        ),
        tags=module.mapping("${var.tags}"),
    )
    module.for_each(profile, "${toset(var.user_names)}")
    space = SagemakerSpace(
        module,
        "space.this",
        domain_id="${local.domain_id}",
        space_name="${each.value}-code-editor",
        ownership_settings=SagemakerSpaceOwnershipSettings(
            owner_user_profile_name="${aws_sagemaker_user_profile.this[each.value].user_profile_name}"
        ),
        space_sharing_settings=SagemakerSpaceSpaceSharingSettings(sharing_type="Private"),
        space_settings=SagemakerSpaceSpaceSettings(
            app_type="CodeEditor",
            code_editor_app_settings=SagemakerSpaceSpaceSettingsCodeEditorAppSettings(
                default_resource_spec=SagemakerSpaceSpaceSettingsCodeEditorAppSettingsDefaultResourceSpec(
                    instance_type=module.ref("instance_type"), lifecycle_config_arn=script.arn
                ),
                app_lifecycle_management=SagemakerSpaceSpaceSettingsCodeEditorAppSettingsAppLifecycleManagement(
                    idle_settings=SagemakerSpaceSpaceSettingsCodeEditorAppSettingsAppLifecycleManagementIdleSettings(
                        idle_timeout_in_minutes=idle
                    )
                ),
            ),
            space_storage_settings=SagemakerSpaceSpaceSettingsSpaceStorageSettings(
                ebs_storage_settings=SagemakerSpaceSpaceSettingsSpaceStorageSettingsEbsStorageSettings(
                    ebs_volume_size_in_gb=module.number("${var.volume_size_gb}")
                )
            ),
        ),
        tags=module.mapping("${var.tags}"),
    )
    module.for_each(space, "${toset(var.user_names)}")


def _access(module: Module) -> list[EksAccessEntry | EksAccessPolicyAssociation]:
    module.local("enters", 'var.orchestrator == "eks" && var.create_access_entry')
    entry = EksAccessEntry(
        module,
        "entry.this",
        cluster_name=module.ref("cluster_name"),
        principal_arn="${local.role_arn}",
        kubernetes_groups=module.strings("${var.kubernetes_groups}"),
        tags=module.mapping("${var.tags}"),
    )
    module.count(entry, "${local.enters ? 1 : 0}")
    policy = EksAccessPolicyAssociation(
        module,
        "association.this",
        cluster_name=module.ref("cluster_name"),
        principal_arn="${aws_eks_access_entry.this[0].principal_arn}",
        policy_arn='${startswith(each.value.policy, "arn:") ? each.value.policy : '
        '"arn:${var.partition}:eks::aws:cluster-access-policy/${each.value.policy}"}',
        access_scope=EksAccessPolicyAssociationAccessScope(
            type='${length(each.value.namespaces) == 0 ? "cluster" : "namespace"}',
            namespaces=module.strings("${length(each.value.namespaces) == 0 ? null : each.value.namespaces}"),
        ),
    )
    module.for_each(policy, "${{ for name, given in var.cluster_policies : name => given if local.enters }}")
    return [entry, policy]
