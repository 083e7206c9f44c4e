"""What to do after an apply that made something to work with."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.next_steps import Standing
from hp_tf.planning.planner import Planned
from hp_tf.run.context import Context


def commands(context: Context, planned: Planned, outputs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield commands, of the layers in which something was bought.

    Args:
        outputs: of the layers, by name.
    """
    aws = context.environment.aws
    emulated = context.target.emulator is not None
    options = ["--region", aws.region]
    if aws.profile is not None and not emulated:
        options += ["--profile", aws.profile]
    role = aws.assume_role.role_arn if aws.assume_role is not None and not emulated else None
    steps: list[str] = []
    for name in dict.fromkeys(item.layer for item in planned.bought):
        declared, given = context.contracts[name].next_steps, outputs.get(name)
        if declared is not None and given:
            steps += declared(Standing(given, shlex.join(options), role))
    if steps and emulated:
        yield f'eval "$({context.command_line.of("local env")})"'
    yield from steps
