from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hp_tf.applying.applier import Applied
from hp_tf.report import summary
from tests.report.plans import CONTEXT, change, loaded, planned


def test_how_an_apply_ended() -> None:
    plan = loaded(
        change("module.a.b.c", ["create"], None, {}),
        change("module.a.b.d", ["update"], {}, {"x": 1}),
        change("module.a.b.e", ["delete", "create"], {}, {}),
        change("module.a.b.f", ["no-op"], {}, {}, importing="x"),
    )
    where = "on account 123456789012 in us-west-2"
    assert summary.applied(CONTEXT, planned(plan), Applied(("a",), 1)) == (
        f"dev applied {where}: 1 added, 1 changed, 1 replaced, 1 imported"
    )
    gone = planned(loaded(change("module.a.b.c", ["delete"], {})), kind="destroy")
    assert summary.applied(CONTEXT, gone, Applied(("a",), 2)) == f"dev destroyed in 2 stages {where}: 1 destroyed"
    assert summary.applied(CONTEXT, planned(None), Applied(("a",), 1)).endswith("no resource changes")


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
        "  network: created",
        '  eks: existing (cluster_name=shared, subnets={"a": "s"})',
        "  hyperpod: created, from network",
    ]
