"""`python -m tools.pictures`: the README's pictures, of what hptf really writes to a terminal on the embedded AWS.

A plan of an environment that does not exist yet, and one that asks for consent: of the same environment, applied, when
a group leaves its file. Written to docs/pictures/.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
ENVIRONMENT = "local"
COLUMNS, LINES = 116, 200
# Rich's own names a web font; a picture in a repository asks nobody for anything.
FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font: {char_height}px monospace; line-height: {line_height}px; }}
.{unique_id}-title {{ font: 18px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def on_terminal(folder: Path, *command: str) -> str:
    """Run a command with a terminal as its standard output, and return what it wrote there.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environ = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    child = subprocess.Popen(command, cwd=folder, stdout=theirs, env={**environ, "TERM": "xterm-256color"})
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # what Linux says at a terminal's end
            break
        written += part
        if not part:
            break
    os.close(ours)
    if child.wait():
        raise subprocess.CalledProcessError(child.returncode, command)
    return written.decode().replace("\r\n", "\n")


def picture(title: str, text: str) -> str:
    """Return an SVG of a terminal's text."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:4566", text.rstrip())))
    made = console.export_svg(title=title, code_format=FORMAT, unique_id="hptf")
    return "\n".join(line.rstrip() for line in made.splitlines() if line.strip()) + "\n"


def main() -> int:
    """Write the pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hptf-pictures-") as name:
        folder = Path(name)
        shutil.copytree(ROOT / "envs", folder / "envs")
        try:
            first = on_terminal(folder, "hptf", "plan", ENVIRONMENT)
            (PICTURES / "first-plan.svg").write_text(picture(f"hptf plan {ENVIRONMENT}", first))
            subprocess.run(["hptf", "apply", ENVIRONMENT, "--auto-approve"], cwd=folder, check=True)
            _take_a_group_away(folder / "envs" / "dev.yaml")
            asking = on_terminal(folder, "hptf", "plan", ENVIRONMENT)
            (PICTURES / "consent.svg").write_text(picture(f"hptf plan {ENVIRONMENT}, without a group", asking))
        finally:
            subprocess.run(["hptf", "local", "down", ENVIRONMENT], cwd=folder, check=False)
    print(f"written to {PICTURES.relative_to(ROOT)}")
    return 0


def _take_a_group_away(file: Path) -> None:
    yaml = YAML()
    content = yaml.load(file)
    del content["layers"]["hyperpod"]["instance_groups"][0]
    yaml.dump(content, file)


if __name__ == "__main__":
    sys.exit(main())
