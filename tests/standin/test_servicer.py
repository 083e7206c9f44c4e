"""The protocol's calls without Terraform."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tf.gen import tfplugin_pb2 as pb

from hp_tf.standin.awscc import AwsccBackend
from hp_tf.standin.cloudcontrol import CloudControl
from hp_tf.standin.protobuf import dynamic, value_of
from hp_tf.standin.server import definitions
from hp_tf.standin.servicer import Servicer
from hp_tf.standin.values import Value
from hp_tf.wire import UNKNOWN
from tests.standin.conftest import REGION, FakeCloudControl

DEFINITION = definitions()["awscc"]
TYPE = "awscc_sagemaker_cluster"
ATTRIBUTES = DEFINITION.resources[TYPE].attributes


class Endless(FakeCloudControl):
    """Names what is being made at once, and never ends anything from its `endless`-th operation on."""

    endless = 1

    def __init__(self) -> None:
        super().__init__()
        self.begun = 0
        self.looked = threading.Event()

    def event(self, status: str, identifier: str | None, **more: str) -> dict[str, Any]:
        self.begun += 1
        endless = self.begun >= self.endless
        accepted = super().event("IN_PROGRESS" if endless else status, identifier, **more)
        accepted["ProgressEvent"]["Identifier"] = identifier
        return accepted

    def answer(self, operation: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "GetResourceRequestStatus" and self.begun >= self.endless:
            self.looked.set()
        return super().answer(operation, arguments)


@pytest.fixture
def cloud() -> Endless:
    return Endless()


@pytest.fixture
def servicer(endpoint: str) -> Servicer:
    def connect(region: str, type_name: str, sleep: Callable[[float], bool]) -> CloudControl:
        return CloudControl(endpoint, region, type_name, access_key="test", sleep=sleep)

    return Servicer(DEFINITION, AwsccBackend(DEFINITION.resources, connect, REGION))


def _apply(servicer: Servicer, prior: Value, planned: Value) -> Any:
    request = pb.ApplyResourceChange.Request(
        type_name=TYPE, prior_state=dynamic(prior), planned_state=dynamic(planned), config=dynamic(planned)
    )
    return servicer.apply_resource_change(request, None)


def _interrupted(servicer: Servicer, cloud: Endless, prior: Value, planned: Value) -> tuple[Value, str]:
    """Apply, stop the provider in the middle, and return the state and the diagnostic of the answer."""
    answers: list[Any] = []
    apply = threading.Thread(target=lambda: answers.append(_apply(servicer, prior, planned)))
    apply.start()
    assert cloud.looked.wait(10)
    servicer.stop_provider(pb.StopProvider.Request(), None)
    apply.join(10)
    assert answers, "the call did not end"
    (diagnostic,) = answers[0].diagnostics
    return value_of(ATTRIBUTES, answers[0].new_state), diagnostic.detail


def _planned(name: str = "c") -> dict[str, Any]:
    return dict.fromkeys(ATTRIBUTES, None) | {"id": UNKNOWN, "cluster_arn": UNKNOWN, "cluster_name": name}


def test_a_stopped_create_leaves_its_id(servicer: Servicer, cloud: Endless) -> None:
    state, detail = _interrupted(servicer, cloud, None, _planned())
    (identifier,) = cloud.clusters
    assert {name: value for name, value in state.items() if value is not None} == {"id": identifier}
    assert "Terraform was interrupted" in detail


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_stopped_change_leaves_the_state_as_it_was(servicer: Servicer, cloud: Endless, change: str) -> None:
    cloud.endless = 2
    made = value_of(ATTRIBUTES, _apply(servicer, None, _planned()).new_state)
    assert made["cluster_name"] == "c"
    planned = None if change == "delete" else made | {"node_recovery": "None"}
    state, detail = _interrupted(servicer, cloud, made, planned)
    assert state == made
    assert f"{change.capitalize()}Resource" in detail and "Terraform was interrupted" in detail
