"""Whether nodes run, as SageMaker pages its answer."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from hp_tf.errors import HptfError
from hp_tf.orchestration.nodes import node_probe


def probe(*pages: list[str], refusal: str | None = None) -> bool:
    """What the probe says of a cluster whose nodes have these statuses, page by page."""

    def paginate(**asked: Any) -> Iterator[Any]:
        assert asked == {"ClusterName": "ml"}
        if refusal is not None:
            raise ClientError({"Error": {"Code": refusal, "Message": "No."}}, "ListClusterNodes")
        for statuses in pages:
            yield {"ClusterNodeSummaries": [{"InstanceStatus": {"Status": status}} for status in statuses]}

    client = SimpleNamespace(get_paginator=lambda name: SimpleNamespace(paginate=paginate))
    layer = SimpleNamespace(mode="existing", existing={"cluster_name": "ml"})
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
