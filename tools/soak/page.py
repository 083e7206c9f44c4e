"""docs/reliability.md, from what a run of the driver did."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from tools.soak.injections import LATE_SECONDS
from tools.soak.record import DEATHS, Entry, Life

# The ways of dying, in words.
WHAT = {
    "kill terraform": "`kill -9` of Terraform; hptf lives",
    "kill hptf": "`kill -9` of hptf; its Terraform goes on alone",
    "kill both": "`kill -9` of hptf and Terraform",
    "interrupt": "Ctrl-C",
    "interrupt twice": "Ctrl-C twice: Terraform gives up at once",
    "terminate": "SIGTERM to hptf",
    "lose the machine": "all ends at once and the disk is gone; the next command runs on a fresh machine, in a fresh "
    "folder with the same file",
}
_LIFE = """\
A life is one environment (`envs/local.yaml`) on an embedded AWS of its own: made, and cut off while it is made;
completed; cut off while it is destroyed; destroyed. The moments, the ways of dying and the calls that come late are
drawn from the seed. After the making account and states must hold the same resources, one of each, and the plan must be
empty; after the destruction both must be empty, and no process left. Where a command stops, only what its message says
is done."""


def render(lives: Sequence[Life], command: str, facts: Mapping[str, str]) -> str:
    """Return the page."""
    entries = [entry for life in lives for entry in life.entries]
    deaths = [entry for entry in entries if entry.kind in DEATHS]
    failed = [life for life in lives if life.failure]
    verdict = f"{len(failed)} of {len(lives)} lives failed" if failed else "nothing was lost"
    return "\n".join(
        [
            "# Reliability",
            "",
            _paragraph(f"Written by `{command}`; every number is of that run. {_about(facts)}"),
            "",
            _paragraph(_LIFE),
            "",
            f"**{len(deaths)} kills in {len(lives)} lives of {_resources(lives)} resources: {verdict}.**",
            "",
            "## How commands died",
            "",
            "| death | in apply | in destroy | resources under way | calls held back |",
            "|---|---|---|---|---|",
            *(_death(kind, [entry for entry in deaths if entry.kind == kind]) for kind in DEATHS),
            "",
            _paragraph(_late(deaths, sum(life.named for life in lives))),
            "",
            "## What else was taken away",
            "",
            "| injection | times | what came of it |",
            "|---|---|---|",
            *_others(entries),
            "",
            "## Lives",
            "",
            "| seed | kills | on a fresh machine | resources | minutes | end |",
            "|---|---|---|---|---|---|",
            *(_life(life) for life in lives),
            "",
        ]
    )


def _paragraph(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _about(facts: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in facts.items()) + "."


def _resources(lives: Sequence[Life]) -> str:
    return " or ".join(str(count) for count in sorted({life.resources for life in lives if life.resources})) or "no"


def _late(deaths: Sequence[Entry], named: int) -> str:
    cluster = sum(":" in entry.during for entry in deaths)
    return (
        f"A call that is held back comes through up to {LATE_SECONDS:.0f} seconds late, often after its Terraform is "
        f"dead. {cluster} of the kills hit the creation of the HyperPod cluster. The commands that followed named "
        f"{named} resources that a killed run had made, or was making, and no state knew."
    )


def _death(kind: str, entries: Sequence[Entry]) -> str:
    during = Counter(entry.during.partition(":")[0] for entry in entries)
    work = sum(entry.under_way for entry in entries)
    return f"| {WHAT[kind]} | {during['apply']} | {during['destroy']} | {work} | {sum(e.late for e in entries)} |"


def _others(entries: Sequence[Entry]) -> list[str]:
    counted = Counter((entry.kind, entry.outcome) for entry in entries if entry.kind not in DEATHS)
    return [f"| {kind} | {times} | {outcome} |" for (kind, outcome), times in sorted(counted.items())]


def _life(life: Life) -> str:
    fresh = sum(entry.kind == "lose the machine" for entry in life.entries)
    end = f"failed: {life.failure.splitlines()[0]}" if life.failure else "nothing lost"
    return f"| {life.seed} | {life.kills} | {fresh} | {life.resources} | {life.seconds / 60:.0f} | {end} |"
