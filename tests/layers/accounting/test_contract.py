from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.accounting.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

ZONES = {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"}
VALUES: dict[str, Any] = {
    "name": "dev",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": ZONES,
    "security_group_id": "sg-0123456789abcdef0",
    "execution_role_name": "dev-hyperpod-us-west-2",
}

CASES = [
    Case("plain", {}, None),
    Case("one_zone", {"private_subnet_ids": {"usw2-az1": ZONES["usw2-az1"]}}, "accounting-zones"),
    Case("growing", {"storage_limit_gib": 100}, None),
    Case("growing_no_more", {"storage_limit_gib": 20}, "accounting-storage-limit"),
    Case("snapshot", {"final_snapshot_name": "the-end", "snapshot_name": "the-beginning"}, None),
    Case("snapshot_unused", {"final_snapshot": False, "final_snapshot_name": "the-end"}, "accounting-snapshot-name"),
    Case("user", {"username": "Admin"}, "accounting-user"),
    Case("user_sign", {"username": "slurm-db"}, "type"),
    Case("small", {"storage_gib": 19}, "type"),
    Case("class", {"instance_class": "m6g.large"}, "type"),
    Case("version", {"engine_version": "10.11.8"}, None),
    Case("topic", {"failover_topic": True, "failover_emails": ["a@example.com", "b@example.com"]}, None),
    Case("mails_of_nobody", {"failover_emails": ["a@example.com"]}, "accounting-emails"),
    Case("mails_twice", {"failover_topic": True, "failover_emails": ["a@b.c", "a@b.c"]}, "accounting-emails-distinct"),
    Case("mail_nowhere", {"failover_topic": True, "failover_emails": ["example.com"]}, "type"),
    Case("version_of_mysql", {"engine_version": "8.0"}, "type"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in CONTRACT.rules} <= {case.broken for case in CASES}


def test_a_given_database_tells_the_rest_of_itself() -> None:
    class Client:
        def describe_db_instances(self, **wanted: Any) -> dict[str, Any]:
            assert wanted == {"DBInstanceIdentifier": "db1"}
            known = {"Endpoint": {"Port": 3306}, "DBName": "jobs", "MasterUsername": "slurm"}
            return {"DBInstances": [{**known, "MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:x"}}]}

    class Clients:
        def client(self, name: str) -> Any:
            return Client()

    assert CONTRACT.lookup is not None
    assert CONTRACT.lookup.find(Clients(), {"database_endpoint": "db1.abc.us-west-2.rds.amazonaws.com"}) == {
        "database_port": 3306,
        "database_name": "jobs",
        "database_username": "slurm",
        "database_secret_arn": "arn:aws:secretsmanager:x",
    }


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
