"""Plans made from dicts, in the shape Terraform gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hp_tf.findings import Allowance, Finding
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.planner import Planned
from hp_tf.planning.root import Leaving, Selection
from hp_tf.planning.stages import Stages
from hp_tf.run.context import Context
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.plan import Plan, ResourceChange


def change(
    address: str,
    actions: Sequence[str],
    before: Any = None,
    after: Any = None,
    *,
    unknown: Any = None,
    before_sensitive: Any = False,
    after_sensitive: Any = False,
    replace_paths: Sequence[Sequence[str]] = (),
    importing: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One entry of `resource_changes`."""
    layer, kind, name = address.removeprefix("module.").split(".", 2)
    return {
        "address": address,
        "module_address": f"module.{layer}",
        "mode": "managed",
        "type": kind,
        "name": name.split("[")[0],
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
            "before_sensitive": before_sensitive,
            "after_sensitive": after_sensitive,
            **({"replace_paths": replace_paths} if replace_paths else {}),
            **({"importing": {"id": importing}} if importing is not None else {}),
        },
        **more,
    }


def loaded(
    *entries: dict[str, Any], outputs: Mapping[str, Any] | None = None, drift: Sequence[dict[str, Any]] = ()
) -> Plan:
    """A plan."""
    held = {"resource_changes": entries, "resource_drift": drift, "output_changes": outputs or {}}
    return Plan.load({"format_version": "1.2", **held})


def resource(*arguments: Any, **options: Any) -> ResourceChange:
    """One change, typed."""
    return ResourceChange.load(change(*arguments, **options))


def planned(
    plan: Plan | None,
    present: Sequence[str] = ("network", "eks", "hyperpod"),
    *,
    leaving: Mapping[str, Leaving] | None = None,
    stages: Stages | None = None,
    kind: str = "apply",
    warnings: Sequence[Diagnostic] = (),
    gone: Sequence[str] = (),
    findings: Sequence[Finding] = (),
    allowances: Sequence[Allowance] = (),
) -> Planned:
    """A plan as the engine hands it over."""
    return Planned(
        prepared=cast(Any, SimpleNamespace(members=Selection(tuple(present), leaving or {}))),
        run=cast(Any, None),
        kind=kind,
        plan=plan,
        plan_file=Path("plan.tfplan"),
        stages=stages or Stages((tuple(present),)),
        has_changes=plan is not None,
        warnings=tuple(warnings),
        gone=tuple(gone),
        findings=tuple(findings),
        allowances=tuple(allowances),
    )


CONTEXT = cast(
    Context,
    SimpleNamespace(
        environment=SimpleNamespace(id="dev", warnings=()),
        target=SimpleNamespace(description="account 123456789012 in us-west-2"),
        contracts=CONTRACTS,
    ),
)
