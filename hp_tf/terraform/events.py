"""The event stream of `terraform ... -json`, typed.

The stream is one JSON object a line; its minor versions add types and fields, so unknown ones pass as plain `Event`,
and a line that is no JSON object passes as an `Event` of type "text". Source: Terraform's machine-readable UI, version
1.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hp_tf.addresses import layer_of

Json = Mapping[str, Any]

_MODULES_FILE = re.compile(r"modules/([^/]+)/(.+)")
_PHASES = {"start", "progress", "complete", "errored"}
_OPERATIONS = {"apply", "refresh", "provision", "ephemeral_op"}


@dataclass(frozen=True)
class Diagnostic:
    """An error or a warning of Terraform's.

    `address` is the resource it is about, `filename` and `line` (from 1) the place in the configuration, `snippet` that
    place's source text; each None where Terraform names none.
    """

    severity: Literal["error", "warning"]
    summary: str
    detail: str = ""
    address: str | None = None
    filename: str | None = None
    line: int | None = None
    snippet: str | None = None

    @property
    def layer(self) -> str | None:
        """The layer it is about: that of the resource, or the one whose module the place is in."""
        return layer_of(self.address) if self.address else self._inside[0]

    @property
    def place(self) -> str | None:
        """The place, of a module's file within the module: people have the module, not the copy in the root."""
        return f"{self._inside[1]}:{self.line}" if self.filename and self.line else None

    @property
    def _inside(self) -> tuple[str | None, str]:
        match = _MODULES_FILE.fullmatch(self.filename or "")
        return (match[1], match[2]) if match else (None, self.filename or "")

    def __str__(self) -> str:
        place = f"{self.filename}:{self.line}" if self.filename and self.line else self.filename
        where = ", ".join(part for part in (self.address, place) if part)
        return f"{self.summary} ({where})" if where else self.summary


@dataclass(frozen=True)
class ResourceRef:
    """The resource an event is about. `layer` is the first module name, `key` the for_each or count key."""

    address: str
    module: str
    type: str
    name: str
    key: str | int | None

    @property
    def layer(self) -> str | None:
        return layer_of(self.module)


@dataclass(frozen=True)
class Event:
    """Any line of the stream. `timestamp` is Terraform's own text; `raw` the whole object."""

    type: str
    message: str
    level: str = "info"
    timestamp: str = ""
    raw: Json = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class VersionEvent(Event):
    """The releases of Terraform and of the stream's format, the first event of all."""

    terraform: str = ""
    ui: str = ""


@dataclass(frozen=True)
class PlannedChange(Event):
    """Something the plan does: `action` is create, read, update, replace, delete, remove (forget), move, import, noop.

    `drift` marks what changed outside Terraform (`resource_drift`). An apply of a saved plan repeats its planned
    changes.
    """

    resource: ResourceRef | None = None
    action: str = ""
    reason: str | None = None
    drift: bool = False


@dataclass(frozen=True)
class ChangeSummary(Event):
    """Terraform's own count: a replacement is one `add` and one `remove`. `operation`: plan, apply or destroy."""

    add: int = 0
    change: int = 0
    remove: int = 0
    imported: int = 0
    operation: str = ""


@dataclass(frozen=True)
class ResourceEvent(Event):
    """Work on one resource.

    Attributes:
        operation: apply, refresh, provision or ephemeral_op.
        phase: start, progress, complete or errored.
        id: known at apply complete (and at refresh).
        elapsed: seconds since the start.
    """

    operation: str = ""
    phase: str = ""
    resource: ResourceRef | None = None
    action: str = ""
    id: str | None = None
    elapsed: float = 0.0


@dataclass(frozen=True)
class DiagnosticEvent(Event):
    """An error or a warning."""

    diagnostic: Diagnostic = Diagnostic("error", "")


@dataclass(frozen=True)
class OutputsEvent(Event):
    """Root outputs by name: at plan with an `action`, at apply with a `value` unless sensitive."""

    outputs: Json = field(default_factory=dict)


@dataclass(frozen=True)
class InitOutput(Event):
    """A message of `terraform init`."""

    code: str = ""


def parse_line(line: str | bytes) -> Event | None:
    """One line of the stream as an event; None if it is blank. Bytes that are no UTF-8 are replaced, not refused."""
    text = (line.decode("utf-8", errors="replace") if isinstance(line, bytes) else line).strip()
    if not text:
        return None
    try:
        raw = json.loads(text)
    except ValueError:
        return Event("text", text)
    return parse(raw) if isinstance(raw, dict) else Event("text", text)


def parse(raw: Json) -> Event:
    """A decoded line as an event."""
    kind = _text(raw.get("type"))
    common: dict[str, Any] = {
        "type": kind,
        "message": _text(raw.get("@message")),
        "level": _text(raw.get("@level")) or "info",
        "timestamp": _text(raw.get("@timestamp")),
        "raw": raw,
    }
    operation, _, phase = kind.rpartition("_")
    if phase in _PHASES and operation in _OPERATIONS:
        return _resource_event(common, operation, phase, _object(raw.get("hook")))
    if kind == "version":
        return VersionEvent(**common, terraform=_text(raw.get("terraform") or raw.get("tofu")), ui=_text(raw.get("ui")))
    if kind in ("planned_change", "resource_drift"):
        change = _object(raw.get("change"))
        return PlannedChange(
            **common,
            resource=_reference(change.get("resource")),
            action=_text(change.get("action")),
            reason=_text(change.get("reason")) or None,
            drift=kind == "resource_drift",
        )
    if kind == "change_summary":
        counts = _object(raw.get("changes"))
        return ChangeSummary(
            **common,
            add=_count(counts.get("add")),
            change=_count(counts.get("change")),
            remove=_count(counts.get("remove")),
            imported=_count(counts.get("import")),
            operation=_text(counts.get("operation")),
        )
    if kind == "diagnostic":
        return DiagnosticEvent(**common, diagnostic=diagnostic_from(_object(raw.get("diagnostic"))))
    if kind == "outputs":
        return OutputsEvent(**common, outputs=_object(raw.get("outputs")))
    if kind == "init_output":
        return InitOutput(**common, code=_text(raw.get("message_code")))
    return Event(**common)


def diagnostic_from(raw: Json) -> Diagnostic:
    """Terraform's diagnostic object, as in the stream and in `validate -json`."""
    place = _object(raw.get("range"))
    start = _object(place.get("start"))
    line = start.get("line")
    return Diagnostic(
        severity="warning" if raw.get("severity") == "warning" else "error",
        summary=_text(raw.get("summary")),
        detail=_text(raw.get("detail")),
        address=_text(raw.get("address")) or None,
        filename=_text(place.get("filename")) or None,
        line=line if isinstance(line, int) else None,
        snippet=_text(_object(raw.get("snippet")).get("code")) or None,
    )


def _resource_event(common: dict[str, Any], operation: str, phase: str, hook: Json) -> ResourceEvent:
    elapsed = hook.get("elapsed_seconds")
    return ResourceEvent(
        **common,
        operation=operation,
        phase=phase,
        resource=_reference(hook.get("resource")),
        action=_text(hook.get("action")),
        id=_text(hook.get("id_value")) or None,
        elapsed=float(elapsed) if isinstance(elapsed, int | float) else 0.0,
    )


def _reference(raw: object) -> ResourceRef | None:
    held = _object(raw)
    if not held.get("addr"):
        return None
    key = held.get("resource_key")
    return ResourceRef(
        address=_text(held.get("addr")),
        module=_text(held.get("module")),
        type=_text(held.get("resource_type")),
        name=_text(held.get("resource_name")),
        key=key if isinstance(key, str | int) else None,
    )


def _object(raw: object) -> Json:
    return raw if isinstance(raw, dict) else {}


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _count(raw: object) -> int:
    return raw if isinstance(raw, int) else 0
