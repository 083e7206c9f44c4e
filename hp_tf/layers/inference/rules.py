"""The rules of the inference operator."""

from __future__ import annotations

from hp_tf.contract.addons import of_input, version_rules
from hp_tf.contract.eks_addons import ADDONS
from hp_tf.contract.rules import PythonRule, Rule, either, implies, text, var
from hp_tf.contract.shared_rules import (
    given_or_made,
    key_in_region,
    none_beside_restricted_groups,
    partition_of_region,
    role_here,
    tag_keys_distinct,
)

ADDON = "amazon-sagemaker-hyperpod-inference"
NAMESPACE = ADDONS[ADDON].namespace
# Of each role: the input of a given one, the switch that makes one, and whose it is.
ROLES = (
    ("operator_role_arn", "create_operator_role", "the operator's role"),
    ("keda_role_arn", "create_keda_role", "KEDA's role"),
    ("load_balancer_role_arn", "create_load_balancer_role", "the load balancer controller's role"),
    ("gated_role_arn", "create_gated_role", "the role of gated downloads"),
)


def _role_here(name: str) -> Rule:
    return Rule(
        f"inference-{name.removesuffix('_arn').replace('_', '-')}-here",
        on=name,
        check=implies(var(name).given(), role_here(var(name))),
        message=f"{name} must be a role of this account and partition.",
    )


RULES: tuple[Rule | PythonRule, ...] = (
    partition_of_region("inference"),
    key_in_region("inference", "kms_key_arn"),
    tag_keys_distinct("inference", either(*(var(switch) for _, switch, _ in ROLES))),
    *given_or_made("inference", "oidc_provider_arn", "create_oidc_provider", "the account's provider for the issuer"),
    *given_or_made("inference", "tls_bucket_name", "create_tls_bucket", "the bucket of TLS certificates"),
    *(rule for role in ROLES for rule in given_or_made("inference", *role)),
    *(_role_here(name) for name, _, _ in ROLES),
    Rule(
        "inference-operator-role-name",
        on="operator_role_arn",
        check=implies(
            var("operator_role_arn").given(), var("operator_role_arn").matches(".+[:/]SageMakerHyperPodInference[^/]*")
        ),
        message="The name of operator_role_arn must begin with SageMakerHyperPodInference: the add-on takes no other.",
    ),
    Rule(
        "inference-oidc-provider-here",
        on="oidc_provider_arn",
        check=implies(
            var("oidc_provider_arn").given(), var("oidc_provider_arn").begins("arn:{partition}:iam::{account_id}:")
        ),
        message="oidc_provider_arn must be a provider of this account and partition.",
    ),
    Rule(
        "inference-oidc-provider-issuer",
        on="oidc_provider_arn",
        check=implies(
            var("oidc_provider_arn").given(),
            text("https://{host}", host=var("oidc_provider_arn").part(":oidc-provider/", 1)).eq(var("oidc_issuer_url")),
        ),
        message="oidc_provider_arn must be the provider for oidc_issuer_url.",
    ),
    Rule(
        "inference-access-logs",
        on="access_log_bucket_name",
        check=var("access_logs").eq(var("access_log_bucket_name").given()),
        message="access_log_bucket_name must be named where access_logs is true, and there only.",
    ),
    Rule(
        "inference-access-logs-created",
        on="access_logs",
        check=implies(var("access_logs"), var("create_tls_bucket")),
        message="The settings of a given bucket are left alone, so access_logs must be false.",
    ),
    Rule(
        "inference-namespaces-distinct",
        on="model_namespaces",
        check=var("model_namespaces").distinct(),
        message="Every namespace of model_namespaces must be named once.",
        culprits=var("model_namespaces").doubled(),
    ),
    Rule(
        "inference-addon-there",
        on="addon_version",
        check=implies(either(var("addon_version").given(), var("addon_configuration").given()), var("create_addon")),
        message="addon_version and addon_configuration are of an add-on made here, so create_addon must be true.",
    ),
    Rule(
        "inference-addon-configuration",
        on="addon_configuration",
        check=implies(var("addon_configuration").given(), var("addon_configuration").is_mapping("json")),
        message="addon_configuration must be a JSON object.",
    ),
    *version_rules("inference", of_input("addon_version", ADDON)),
    none_beside_restricted_groups("inference"),
)
