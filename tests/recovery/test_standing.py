"""What was cut off while it was made: the service is asked how that ended, and people are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hp_tf import codes
from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.creation import Condition, Creation
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.errors import BadInput, HptfError
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import orphans, standing
from hp_tf.state import document
from hp_tf.terraform.failures import TerraformFailed
from tests.aws.stubs import StubClients
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, up, yes
from tests.engine.losing import lose

ALL = LayerOptions()
ADDRESS = "module.beta.terraform_data.this"


class Service:
    """Says of everything what it is told to say, one word after the other; the last one for ever."""

    def __init__(self, *words: str) -> None:
        self.words = list(words)
        self.asked: list[str] = []

    def status(self, clients: Clients, identity: str) -> str:
        """Answer."""
        self.asked.append(identity)
        return self.words.pop(0) if len(self.words) > 1 else self.words[0]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two questions."""
    monkeypatch.setattr(standing, "POLL_SECONDS", 0.0)


def serve(bench: Workbench, service: Service, **more: Any) -> None:
    """Let a service be asked about beta's resources."""
    creation = Creation(service.status, coming=frozenset({"Creating"}), well=frozenset({"InService"}))
    bench.with_contract("beta", resources=(ResourceType("terraform_data", creation=creation, **more),))


def instance(bench: Workbench) -> dict[str, Any]:
    """Return what a state holds of what was cut off."""
    return dict(document.instances(bench.open().store.read("beta")))[ADDRESS]


def cut(bench: Workbench, service: Service, **more: Any) -> str:
    """Let the creation of beta's resource be cut off, and return its id."""
    serve(bench, service, **more)
    bench.write("  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n")
    with pytest.raises(TerraformFailed):
        commands.apply(bench.open(), ALL, approve=yes)
    bench.write(THREE)
    assert instance(bench)["status"] == "tainted"
    return str(instance(bench)["attributes"]["id"])


@pytest.mark.parametrize("protected", [True, False])
def test_what_is_in_service_is_kept_and_that_is_said(bench: Workbench, protected: bool) -> None:
    service = Service("InService")
    before = cut(bench, service, protected=protected)
    planned = commands.review(bench.open(), ALL)
    assert [(item.code, item.subject) for item in planned.findings] == [(codes.CREATION_KEPT, ADDRESS)]
    assert "InService" in planned.findings[0].message
    assert planned.plan is not None
    assert ADDRESS not in [change.address for change in planned.plan.changes()]
    assert instance(bench)["status"] == "tainted"
    assert service.asked == [before]
    commands.apply(bench.open(), ALL, approve=yes)
    assert "status" not in instance(bench)
    assert instance(bench)["attributes"]["id"] == before
    assert not commands.plan(bench.open(), ALL).has_changes


def test_what_is_still_being_made_is_said_by_a_plan_and_waited_for_by_an_apply(bench: Workbench) -> None:
    service = Service("Creating")
    before = cut(bench, service, protected=True)
    planned = commands.review(bench.open(), ALL)
    assert [(item.code, item.subject) for item in planned.findings] == [(codes.CREATION_GOES_ON, ADDRESS)]
    service.words = ["Creating", "Creating", "InService"]
    commands.apply(bench.open(), ALL, approve=yes)
    assert bench.ui.lines.count(f"waiting for {ADDRESS}, which is still being made (Creating)") == 1
    assert instance(bench)["attributes"]["id"] == before
    assert "status" not in instance(bench)


def test_what_failed_stays_tainted_and_is_made_anew_if_that_is_allowed(bench: Workbench) -> None:
    before = cut(bench, Service("Creating", "Failed"), protected=True)
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=yes)
    (problem,) = raised.value.problems
    assert (problem.code, problem.subject) == (codes.PROTECTED_DESTROYED, ADDRESS)
    assert "Failed" in problem.message
    assert instance(bench)["status"] == "tainted"
    commands.apply(bench.open(), ALL, approve=yes, allow_destroy=[ADDRESS])
    assert instance(bench)["attributes"]["id"] != before


def test_what_is_in_service_is_made_anew_if_asked(bench: Workbench) -> None:
    service = Service("InService")
    before = cut(bench, service, protected=True)
    commands.apply(bench.open(), ALL, approve=yes, allow_destroy=[ADDRESS])
    assert instance(bench)["attributes"]["id"] != before
    assert service.asked == []


def test_a_service_that_does_not_answer_stops_the_plan(bench: Workbench) -> None:
    from botocore.exceptions import EndpointConnectionError

    def status(clients: Clients, identity: str) -> str:
        raise EndpointConnectionError(endpoint_url="https://nowhere")

    service = Service("InService")
    cut(bench, service, protected=True)
    bench.with_contract(
        "beta", resources=(ResourceType("terraform_data", creation=Creation(status, frozenset(), frozenset())),)
    )
    with pytest.raises(HptfError, match="asking how the creation of"):
        commands.review(bench.open(), ALL)


def test_a_run_over_other_layers_asks_nothing(bench: Workbench) -> None:
    service = Service("InService")
    cut(bench, service, protected=True)
    commands.review(bench.open(), LayerOptions(("alpha",)))
    assert service.asked == []


def test_a_kept_plan_keeps_what_it_was_made_with(bench: Workbench, tmp_path: Path) -> None:
    service = Service("Creating")
    before = cut(bench, service, protected=True)
    commands.review(bench.open(), ALL, out=tmp_path / "kept")
    service.words = ["Creating", "InService"]
    commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")
    assert instance(bench)["attributes"]["id"] == before
    assert "status" not in instance(bench)


def test_a_kept_plan_falls_with_the_creation(bench: Workbench, tmp_path: Path) -> None:
    service = Service("Creating")
    cut(bench, service, protected=True)
    commands.review(bench.open(), ALL, out=tmp_path / "kept")
    service.words = ["Failed"]
    with pytest.raises(HptfError, match="has failed") as raised:
        commands.apply(bench.open(), ALL, approve=yes, kept=tmp_path / "kept")
    assert raised.value.hint == "plan again"
    assert instance(bench)["status"] == "tainted"


def lost(bench: Workbench, *words: str) -> Service:
    """Let beta's resource be lost while it was made, and be found."""
    service = Service(*words)

    def candidates(planned: Any, clients: Clients) -> Iterator[str]:
        yield "found"

    serve(bench, service, candidates=candidates)
    bench.write(THREE)
    lose(bench, ADDRESS, known=False)
    return service


def test_what_was_lost_and_is_in_service_is_imported(bench: Workbench) -> None:
    service = lost(bench, "Creating")
    planned = commands.review(bench.open(), ALL)
    assert (codes.CREATION_GOES_ON, ADDRESS) in [(item.code, item.subject) for item in planned.findings]
    service.words = ["Creating", "InService"]
    commands.apply(bench.open(), ALL, approve=yes)
    assert instance(bench)["attributes"]["id"] == "found"
    assert orphans.recorded(bench.open()) == []


def test_what_was_lost_and_failed_is_not_taken_for_whole(bench: Workbench) -> None:
    up(bench)
    store = bench.open().store
    state = store.read("beta") or {}
    rest = [resource for resource in state["resources"] if resource["name"] != "this"]
    store.write("beta", {**state, "serial": state["serial"] + 1, "resources": rest})
    lost(bench, "Failed")
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=yes)
    assert [(item.code, item.subject) for item in raised.value.problems] == [(codes.CREATION_FAILED, ADDRESS)]
    assert orphans.recorded(bench.open()) != []
    # A destroy takes it along, failed or not.
    applied = commands.destroy(bench.open(), ALL, approve=yes).applied
    assert applied is not None
    assert applied.counts.destroy == 4


@pytest.mark.parametrize(
    ("kind", "identity", "calls", "word"),
    [
        (
            "awscc_sagemaker_cluster",
            "arn:aws:sagemaker:us-west-2:1:cluster/x",
            {"describe_cluster": lambda **_: {"ClusterStatus": "Creating"}},
            Condition.COMING,
        ),
        ("aws_eks_cluster", "c", {"describe_cluster": lambda **_: {"cluster": {"status": "ACTIVE"}}}, Condition.WELL),
        (
            "aws_eks_addon",
            "c:coredns",
            {"describe_addon": lambda **_: {"addon": {"status": "CREATE_FAILED"}}},
            Condition.FAILED,
        ),
        (
            "aws_fsx_lustre_file_system",
            "fs-1",
            {"describe_file_systems": lambda **_: {"FileSystems": [{"Lifecycle": "AVAILABLE"}]}},
            Condition.WELL,
        ),
        (
            "aws_nat_gateway",
            "nat-1",
            {"describe_nat_gateways": lambda **_: {"NatGateways": [{"State": "pending"}]}},
            Condition.COMING,
        ),
    ],
)
def test_services_are_asked_in_their_own_words(kind: str, identity: str, calls: Any, word: Condition) -> None:
    found = ResourceTypes(CONTRACTS.values())[kind]
    assert found.creation is not None
    assert found.creation.condition(found.creation.status(StubClients(**calls), identity)) is word
