"""The soak driver: what it writes, and one short life of a small environment for real."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.project import Project
from tools.soak import page
from tools.soak.lives import live
from tools.soak.machines import LOST
from tools.soak.record import DEATHS, Entry, Life

# Made and unmade in minutes, all that stands in or beside a cluster.
SLOW = ("eks", "helm", "fsx", "hyperpod")


def test_the_page_says_what_was_injected_and_what_came_of_it() -> None:
    entries = [
        Entry("kill both", "apply", under_way=3, late=5),
        Entry("kill both", "destroy", under_way=1),
        Entry("lose the machine", "apply: module.hyperpod.x.this", under_way=1),
        Entry("state gone", "plan, apply", outcome="refused"),
    ]
    lives = [
        Life(7, entries, resources=56, named=4, seconds=90),
        Life(8, [entries[0]], failure="the plan is not empty\nx"),
    ]
    written = page.render(lives, "python -m tools.soak --kills 2 --seed 7", {"cores": "2"})
    assert "**4 kills in 2 lives of 56 resources: 1 of 2 lives failed.**" in written
    assert "| `kill -9` of hptf and Terraform | 2 | 1 | 7 | 10 |" in written
    assert "1 of the kills hit the creation" in " ".join(written.split())
    assert "| state gone | 1 | refused |" in written
    assert "| 7 | 3 | 1 | 56 | 2 | nothing lost |" in written
    assert "| 8 | 1 | 0 | 0 | 0 | failed: the plan is not empty |" in written
    assert "nothing was lost.**" in page.render(lives[:1], "x", {})
    assert all(kind in page.WHAT for kind in DEATHS)


def small(project: Project) -> None:
    """Leave all out that takes its time."""

    def change(content: Any) -> None:
        content["layers"] = {name: {"enabled": False} for name in SLOW}

    project.edit(change)


@pytest.mark.slow
@pytest.mark.xdist_group("soak")
def test_nothing_of_a_small_environment_is_lost_on_another_machine(capsys: pytest.CaptureFixture[str]) -> None:
    # A seed with an early first death: a fast machine must not be through before.
    life = live(28, small, making=1, destroying=1, hit=None, ways=(LOST, "kill terraform"), say=print)
    assert not life.failure, f"{life.failure}\n{capsys.readouterr().out}"
    assert life.entries[0].kind == LOST


def test_the_committed_page_is_one_that_the_driver_wrote() -> None:
    written = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text()
    assert written.startswith("# Reliability\n\nWritten by `python -m tools.soak")
    assert "nothing was lost.**" in written
