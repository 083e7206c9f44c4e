"""What a shell completes: environments, layers, outputs and addresses. Nothing is started, asked of AWS, or raised."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Of the last plan, whose addresses are the ones that options are about.
_EVENTS = "runs/*/plan*.jsonl"


def environments(incomplete: str) -> list[str]:
    """Return the environments under envs/."""
    from hp_tf.environment.load import ENVIRONMENTS, root_here

    return _fitting(incomplete, (file.stem for file in (root_here() / ENVIRONMENTS).glob("*.yaml")))


def layers(incomplete: str) -> list[str]:
    """Return the layers there are."""
    from hp_tf.layers.discovery import CONTRACTS

    return _fitting(incomplete, CONTRACTS)


def outputs(ctx: Any, incomplete: str) -> list[str]:
    """Return the outputs of the layer that was named."""
    from hp_tf.layers.discovery import CONTRACTS

    contract = CONTRACTS.get(ctx.params.get("layer") or "")
    return _fitting(incomplete, contract.outputs.model_fields if contract is not None else ())


def addresses(ctx: Any, incomplete: str) -> list[str]:
    """Return what the last plan of the environment would delete or replace."""
    from hp_tf.environment.load import path_of
    from hp_tf.errors import HptfError
    from hp_tf.run.project import project_here

    try:
        project = project_here()
        # Behind an option that has no value yet click leaves the arguments as they are.
        path = path_of(ctx.params.get("env") or next(iter(ctx.args), ""), project.envs)
    except HptfError:
        return []
    work = project.of(path).work(path.stem, rehearsal=bool(ctx.params.get("rehearse")))
    logs = sorted(work.glob(_EVENTS))
    return _fitting(incomplete, _destroyed(logs[-1]) if logs else ())


def _destroyed(log: Path) -> Iterable[str]:
    from hp_tf.terraform.events import PlannedChange, parse_line

    for line in log.read_bytes().splitlines():
        event = parse_line(line)
        if not isinstance(event, PlannedChange) or event.drift or event.resource is None:
            continue
        if event.action in ("delete", "replace"):
            yield event.resource.address


def _fitting(incomplete: str, words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if word.startswith(incomplete))
