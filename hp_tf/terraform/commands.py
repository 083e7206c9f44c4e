"""The Terraform commands hptf uses, with typed results."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hp_tf.errors import HptfError, Interrupted
from hp_tf.terraform import process
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.events import ChangeSummary, Diagnostic, Event, OutputsEvent, PlannedChange
from hp_tf.terraform.plan import Plan
from hp_tf.terraform.process import Finished, OnEvent, Runner
from hp_tf.terraform.stop import StopRequest

_STDERR_BYTES = 2000
_ERRORED = "errored.tfstate"
_INIT_NEEDED = (
    "Backend initialization required",
    "Inconsistent dependency lock file",
    "Missing required provider",
    "Module not installed",
    "Module source has changed",
    "Required plugins are not installed",
)


class TerraformFailed(HptfError):
    """A command that ended badly, with all it said: `diagnostics`, and `finished` with the files.

    Its message says how many errors there are, and as a text it is the first of them.
    """

    def __init__(self, command: str, finished: Finished) -> None:
        self.command = command
        self.finished = finished
        self.returncode = finished.returncode
        self.diagnostics = finished.diagnostics
        super().__init__(f"terraform {command} {_ending(finished)}")

    def __str__(self) -> str:
        errors = _errors(self.finished)
        if not errors or self.returncode < 0:
            return super().__str__()
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return f"terraform {self.command} failed: {errors[0]}{more}"

    @property
    def needs_init(self) -> bool:
        """Whether Terraform asks for `init`: what was installed is no longer what the root needs."""
        return any(d.severity == "error" and d.summary.startswith(_INIT_NEEDED) for d in self.diagnostics)


class TerraformInterrupted(Interrupted):
    """A command that stopped because it was asked to; an apply with all it said.

    Any other command changes nothing, and what it says then is noise: a plan that could not save the state it had read.
    """

    def __init__(self, command: str, finished: Finished) -> None:
        applying = command in ("apply", "destroy")
        self.command = command
        self.finished = finished
        self.diagnostics = finished.diagnostics if applying else ()
        super().__init__(
            f"terraform {command} was interrupted." if applying else f"interrupted; terraform {command} changes nothing"
        )


@dataclass(frozen=True)
class Invocation:
    """What every command of one run shares.

    `root` is the folder with the configuration, `environ` the process's whole environment, `logs` the folder for what
    it
    prints: `COMMAND.jsonl` and `COMMAND.jsonl.stderr`.
    """

    terraform: Terraform
    root: Path
    environ: Mapping[str, str]
    logs: Path
    stop: StopRequest = field(default_factory=StopRequest)
    on_event: OnEvent | None = None
    runner: Runner = process.run

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
    """

    diagnostics: tuple[Diagnostic, ...]
    change_summary: ChangeSummary | None
    outputs: Mapping[str, Any]
    finished: Finished


def init(invocation: Invocation) -> Finished:
    """`terraform init`. Raises TerraformFailed, or TerraformInterrupted if it failed because it was asked to stop."""
    arguments = ["init", "-json", "-input=false"]
    return _finish("init", _run(invocation, "init", arguments, invocation.on_event), invocation)


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
    finished = _finish("plan", _run(invocation, name, arguments, seen), invocation, good=(0, 2))
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
    finished = _finish(command, _run(invocation, name, arguments, seen), invocation)
    return ApplyResult(finished.diagnostics, seen.summary, seen.outputs, finished)


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

    def __call__(self, event: Event) -> None:
        if isinstance(event, ChangeSummary):
            self.summary = event
        elif isinstance(event, PlannedChange):
            self.planned.append(event)
        elif isinstance(event, OutputsEvent):
            self.outputs = event.outputs
        if self._on_event is not None:
            self._on_event(event)


def _run(
    invocation: Invocation, name: str, arguments: Sequence[str], on_event: OnEvent | None, *, follow: bool = True
) -> Finished:
    return invocation.runner(
        invocation.terraform,
        arguments,
        cwd=invocation.root,
        environ=invocation.environ,
        log=invocation.log(name),
        on_event=on_event,
        stop=invocation.stop,
        follow=follow,
    )


def _document(invocation: Invocation, command: str, arguments: Sequence[str], name: str) -> dict[str, Any]:
    finished = _run(invocation, name, arguments, None, follow=False)
    try:
        _finish(command, finished, invocation)
        with finished.stdout.open("rb") as file:
            file.seek(finished.offset)
            document = json.load(file)
    except ValueError as error:
        raise HptfError(f"terraform {command} printed no JSON document.") from error
    finally:
        for left in (finished.stdout, process.pid_file_of(finished.stdout)):
            left.unlink(missing_ok=True)
    if not isinstance(document, dict):
        raise HptfError(f"terraform {command} printed JSON that is no object.")
    return document


def _finish(command: str, finished: Finished, invocation: Invocation, *, good: tuple[int, ...] = (0,)) -> Finished:
    if finished.returncode in good:
        return finished
    if invocation.stop.requested:
        raise TerraformInterrupted(command, finished)
    raise TerraformFailed(command, finished)


def _ending(finished: Finished) -> str:
    errors = _errors(finished)
    if finished.returncode < 0:
        number = -finished.returncode
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        return f"was ended by {name}; it could not write what it had not written yet."
    if errors:
        return "failed" if len(errors) == 1 else f"failed with {len(errors)} errors"
    return f"failed with exit code {finished.returncode}: {_last_words(finished.stderr) or 'it gave no reason'}"


def _errors(finished: Finished) -> list[Diagnostic]:
    """The errors, each once: Terraform says "execution halted" once for every module."""
    return list(dict.fromkeys(item for item in finished.diagnostics if item.severity == "error"))


def _last_words(stderr: Path) -> str:
    try:
        with stderr.open("rb") as file:
            file.seek(max(0, stderr.stat().st_size - _STDERR_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return " ".join(text.split())
