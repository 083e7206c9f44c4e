"""How long `hptf synth` takes, beside the import of the bindings its definitions use."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bench.report import LEAST_ROUNDS, Row, Section
from bench.scene import Scene
from bench.timing import interleave, median, run

BAR = 1.3
CHECKOUT = Path(__file__).resolve().parent.parent
# A layer of one provider: it must not pay for the others' bindings.
ONE = "helm"
_IMPORT = """
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth import engine

engine.prepare()
for layer in CONTRACTS:
    engine.definition(layer)
"""


def measure(scene: Scene, *, rounds: int) -> Section:
    """Run the programs in turn. `--check` makes every file and writes none."""
    bindings, whole, one = "the bindings alone", "hptf synth", f"hptf synth {ONE}"
    commands: dict[str, list[str | Path]] = {
        bindings: [scene.python, "-c", _IMPORT],
        whole: [scene.hptf, "synth", "--check"],
        one: [scene.hptf, "synth", "--check", ONE],
    }

    def seconds_of(name: str) -> float:
        return run(commands[name], cwd=CHECKOUT, environ=scene.environ).seconds

    subjects = {name: partial(seconds_of, name) for name in commands}
    seconds = interleave(subjects, dict.fromkeys(subjects, rounds))
    medians = {name: median(values) for name, values in seconds.items()}
    remark = f"{medians[whole]:.1f} s against {medians[bindings]:.1f} s, medians of {rounds}"
    judged = rounds >= LEAST_ROUNDS
    return Section(
        "synth",
        [
            Row(f"{whole} / {bindings}", medians[whole] / medians[bindings], "x", BAR, remark, judged),
            Row(f"{one} / {whole}", medians[one] / medians[whole], "x", None, "what one layer of one provider costs"),
        ],
        raw={"seconds": seconds},
    )
