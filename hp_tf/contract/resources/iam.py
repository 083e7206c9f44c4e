"""IAM's resource types that several layers make."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.changes import Judgement, Refused
from hp_tf.contract.resources.pages import pages


def _roles(clients: Clients) -> Iterator[str]:
    """Yield roles less those that AWS's services make for themselves."""
    for role in pages(clients.client("iam"), "list_roles", "Roles"):
        if not role["Path"].startswith("/aws-service-role/"):
            yield role["RoleName"]


def _role_policies(clients: Clients) -> Iterator[str]:
    for role in _roles(clients):
        for name in pages(clients.client("iam"), "list_role_policies", "PolicyNames", RoleName=role):
            yield f"{role}:{name}"


def _attached(planned: Attributes, account: Account) -> bool:
    attached = pages(account.client("iam"), "list_attached_role_policies", "AttachedPolicies", RoleName=planned["role"])
    return any(item["PolicyArn"] == planned["policy_arn"] for item in attached)


def _refused(before: Attributes, after: Attributes) -> Iterator[Refused]:
    if before.get("name") == after.get("name") and before.get("path") != after.get("path"):
        # The modules make the new role first, so that nothing is deleted that is in use: IAM refuses that one.
        text = "a role keeps its path, and an account has one role of a name whatever their paths"
        yield Refused("path", text, "leave role_path as it is")


ROLE = ResourceType(
    "aws_iam_role",
    judgement=Judgement(refused=_refused),
    import_id="{name}",
    exists=lambda planned, account: bool(account.client("iam").get_role(RoleName=planned["name"])),
    inventory=_roles,
    mocked={"arn": "arn:aws:iam::123456789012:role/mocked"},
)
ROLE_POLICY = ResourceType(
    "aws_iam_role_policy",
    import_id="{role}:{name}",
    exists=lambda planned, account: bool(
        account.client("iam").get_role_policy(RoleName=planned["role"], PolicyName=planned["name"])
    ),
    inventory=_role_policies,
)
ROLE_POLICY_ATTACHMENT = ResourceType(
    "aws_iam_role_policy_attachment", import_id="{role}/{policy_arn}", own_id=True, exists=_attached
)
