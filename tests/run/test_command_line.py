"""Command lines in hints."""

from __future__ import annotations

from hp_tf.run.command_line import Asked


def test_a_command_about_the_same() -> None:
    assert Asked("dev").again("apply") == "hptf apply dev"
    assert Asked("other/mine.yaml").again("apply", "--layer", "fsx") == "hptf apply other/mine.yaml --layer fsx"
    assert Asked("dev", True).again("local up") == "hptf local up dev --rehearse"
    assert Asked("my envs/dev.yaml", True).again("plan", "--out", "a b") == (
        "hptf plan 'my envs/dev.yaml' --out 'a b' --rehearse"
    )
