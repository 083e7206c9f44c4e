"""How an apply ends when something goes wrong: what is recorded, what is held, what is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pydantic import Field

from hp_tf import codes
from hp_tf.contract.base import Contract, Outputs
from hp_tf.contract.roles import KubernetesApi, Nodes
from hp_tf.errors import HptfError
from hp_tf.layers.eks.cluster import KUBERNETES_API
from hp_tf.planning import prepared
from hp_tf.planning import root as roots
from hp_tf.planning.planner import Planned
from hp_tf.planning.root import Root
from hp_tf.planning.selection import LayerOptions
from hp_tf.planning.states import read_states
from hp_tf.recovery import gone_cluster, recover
from hp_tf.run import journal, state_lock
from hp_tf.run.context import Context
from hp_tf.state import document, markers
from hp_tf.state.document import dumps
from hp_tf.state.record import posted_path
from hp_tf.state.session import StateSession, StrayResources
from hp_tf.state.snapshot import StaleSnapshot
from hp_tf.terraform.failures import TerraformFailed
from tests.engine import commands
from tests.engine.harness import GAMMA, THREE, GammaInputs, Workbench, is_builtin, up, yes
from tests.state.samples import simple
from tests.state.stub import FailingStore

ALL = LayerOptions()


def runs(context: Context, kind: str = "apply") -> list[journal.Run]:
    """The runs on record, oldest first."""
    records = sorted((context.work / "runs").glob("*/run.json"), key=lambda record: record.stat().st_mtime_ns)
    found = [journal._run(record, journal._read(record)) for record in records]
    return [run for run in found if run.kind == kind]


def test_a_layer_without_changes_is_noted_as_complete(bench: Workbench) -> None:
    up(bench)
    context = bench.open()
    markers.remove(context.store, "beta")
    assert commands.apply(context, ALL, approve=yes).applied is None
    assert markers.complete(context.store, "beta", context.store.read("beta"))


def test_a_stage_that_would_do_something_else_stops(bench: Workbench) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    asked: list[bool] = []

    def nodes_running() -> bool:
        # Asked once for the plan, once after the first stage: by then the module has become another.
        asked.append(True)
        if len(asked) == 2:
            more = 'resource "terraform_data" "more" {}\n'
            (bench.root / "modules" / "gamma" / "main.tf").write_text(GAMMA + more)
        return len(asked) > 1

    context = bench.open(nodes_running=nodes_running)
    with pytest.raises(
        HptfError, match=r"something else than what was reviewed:\n.*module\.gamma\.terraform_data\.more"
    ):
        commands.apply(context, ALL, approve=yes)
    assert not document.has_resources(context.store.read("gamma"))
    assert document.has_resources(context.store.read("beta"))
    assert context.store.holder("beta") is None


def test_every_stage_is_on_record(bench: Workbench) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    asked = iter([False, True])
    context = bench.open(nodes_running=lambda: next(asked))
    commands.apply(context, ALL, approve=yes)
    (run,) = runs(context)
    assert [part.log.rpartition("/")[2] for part in run.parts] == ["apply-stage-1.jsonl", "apply-stage-2.jsonl"]


def test_layers_that_need_nodes_wait_for_them_also_where_nothing_comes_before(bench: Workbench) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    up(bench, "  alpha: {}\n  beta: {}\n  gamma: {enabled: false}\n")
    bench.write(THREE)
    asked: list[bool] = []

    def one_runs() -> bool:
        asked.append(True)
        return len(asked) > 1

    context = bench.open(nodes_running=one_runs)
    outcome = commands.apply(context, LayerOptions(("gamma",)), approve=yes)
    assert outcome.planned.stages.layers == (("gamma",),)
    assert outcome.planned.stages.reason == "gamma waits for nodes, and none runs yet"
    assert len(asked) == 2 and any("the cluster's nodes: 1 Running" in line for line in bench.ui.lines)


def test_a_state_of_unknown_origin_stops_an_apply_before_it_begins(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {size: 2}\n  beta: {}\n  gamma: {}\n")
    context = bench.open()
    left = context.work / "root-all" / "errored.tfstate"
    left.write_text("{}")
    with pytest.raises(HptfError, match="another Terraform left a state in"):
        commands.apply(context, ALL, approve=yes)
    assert left.exists()
    assert commands.outputs(context)["alpha"]["size"] == "1"


def test_what_belongs_to_no_layer_fails_the_run(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    build = roots.build

    def with_more(*args: Any, **kwargs: Any) -> Root:
        root = build(*args, **kwargs)
        return replace(root, main={**root.main, "resource": {"terraform_data": {"loose": {}}}})

    monkeypatch.setattr(prepared, "build", with_more)
    context = bench.open()
    with pytest.raises(StrayResources, match=r"belong to no layer: terraform_data\.loose"):
        commands.apply(context, ALL, approve=yes)
    (run,) = runs(context)
    assert run.status == journal.FAILED
    assert not markers.complete(context.store, "alpha", context.store.read("alpha"))
    assert context.store.read_object(f"quarantine/{run.id}-stage-1.json") is not None


def test_a_recovery_says_what_belongs_to_no_layer_and_fails_once(bench: Workbench) -> None:
    context = bench.open()
    run = journal.begin(context.work, context.home, "apply", ("alpha",))
    session = StateSession("test", run.layers, context.store, run.path / "stage-1")
    session.merged()
    loose = {**simple("alpha", "a")["resources"][0], "module": ""}
    posted_path(session.run_directory).write_bytes(dumps({**simple("alpha", "a"), "resources": [loose]}))
    part = journal.Part(str(session.run_directory), str(run.path), str(run.path / "apply.jsonl"))
    run.update(status=journal.CUT_OFF, lock_id="an id", parts=(part,))
    with pytest.raises(StrayResources, match=r"belong to no layer: terraform_data\.this"):
        recover.recover(context)
    assert context.store.read_object(f"quarantine/{run.id}-stage-1.json") is not None
    assert context.store.holder("alpha") is None
    recover.recover(context)


def test_a_lock_that_cannot_be_freed_hides_no_error_and_is_freed_later(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write("  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n")
    context = bench.open()
    unlock = context.store.unlock

    def broken(layer: str, lock_id: str) -> None:
        if layer == "beta":
            raise HptfError("No freeing of beta today.")
        unlock(layer, lock_id)

    monkeypatch.setattr(context.store, "unlock", broken)
    with pytest.raises(TerraformFailed, match="local-exec"):
        commands.apply(context, ALL, approve=yes)
    assert any("The locks of beta could not be freed" in line for line in bench.ui.lines)
    assert context.store.holder("beta") is not None
    monkeypatch.undo()
    recover.recover(context)
    assert context.store.holder("beta") is None
    assert list(journal.unfinished(context.work)) == []


@pytest.mark.slow
def test_states_that_the_store_will_not_take_keep_the_locks_until_they_are_home(bench: Workbench) -> None:
    bench.write(THREE)
    store = FailingStore(bench.root / "states")
    context = replace(bench.open(), store=store)
    store.broken = {"beta"}
    with pytest.raises(state_lock.StateNotWritten, match="No writing of beta"):
        commands.apply(context, ALL, approve=yes)
    (run,) = runs(context)
    assert run.status == journal.CUT_OFF
    # Still broken: nobody else gets in, and the locks keep the id on record.
    with pytest.raises(HptfError, match="beta"):
        recover.recover(context)
    holders = [store.holder(layer) for layer in ("alpha", "beta", "gamma")]
    assert {holder.id if holder else None for holder in holders} == {run.lock_id}
    store.broken = set()
    recover.recover(context)
    assert document.has_resources(store.read("beta"))
    assert not any(presence.locked for presence in store.survey().values())
    assert not commands.plan(context, ALL).has_changes


@pytest.mark.parametrize("written", [True, False], ids=["all written", "a fault of hptf's own"])
def test_a_run_says_how_it_ended_once_its_locks_are_free(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    bench.write(THREE)
    context = bench.open()
    unlock, write = context.store.unlock, context.store.write

    def killed(layer: str, lock_id: str) -> None:
        raise SystemExit

    def faulty(layer: str, state: document.State) -> None:
        if layer == "beta":
            raise TypeError("a fault")
        write(layer, state)

    monkeypatch.setattr(context.store, "unlock", killed)
    if not written:
        monkeypatch.setattr(context.store, "write", faulty)
    with pytest.raises(SystemExit if written else state_lock.StateNotWritten):
        commands.apply(context, ALL, approve=yes)
    (run,) = runs(context)
    assert run.status == (journal.RUNNING if written else journal.CUT_OFF)
    assert context.store.holder("beta") is not None
    monkeypatch.setattr(journal.Run, "alive", lambda run: False)
    monkeypatch.setattr(context.store, "unlock", unlock)
    monkeypatch.setattr(context.store, "write", write)
    recover.recover(context)
    assert context.store.holder("beta") is None
    assert list(journal.unfinished(context.work)) == []
    assert not commands.plan(context, ALL).has_changes


@pytest.mark.parametrize("fails", [False, True])
def test_a_state_that_had_to_be_refused_is_not_passed_over(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    bench.write(f"  alpha: {{}}\n  beta: {{fail: {str(fails).lower()}}}\n  gamma: {{}}\n")
    accept = StateSession.accept

    def accept_and_refuse(session: StateSession, body: bytes) -> None:
        accept(session, body)
        session.refuse(body, "it is one of a test")

    monkeypatch.setattr(StateSession, "accept", accept_and_refuse)
    context = bench.open()
    with pytest.raises(state_lock.CutOff if fails else state_lock.StateNotWritten) as raised:
        commands.apply(context, ALL, approve=yes)
    assert fails or raised.value.message.count("it is one of a test") == 1
    (run,) = runs(context)
    assert run.status == journal.CUT_OFF
    recover.recover(context)
    assert context.store.holder("beta") is None


class Eks:
    """Clients whose EKS answers in one way."""

    def __init__(self, answer: Exception | None) -> None:
        self._answer = answer

    def client(self, name: str, /) -> Eks:
        assert name == "eks"
        return self

    def describe_cluster(self, *, name: str) -> Mapping[str, Any]:
        if self._answer is not None:
            raise self._answer
        return {"cluster": {"name": name}}


GONE = ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeCluster")
SILENT = EndpointConnectionError(endpoint_url="https://eks")


class ClusterOutputs(Outputs):
    """Outputs."""

    cluster_name: str = Field(description="The name.")
    cluster_endpoint: str = Field(description="The endpoint.")
    cluster_certificate_authority: str = Field(description="The authority.")


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hp_tf.planning.endpoint_barrier.in_cluster", is_builtin)


def in_a_cluster(bench: Workbench, answer: Exception | None) -> Context:
    """Three layers are up, gamma in an EKS cluster that existed before, and about which EKS answers so."""
    cluster = Contract("eks", "A cluster.", GammaInputs, ClusterOutputs, providers=(), provides=(KUBERNETES_API,))
    bench.contracts = {"eks": cluster, **bench.contracts}
    bench.with_contract("gamma", requires=frozenset({KubernetesApi}))
    outputs = "cluster_name: c, cluster_endpoint: https://c, cluster_certificate_authority: YQ=="
    up(bench, f"  eks: {{existing: {{{outputs}}}}}\n{THREE}")
    context = bench.open()
    return replace(context, target=replace(context.target, clients=Eks(answer)))


def test_what_was_in_a_cluster_that_is_gone_is_forgotten_under_its_lock(bench: Workbench) -> None:
    context = in_a_cluster(bench, GONE)
    found = gone_cluster.find_gone(context, ALL, read_states(context)[0])
    assert found is not None
    assert found.addresses == ('module.gamma.terraform_data.this["0"]',)
    state = context.store.read("gamma") or {}
    context.store.write("gamma", {**state, "serial": state["serial"] + 1})
    with pytest.raises(StaleSnapshot, match="gamma"):
        gone_cluster.forget(context, found)
    (run,) = runs(context, "forget")
    assert (run.status, run.layers) == (journal.FAILED, ("gamma",))
    assert run.lock_id is not None
    assert document.has_resources(context.store.read("gamma"))
    assert context.store.holder("gamma") is None


def test_only_what_was_in_the_cluster_is_gone_with_it(bench: Workbench) -> None:
    context = in_a_cluster(bench, GONE)
    state = context.store.read("gamma") or {}
    other = {**state["resources"][0], "name": "other", "provider": 'provider["registry.terraform.io/hashicorp/aws"]'}
    context.store.write("gamma", {**state, "resources": [*state["resources"], other]})
    found = gone_cluster.find_gone(context, ALL, read_states(context)[0])
    assert found is not None
    assert found.addresses == ('module.gamma.terraform_data.this["0"]',)
    gone_cluster.forget(context, found)
    (rest,) = (context.store.read("gamma") or {})["resources"]
    assert rest["name"] == "other"
    assert gone_cluster.find_gone(context, ALL, read_states(context)[0]) is None


def test_unreachable_is_not_gone(bench: Workbench) -> None:
    context = in_a_cluster(bench, SILENT)
    with pytest.raises(HptfError, match="whether EKS cluster c is still there"):
        commands.destroy(context, ALL, approve=yes)
    assert document.has_resources(context.store.read("gamma"))
    there = replace(context, target=replace(context.target, clients=Eks(None)))
    assert gone_cluster.find_gone(there, ALL, read_states(there)[0]) is None


@pytest.mark.parametrize("chosen", [ALL, LayerOptions(("gamma",))], ids=["all", "one"])
def test_a_destroy_forgets_only_once_it_is_approved(bench: Workbench, chosen: LayerOptions) -> None:
    context = in_a_cluster(bench, GONE)
    shown: list[Planned] = []

    def no(planned: Planned) -> bool:
        shown.append(planned)
        return False

    assert not commands.destroy(context, chosen, approve=no).approved
    assert document.has_resources(context.store.read("gamma"))
    found = [(item.code, item.subject) for item in shown[0].findings]
    assert found == [(codes.CLUSTER_GONE, 'module.gamma.terraform_data.this["0"]')]
    outcome = commands.destroy(context, chosen, approve=yes)
    assert outcome.approved
    assert outcome.forgotten == ('module.gamma.terraform_data.this["0"]',)
    assert not document.has_resources(context.store.read("gamma"))
    assert commands.destroy(context, LayerOptions(("gamma",)), approve=no).forgotten == ()
    assert document.has_resources(context.store.read("beta")) is bool(chosen.layers)
