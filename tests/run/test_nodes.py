"""Whether nodes run, as SageMaker pages its answer, and the wait for one that does."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from hp_tf.contract.roles import Awaited
from hp_tf.environment.model import LayerConfig
from hp_tf.errors import HptfError, Interrupted
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.run.nodes import NodesInAws, wait_for_nodes
from hp_tf.terraform.stop import StopRequest


def asked(*pages: list[str], refusal: str | None = None, **answers: Any) -> NodesInAws:
    """The nodes of a cluster in these statuses, page by page, and what else SageMaker answers."""

    def paginate(**asked: Any) -> Iterator[Any]:
        assert asked == {"ClusterName": "ml"}
        if refusal is not None:
            raise refused(refusal, "ListClusterNodes")
        for statuses in pages:
            yield {"ClusterNodeSummaries": [{"InstanceStatus": {"Status": status}} for status in statuses]}

    def answering(answer: Any) -> Callable[..., Any]:
        def call(**_: Any) -> Any:
            if isinstance(answer, ClientError):
                raise answer
            return answer

        return call

    client = SimpleNamespace(
        get_paginator=lambda name: SimpleNamespace(paginate=paginate),
        **{name: answering(answer) for name, answer in answers.items()},
    )
    layer = LayerConfig("hyperpod", CONTRACTS["hyperpod"], "existing", existing={"cluster_name": "ml"})
    return NodesInAws(
        cast(Any, SimpleNamespace(clients=SimpleNamespace(client=lambda name: client))),
        cast(Any, SimpleNamespace(layers={"hyperpod": layer})),
        cast(Any, None),
    )


def refused(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "No."}}, operation)


def one_runs(nodes: NodesInAws) -> bool:
    return nodes.running(nodes.statuses())


def test_one_running_node_on_any_page_is_enough() -> None:
    nodes = asked(["Pending"] * 100, ["Failure", "Running"])
    assert nodes.statuses() == {"Pending": 100, "Failure": 1, "Running": 1}
    assert one_runs(nodes)
    assert not one_runs(asked(["Pending"] * 100, ["Failure"]))
    assert not one_runs(asked([]))


def test_a_cluster_that_is_not_there_has_none() -> None:
    assert not one_runs(asked(refusal="ResourceNotFound"))
    with pytest.raises(HptfError, match="asking for the nodes of ml"):
        one_runs(asked(refusal="AccessDenied"))


@pytest.mark.parametrize(
    ("cluster", "awaited"),
    [
        ({"InstanceGroups": [{"TargetCount": 0}, {"TargetCount": 2}]}, "soon"),
        ({"RestrictedInstanceGroups": [{"TargetCount": 1}]}, "soon"),
        ({"InstanceGroups": [{"TargetCount": 0}], "AutoScaling": {"Mode": "Enable"}}, "for pods"),
        ({"InstanceGroups": [{"TargetCount": 0}], "AutoScaling": {"Mode": "Disable"}}, "never"),
        ({}, "never"),
    ],
)
def test_whether_any_will_come(cluster: Mapping[str, Any], awaited: Awaited) -> None:
    assert asked(describe_cluster=cluster).awaited() == awaited


def test_events_are_a_line_each_where_there_is_a_list_of_them() -> None:
    when = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    found = {"Events": [{"EventTime": when, "ResourceType": "Instance", "Description": "No capacity."}]}
    assert asked(list_cluster_events=found).events() == ["09:30:00 No capacity."]
    # Clusters with Slurm have none.
    assert asked(list_cluster_events=refused("ValidationException", "ListClusterEvents")).events() == []


@dataclass
class Clock:
    """Time passes by sleeping, and something happens then."""

    now: float = 0.0
    slept: Callable[[], object] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.now += seconds
        self.slept()


@dataclass
class Nodes:
    """Nodes in statuses that time changes."""

    found: Callable[[], Mapping[str, int]]
    coming: Awaited = "soon"
    said: list[str] = field(default_factory=list)

    def running(self, statuses: Mapping[str, int]) -> bool:
        return "Running" in statuses

    def statuses(self) -> Mapping[str, int]:
        return self.found()

    def awaited(self) -> Awaited:
        return self.coming

    def events(self) -> list[str]:
        return ["09:30:01 No capacity.", "09:30:00 Creation of the cluster has begun."]


def test_nodes_are_waited_for_until_one_runs_and_what_changes_is_said() -> None:
    clock = Clock()

    def found() -> Mapping[str, int]:
        if clock.now < 10:
            return {}
        return {"Pending": 3} if clock.now < 140 else {"Pending": 2, "Running": 1}

    nodes = Nodes(found)
    wait_for_nodes(nodes, StopRequest(), nodes.said.append, clock=clock)
    assert 140 <= clock.now < 150
    assert nodes.said == [
        "waiting for a node of the cluster: none yet",
        "waiting for a node of the cluster: 3 Pending",
        "waiting for a node of the cluster: 3 Pending, after 1 min",
        "waiting for a node of the cluster: 3 Pending, after 2 min",
        "the cluster's nodes: 2 Pending, 1 Running",
    ]


def test_they_are_not_waited_for_for_ever_and_the_cluster_says_why() -> None:
    clock = Clock()
    nodes = Nodes(lambda: {"Failure": 1, "Pending": 2})
    with pytest.raises(HptfError) as caught:
        wait_for_nodes(nodes, StopRequest(), nodes.said.append, clock=clock)
    assert caught.value.message == (
        "no node of the cluster runs after 30 minutes (1 Failure, 2 Pending); its last events:\n"
        "  09:30:01 No capacity.\n"
        "  09:30:00 Creation of the cluster has begun."
    )
    assert clock.now == 1800


def test_where_none_will_come_none_is_waited_for() -> None:
    clock = Clock()
    nodes = Nodes(dict, coming="for pods")
    wait_for_nodes(nodes, StopRequest(), nodes.said.append, clock=clock)
    nobodys = Nodes(dict, coming="unknown")
    wait_for_nodes(nobodys, StopRequest(), nobodys.said.append, clock=clock)
    assert nobodys.said == ["no layer makes nodes here, and none is waited for"]
    with pytest.raises(HptfError, match="the count of every group is 0"):
        wait_for_nodes(Nodes(dict, coming="never"), StopRequest(), nodes.said.append, clock=clock)
    assert (nodes.said, clock.now) == (["the cluster has no node, and makes them when pods ask for them"], 0)


def test_a_signal_ends_the_wait_where_it_stands() -> None:
    slept: list[float] = []

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        slept.append(clock.now)

    clock = Clock(slept=interrupted)
    stop = StopRequest()
    nodes = Nodes(dict)
    with stop.listening(), pytest.raises(Interrupted, match="stopped while waiting for nodes"):
        wait_for_nodes(nodes, stop, nodes.said.append, clock=clock)
    assert stop.requested == 1
    assert slept == []
    with pytest.raises(Interrupted):
        wait_for_nodes(Nodes(lambda: {"Running": 1}), stop, nodes.said.append, clock=clock)
