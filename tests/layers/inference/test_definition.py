from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.layers.evaluation import arguments, document, evaluate
from tests.layers.inference.test_contract import ACCOUNT, GIVEN, ISSUER, KEY, OPERATOR, PROVIDER, ROLE, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]
ROLES = ("operator", "keda", "load_balancer", "gated")
# What these are where roles, provider and bucket are given.
INSTEAD = {
    "oidc_provider_arn": "${var.oidc_provider_arn}",
    "tls_bucket_name": "${var.tls_bucket_name}",
    "operator_role_arn": "${var.operator_role_arn}",
    "keda_role_arns": "${var.keda ? [var.keda_role_arn] : []}",
    "load_balancer_role_arns": "${var.load_balancer_controller ? [var.load_balancer_role_arn] : []}",
    "gated_role_arns": "${var.gated_models ? [var.gated_role_arn] : []}",
}
# What AWS can narrow to no resource, or describes only.
ANYWHERE = {
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "cloudwatch:ListMetrics",
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
}


def value(template: Any, inputs: dict[str, Any], folder: Path) -> Any:
    """What a template comes to where everything is given: then no resource is in the way."""
    text = str(template).replace("aws_iam_role.operator[0].arn", "var.operator_role_arn")
    return evaluate("inference", {**VALUES, **GIVEN, **inputs}, {"x": text}, folder, INSTEAD)["x"]


def policies(folder: Path, **inputs: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ROLES:
        document = json.loads(value(arguments("inference", f"aws_iam_role_policy.{name}")["policy"], inputs, folder))
        yield from ((name, statement) for statement in document["Statement"])


def test_only_descriptions_and_what_has_no_resource_is_allowed_everywhere(tmp_path: Path) -> None:
    found = [statement for _, statement in policies(tmp_path)]
    everywhere = {action for item in found if item["Resource"] == "*" for action in item["Action"]}
    verbs = {action for action in everywhere - ANYWHERE if not action.split(":")[1].startswith(("Describe", "Get"))}
    assert verbs == set()
    assert not [action for item in found for action in item["Action"] if "*" in action]


def test_resources_are_of_this_account_and_region(tmp_path: Path) -> None:
    for name, statement in policies(tmp_path):
        resources = statement["Resource"]
        for arn in [resources] if isinstance(resources, str) else resources:
            if arn == "*":
                continue
            service, region, account = arn.split(":")[2:5]
            known = service in ("s3", "ecr") or (service == "sagemaker" and account == "aws") or account == ACCOUNT
            assert known and region in ("us-west-2", ""), (name, arn)


def test_a_policy_fits_into_a_role(tmp_path: Path) -> None:
    for name in ROLES:
        text = value(arguments("inference", f"aws_iam_role_policy.{name}")["policy"], {}, tmp_path)
        assert len(text) < 10_240, name


def test_the_key_of_the_bucket_can_be_used(tmp_path: Path) -> None:
    sids = {statement["Sid"]: statement for _, statement in policies(tmp_path, kms_key_arn=KEY)}
    assert sids["UseKeyOfCertificates"]["Resource"] == KEY


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("operator", "hyperpod-inference-controller-manager"),
        ("keda", "keda-operator"),
        ("load_balancer", "aws-load-balancer-controller"),
    ],
)
def test_each_role_is_for_one_account_of_one_cluster(name: str, account: str, tmp_path: Path) -> None:
    text = value(arguments("inference", f"aws_iam_role.{name}")["assume_role_policy"], {}, tmp_path)
    by_issuer, *own = json.loads(text)["Statement"]
    assert by_issuer["Principal"] == {"Federated": PROVIDER}
    assert by_issuer["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"system:serviceaccount:hyperpod-inference-system:{account}",
        }
    }
    services = [(item["Principal"], item["Condition"]) for item in own]
    by_sagemaker = {"Service": "sagemaker.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert services == ([by_sagemaker] if name == "operator" else [])


@pytest.mark.parametrize(("namespaces", "first"), [([], "*"), (["a", "b"], "a")])
def test_gated_models_are_for_pods_of_models(namespaces: list[str], first: str, tmp_path: Path) -> None:
    template = arguments("inference", "aws_iam_role.gated")["assume_role_policy"]
    (statement,) = json.loads(value(template, {"model_namespaces": namespaces}, tmp_path))["Statement"]
    accounts = statement["Condition"]["StringLike"][f"{ISSUER}:sub"]
    assert accounts[0] == f"system:serviceaccount:{first}:hyperpod-inference-service-account*"
    assert len(accounts) == (len(namespaces) or 1)


def test_the_addon_is_told_of_its_parts(tmp_path: Path) -> None:
    more = {"addon_configuration": '{"keda": {"enabled": false}, "further": 1}'}
    template = arguments("inference", "aws_eks_addon.this")["configuration_values"]
    assert json.loads(value(template, {}, tmp_path)) == {
        "executionRoleArn": OPERATOR,
        "tlsCertificateS3Bucket": "certificates",
        "keda": {"enabled": True, "auth": {"aws": {"irsa": {"enabled": True, "roleArn": ROLE}}}},
        "alb": {"enabled": True, "serviceAccount": {"create": True, "roleArn": ROLE}},
        "jumpstartGatedModelDownloadRoleArn": ROLE,
    }
    off = {"keda": False, "load_balancer_controller": False, "gated_models": False}
    assert json.loads(value(template, off, tmp_path)) == {
        "executionRoleArn": OPERATOR,
        "tlsCertificateS3Bucket": "certificates",
        "keda": {"enabled": False},
        "alb": {"enabled": False},
    }
    found = json.loads(value(template, more, tmp_path))
    assert (found["keda"], found["further"]) == ({"enabled": False}, 1)


def test_the_chart_is_told_of_the_same(tmp_path: Path) -> None:
    found = YAML(typ="safe").load(value(document("inference")["output"]["chart_values"]["value"], {}, tmp_path))
    assert found["tlsCertificateS3Bucket"] == "s3://certificates" and found["executionRoleArn"] == OPERATOR
    assert found["keda"]["podIdentity"]["aws"]["irsa"]["roleArn"] == ROLE
    assert (found["alb"]["vpcId"], found["alb"]["clusterName"]) == (VALUES["vpc_id"], "dev-eks")
    assert [found[part]["enabled"] for part in ("s3", "fsx", "cert-manager")] == [False] * 3
