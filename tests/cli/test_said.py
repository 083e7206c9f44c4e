"""No advice names a command or an option that there is not: every text is held to the real application."""

from __future__ import annotations

import pytest

from tests.cli.said import NEEDS_ENV, OPTIONS, Text, composed, sources, texts, wrong


def test_every_command_that_a_text_names_exists_and_takes_its_options() -> None:
    found = [
        f"{said.place}: {fault}: {said.text!r}" for path in sources() for said in texts(path) for fault in wrong(said)
    ]
    assert not found, "\n".join(found)


def test_every_command_line_that_is_composed_is_one() -> None:
    found = [item for path in sources() for item in composed(path)]
    assert len(found) > 10
    for place, (verb, *options) in found:
        assert verb in NEEDS_ENV, f"{place}: {verb}"
        unknown = {option for option in options if option.startswith("--")} - OPTIONS[verb]
        assert not unknown, f"{place}: {verb} takes no {unknown}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("run `hptf aply ENV`", "no command"),
        ("stop it with `hptf local down`", "lacks the environment"),
        ("stop it: hptf local down ENV", None),
        ("hptf plan {} --keep '{}'", "takes no --keep"),
        ("hptf keeps no outputs of it", None),
        ("wait: apply --lock-timeout SECONDS", None),
        ("add --keep '{}'", "say which one"),
        ("apply with --keep '{}'", None),
        ("plan with --keep '{}'", "say which one"),
        ("add --layer {}, or run over all layers", None),
        ("--keep {}: no state says that its creation was cut off", None),
    ],
)
def test_what_is_held_to_it(text: str, fault: str | None) -> None:
    found = list(wrong(Text("hp_tf/x.py:1", text)))
    assert (fault is None and not found) or (fault is not None and fault in "".join(found)), found
