from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import RestrictedGroups
from hp_tf.contract.seeds import Given, Seed
from hp_tf.layers.inference.contract import CONTRACT
from hp_tf.layers.inference.seed import seed
from tests.contract.verdicts import Case, accepted_by_terraform, broken, python_only

ACCOUNT = "123456789012"
ISSUER = "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/given"
OPERATOR = f"arn:aws:iam::{ACCOUNT}:role/ml/SageMakerHyperPodInference-ours"
KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
RESTRICTED = configured_key(RestrictedGroups)
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": ACCOUNT,
    "partition": "aws",
    "cluster_name": "dev-eks",
    "oidc_issuer_url": f"https://{ISSUER}",
    "hyperpod_cluster_arn": f"arn:aws:sagemaker:us-west-2:{ACCOUNT}:cluster/abcdef123456",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
    "security_group_id": "sg-0123456789abcdef0",
}
GIVEN = {
    "create_oidc_provider": False,
    "oidc_provider_arn": PROVIDER,
    "create_tls_bucket": False,
    "tls_bucket_name": "certificates",
    "create_operator_role": False,
    "operator_role_arn": OPERATOR,
    **{f"create_{name}_role": False for name in ("keda", "load_balancer", "gated")},
    **{f"{name}_role_arn": ROLE for name in ("keda", "load_balancer", "gated")},
}


def without(**change: Any) -> dict[str, Any]:
    return {**GIVEN, **change}


def elsewhere(arn: str) -> str:
    return arn.replace(ACCOUNT, "210987654321")


CASES = [
    Case("plain", {}, None),
    Case("all_given", GIVEN, None),
    Case("partition", {"partition": "aws-cn"}, "inference-partition"),
    Case("tags", {"tags": {"Team": "a", "team": "b"}}, "inference-tags-distinct"),
    Case("tags_of_no_role", without(tags={"Team": "a", "team": "b"}), None),
    Case("key", {"kms_key_arn": KEY}, None),
    Case("key_elsewhere", {"kms_key_arn": KEY.replace("us-west-2", "us-east-1")}, "inference-kms-key-region"),
    Case("provider_missing", {"create_oidc_provider": False}, "inference-oidc-provider-given"),
    Case("provider_both", {"oidc_provider_arn": PROVIDER}, "inference-oidc-provider-not-both"),
    Case("provider_elsewhere", without(oidc_provider_arn=elsewhere(PROVIDER)), "inference-oidc-provider-here"),
    Case(
        "provider_of_another",
        without(oidc_provider_arn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"),
        "inference-oidc-provider-issuer",
    ),
    Case("bucket_missing", {"create_tls_bucket": False}, "inference-tls-bucket-given"),
    Case("bucket_both", {"tls_bucket_name": "certificates"}, "inference-tls-bucket-not-both"),
    Case("bucket_name", without(tls_bucket_name="Certificates"), "type"),
    Case("operator_missing", {"create_operator_role": False}, "inference-operator-role-given"),
    Case("operator_both", {"operator_role_arn": OPERATOR}, "inference-operator-role-not-both"),
    Case("operator_elsewhere", without(operator_role_arn=elsewhere(OPERATOR)), "inference-operator-role-here"),
    Case("operator_name", without(operator_role_arn=ROLE), "inference-operator-role-name"),
    Case("keda_missing", {"create_keda_role": False}, "inference-keda-role-given"),
    Case("keda_both", {"keda_role_arn": ROLE}, "inference-keda-role-not-both"),
    Case("keda_elsewhere", without(keda_role_arn=elsewhere(ROLE)), "inference-keda-role-here"),
    Case("balancer_missing", {"create_load_balancer_role": False}, "inference-load-balancer-role-given"),
    Case("balancer_both", {"load_balancer_role_arn": ROLE}, "inference-load-balancer-role-not-both"),
    Case("balancer_elsewhere", without(load_balancer_role_arn=elsewhere(ROLE)), "inference-load-balancer-role-here"),
    Case("gated_missing", {"create_gated_role": False}, "inference-gated-role-given"),
    Case("gated_both", {"gated_role_arn": ROLE}, "inference-gated-role-not-both"),
    Case("gated_elsewhere", without(gated_role_arn=elsewhere(ROLE)), "inference-gated-role-here"),
    Case("no_parts", {"keda": False, "load_balancer_controller": False, "gated_models": False}, None),
    Case("logs", {"access_logs": True, "access_log_bucket_name": "logs"}, None),
    Case("logs_nowhere", {"access_logs": True}, "inference-access-logs"),
    Case("logs_of_nothing", {"access_log_bucket_name": "logs"}, "inference-access-logs"),
    Case(
        "logs_of_given",
        without(access_logs=True, access_log_bucket_name="logs"),
        "inference-access-logs-created",
    ),
    Case("namespaces", {"model_namespaces": ["a", "b"]}, None),
    Case("namespaces_twice", {"model_namespaces": ["a", "a"]}, "inference-namespaces-distinct"),
    Case("namespace", {"model_namespaces": ["*"]}, "type"),
    Case("configuration", {"addon_configuration": '{"a": 1}'}, None),
    Case("configuration_list", {"addon_configuration": "[]"}, "inference-addon-configuration"),
    Case("no_addon", {"create_addon": False, "service_accounts": {"keda": "kube-system:keda-operator"}}, None),
    Case("account", {"service_accounts": {"keda": "keda-operator"}}, "type"),
    Case("version_of_none", {"create_addon": False, "addon_version": "v1.0.1-eksbuild.1"}, "inference-addon-there"),
    Case("version", {"addon_version": "1.0.1"}, "type"),
    Case("issuer", {"oidc_issuer_url": ISSUER}, "type"),
    Case("restricted", {RESTRICTED: {"restricted_instance_groups": [{"name": "rig"}]}}, "inference-restricted"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    # The versions' rules are tested with the add-ons' tables.
    tried = {case.broken for case in CASES} | {"inference-addon-newer", "inference-addon-unknown"}
    assert {rule.id for rule in CONTRACT.rules} <= tried


def test_given_buckets_are_there_in_a_rehearsal() -> None:
    inputs = {"tls_bucket_name": "certificates", "access_log_bucket_name": None}
    assert list(seed(Given(inputs=inputs))) == [Seed("bucket", "certificates")]
    assert list(seed(Given(existing={"tls_bucket_name": "other"}))) == [Seed("bucket", "other")]


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    mine = [case for case in CASES if case.broken not in python_only(CONTRACT)]
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in mine}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in mine}
