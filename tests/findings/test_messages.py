"""The words of every finding about a selection, a plan, a recovery or an allowance, pinned in messages.yaml.

Other tests assert codes and subjects. Where words are changed on purpose, the test says what to write into the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ruamel.yaml import YAML

from hp_tf import codes
from hp_tf.commands import output
from hp_tf.contract.base import Wired
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.creation import Condition, Creation
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.contract.roles import KubernetesApi, provider_of
from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Binding, Edge, Wiring
from hp_tf.errors import BadInput
from hp_tf.findings import Allowance, Finding, Severity
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning import (
    cluster_endpoint,
    consent,
    dropped,
    endpoint_barrier,
    judged,
    kept,
    kept_objects,
    list_elements,
    live_lists,
    plan_checks,
    selection,
    still_named,
)
from hp_tf.planning.imports import Adoption
from hp_tf.planning.planner import Planned
from hp_tf.planning.root import Selection
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import adoption, releases, settling
from hp_tf.recovery.gone_cluster import GoneCluster
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.standing import Standing
from hp_tf.recovery.untaint import Untainted
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context
from hp_tf.state.last_written import Written
from hp_tf.state.local import LocalStore
from hp_tf.state.owner import Owner
from hp_tf.state.set_back import refuse_set_back
from hp_tf.state.snapshot import Version
from hp_tf.terraform.plan import Plan
from tests.engine.groups import group
from tests.engine.groups import planned as groups_planned
from tests.recovery.test_releases import Live as ReleaseLive
from tests.recovery.test_releases import context as release_context
from tests.recovery.test_releases import planned as release_plan
from tests.report.plans import change, loaded, planned
from tests.state.samples import simple

MESSAGES = Path(__file__).with_name("messages.yaml")
CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
ANYWHERE = "0.0.0.0/0"
BUCKET = "module.storage.aws_s3_bucket.this"
ROLE = "module.iam.aws_iam_role.execution[0]"
LOST = {"late": None, "made": "vpc-1", "twice": None}
NOTHING = cast(Any, None)
API = provider_of(KubernetesApi, CONTRACTS.values())


def engine(
    plan: Plan | None = None, *, live: Iterable[str] = (), later: tuple[str, ...] = (), **members: Any
) -> Planned:
    """A plan with as much around it as findings look at."""
    made = Selection(members.get("present", ("network", "eks")), members.get("leaving", {}))
    states = {name: simple(name, "x") for name in live}
    prepared = SimpleNamespace(members=made, reading=SimpleNamespace(states=states), live=frozenset(live))
    return replace(planned(plan), prepared=cast(Any, prepared), later=later)


def context(*edges: Edge, bindings: dict[str, dict[str, Binding]] | None = None) -> Context:
    """A context with a wiring."""
    wiring = Wiring(bindings or {}, {}, frozenset(edges), tuple(CONTRACTS), api=API)
    types = ResourceTypes(CONTRACTS.values())
    environment = SimpleNamespace(aws=SimpleNamespace(assume_role=None))
    named: dict[str, Any] = {"environment": environment}
    named |= {"wiring": wiring, "contracts": CONTRACTS, "resource_types": types, "command_line": CommandLine("dev")}
    return cast(Context, SimpleNamespace(**named))


def raised(what: Any, *given: Any, **named: Any) -> list[Finding]:
    with pytest.raises(BadInput) as caught:
        what(*given, **named)
    return caught.value.problems


def of_selections() -> Iterator[Finding]:
    yield from selection.leaving(Selection((), {"fsx": "destroy"}))
    yield from selection.existing_ones_destroyed(Selection((), {"eks": "forget"}), CommandLine("dev"))
    wiring = context(Edge("fsx", "subnet_id", "network", "private_subnet_ids")).wiring
    states = {"network": simple("network", "x"), "fsx": simple("fsx", "y")}
    yield from selection.consumers_that_stay(wiring, CONTRACTS, Selection(("network",)), states, destroy=True)
    environment = cast(Environment, SimpleNamespace(id="dev", layers={}))
    apart = Wiring({}, {}, frozenset(), ())
    named = LayerOptions(("fsx", "netwrok"))
    yield from raised(selection.choose, environment, apart, CONTRACTS, ["old_layer"], named)
    wires = {"fsx": {"vpc_id": Binding("wire", wire=Wired("network.vpc_id"))}}
    yield from raised(
        selection.literals,
        ("fsx",),
        Wiring(wires, {}, frozenset(), ("network", "fsx")),
        CONTRACTS,
        kubernetes=False,
        outputs=lambda layer: None,
        lookup=lambda layer: {},
        destroying=False,
        failed=lambda layer: ("x.y: no",),
    )


class _Unsafe(LocalStore):
    """A folder that says of itself what a bucket would."""

    def shortcomings(self) -> list[str]:
        return ["the state bucket acme keeps no versions"]

    def describe(self) -> str:
        return "s3://acme/dev"


def of_stores(folder: Path) -> Iterator[Finding]:
    """What is so with states that rest in a folder."""
    store = _Unsafe(folder)
    known = {"store": store, "command_line": CommandLine("dev"), "target": SimpleNamespace(emulator=None)}
    yield from plan_checks.unsafe(cast(Context, SimpleNamespace(**known)))
    here = Owner("dev", "123456789012", "us-west-2")
    for other in (replace(here, environment="prod"), replace(here, region="us-east-1")):
        other.claim(store)
        yield from raised(here.require, store, CommandLine("dev").of)
    replace(here, name="ml-old").claim(store)
    store.write("network", simple("network", "a"))
    yield from raised(replace(here, name="ml-new").require, store, CommandLine("dev").of)
    written = Written(Version("l", 7, "d"), 9, "2026-12-01T00:00:00+00:00", "ci@runner")
    yield from raised(refuse_set_back, store, {"network": written}, {}, CommandLine("dev").of)


def of_plans() -> Iterator[Finding]:
    tainted = change("module.fsx.aws_fsx_lustre_file_system.this", ["delete", "create"], {"id": "a"}, {})
    tainted["action_reason"] = "replace_because_tainted"
    both = loaded(change(BUCKET, ["delete"], {"bucket": "x"}, None), tainted)
    yield from plan_checks.findings(context(), engine(both))
    output = {"eks__cluster_arn": {"actions": ["update"], "before": "a", "after": "b"}}
    changed = loaded(change("module.eks.x.this", ["update"], {"a": 1}, {"a": 2}), outputs=output)
    edge = Edge("hyperpod", "cluster_arn", "eks", "cluster_arn")
    yield from plan_checks.findings(context(edge), engine(changed, live=["hyperpod"]))
    behind = engine(changed, live=["hyperpod"], later=("hyperpod",))
    yield from (item for item in plan_checks.findings(context(edge), behind) if item.code is not codes.PLAN_CUT)
    before = [group("a"), group("b", image_id="ami-1"), group("d", instance_count=3)]
    after = [group("b", image_id="ami-1", threads_per_core=1), group("c"), group("d")]
    moved = groups_planned(before, after)
    yield from list_elements.refusals(moved, CONTRACTS)
    yield from list_elements.losses(moved, CONTRACTS)
    yield from live_lists.moved(context(), moved, {"hyperpod": {"instance_groups": before}}, {})
    private = {"eks": {"endpoint_public_access": Binding("file", value=False)}}
    yield from cluster_endpoint.private_to_be(context(bindings=private), ("eks", "helm"), [])
    yield from endpoint_barrier.cut(context().wiring, ("helm", "hyperpod"))
    yield from of_changes()


def of_changes() -> Iterator[Finding]:
    """What the resource types know of changes."""
    for_good = CONTRACTS["hyperpod"].resources[0].judgement.kept
    assert for_good is not None
    left_out, live = {"node_provisioning_mode": None}, {"node_provisioning_mode": "Continuous"}
    yield from (kept.finding(CLUSTER, item) for item in for_good(left_out, live))
    arn = "arn:aws:iam::123456789012:role/dev-karpenter"
    role, held = change("module.iam.aws_iam_role.karpenter[0]", ["delete"], {"arn": arn}), {"cluster_role": arn}
    yield from still_named.findings(loaded(role, change(CLUSTER, ["no-op"], held, held)))
    route, nat = 'module.network.aws_route.nat["usw2-az1"]', 'module.network.aws_nat_gateway.this["usw2-az1"]'
    everywhere = {
        "name": "dev-eks",
        "vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": [ANYWHERE]}],
    }
    nowhere = {"name": "dev-eks", "vpc_config": [{"endpoint_public_access": False}]}
    by_scripts: dict[str, Any] = {"cluster_name": "ml", "instance_groups": [], "orchestrator": None}
    by_api = {**by_scripts, "orchestrator": {"slurm": {"slurm_config_strategy": "Managed"}}}
    config = {"key": "scripts/config.py", "content": "a"}
    lustre = {"id": "fs-1", "storage_capacity": 1200, "skip_final_backup": True}
    plan = loaded(
        {**change(route, ["delete"], {"nat_gateway_id": "nat-1"}), "index": "usw2-az1"},
        {**change(nat, ["delete"], {"public_ip": "192.0.2.1"}), "index": "usw2-az1"},
        change("module.eks.aws_eks_cluster.this", ["update"], {"version": "1.32"}, {"version": "1.34"}),
        change("module.eks.aws_eks_cluster.open", ["create"], None, everywhere),
        change("module.eks.aws_eks_cluster.closed", ["update"], everywhere, nowhere),
        change("module.fsx.aws_fsx_lustre_file_system.this", ["create"], None, lustre),
        change(CLUSTER.replace("hyperpod", "hyperpod_slurm"), ["update"], by_scripts, by_api),
        change("module.hyperpod_slurm.aws_s3_object.config[0]", ["update"], config, {**config, "content": "b"}),
        outputs={"eks__control_plane_subnet_ids": {"before": {"usw2-az1": "a"}, "after": {"usw2-az2": "b"}}},
    )
    types = ResourceTypes(CONTRACTS.values())
    yield from judged.findings(plan, CONTRACTS, types)
    admin = "arn:aws:iam::123456789012:role/admin"
    entry = change('module.eks.aws_eks_access_entry.this["a"]', ["create"], None, {"principal_arn": admin})
    made = change("module.eks.aws_eks_cluster.this", ["create"], None, {"name": "dev-eks"})
    yield from judged.findings(loaded(made, entry), CONTRACTS, types, admin)


def of_recoveries() -> Iterator[Finding]:
    yield from adoption.findings([Adoption(BUCKET, "acme-bucket")])
    there = change(ROLE, ["update"], {"name": "dev"}, {"name": "dev"})
    there["change"]["importing"] = {"id": "dev"}
    others = [Orphan(ROLE, "aws_iam_role", None, foreign=True)]
    yield from adoption.foreign(planned(loaded(there)), others)
    # One that a run of ours was making, too.
    assert not adoption.foreign(planned(loaded(there)), [*others, Orphan(ROLE, "aws_iam_role", None)])
    yield from of_losses()
    yield from GoneCluster("EKS cluster", (), ("module.helm.helm_release.this",), NOTHING, NOTHING).findings
    yield from Untainted((BUCKET,), (), NOTHING, NOTHING).findings
    yield from of_creations()


def of_creations() -> Iterator[Finding]:
    """Of creations that were cut off: one that goes on, one that is well; and of lost ones, one that failed, too."""
    for told in (Standing(Condition.COMING, "Creating"), Standing(Condition.WELL, "InService")):
        yield from Untainted((CLUSTER,), (), NOTHING, NOTHING, told={CLUSTER: told}).findings
    answers = {"coming": "Creating", "well": "InService", "failed": "Failed"}
    creation = Creation(
        lambda clients, identity: answers[identity], coming=frozenset({"Creating"}), well=frozenset({"InService"})
    )
    kind = ResourceType("awscc_sagemaker_cluster", creation=creation)
    target = SimpleNamespace(description="account 123456789012 in us-west-2", clients=NOTHING)
    here = cast(Context, SimpleNamespace(target=target))
    yield from adoption.said_of(here, {f"{CLUSTER}.{name}": (kind, name) for name in answers}, wait=False).values()
    yield dropped.finding(ResourceType("awscc_sagemaker_cluster", nested={"a.b": "1.101"}), "a.b")


def of_losses() -> Iterator[Finding]:
    """One that may come through late, one that was made, and one that was made a second time since."""
    target = SimpleNamespace(description="account 123456789012 in us-west-2", clients=NOTHING)
    vpc = ResourceType("aws_vpc", candidates=lambda planned, clients: ["vpc-2"])
    known = {"command_line": CommandLine("dev"), "target": target, "resource_types": {"aws_vpc": vpc}}
    lost = [Orphan(f"module.network.aws_vpc.{name}", "aws_vpc", held, "R") for name, held in LOST.items()]
    plan = engine()
    instance = {"module": "module.network", "mode": "managed", "type": "aws_vpc", "name": "twice"}
    plan.prepared.reading.states["network"] = {"resources": [{**instance, "instances": [{"attributes": {"id": "a"}}]}]}
    yield from settling.findings(cast(Context, SimpleNamespace(**known)), lost, plan)


def of_releases(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Finding]:
    """Releases that stand where a plan would make one."""
    cases = [
        (["pending-install"], "small", False),
        (["uninstalled"], "small", False),
        (["deployed"], "other", False),
        (["failed"], "small", True),
    ]
    for statuses, chart, imports in cases:
        here = release_context(ReleaseLive(*statuses, chart=chart), monkeypatch)
        yield from releases.findings(here, release_plan(folder, "create", imports=imports), [])


def of_releases_that_go(folder: Path) -> Iterator[Finding]:
    """A release that goes while its cluster stays, with what Helm leaves of it."""
    (folder / "chart" / "crds").mkdir(parents=True)
    (folder / "chart" / "crds" / "one.yaml").write_text("kind: CustomResourceDefinition\n")
    before = {"name": "deps", "namespace": "hyperpod", "chart": "chart", "create_namespace": True}
    goes = change("module.helm.helm_release.this", ["delete"], before=before, after=None)
    here = context()
    prepared = SimpleNamespace(members=Selection((), {"helm": "destroy"}), folder=folder)
    plan = replace(planned(loaded(goes)), prepared=cast(Any, prepared))
    stays = SimpleNamespace(**(vars(here) | {"environment": SimpleNamespace(layers={})}))
    yield from kept_objects.findings(cast(Context, stays), plan)


def of_outputs(folder: Path) -> Iterator[Finding]:
    """An output that a layer does not give."""
    store = LocalStore(folder / "states")
    store.write("network", simple("network", "a", vpc_id="vpc-1"))
    resting = SimpleNamespace(contracts=CONTRACTS, store=store, wiring=context().wiring)
    yield from raised(output.value, resting, "network", "vpc_ids")


def of_allowances() -> Iterator[Finding]:
    options = consent.of_options([BUCKET], ["fsx"], ["group-deleted=workers"])
    yield from consent.idle(planned(None), options)
    yield from consent.unused(planned(None, allowances=[Allowance(("group-deleted",), "workers", "allow[0]")]))
    yield from raised(consent.of_options, [], [], ["group-delete=a", "value-taken-over=a", "layer-leaves"])


def test_every_message_is_the_one_that_is_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a code that is said in several ways, each."""
    found: dict[str, list[dict[str, str | None]]] = {}
    in_folder = (
        *of_stores(tmp_path),
        *of_releases(tmp_path, monkeypatch),
        *of_releases_that_go(tmp_path),
        *of_outputs(tmp_path),
    )
    for finding in (*of_selections(), *in_folder, *of_plans(), *of_recoveries(), *of_allowances()):
        said = {"subject": finding.subject, "message": finding.message, "remedy": finding.remedy}
        found.setdefault(finding.code.name, []).append(said)
    pinned = YAML(typ="safe").load(MESSAGES)
    assert found == pinned
    for texts in found.values():
        for text in texts:
            assert text["message"] is not None
            assert not text["message"].endswith(".")


def test_every_code_of_a_plan_is_pinned() -> None:
    of_files = set(list(codes.CODES)[: list(codes.CODES).index(codes.LAYER_NOT_HERE.name)])
    assert set(codes.CODES) - of_files <= set(YAML(typ="safe").load(MESSAGES))
    only_warned = {codes.CREDENTIAL_IN_FILE.name}
    assert {codes.CODES[name].severity for name in of_files - only_warned} == {Severity.BLOCKS}
