"""Every text of the product that a user may read, and the commands of hptf that it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

from hp_tf.cli.app import app
from tests.cli.commands import ROOT

# What a text has in place of a value that it is given.
HOLE = "{}"
# Rooms whose options are those of other programs, or that declare hptf's own.
_OTHERS = ("charts", "standin", "emulator/__main__.py", "emulator/daemon.py", "cli/app.py", "cli/token.py")
# Written for readers of pages, not for who runs a command.
_PAGES = ("hp_tf/synth/", "report/schemas.py")
# Their command lines.
_OF_OTHERS = re.compile(r"\b(?:aws|git|helm|kubectl|pip|terraform|tofu) [^`;,\n]*")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
# Which commands may say a text: those that run Terraform, and of them those that ask.
_RUNNING = ("plan", "apply", "destroy")
_ASKING = {"hp_tf/report/console.py": ("apply", "destroy")}


@dataclass(frozen=True)
class Text:
    """A string of the source, with holes for what is put into it."""

    place: str
    text: str


def commands() -> dict[str, Any]:
    """Return click's command by the words it is called with."""
    group: Any = get_command(app)
    found = {}
    for name, command in group.commands.items():
        for inner, nested in getattr(command, "commands", {None: command}).items():
            found[name if inner is None else f"{name} {inner}"] = nested
    return found


COMMANDS = commands()
OPTIONS = {name: {word for item in command.params for word in item.opts} for name, command in COMMANDS.items()}
NEEDS_ENV = {name for name, command in COMMANDS.items() if any(item.name == "env" for item in command.params)}
# Longer names first: "local up" is no "local".
_VERB = re.compile(rf"(?<![\w.-])hptf ({'|'.join(sorted(OPTIONS, key=len, reverse=True))})(?![\w-])([^`;,\n]*)")
_BEFORE = re.compile(
    rf"\b({'|'.join(sorted(OPTIONS, key=len, reverse=True))})(?: with(?:out)?)?(?: {re.escape(HOLE)})* $"
)


def sources() -> Iterator[Path]:
    """Yield the product's modules whose texts people act upon."""
    found = sorted((ROOT / "hp_tf").rglob("*.py"))
    yield from (path for path in found if not any(part in path.as_posix() for part in _PAGES))


def texts(path: Path) -> Iterator[Text]:
    """Yield the strings of a module that are no docstrings, longest first where one is a part of another."""
    tree = ast.parse(path.read_text())
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.JoinedStr):
            yield Text(
                place, "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Text(place, node.value)


def composed(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield place and literal words of every command line that a module has `CommandLine.of` compose."""
    for node in ast.walk(ast.parse(path.read_text())):
        call = node.func if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or not isinstance(call, ast.Attribute) or call.attr != "of":
            continue
        if "command" in ast.unparse(call.value).lower():
            words = [str(item.value) for item in node.args if isinstance(item, ast.Constant)]
            yield f"{path.relative_to(ROOT)}:{node.lineno}", words


def wrong(said: Text) -> Iterator[str]:
    """Yield what is wrong with the commands and options that a text names; a script's are other programs'."""
    if said.text.startswith("#!"):
        return
    rest = _OF_OTHERS.sub("", said.text)
    for quoted in re.findall(r"`hptf ([^`]*)`", said.text):
        if not _VERB.match(f"hptf {quoted}"):
            yield f"`hptf {quoted}` is no command"
    for match in _VERB.finditer(said.text):
        verb, tail = match[1], match[2]
        rest = rest.replace(match[0], "")
        yield from (f"hptf {verb} takes no {option}" for option in _OPTION.findall(tail) if option not in OPTIONS[verb])
        if verb in NEEDS_ENV and not re.match(rf" (?:ENV\b|{re.escape(HOLE)})", tail):
            yield f"hptf {verb} lacks the environment"
    if any(part in said.place for part in _OTHERS) or (rest == rest.strip() and _OPTION.fullmatch(rest.split(" ")[0])):
        # Another program's; or an argument by itself, or what the user wrote, at the beginning of a sentence.
        return
    for match in _OPTION.finditer(rest):
        before = _BEFORE.search(rest[: match.start()])
        verbs = (
            [before[1]]
            if before
            else OPTIONS
            if said.place.startswith("hp_tf/cli/")
            else _ASKING.get(said.place.partition(":")[0], _RUNNING)
        )
        # Behind the command itself stands the one command that says it.
        enough = any if said.place.startswith("hp_tf/cli/") else all
        if not enough(match[0] in OPTIONS[verb] for verb in verbs):
            yield f"not every command takes {match[0]}: say which one"
