"""The training module: the operator's role, and its add-on."""

from __future__ import annotations

from cdktn_provider_aws.iam_role_policy import IamRolePolicy

from hp_tf.contract.eks_addons import ADDONS
from hp_tf.layers.training.contract import ADDON
from hp_tf.synth.addons import addon
from hp_tf.synth.module import Module
from hp_tf.synth.roles import pod_role


def define(module: Module) -> None:
    """Write the module."""
    (account,) = ADDONS[ADDON].service_accounts
    role = pod_role(
        module,
        "role.this",
        "role",
        "Training operator of the EKS cluster of ${var.name}.",
        namespace=ADDONS[ADDON].namespace,
        account=account,
    )
    count = "${var.create_role ? 1 : 0}"
    module.count(role, count)
    policy = IamRolePolicy(
        module,
        "policy.this",
        name="training-operator",
        role="${aws_iam_role.this[0].id}",
        policy=module.json(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "AskAboutNodes",
                        "Effect": "Allow",
                        "Action": ["sagemaker:DescribeClusterNode"],
                        "Resource": "${var.hyperpod_cluster_arn}",
                    }
                ],
            }
        ),
    )
    module.count(policy, count)
    module.comment(
        policy,
        "What AmazonSageMakerHyperPodTrainingOperatorAccess allows for every cluster of the account that is tagged.",
    )
    module.local("role_arn", "var.create_role ? one(aws_iam_role.this[*].arn) : var.role_arn")
    made = addon(
        module,
        "addon.this",
        cluster=module.ref("cluster_name"),
        name=ADDON,
        version=module.ref("addon_version"),
        configuration=module.ref("addon_configuration"),
        roles=f'${{{{ "{account}" = local.role_arn }}}}',
    )
    module.depends_on(
        made,
        [
            policy,
            *(module.ref(name) for name in ("hyperpod_cluster_arn", "cert_manager_version", "governance_addon_name")),
        ],
    )
    module.comment(made, "It becomes active on nodes, and with cert-manager only.")
    module.output("addon_version", "${aws_eks_addon.this.addon_version}")
    module.output("role_arn", "${local.role_arn}")
