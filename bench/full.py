"""The whole local environment: apply, plan, destroy, what decided how long the apply took, and the memory of it all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import critical
from bench.report import Row, Section
from bench.scene import Scene
from bench.timing import peak_megabytes

ENVIRONMENT = "local"
HPTF_BAR = 90.0
EMULATOR_BAR = 400.0
_ENVS = Path(__file__).resolve().parent.parent / "envs"


@dataclass(frozen=True)
class Full:
    """One life of the whole environment.

    Attributes:
        seconds: of each command.
        peaks_mb: the most memory hptf itself held, by command.
        emulator_mb: the most the emulator held, from its start until everything was destroyed.
    """

    seconds: dict[str, float]
    peaks_mb: dict[str, float]
    emulator_mb: float
    chain: list[critical.Work]


def live(scene: Scene, *, note: Callable[[str], None]) -> Full:
    """Apply, plan again, destroy."""
    for name in ("local.yaml", "dev.yaml"):
        shutil.copy(_ENVS / name, scene.root / "envs" / name)
    running = scene.emulator(ENVIRONMENT)
    commands = {
        "apply": ("apply", ENVIRONMENT, "--auto-approve"),
        "plan": ("plan", ENVIRONMENT, "--detailed-exitcode"),
        "destroy": ("destroy", ENVIRONMENT, "--auto-approve"),
    }
    seconds, peaks = {}, {}
    chain = list[critical.Work]()
    for name, command in commands.items():
        done = scene.run_hptf(*command)
        seconds[name], peaks[name] = done.seconds, done.peak_mb
        note(f"{name}: {done.seconds:.1f} s")
        if name == "apply":
            logs = critical.logs(scene.folder(ENVIRONMENT))
            chain = critical.path([work for log in logs for work in critical.read(log.read_text().splitlines())])
    emulator_mb = peak_megabytes(running.pid)
    scene.down(ENVIRONMENT)
    return Full(seconds, peaks, emulator_mb, chain)


def section(full: Full) -> Section:
    """Return how long everything took, and why."""
    return Section(
        "full: the whole local environment, one run",
        [Row(f"hptf {name} local", seconds, "s") for name, seconds in full.seconds.items()],
        critical.describe(full.chain),
        {
            "seconds": full.seconds,
            "critical_path": [{"address": item.address, "seconds": item.seconds} for item in full.chain],
        },
    )
