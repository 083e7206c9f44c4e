"""`hptf validate`: a file, its rules and its wiring, without AWS or Terraform."""

from __future__ import annotations

from pathlib import Path

from hp_tf.environment.load import ENVIRONMENTS, validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report import summary
from hp_tf.report.console import Console


def validate(env: str) -> None:
    """Check a file and say what it describes."""
    environment, wiring = validated(env, CONTRACTS, Path.cwd() / ENVIRONMENTS)
    Console().out(summary.environment(environment, wiring))
