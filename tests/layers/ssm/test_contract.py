from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.lookup import Unfit
from hp_tf.layers.ssm.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "bucket_name": "sagemaker-dev",
    "execution_role_name": "dev-hyperpod-us-west-2",
}
GIVEN = {"create_document": False, "document_name": "SSM-SessionManagerRunShellAsUbuntu"}

CASES = [
    Case("plain", {}, None),
    Case("named", {"document_name": "SSM-SessionManagerRunShellAsUbuntu"}, None),
    Case("given", GIVEN, None),
    Case("given_without_name", {"create_document": False}, "ssm-document-given"),
    Case("given_with_logs", {**GIVEN, "session_logs": "s3"}, "ssm-logs-document"),
    Case("name_of_aws", {"document_name": "AWS-RunShell"}, "ssm-document-aws"),
    Case("name_of_amazon", {"document_name": "amazon.shell"}, "ssm-document-aws"),
    Case("name_with_slash", {"document_name": "a/shell"}, "type"),
    Case("by_tag", {"default_user": None, "session_logs": "cloudwatch", "kms_key_arn": KEY}, None),
    Case("user", {"default_user": "Ubuntu"}, "type"),
    Case("idle", {"idle_timeout_minutes": 61}, "type"),
    Case("key_elsewhere", {"kms_key_arn": KEY.replace("us-west-2", "us-east-1")}, "ssm-kms-key-region"),
    Case("partition", {"partition": "aws-cn"}, "ssm-partition"),
    Case("prefix", {"session_logs": "s3", "session_log_prefix": "logs/of/sessions"}, None),
    Case("prefix_slash", {"session_log_prefix": "/logs"}, "type"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in CONTRACT.rules} <= {case.broken for case in CASES}


def test_a_document_that_runs_commands_is_no_session_document() -> None:
    class Client:
        def describe_document(self, **_: Any) -> dict[str, Any]:
            return {"Document": {"DocumentType": "Command"}}

    class Clients:
        def client(self, name: str) -> Any:
            return Client()

    assert CONTRACT.lookup is not None
    with pytest.raises(Unfit, match="Command, not Session"):
        CONTRACT.lookup.find(Clients(), {"document_name": "hello"})


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
