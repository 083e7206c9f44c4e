"""Command lines in hints."""

from __future__ import annotations

from hp_tf.run.command_line import CommandLine


def test_a_command_about_the_same() -> None:
    assert CommandLine("dev").of("apply") == "hptf apply dev"
    assert CommandLine("other/mine.yaml").of("apply", "--layer", "fsx") == "hptf apply other/mine.yaml --layer fsx"
    assert CommandLine("dev", True).of("local up") == "hptf local up dev --rehearse"
    assert CommandLine("my envs/dev.yaml", True).of("plan", "--out", "a b") == (
        "hptf plan 'my envs/dev.yaml' --out 'a b' --rehearse"
    )
