"""The inference module: roles by the cluster's issuer, a bucket of certificates, tags of subnets, and the add-on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdktn_provider_aws.ec2_tag import Ec2Tag
from cdktn_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktn_provider_aws.iam_role import IamRole
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.s3_bucket import S3Bucket
from cdktn_provider_aws.s3_bucket_logging import S3BucketLoggingA

from hp_tf.layers.inference import statements
from hp_tf.layers.inference.rules import ADDON
from hp_tf.synth.addons import addon
from hp_tf.synth.buckets import TLS_ONLY, bucket_policy, settings, versions
from hp_tf.synth.expressions import expression
from hp_tf.synth.module import Module
from hp_tf.synth.snippets import tags

MODELS = "hyperpod-inference-service-account*"
BUCKET = "${var.create_tls_bucket ? 1 : 0}"
INTERNAL = "kubernetes.io/role/internal-elb"
_AUDIENCE = {"${local.issuer}:aud": "sts.amazonaws.com"}
# Models are made with the operator's own role, which it passes.
_BY_SAGEMAKER = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "sagemaker.amazonaws.com"},
    "Condition": {"StringEquals": {"aws:SourceAccount": "${var.account_id}"}},
}

_CONFIGURATION = """merge(concat(
  [{
    executionRoleArn       = local.operator_role_arn
    tlsCertificateS3Bucket = local.tls_bucket_name
    keda = merge(concat(
      [{ enabled = var.keda }],
      [for arn in local.keda_role_arns : { auth = { aws = { irsa = { enabled = true, roleArn = arn } } } }],
    )...)
    alb = merge(concat(
      [{ enabled = var.load_balancer_controller }],
      [for arn in local.load_balancer_role_arns : { serviceAccount = { create = true, roleArn = arn } }],
    )...)
  }],
  [for arn in local.gated_role_arns : { jumpstartGatedModelDownloadRoleArn = arn }],
  [for text in compact([var.addon_configuration]) : jsondecode(text)],
)...)"""

_CHART = """merge(concat(
  [{
    region                 = var.region
    eksClusterName         = var.cluster_name
    hyperpodClusterArn     = var.hyperpod_cluster_arn
    executionRoleArn       = local.operator_role_arn
    tlsCertificateS3Bucket = "s3://${local.tls_bucket_name}"
    s3                     = { enabled = false }
    fsx                    = { enabled = false }
    cert-manager           = { enabled = false }
    keda = merge(concat(
      [{ enabled = var.keda }],
      [for arn in local.keda_role_arns : { podIdentity = { aws = { irsa = { enabled = true, roleArn = arn } } } }],
    )...)
    alb = merge(concat(
      [{
        enabled     = var.load_balancer_controller
        region      = var.region
        clusterName = var.cluster_name
        vpcId       = var.vpc_id
        tolerations = [{
          key      = "sagemaker.amazonaws.com/node-health-status"
          operator = "Equal"
          value    = "Unschedulable"
          effect   = "NoSchedule"
        }]
      }],
      [
        for arn in local.load_balancer_role_arns : {
          serviceAccount = { create = true, annotations = { "eks.amazonaws.com/role-arn" = arn } }
        }
      ],
    )...)
  }],
  [for arn in local.gated_role_arns : { jumpstartGatedModelDownloadRoleArn = arn }],
)...)"""

_NEEDED = """concat(
  ["cert-manager", "metrics-server"],
  var.s3_models ? ["aws-mountpoint-s3-csi-driver"] : [],
  var.fsx_models ? ["aws-fsx-csi-driver"] : [],
)"""


def define(module: Module) -> None:
    """Write the module."""
    _provider(module)
    bucket = _bucket(module)
    policies = _roles(module)
    tagged = _subnets(module)
    module.local("addon_configuration", _CONFIGURATION)
    module.local("needed_addons", _NEEDED, comment="What the operator's parts run on.")
    made = addon(
        module,
        "addon.this",
        cluster=module.ref("cluster_name"),
        name=ADDON,
        version=module.ref("addon_version"),
        configuration="${jsonencode(local.addon_configuration)}",
    )
    module.count(made, "${var.create_addon ? 1 : 0}")
    module.precondition(
        made,
        "${var.addon_versions == null ? true : "
        "alltrue([for name in local.needed_addons : contains(keys(var.addon_versions), name)])}",
        'addon_versions must have ${join(", ", local.needed_addons)}, or s3_models and fsx_models say that no driver '
        "is needed.",
    )
    module.depends_on(
        made,
        [
            *policies,
            *bucket,
            tagged,
            *(module.ref(name) for name in ("hyperpod_cluster_arn", "addon_versions", "governance_addon_name")),
        ],
    )
    module.comment(made, "It becomes active on nodes, and with the add-ons it needs.")
    module.output("addon_version", "${one(aws_eks_addon.this[*].addon_version)}")
    module.output("chart_values", f"${{yamlencode({_CHART})}}", depends_on=[*policies, *bucket])


def _provider(module: Module) -> None:
    module.local("issuer", 'trimprefix(var.oidc_issuer_url, "https://")')
    provider = IamOpenidConnectProvider(
        module,
        "provider.this",
        url=module.ref("oidc_issuer_url"),
        client_id_list=["sts.amazonaws.com"],
        tags=tags(module, "${var.name}-eks"),
    )
    module.count(provider, "${var.create_oidc_provider ? 1 : 0}")
    module.local(
        "oidc_provider_arn",
        "var.create_oidc_provider ? one(aws_iam_openid_connect_provider.this[*].arn) : var.oidc_provider_arn",
    )
    module.output("oidc_provider_arn", "${local.oidc_provider_arn}")


def _bucket(module: Module) -> list[str]:
    """Write the bucket of certificates; return what must be in place before one is put there."""
    bucket = S3Bucket(
        module,
        "bucket.this",
        bucket=module.name("bucket"),
        force_destroy=module.boolean("${var.tls_bucket_force_destroy}"),
        tags=tags(module, module.name("bucket"), {"CreatedBy": "HyperPodInference"}),
    )
    module.count(bucket, BUCKET)
    module.accept(bucket, "CKV2_AWS_62", "Nothing acts on what happens to its objects")
    module.accept(bucket, "CKV_AWS_144", "The operator makes certificates anew wherever it runs")
    module.accept(bucket, "CKV2_AWS_61", "The operator deletes what it no longer needs")
    module.local("tls_bucket_name", "var.create_tls_bucket ? one(aws_s3_bucket.this[*].bucket) : var.tls_bucket_name")
    module.local("tls_bucket_arn", '"arn:${var.partition}:s3:::${local.tls_bucket_name}"')
    settled = [*settings(module, "this", BUCKET, kms=True), versions(module, "this", BUCKET)]
    settled.append(bucket_policy(module, "this", BUCKET, TLS_ONLY))
    logging = S3BucketLoggingA(
        module,
        "logging.this",
        bucket="${aws_s3_bucket.this[0].id}",
        target_bucket="${var.access_log_bucket_name}",
        target_prefix="tls-cert-logs/",
    )
    module.count(logging, "${var.access_logs ? 1 : 0}")
    module.output("tls_bucket_name", "${local.tls_bucket_name}")
    module.output("tls_bucket_arn", "${local.tls_bucket_arn}")
    return settled


def _roles(module: Module) -> list[IamRolePolicy]:
    """Write the roles; return their policies."""
    module.local("operator_statements", statements.OPERATOR_MORE)
    module.local("keda_statements", statements.KEDA)
    module.local(
        "model_accounts",
        f'length(var.model_namespaces) == 0 ? ["system:serviceaccount:*:{MODELS}"] : [\n'
        f'for namespace in var.model_namespaces : "system:serviceaccount:${{namespace}}:{MODELS}"\n]',
        comment="Of pods that serve a model: each has an account of its own, whose name begins so.",
    )
    operator = _role(
        module, "operator", None, "Inference operator of ${var.name}.", _account("operator"), own=[_BY_SAGEMAKER]
    )
    keda = _role(module, "keda", "keda", "KEDA of ${var.name}, which scales models.", _account("keda"))
    balancer = _role(
        module,
        "load_balancer",
        "load_balancer_controller",
        "Load balancers in front of the models of ${var.name}.",
        _account("load_balancer_controller"),
    )
    gated = _role(
        module,
        "gated",
        "gated_models",
        "Downloads of gated models of ${var.name}.",
        {"StringEquals": _AUDIENCE, "StringLike": {"${local.issuer}:sub": "${local.model_accounts}"}},
    )
    own = f"concat(\n{expression(statements.OPERATOR)},\nlocal.operator_statements,\n)"
    found = [
        _policy(module, operator, own),
        _policy(module, keda, "local.keda_statements"),
        _policy(module, balancer, expression(statements.LOAD_BALANCERS)),
        _policy(module, gated, expression(statements.GATED)),
    ]
    module.comment(
        found[0],
        "Resource *: to log in to registries, to describe what EC2, ELB and FSx have, and to send metrics, which are\n"
        "narrowed to a namespace. AWS knows nothing narrower for these.",
    )
    module.comment(
        found[2],
        "Resource *: descriptions, for which AWS knows nothing narrower. Listeners carry no tag when they are made.",
    )
    return found


def _account(name: str) -> dict[str, Any]:
    """Return the condition that there is one service account, by its name among the inputs."""
    account = f"system:serviceaccount:${{var.service_accounts.{name}}}"
    return {"StringEquals": {**_AUDIENCE, "${local.issuer}:sub": account}}


def _role(
    module: Module,
    name: str,
    switch: str | None,
    description: str,
    condition: Mapping[str, Any],
    own: Sequence[Mapping[str, Any]] = (),
) -> IamRole:
    """Write a role that pods have by the cluster's issuer, and the local and outputs that say which one it is.

    Args:
        switch: the input without which there is no such part.
        condition: on the pods.
        own: further statements of who may assume it.
    """
    by_issuer = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "${local.oidc_provider_arn}"},
        "Condition": condition,
    }
    made = IamRole(
        module,
        f"role.{name}",
        name=module.name(f"{name}_role"),
        path=module.ref("role_path"),
        permissions_boundary=module.ref("permissions_boundary_arn"),
        description=description,
        # Whoever attached something to it: a role that goes, or gets another path, would be left half deleted.
        force_detach_policies=True,
        assume_role_policy=module.json({"Version": "2012-10-17", "Statement": [by_issuer, *own]}),
        tags=module.mapping("${var.tags}"),
    )
    created = f"var.create_{name}_role"
    module.count(made, f"${{{created if switch is None else f'var.{switch} && {created}'} ? 1 : 0}}")
    arn = f"{created} ? one(aws_iam_role.{name}[*].arn) : var.{name}_role_arn"
    if switch is None:
        module.local(f"{name}_role_arn", arn)
        module.output(f"{name}_role_arn", f"${{local.{name}_role_arn}}")
        module.output(f"{name}_role_name", f'${{element(split("/", local.{name}_role_arn), -1)}}')
        return made
    module.local(f"{name}_role_arns", f"var.{switch} ? [\n{arn},\n] : []")
    module.output(f"{name}_role_arn", f"${{one(local.{name}_role_arns)}}")
    module.output(f"{name}_role_name", f'${{one([for arn in local.{name}_role_arns : element(split("/", arn), -1)])}}')
    return made


def _policy(module: Module, role: IamRole, allowed: str) -> IamRolePolicy:
    """Write what a role may do: an expression of a list of statements."""
    name = role.friendly_unique_id
    policy = IamRolePolicy(
        module,
        f"policy.{name}",
        name=name.replace("_", "-"),
        role=f"${{aws_iam_role.{name}[0].id}}",
        policy=f'${{jsonencode({{\n  Version = "2012-10-17"\n  Statement = {allowed}\n}})}}',
    )
    module.count(policy, f"${{length(aws_iam_role.{name})}}")
    return policy


def _subnets(module: Module) -> str:
    tag = Ec2Tag(module, "tag.internal", resource_id="${each.value}", key=INTERNAL, value="1")
    module.for_each(tag, "${var.tag_subnets && var.given_subnet_ids != null ? var.given_subnet_ids : {}}")
    module.comment(tag, "By this tag the load balancer controller finds subnets for internal load balancers.")
    return module.address(tag)
