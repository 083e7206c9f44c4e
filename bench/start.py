"""How long `hptf --help` takes, beside typer programs that do nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bench.report import LEAST_ROUNDS, Row, Section
from bench.scene import Scene
from bench.timing import interleave, median, run

EMPTY = '''"""The least a typer program can be."""

import typer

app = typer.Typer({options})


@app.command()
def main() -> None:
    """Do nothing."""


app()
'''
# hptf's help is plain text, and loading rich is most of what a typer program with its usual help does: the program
# without it is the harder one to keep up with.
# By name: the options of the program, and the bar.
_EMPTY_PROGRAMS = {
    "empty typer program": ("", 0.5),
    "empty typer program, plain help": ("rich_markup_mode=None", 1.5),
}


def measure(scene: Scene, *, rounds: int) -> Section:
    """Run the programs in turn, after one run each that fills the caches of compiled Python."""
    commands: dict[str, list[str | Path]] = {"hptf --help": [scene.hptf, "--help"]}
    for number, (name, (options, _)) in enumerate(_EMPTY_PROGRAMS.items()):
        program = scene.root / f"empty{number}.py"
        program.write_text(EMPTY.format(options=options))
        commands[name] = [scene.python, program, "--help"]

    def seconds_of(name: str) -> float:
        return run(commands[name], cwd=scene.root, environ=scene.environ).seconds

    subjects = {name: partial(seconds_of, name) for name in commands}
    for subject in subjects.values():
        subject()
    seconds = interleave(subjects, dict.fromkeys(subjects, rounds))
    medians = {name: median(values) for name, values in seconds.items()}
    ours = medians.pop("hptf --help")
    rows = [
        Row(
            f"hptf --help / {least_name}",
            ours / least,
            "x",
            _EMPTY_PROGRAMS[least_name][1],
            f"{ours * 1000:.0f} ms against {least * 1000:.0f} ms, medians of {rounds}",
            rounds >= LEAST_ROUNDS,
        )
        for least_name, least in medians.items()
    ]
    return Section("start", rows, raw={"seconds": seconds})
