"""What a command line asks for, as far as it can be told wrong before anything is asked of AWS or started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hp_tf.contract.base import Contract
from hp_tf.environment.messages.words import no_layer
from hp_tf.environment.model import Environment
from hp_tf.errors import BadInput
from hp_tf.planning import saved_plan


@dataclass(frozen=True)
class Request:
    """Names and folders that a user gave.

    Attributes:
        layers: names of layers, whatever is to happen to them.
        out: the folder that a plan is to be kept in.
        kept: the folder of one made before.
    """

    layers: tuple[str, ...] = ()
    out: Path | None = None
    kept: Path | None = None

    def check(self, environment: Environment, contracts: Mapping[str, Contract]) -> None:
        """Raise BadInput if it can never be fulfilled in an environment, HptfError if a kept plan is damaged."""
        unknown = [no_layer(name, contracts) for name in dict.fromkeys(self.layers) if name not in contracts]
        if unknown:
            raise BadInput(unknown)
        if self.out is not None:
            saved_plan.check_folder(self.out)
        if self.kept is not None:
            made_for = saved_plan.read(self.kept).environment
            if made_for != environment.id:
                raise BadInput(
                    f"the plan in {self.kept} is for environment {made_for}, not for {environment.id}",
                    hint=f"name {made_for}, or plan {environment.id} and keep that plan",
                )
