"""`python -m tools.soak [--kills N] [--seed N]`: lives until there were so many kills; writes docs/reliability.md.

Exit code 1 if a life failed.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hp_tf.run import stand_ins
from hp_tf.terraform import binary
from tools.soak import page
from tools.soak.lives import live
from tools.soak.record import Life

ROOT = Path(__file__).resolve().parents[2]
MAKING, DESTROYING = 7, 3


def main(arguments: Sequence[str]) -> int:
    """Live lives, one after the other, and write down what came of them after each."""
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=60, help="how many at least (60)")
    parser.add_argument("--seed", type=int, default=None, help="of the first life (drawn)")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "reliability.md", help="the page to write")
    given = parser.parse_args(arguments)
    # Whoever ends the driver ends what it has started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    first = random.randrange(1_000_000) if given.seed is None else given.seed
    command = f"python -m tools.soak --kills {given.kills} --seed {first}"
    lives: list[Life] = []
    while sum(life.kills for life in lives) < given.kills:
        lives.append(live(first + len(lives), lambda project: None, making=MAKING, destroying=DESTROYING, say=_say))
        given.out.write_text(page.render(lives, command, _facts()))
    return 1 if any(life.failure for life in lives) else 0


def _facts() -> dict[str, str]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    serving = os.environ.get(stand_ins.VARIABLE, stand_ins.ALWAYS)
    return {
        "date": date.today().isoformat(),
        "commit": commit.stdout.strip(),
        "engine": str(binary.find(os.environ)),
        "stand-ins": serving,
        "cores": str(os.cpu_count()),
    }


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
