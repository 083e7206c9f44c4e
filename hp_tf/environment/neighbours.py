"""What environments have in common whose files lie beside each other: one was copied, and too little of it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract, Unique, annotation
from hp_tf.environment.fields import default_of
from hp_tf.environment.inherit import read_inherited
from hp_tf.environment.mistakes import Mistake, mistake
from hp_tf.environment.model import Environment, S3State
from hp_tf.environment.shapes import draft
from hp_tf.environment.tree import Path
from hp_tf.errors import BadInput


def refuse_shared(environment: Environment, contracts: Mapping[str, Contract]) -> None:
    """Raise BadInput if an environment has the states, or names in one account and region, of one beside it.

    What a file shares with one that it extends is a mistake of its own, and found when it is read.
    """
    if environment.emulator is not None:
        # What is in an emulator is apart from everything else.
        return
    found = [
        one
        for path in sorted(environment.path.parent.glob("*.yaml"))
        if (other := _read(path, contracts)) is not None
        and path not in environment.files
        and environment.path not in other.files
        for one in (*_states(environment, other), *_names(environment, other))
    ]
    if found:
        raise BadInput(found)


def _read(path: FilePath, contracts: Mapping[str, Contract]) -> Environment | None:
    """A file that cannot be read is no environment yet; its own `hptf validate` says why."""
    try:
        found = draft(read_inherited(path), contracts).environment
    except BadInput:
        return None
    return found if found.emulator is None else None


def _states(environment: Environment, other: Environment) -> Iterator[Mistake]:
    key = "s3" if isinstance(environment.state, S3State) else "local"
    if _place(environment) == _place(other):
        text = f": {other.path.name} has the same states, so each would destroy what the other made"
        remedy = f"Give one of them its own {'prefix' if key == 's3' else 'directory'}."
        yield mistake(codes.STATE_SHARED, environment.tree, ("state", key), text, remedy)


def _place(environment: Environment) -> tuple[str, ...]:
    state = environment.state
    if isinstance(state, S3State):
        return state.bucket, state.prefix
    return (str(state.directory.resolve()),)


def _names(environment: Environment, other: Environment) -> Iterator[Mistake]:
    here, there = ((one.aws.account_id, one.aws.region) for one in (environment, other))
    if here != there:
        return
    theirs = dict(_unique(other))
    for path, value in _unique(environment):
        if theirs.get(path) == value:
            text = f" is '{value}' in {other.path.name} too, in the same account and region"
            yield mistake(codes.NAME_SHARED, environment.tree, path, text, "Give one of them another.")


def _unique(environment: Environment) -> Iterator[tuple[Path, Any]]:
    """Yield what no two environments of one account and region may have in common."""
    yield ("name",), environment.name
    for layer in environment.of_mode("created"):
        for key, info in layer.contract.inputs.model_fields.items():
            if annotation(info, Unique) is not None:
                value = layer.inputs.get(key, default_of(info))
                if value is not None:
                    yield ("layers", layer.name, key), value
