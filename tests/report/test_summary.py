from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hp_tf.applying.applier import Applied
from hp_tf.report import summary
from hp_tf.terraform.plan import Counts
from tests.report.plans import CONTEXT, change, loaded, planned


def test_how_an_apply_ended_is_told_by_what_it_did() -> None:
    plan = loaded(change("module.a.b.c", ["create"], None, {}))
    where = "on account 123456789012 in us-west-2"
    did = Counts(add=1, change=1, replace=1, imported=1)
    assert summary.applied(CONTEXT, planned(plan), Applied(("a",), 1, did)) == (
        f"dev applied {where}: 1 added, 1 changed, 1 replaced, 1 imported"
    )
    gone = planned(loaded(change("module.a.b.c", ["delete"], {})), kind="destroy")
    ended = Applied(("a",), 2, Counts(destroy=1))
    assert summary.applied(CONTEXT, gone, ended) == f"dev destroyed in 2 stages {where}: 1 destroyed"
    assert summary.applied(CONTEXT, planned(plan), Applied(("a",), 1, Counts())).endswith("no resource changes")


def test_a_run_that_had_nothing_to_do_speaks_of_its_layers_only() -> None:
    context: Any = SimpleNamespace(environment=CONTEXT.environment, wiring=SimpleNamespace(order=("network", "eks")))
    assert summary.unchanged(context, planned(None, ("network", "eks"))) == "dev is as its file says: nothing to change"
    assert summary.unchanged(context, planned(None, ("eks",))) == "nothing to change in eks of dev: as the file says"
    assert summary.gone(context, [], ()) == "dev has no resources: nothing to destroy"
    assert summary.gone(context, ["helm", "fsx"], ()) == "nothing to destroy in helm, fsx of dev: no resources"
    said = "dev: forgot module.helm.x.y, gone with the cluster; nothing else to destroy"
    assert summary.gone(context, [], ("module.helm.x.y",)) == said


def test_outputs_layer_by_layer() -> None:
    values: dict[str, dict[str, Any]] = {
        "network": {"vpc_id": "vpc-1", "subnets": {"a": "s"}},
        "eks": {"name": None, "odd": "\x1b[2J"},
        "hyperpod": {"instance_groups": {"gpu": {"instance_count": 2}, "general": {}}},
    }
    assert summary.outputs(values).splitlines() == [
        "network",
        "  vpc_id = vpc-1",
        '  subnets = {"a": "s"}',
        "eks",
        "  name = null",
        "  odd = \\u001b[2J",
        "hyperpod",
        "  instance_groups = gpu, general (output --json shows all of it)",
    ]


def test_what_a_file_describes() -> None:
    def layer(mode: str, **existing: Any) -> Any:
        return SimpleNamespace(mode=mode, existing=existing)

    described = SimpleNamespace(
        path=Path("envs/dev.yaml"),
        name="ml",
        orchestrator="eks",
        warnings=(),
        aws=SimpleNamespace(region="us-west-2"),
        layers={
            "network": layer("created"),
            "eks": layer("existing", cluster_name="shared", subnets={"a": "s"}),
            "fsx": layer("disabled"),
            "hyperpod": layer("created"),
        },
    )
    wiring = SimpleNamespace(producers=lambda name: ("network",) if name == "hyperpod" else ())
    assert summary.environment(cast(Any, described), cast(Any, wiring)).splitlines() == [
        "envs/dev.yaml is valid: ml, eks, us-west-2",
        "  network: to create",
        '  eks: existing (cluster_name=shared, subnets={"a": "s"})',
        "  hyperpod: to create, from network",
    ]
