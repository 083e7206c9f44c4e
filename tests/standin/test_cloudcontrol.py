from __future__ import annotations

import pytest

from hp_tf.standin.cloudcontrol import CallFailed, CloudControl, OperationFailed, delays
from tests.standin.conftest import FakeCloudControl

TYPE = "AWS::SageMaker::Cluster"


def test_waits_grow_to_two_seconds() -> None:
    waits = delays()
    seconds = [next(waits) for _ in range(10)]
    assert seconds[0] < 0.05
    assert seconds == sorted(seconds)
    assert seconds[-1] == 2.0


def test_an_operation_is_waited_for(endpoint: str, cloud: FakeCloudControl) -> None:
    slept: list[float] = []
    client = CloudControl(endpoint, "us-west-2", TYPE, access_key="test", sleep=slept.append)
    identifier = client.create({"ClusterName": "c"})
    assert len(slept) == 1
    assert client.read(identifier) == cloud.only
    client.delete(identifier)
    assert client.read(identifier) is None
    client.delete(identifier)


def test_an_operation_that_never_ends_fails(endpoint: str, cloud: FakeCloudControl) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds
        cloud.pending = {token: event | {"OperationStatus": "IN_PROGRESS"} for token, event in cloud.pending.items()}

    client = CloudControl(endpoint, "us-west-2", TYPE, access_key="test", timeout=5, sleep=sleep, clock=lambda: now[0])
    with pytest.raises(OperationFailed, match="Timeout"):
        client.create({})


def test_errors_carry_the_services_code(endpoint: str) -> None:
    client = CloudControl(endpoint, "us-west-2", TYPE, access_key="test")
    with pytest.raises(CallFailed, match="was not found") as caught:
        client.update("nothing", [])
    assert caught.value.code == "ResourceNotFoundException"


def test_a_closed_port_is_unreachable() -> None:
    client = CloudControl("http://127.0.0.1:9", "us-west-2", TYPE, access_key="test")
    with pytest.raises(CallFailed, match="Unreachable"):
        client.probe()
    with pytest.raises(CallFailed, match="Unreachable"):
        client.read("x")
