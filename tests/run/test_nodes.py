"""Whether nodes run, as SageMaker pages its answer."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from hp_tf.environment.model import LayerConfig
from hp_tf.errors import HptfError, Interrupted
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.run.nodes import node_probe, wait_for_nodes
from hp_tf.terraform.stop import StopRequest


def probe(*pages: list[str], refusal: str | None = None) -> bool:
    """What the probe says of a cluster whose nodes have these statuses, page by page."""

    def paginate(**asked: Any) -> Iterator[Any]:
        assert asked == {"ClusterName": "ml"}
        if refusal is not None:
            raise ClientError({"Error": {"Code": refusal, "Message": "No."}}, "ListClusterNodes")
        for statuses in pages:
            yield {"ClusterNodeSummaries": [{"InstanceStatus": {"Status": status}} for status in statuses]}

    client = SimpleNamespace(get_paginator=lambda name: SimpleNamespace(paginate=paginate))
    layer = LayerConfig("hyperpod", CONTRACTS["hyperpod"], "existing", existing={"cluster_name": "ml"})
    return node_probe(
        cast(Any, SimpleNamespace(clients=SimpleNamespace(client=lambda name: client))),
        cast(Any, SimpleNamespace(layers={"hyperpod": layer})),
        cast(Any, None),
    )()


def test_one_running_node_on_any_page_is_enough() -> None:
    assert probe(["Pending"] * 100, ["Failure", "Running"])
    assert not probe(["Pending"] * 100, ["Failure"])
    assert not probe([])


def test_a_cluster_that_is_not_there_has_none() -> None:
    assert not probe(refusal="ResourceNotFound")
    with pytest.raises(HptfError, match="asking for the nodes of ml"):
        probe(refusal="AccessDenied")


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


def test_nodes_are_waited_for_until_one_runs() -> None:
    clock = Clock()
    wait_for_nodes(lambda: clock.now >= 60, StopRequest(), clock=clock)
    assert 60 <= clock.now < 70


def test_they_are_not_waited_for_for_ever() -> None:
    clock = Clock()
    with pytest.raises(HptfError, match="no node of the cluster runs after 30 minutes"):
        wait_for_nodes(lambda: False, StopRequest(), clock=clock)
    assert clock.now == 1800


def test_a_signal_ends_the_wait_where_it_stands() -> None:
    slept: list[float] = []

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        slept.append(clock.now)

    clock = Clock(slept=interrupted)
    stop = StopRequest()
    with stop.listening(), pytest.raises(Interrupted, match="stopped while waiting for nodes"):
        wait_for_nodes(lambda: False, stop, clock=clock)
    assert stop.requested == 1
    assert slept == []
    with pytest.raises(Interrupted):
        wait_for_nodes(lambda: True, stop, clock=clock)
