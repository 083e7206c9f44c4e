"""The memory of hptf itself, on the widest plan an environment's file can ask for, and of the emulator."""

from __future__ import annotations

from bench.environments import opening
from bench.full import EMULATOR_BAR, HPTF_BAR, Full
from bench.report import Row, Section
from bench.scene import Scene
from bench.timing import peak_megabytes

ENVIRONMENT = "wide"
GROUPS = 100


def environment_file() -> str:
    """Return an environment with as many instance groups as a cluster can have, in four zones."""
    lines = []
    for number in range(GROUPS):
        zone = f"availability_zone_id: usw2-az{number % 4 + 1}"
        labels = f"labels: {{team: team-{number}}}"
        lines.append(f"      - {{name: group-{number:03}, instance_type: ml.m5.2xlarge, count: 2, {zone}, {labels}}}\n")
    return opening("bench-wide") + "".join(lines)


def measure(scene: Scene, full: Full | None) -> Section:
    """Apply the widest environment and plan it again; with the whole local environment, count that too."""
    (scene.root / "envs" / f"{ENVIRONMENT}.yaml").write_text(environment_file())
    running = scene.emulator(ENVIRONMENT)
    peaks = {
        "hptf apply wide": scene.run_hptf("apply", ENVIRONMENT, "--auto-approve").peak_mb,
        "hptf plan wide": scene.run_hptf("plan", ENVIRONMENT, "--detailed-exitcode").peak_mb,
    }
    emulators = {"emulator, apply and plan wide": peak_megabytes(running.pid)}
    scene.down(ENVIRONMENT)
    if full is not None:
        peaks |= {f"hptf {name} local": value for name, value in full.peaks_mb.items()}
        emulators["emulator, apply to destroy local"] = full.emulator_mb
    rows = [Row(name, value, "MB", HPTF_BAR, "hptf itself, at its highest") for name, value in peaks.items()]
    rows += [Row(name, value, "MB", EMULATOR_BAR, "at its highest") for name, value in emulators.items()]
    return Section(
        f"memory: wide has {GROUPS} instance groups in four zones", rows, raw={"peaks_mb": {**peaks, **emulators}}
    )
