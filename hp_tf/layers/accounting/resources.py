"""The resource types of Slurm's accounting database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources import ec2
from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.contract.resources.iam import ROLE_POLICY
from hp_tf.contract.resources.pages import pages


def _listed(call: str, answer: str, key: str) -> Callable[[Clients], Iterable[str]]:
    """Return an inventory from one of RDS's describe calls, less the account's default ones."""

    def inventory(clients: Clients) -> Iterable[str]:
        names = (item[key] for item in pages(clients.client("rds"), call, answer))
        return (name for name in names if not name.startswith("default"))

    return inventory


def _type(kind: str, argument: str, call: str, answer: str, key: str, *, protected: bool = False) -> ResourceType:
    return ResourceType(
        kind,
        import_id=f"{{{argument}}}",
        # A database's attribute `id` is a resource id that AWS draws.
        own_id=protected,
        exists=lambda planned, account: bool(getattr(account.client("rds"), call)(**{key: planned[argument]})),
        inventory=_listed(call, answer, key),
        protected=protected,
    )


def _topics(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the topic of a name."""
    name = planned.get("name")
    yield from (arn for arn in _every_topic(clients) if name and arn.rpartition(":")[2] == name)


def _every_topic(clients: Clients) -> Iterator[str]:
    return (item["TopicArn"] for item in pages(clients.client("sns"), "list_topics", "Topics"))


def _subscriptions(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the topic's subscription of an address. One that is not confirmed yet has no ARN to be imported by."""
    wanted = (planned.get("topic_arn"), planned.get("protocol"), planned.get("endpoint"))
    if all(wanted):
        for item in pages(clients.client("sns"), "list_subscriptions", "Subscriptions"):
            if (item["TopicArn"], item["Protocol"], item["Endpoint"]) == wanted and item["SubscriptionArn"][
                :4
            ] == "arn:":
                yield item["SubscriptionArn"]


_SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret"
RESOURCES = (
    replace(
        _type(
            "aws_db_instance",
            "identifier",
            "describe_db_instances",
            "DBInstances",
            "DBInstanceIdentifier",
            protected=True,
        ),
        mocked={"master_user_secret": [{"secret_arn": f"{_SECRET}:mocked-abcdef"}]},
    ),
    _type("aws_db_subnet_group", "name", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    _type(
        "aws_db_parameter_group", "name", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"
    ),
    ec2.SECURITY_GROUP,
    ec2.INGRESS_RULE,
    ROLE_POLICY,
    ResourceType(
        "aws_sns_topic",
        candidates=_topics,
        single=True,
        inventory=_every_topic,
        mocked={"arn": "arn:aws:sns:us-west-2:123456789012:mocked"},
    ),
    ResourceType("aws_sns_topic_subscription", candidates=_subscriptions, single=True),
)
