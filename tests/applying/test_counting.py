"""What an apply did is what its event stream says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hp_tf.applying.counting import done
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.run.context import Context
from hp_tf.run.state_lock import CutOff
from hp_tf.terraform.commands import ApplyResult
from hp_tf.terraform.events import Event, parse
from hp_tf.terraform.plan import Counts
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, up, yes
from tests.engine.losing import lose


def counts(bench: Workbench, layers: str, **options: frozenset[str]) -> Counts:
    bench.write(layers)
    applied = commands.apply(bench.open(), LayerOptions((), **options), approve=yes).applied
    assert applied is not None
    return applied.counts


def test_what_was_done_is_counted(bench: Workbench) -> None:
    lose(bench, "module.alpha.terraform_data.this")
    assert counts(bench, THREE) == Counts(add=3, change=1, imported=1)
    assert counts(bench, "  alpha: {size: 2}\n  beta: {}\n  gamma: {count_of: 2}\n") == Counts(add=1, change=2)


def event(action: str, address: str) -> Event:
    hook = {"resource": {"addr": address}, "action": action}
    return parse({"type": "apply_complete", "hook": hook})


def test_a_replacement_is_one() -> None:
    events = [
        event(*item)
        for item in [("delete", "a"), ("create", "a"), ("create", "b"), ("delete", "c"), ("update", "d"), ("read", "e")]
    ]
    result = SimpleNamespace(done=events, change_summary=None)
    found = done(cast(Planned, SimpleNamespace(plan=None)), cast(ApplyResult, result))
    assert found == Counts(add=1, change=1, destroy=1, replace=1)


def through(context: Context, tmp_path: Path, body: str) -> Context:
    """The same with a wrapper for the program, which does otherwise at an apply."""
    program = tmp_path / "wrapper"
    program.write_text(f'#!/bin/sh\nif [ "$1" != apply ]; then exec {context.terraform.path} "$@"; fi\n{body}\n')
    program.chmod(0o755)
    return replace(context, terraform=replace(context.terraform, path=program))


@pytest.mark.parametrize("body", ["exit 0", "exit 2", "exit 1"])
def test_nothing_made_is_no_apply(bench: Workbench, tmp_path: Path, body: str) -> None:
    bench.write(THREE)
    with pytest.raises(Exception) as caught:
        commands.apply(through(bench.open(), tmp_path, body), LayerOptions(), approve=yes)
    assert isinstance(caught.value, CutOff) == (body == "exit 0")
    assert bench.open().store.layers() == []
    up(bench)
