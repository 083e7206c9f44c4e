"""A plan as one JSON document, sensitive values masked. Its schema is made from the types here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from hp_tf.contract.purchases import Unit, totals
from hp_tf.errors import HptfError
from hp_tf.findings import FindingDocument
from hp_tf.planning import consent
from hp_tf.planning.planner import Planned
from hp_tf.report.findings import FORMAT, findings_of
from hp_tf.report.masking import masked, masked_resource
from hp_tf.report.outside import Outside, outside
from hp_tf.run.context import Context
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.plan import Counts


class Diagnosis(TypedDict):
    """What Terraform warned of, or failed with."""

    severity: Literal["error", "warning"]
    summary: str
    detail: str
    address: str | None


class PlanFinding(FindingDocument):
    """A finding of a plan; whether what it is about is allowed, by the environment's file."""

    allowed: bool


# "import" is no name in Python.
LayerPlan = TypedDict(
    "LayerPlan",
    {
        "add": int,
        "change": int,
        "destroy": int,
        "replace": int,
        "import": int,
        "forget": int,
        "resource_changes": list[dict[str, Any]],
    },
)
LayerPlan.__doc__ = "How much of a layer a plan acts on, and Terraform's own objects of it, sensitive values masked."


class OutsideChange(TypedDict):
    """What somebody changed outside Terraform, and the plan takes back.

    Attributes:
        gone: whether it is there no more.
        attributes: those that are others than they were left.
    """

    address: str
    gone: bool
    attributes: list[str]


class PurchaseDocument(TypedDict):
    """One thing that is paid for by the hour, and what it adds to the totals."""

    layer: str
    resource: str
    name: str | None
    description: str
    amounts: dict[str, int]
    uncounted: list[str]


class Purchases(TypedDict):
    """What there will be to pay for, of all kinds of things that a plan makes or changes, and what it adds up to."""

    items: list[PurchaseDocument]
    totals: dict[str, int]


class PlanDocument(TypedDict):
    """What `hptf plan ENV --json` prints."""

    format_version: Literal["1.0"]
    environment: str
    target: str
    kind: Literal["apply"]
    stages: list[list[str]]
    layers: dict[str, LayerPlan]
    purchases: Purchases
    outputs: dict[str, dict[str, Any]]
    outside: list[OutsideChange]
    later: list[str]
    findings: list[PlanFinding]
    messages: list[str]
    diagnostics: list[Diagnosis]


class Numbers(TypedDict):
    """How many resources a command did what to."""

    add: int
    change: int
    destroy: int
    replace: int
    imported: int
    forget: int


class OutcomeDocument(TypedDict):
    """What `hptf apply ENV --json` and `hptf destroy ENV --json` print.

    Attributes:
        layers: as planned.
        done: as it happened.
        next_steps: commands that go on with what is there.
        forgotten: addresses of what went with a cluster.
    """

    format_version: Literal["1.0"]
    environment: str
    target: str
    kind: Literal["apply", "destroy"]
    layers: dict[str, LayerPlan]
    done: Numbers
    purchases: Purchases
    next_steps: list[str]
    forgotten: list[str]
    later: list[str]
    findings: list[PlanFinding]
    messages: list[str]
    diagnostics: list[Diagnosis]


class PlanFailure(TypedDict):
    """What such a command prints where it fails."""

    format_version: Literal["1.0"]
    environment: str
    findings: list[FindingDocument]
    messages: list[str]
    diagnostics: list[Diagnosis]


def plan(context: Context, planned: Planned, said: Sequence[str] = ()) -> PlanDocument:
    """Return ``plan --json``: environment, stages, and per layer counts and Terraform's own resource changes.

    Args:
        said: what hptf said on the way, of interrupted runs it finished for example.
    """
    shown = planned.plan
    return {
        "format_version": FORMAT,
        "environment": context.environment.id,
        "target": context.target.description,
        "kind": "apply",
        "stages": [list(stage) for stage in planned.stages.layers],
        "layers": _layers(planned),
        "purchases": _purchases(planned),
        "outputs": {name: masked(change) for name, change in (shown.outputs if shown else {}).items()},
        "outside": [_outside(item) for item in outside(planned, context.contracts)],
        "later": list(planned.later),
        "findings": _findings(context, planned),
        "messages": list(said),
        "diagnostics": [_diagnosis(item) for item in planned.warnings],
    }


def outcome(
    context: Context,
    kind: Literal["apply", "destroy"],
    planned: Planned,
    done: Counts,
    forgotten: Sequence[str],
    said: Sequence[str],
    next_steps: Sequence[str] = (),
) -> OutcomeDocument:
    """Return ``apply --json`` or ``destroy --json`` of a command that ended well.

    Args:
        done: what was done, as Terraform said it.
        forgotten: what went with a cluster.
        said: as for `plan`.
        next_steps: as ``report.next_steps`` gives them.
    """
    return {
        "format_version": FORMAT,
        "environment": context.environment.id,
        "target": context.target.description,
        "kind": kind,
        "layers": _layers(planned),
        "done": {
            "add": done.add,
            "change": done.change,
            "destroy": done.destroy,
            "replace": done.replace,
            "imported": done.imported,
            "forget": done.forget,
        },
        "purchases": _purchases(planned),
        "next_steps": list(next_steps),
        "forgotten": list(forgotten),
        "later": list(planned.later),
        "findings": _findings(context, planned),
        "messages": list(said),
        "diagnostics": [_diagnosis(item) for item in planned.warnings],
    }


def _layers(planned: Planned) -> dict[str, LayerPlan]:
    shown = planned.plan
    layers: dict[str, LayerPlan] = {}
    for name in planned.prepared.members.all:
        counts = shown.counts(name) if shown else Counts()
        layers[name] = {
            "add": counts.add,
            "change": counts.change,
            "destroy": counts.destroy,
            "replace": counts.replace,
            "import": counts.imported,
            "forget": counts.forget,
            "resource_changes": [masked_resource(change) for change in shown.changes(name)] if shown else [],
        }
    return layers


def _purchases(planned: Planned) -> Purchases:
    def in_json(amounts: Mapping[Unit, int]) -> dict[str, int]:
        return {unit.value[0]: number for unit, number in amounts.items()}

    items: list[PurchaseDocument] = [
        {
            "layer": item.layer,
            "resource": item.purchase.resource,
            "name": item.purchase.name,
            "description": item.purchase.what,
            "amounts": in_json(item.purchase.amounts),
            "uncounted": list(item.purchase.uncounted),
        }
        for item in planned.bought
    ]
    return {"items": items, "totals": in_json(totals(item.purchase for item in planned.bought))}


def _findings(context: Context, planned: Planned) -> list[PlanFinding]:
    # What the file is warned of is known before there is a plan.
    found = (*planned.findings, *context.environment.warnings)
    return [{**item.to_json(), "allowed": consent.is_allowed(item, planned)} for item in found]


def failure(environment: str, error: HptfError, said: Sequence[str] = ()) -> PlanFailure:
    """Return ``plan --json`` where there is no plan: what is wrong, all of it. ``said`` as for `plan`."""
    return {
        "format_version": FORMAT,
        "environment": environment,
        "findings": [item.to_json() for item in findings_of(error)],
        "messages": list(said),
        "diagnostics": [_diagnosis(item) for item in getattr(error, "diagnostics", ())],
    }


def _outside(item: Outside) -> OutsideChange:
    attributes = [changed.path for changed in item.changed or ()]
    return {"address": item.address, "gone": item.changed is None, "attributes": attributes}


def _diagnosis(item: Diagnostic) -> Diagnosis:
    return {"severity": item.severity, "summary": item.summary, "detail": item.detail, "address": item.address}
