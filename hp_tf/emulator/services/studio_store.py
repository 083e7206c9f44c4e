"""What there is of SageMaker Studio."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hp_tf.emulator.phases import Phase

KINDS = ("domain", "user-profile", "space", "studio-lifecycle-config")


@dataclass
class Held:
    """A domain, profile, space or start script. `kind` is its ARN's type."""

    kind: str
    region: str
    attributes: dict[str, Any]
    phase: Phase
    tags: dict[str, str] = field(default_factory=dict)


class StudioStore:
    """All of them, by ARN."""

    def __init__(self) -> None:
        self.held: dict[str, Held] = {}
