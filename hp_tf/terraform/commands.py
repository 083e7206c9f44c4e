"""The Terraform commands hptf uses, with typed results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hp_tf.errors import HptfError
from hp_tf.terraform import process
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.events import ChangeSummary, Diagnostic, Event, OutputsEvent, PlannedChange, ResourceEvent
from hp_tf.terraform.failures import judge
from hp_tf.terraform.plan import Plan
from hp_tf.terraform.process import Finished, OnEvent, Runner
from hp_tf.terraform.provider_processes import ProviderProcesses
from hp_tf.terraform.stop import StopRequest

_ERRORED = "errored.tfstate"


@dataclass(frozen=True)
class Invocation:
    """What every command of one run shares.

    `root` is the folder with the configuration, `environ` the process's whole environment, `logs` the folder for what
    it
    prints: `COMMAND.jsonl` and `COMMAND.jsonl.stderr`; `providers` serve every command but `init`, which installs them.
    """

    terraform: Terraform
    root: Path
    environ: Mapping[str, str]
    logs: Path
    stop: StopRequest = field(default_factory=StopRequest)
    on_event: OnEvent | None = None
    runner: Runner = process.run
    providers: ProviderProcesses | None = None

    def log(self, command: str) -> Path:
        return self.logs / f"{command}.jsonl"


@dataclass(frozen=True)
class PlanResult:
    """`has_changes` includes changes of outputs alone. `planned` is what the stream said will act (no values)."""

    has_changes: bool
    plan_file: Path
    diagnostics: tuple[Diagnostic, ...]
    change_summary: ChangeSummary | None
    planned: tuple[PlannedChange, ...]
    drift: tuple[PlannedChange, ...]
    finished: Finished


@dataclass(frozen=True)
class ApplyResult:
    """What an apply said.

    Attributes:
        outputs: the root's, as the stream gives them: {name: {"value", "type", "sensitive"}}; a sensitive one has no
            value.
        done: the work that was completed, a replacement in two parts.
    """

    diagnostics: tuple[Diagnostic, ...]
    change_summary: ChangeSummary | None
    outputs: Mapping[str, Any]
    finished: Finished
    done: tuple[ResourceEvent, ...] = ()


def init(invocation: Invocation) -> Finished:
    """`terraform init`. Raises TerraformFailed, or TerraformInterrupted if it failed because it was asked to stop."""
    arguments = ["init", "-json", "-input=false"]
    finished = _run(replace(invocation, providers=None), "init", arguments, invocation.on_event)
    return judge("init", finished, (), stopped=bool(invocation.stop.requested))


def plan(
    invocation: Invocation,
    *,
    out: Path,
    destroy: bool = False,
    targets: Sequence[str] = (),
    name: str = "plan",
) -> PlanResult:
    """`terraform plan`, saved in `out` (0600). `name` is the log's, where a run plans more than once.

    Raises TerraformFailed, or TerraformInterrupted if it failed because it was asked to stop.
    """
    arguments = [
        "plan",
        "-json",
        "-detailed-exitcode",
        "-input=false",
        f"-out={out.absolute()}",
        *(["-destroy"] if destroy else []),
        *(f"-target={address}" for address in targets),
    ]
    seen = _Seen(invocation.on_event)
    out.unlink(missing_ok=True)
    finished = _run(invocation, name, arguments, seen)
    judge("plan", finished, seen.missing_of_plan(out, finished), stopped=bool(invocation.stop.requested), good=(0, 2))
    return PlanResult(
        has_changes=finished.returncode == 2,
        plan_file=out,
        diagnostics=finished.diagnostics,
        change_summary=seen.summary,
        planned=tuple(event for event in seen.planned if not event.drift),
        drift=tuple(event for event in seen.planned if event.drift),
        finished=finished,
    )


def apply(invocation: Invocation, plan_file: Path, *, name: str = "apply", destroying: bool = False) -> ApplyResult:
    """`terraform apply` of a saved plan: exactly that, without a question. `destroying`: what that is called, if bad.

    A run that was asked to stop and yet came to its end gives its result: look at `finished.stops`. Raises
    TerraformFailed, or TerraformInterrupted if it failed because it was asked to stop.
    """
    arguments = [
        "apply",
        "-json",
        "-input=false",
        str(plan_file.absolute()),
    ]
    seen = _Seen(invocation.on_event)
    command = "destroy" if destroying else "apply"
    finished = _run(invocation, name, arguments, seen)
    judge(command, finished, seen.missing_of_apply(), stopped=bool(invocation.stop.requested))
    return ApplyResult(finished.diagnostics, seen.summary, seen.outputs, finished, tuple(seen.done))


def show_document(invocation: Invocation, plan_file: Path, *, name: str = "show") -> dict[str, Any]:
    """The whole JSON of a saved plan, sensitive values in the clear; nothing of it stays on disk.

    It starts the providers for their schemas (2.4 s with aws): not worth it for a plan without changes.
    """
    return _document(invocation, "show", ["show", "-json", str(plan_file.absolute())], name)


def show(invocation: Invocation, plan_file: Path, *, name: str = "show") -> Plan:
    """A saved plan, typed: read by hptf itself where it can, else as `show_document` gives it."""
    from hp_tf.terraform import numerals
    from hp_tf.terraform import plan_file as files

    providers = numerals.providers_of(plan_file)
    try:
        return Plan.load(files.read(plan_file, invocation.terraform, numerals.read(invocation.root, providers)))
    except files.Unreadable:
        document = show_document(invocation, plan_file, name=name)
        numerals.learn(invocation.root, providers, document)
        return Plan.load(document)


def providers_schema(invocation: Invocation) -> dict[str, Any]:
    """`providers schema -json`, which `hp_tf.terraform.schema` reads. Starts the providers, like `show`."""
    return _document(invocation, "providers schema", ["providers", "schema", "-json"], "schema")


def errored_state(directory: Path) -> Path | None:
    """The state Terraform left in `directory` because the backend would not take it; None if there is none."""
    left = directory / _ERRORED
    return left if left.is_file() else None


def says_it_left_a_state(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether a Terraform says that it is the one that left such a state."""
    return any(_ERRORED in item.detail for item in diagnostics)


class _Seen:
    """Remembers what a result needs from the stream, and passes every event on."""

    def __init__(self, on_event: OnEvent | None) -> None:
        self._on_event = on_event
        self.summary: ChangeSummary | None = None
        self.planned: list[PlannedChange] = []
        self.outputs: Mapping[str, Any] = {}
        self.done: list[ResourceEvent] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, ChangeSummary):
            self.summary = event
        elif isinstance(event, PlannedChange):
            self.planned.append(event)
        elif isinstance(event, OutputsEvent):
            self.outputs = event.outputs
        elif isinstance(event, ResourceEvent) and (event.operation, event.phase) == ("apply", "complete"):
            self.done.append(event)
        if self._on_event is not None:
            self._on_event(event)

    def missing_of_plan(self, out: Path, finished: Finished) -> list[str]:
        """Return what a plan that ended well would have said or written, and this one did not."""
        missing = [] if out.is_file() else ["wrote no plan file"]
        if not self._counted("plan"):
            missing.append("did not say what it would do")
        elif finished.returncode == 0 and self._acts():
            missing.append("says that there is something to do, which is exit code 2")
        return missing

    def missing_of_apply(self) -> list[str]:
        """Return what an apply that ended well would have said, and this one did not."""
        return [] if self._counted("apply", "destroy") else ["did not say what it did"]

    def _counted(self, *operations: str) -> bool:
        return self.summary is not None and self.summary.operation in operations

    def _acts(self) -> bool:
        acting = any(not event.drift and event.action not in ("noop", "read") for event in self.planned)
        return acting or any(item.get("action", "noop") != "noop" for item in self.outputs.values())


def _run(
    invocation: Invocation, name: str, arguments: Sequence[str], on_event: OnEvent | None, *, follow: bool = True
) -> Finished:
    environ: Mapping[str, str] = invocation.environ
    holding: tuple[int, ...] = ()
    if invocation.providers is not None:
        environ, holding = invocation.providers.serving(environ)
    return invocation.runner(
        invocation.terraform,
        arguments,
        cwd=invocation.root,
        environ=environ,
        log=invocation.log(name),
        on_event=on_event,
        stop=invocation.stop,
        follow=follow,
        holding=holding,
    )


def _document(invocation: Invocation, command: str, arguments: Sequence[str], name: str) -> dict[str, Any]:
    finished = _run(invocation, name, arguments, None, follow=False)
    try:
        judge(command, finished, (), stopped=bool(invocation.stop.requested))
        document = json.loads(finished.printed)
    except ValueError as error:
        raise HptfError(f"{finished.product} {command} printed no JSON document.") from error
    finally:
        process.pid_file_of(finished.stdout).unlink(missing_ok=True)
    if not isinstance(document, dict):
        raise HptfError(f"{finished.product} {command} printed JSON that is no object.")
    return document
