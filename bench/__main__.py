"""`python -m bench [SECTION]...`: measure, print a table, write bench/results/. Exit 1 if a bar is missed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import federation, full, memory, merge, report, scene, start, synth
from bench.report import Section
from bench.timing import BenchFailed
from hp_tf.errors import HptfError

SECTIONS = ("start", "merge", "federation", "full", "memory", "synth")
RESULTS = Path(__file__).resolve().parent / "results"
QUICK_SECTIONS = ("start", "merge", "federation")


def main(arguments: Sequence[str]) -> int:
    """Run the chosen sections and return the exit code: 1 a bar was missed, 2 nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"some of: {', '.join(SECTIONS)} (all)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"few rounds, no verdict on fewer than {report.LEAST_ROUNDS}; "
        f"without sections only {', '.join(QUICK_SECTIONS)}",
    )
    given = parser.parse_args(arguments)
    unknown = [name for name in given.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    chosen = given.sections or (QUICK_SECTIONS if given.quick else SECTIONS)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hptf-bench-") as folder:
        try:
            stage = scene.make(Path(folder) / "project")
            try:
                sections = _measure(stage, [name for name in SECTIONS if name in chosen], quick=given.quick)
            finally:
                for name in (federation.ENVIRONMENT, full.ENVIRONMENT, memory.ENVIRONMENT):
                    stage.down(name)
        except (BenchFailed, HptfError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    if given.quick:
        sections = report.unjudged(sections)
    gogc = {federation.OURS: scene.GOGC, federation.TUNED: scene.GOGC, "the other roots": "Go's default"}
    about = report.facts({"terraform": stage.terraform_version, "quick": given.quick, "gogc": gogc})
    about["seconds"] = round(time.monotonic() - begun, 1)
    print(report.table(sections))
    print(f"\nwritten to {report.write(RESULTS, about, sections)} after {about['seconds']:.0f} s")
    wrong = report.missed(sections)
    for row in wrong:
        print(f"missed: {row.name}", file=sys.stderr)
    return 1 if wrong else 0


def _measure(stage: scene.Scene, chosen: Sequence[str], *, quick: bool) -> list[Section]:
    sections = []
    lived: full.Full | None = None
    for name in chosen:
        _note(f"-- {name}")
        if name == "start":
            sections.append(start.measure(stage, rounds=7 if quick else 21))
        elif name == "merge":
            sections.append(merge.measure(resources=10_000, rounds=3 if quick else 7))
        elif name == "federation":
            sections.append(federation.measure(stage, federation.QUICK if quick else federation.ROUNDS, note=_note))
        elif name == "synth":
            sections.append(synth.measure(stage, rounds=1 if quick else 7))
        elif name == "full":
            lived = full.live(stage, note=_note)
            sections.append(full.section(lived))
        else:
            lived = lived or full.live(stage, note=_note)
            sections.append(memory.measure(stage, lived))
    return sections


def _note(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
