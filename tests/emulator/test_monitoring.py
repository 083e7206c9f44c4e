from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION, begin_lasting, end_lasting

RULES = b"groups: [{name: a, rules: [{alert: Hot, expr: temperature > 80}]}]"
TO_TOPIC = b"""alertmanager_config: |
  route: {receiver: topic}
  receivers: [{name: topic}]
"""


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def grafana_workspace(aws: EmulatorSession, **more: Any) -> dict[str, Any]:
    values = {
        "accountAccessType": "CURRENT_ACCOUNT",
        "permissionType": "CUSTOMER_MANAGED",
        "authenticationProviders": ["AWS_SSO"],
        **more,
    }
    made: dict[str, Any] = aws.client("grafana").create_workspace(**values)["workspace"]
    return made


def test_a_prometheus_workspace_lives_and_goes(aws: EmulatorSession) -> None:
    amp = aws.client("amp")
    identity = amp.create_workspace(alias="dev", tags={"a": "b"})["workspaceId"]
    found = amp.describe_workspace(workspaceId=identity)["workspace"]
    assert found["arn"] == f"arn:aws:aps:{REGION}:{ACCOUNT}:workspace/{identity}"
    assert found["prometheusEndpoint"] == f"https://aps-workspaces.{REGION}.amazonaws.com/workspaces/{identity}/"
    assert (found["alias"], found["tags"], found["status"]["statusCode"]) == ("dev", {"a": "b"}, "ACTIVE")
    amp.update_workspace_alias(workspaceId=identity, alias="prod")
    # Lists go by the beginning of the alias.
    assert [item["alias"] for item in amp.list_workspaces(alias="pr")["workspaces"]] == ["prod"]
    assert amp.list_workspaces(alias="dev")["workspaces"] == []
    amp.update_workspace_configuration(workspaceId=identity, retentionPeriodInDays=30)
    kept = amp.describe_workspace_configuration(workspaceId=identity)["workspaceConfiguration"]
    assert kept["retentionPeriodInDays"] == 30
    amp.tag_resource(resourceArn=found["arn"], tags={"c": "d"})
    amp.untag_resource(resourceArn=found["arn"], tagKeys=["a"])
    assert amp.list_tags_for_resource(resourceArn=found["arn"])["tags"] == {"c": "d"}
    amp.delete_workspace(workspaceId=identity)
    with pytest.raises(ClientError) as caught:
        amp.describe_workspace(workspaceId=identity)
    assert code(caught) == "ResourceNotFoundException"


def test_rules_and_alert_manager_are_read_before_they_are_taken(aws: EmulatorSession) -> None:
    amp = aws.client("amp")
    identity = amp.create_workspace()["workspaceId"]
    for wrong in (b"groups: [", b"alerts: []", b"groups: [{name: a, rules: [{alert: Hot}]}]"):
        with pytest.raises(ClientError) as caught:
            amp.create_rule_groups_namespace(workspaceId=identity, name="a", data=wrong)
        assert code(caught) == "ValidationException"
    amp.create_rule_groups_namespace(workspaceId=identity, name="a", data=RULES)
    with pytest.raises(ClientError) as caught:
        amp.create_rule_groups_namespace(workspaceId=identity, name="a", data=RULES)
    assert code(caught) == "ConflictException"
    found = amp.describe_rule_groups_namespace(workspaceId=identity, name="a")["ruleGroupsNamespace"]
    assert (found["data"], found["status"]["statusCode"]) == (RULES, "ACTIVE")
    amp.delete_rule_groups_namespace(workspaceId=identity, name="a")
    assert amp.list_rule_groups_namespaces(workspaceId=identity)["ruleGroupsNamespaces"] == []

    with pytest.raises(ClientError) as caught:
        amp.create_alert_manager_definition(workspaceId=identity, data=TO_TOPIC.replace(b"{name: topic}", b"{name: b}"))
    assert "undefined receiver" in str(caught.value)
    amp.create_alert_manager_definition(workspaceId=identity, data=TO_TOPIC)
    assert amp.describe_alert_manager_definition(workspaceId=identity)["alertManagerDefinition"]["data"] == TO_TOPIC
    amp.delete_alert_manager_definition(workspaceId=identity)
    with pytest.raises(ClientError) as caught:
        amp.describe_alert_manager_definition(workspaceId=identity)
    assert code(caught) == "ResourceNotFoundException"


def test_a_workspace_that_changes_is_left_alone(aws: EmulatorSession, emulator: Emulator) -> None:
    grafana, made = aws.client("grafana"), grafana_workspace(aws)
    begin_lasting(emulator)
    grafana.update_workspace(workspaceId=made["id"], workspaceDescription="more")
    with pytest.raises(ClientError) as caught:
        grafana.update_workspace(workspaceId=made["id"], workspaceDescription="again")
    assert code(caught) == "ConflictException"
    end_lasting(emulator)
    assert grafana.describe_workspace(workspaceId=made["id"])["workspace"]["description"] == "more"


def test_a_grafana_workspace_lives_and_goes(aws: EmulatorSession) -> None:
    grafana = aws.client("grafana")
    made = grafana_workspace(aws, workspaceName="dev", tags={"a": "b"})
    assert made["endpoint"] == f"{made['id']}.grafana-workspace.{REGION}.amazonaws.com"
    assert (made["name"], made["status"], made["grafanaVersion"]) == ("dev", "ACTIVE", "10.4")
    arn = f"arn:aws:grafana:{REGION}:{ACCOUNT}:/workspaces/{made['id']}"
    grafana.tag_resource(resourceArn=arn, tags={"c": "d"})
    grafana.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert grafana.list_tags_for_resource(resourceArn=arn)["tags"] == {"c": "d"}
    grafana.delete_workspace(workspaceId=made["id"])
    assert grafana.list_workspaces()["workspaces"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grafanaVersion": "7.0"}, "not one of 8.4"),
        ({"accountAccessType": "ORGANIZATION"}, "workspaceOrganizationalUnits"),
        ({"workspaceRoleArn": f"arn:aws:iam::{ACCOUNT}:role/nobody"}, "does not exist"),
    ],
)
def test_what_grafana_refuses(aws: EmulatorSession, change: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said):
        grafana_workspace(aws, **change)


def test_people_get_and_lose_roles(aws: EmulatorSession) -> None:
    grafana, user = aws.client("grafana"), {"id": "u", "type": "SSO_USER"}
    identity = grafana_workspace(aws)["id"]

    def change(action: str, role: str) -> None:
        batch = [{"action": action, "role": role, "users": [user]}]
        assert grafana.update_permissions(workspaceId=identity, updateInstructionBatch=batch)["errors"] == []

    change("ADD", "ADMIN")
    assert grafana.list_permissions(workspaceId=identity)["permissions"] == [{"user": user, "role": "ADMIN"}]
    change("REVOKE", "VIEWER")
    assert len(grafana.list_permissions(workspaceId=identity)["permissions"]) == 1
    change("REVOKE", "ADMIN")
    assert grafana.list_permissions(workspaceId=identity)["permissions"] == []


def test_only_newer_versions_follow(aws: EmulatorSession) -> None:
    grafana = aws.client("grafana")
    identity = grafana_workspace(aws, grafanaVersion="9.4")["id"]
    grafana.update_workspace_configuration(workspaceId=identity, configuration="{}", grafanaVersion="10.4")
    with pytest.raises(ClientError, match="cannot become one"):
        grafana.update_workspace_configuration(workspaceId=identity, configuration="{}", grafanaVersion="9.4")
