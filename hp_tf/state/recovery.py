"""Bring to the store what a crash left half done: a state that Terraform sent, or wrote to `errored.tfstate`.

Doing it twice is no harm: a layer that already has what the state says is left alone.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hp_tf.errors import HptfError
from hp_tf.state.document import State, loads
from hp_tf.state.merge import split
from hp_tf.state.record import Record, posted_path
from hp_tf.state.session import set_apart
from hp_tf.state.snapshot import Version
from hp_tf.state.stores import Store


@dataclass(frozen=True)
class Pending:
    """The last state a dead run left behind. path: the file. superseded: earlier ones it replaces."""

    run_directory: Path
    path: Path
    state: State
    superseded: tuple[Path, ...]


@dataclass(frozen=True)
class Finished:
    """What finishing did. written: layers whose state changed. stray: resources that belong to no layer of the set."""

    written: frozenset[str]
    stray: list[dict[str, Any]]


def pending(run_directory: Path, *errored: Path) -> Pending | None:
    """The newest state a run left that may not be in the store; None if it left none.

    Args:
        run_directory: of the run.
        errored: where Terraform may have left an `errored.tfstate`; files that do not exist are passed over.

    Raises:
        HptfError: if there are such files and none can be read.
    """
    readable: list[tuple[int, Path, State]] = []
    broken = []
    for path in (posted_path(run_directory), *errored):
        if not path.exists():
            continue
        try:
            state = loads(path.read_bytes())
            readable.append((int(state.get("serial", 0)), path, state))
        except (OSError, ValueError, TypeError):
            # A file cut off by the crash; a whole one beside it holds what was sent before.
            broken.append(path)
    if not readable:
        if broken:
            raise HptfError(
                f"An interrupted run left a state that cannot be read: {', '.join(map(str, broken))}.",
                hint="Move it away to go on; what it held must then be found in the account and imported.",
            )
        return None
    _, path, state = max(readable, key=lambda entry: entry[0])
    others = [other for _, other, _ in readable if other != path]
    return Pending(run_directory, path, state, tuple(others + broken))


def finish(store: Store, left: Pending) -> Finished:
    """Bring what a dead run left to the store. The caller holds the locks of the run's layers.

    Raises:
        HptfError: with nothing written, if the state belongs to another run, or if a layer that it changes was changed
            by somebody else since; and if the store fails, after which it can be done again.
    """
    record = Record.load(left.run_directory)
    lineage = left.state.get("lineage")
    if not record.gave(lineage):
        raise HptfError(
            f"{left.path} is not the state of the run in {left.run_directory}: its lineage is {lineage}.",
            hint="Move the file away if it has nothing to do with this environment.",
        )
    states = store.read_all(sorted(record.versions))
    parted = split(left.state, states)
    write: dict[str, State] = {}
    conflicts = []
    for layer in sorted(parted.changed):
        new, now = Version.of(parted.layers[layer]), states[layer]
        if (Version.of(now) if now else None) in record.versions[layer]:
            write[layer] = parted.layers[layer]
        elif now is None:
            # Nothing is there, whoever took it away: nobody's work is walked over.
            write[layer] = _after(record.versions[layer], parted.layers[layer])
        elif new.digest != _digest(record.versions[layer][0]):
            conflicts.append(layer)
        # Otherwise the run had not touched the layer, and somebody else has: theirs stands.
    if conflicts:
        raise HptfError(
            f"The run in {left.run_directory} was cut off after changing {', '.join(conflicts)}, and somebody else has "
            "changed the same states since.",
            hint=f"Compare them with {left.path}, bring over what is missing (`terraform import`), then move that file "
            "away.",
        )
    versions = {layer: Version.of(state) for layer, state in write.items()}
    record.attempt(versions)
    _save(record, left.run_directory)
    failed = store.write_all(write)
    failed.update(set_apart(store, left.run_directory, parted.stray, had=False))
    record.confirm(versions, [layer for layer in write if layer not in failed])
    _save(record, left.run_directory)
    if failed:
        raise HptfError(
            f"Not written: {', '.join(sorted(failed))}. " + " ".join(error.message for error in failed.values()),
            hint=f"The whole state is kept in {left.path}; repeat the command when the store is back.",
        )
    # The newest last: if removing stops in between, no older state is left alone to be taken for the newest.
    for path in (*left.superseded, left.path):
        path.unlink(missing_ok=True)
    return Finished(frozenset(write), parted.stray)


def _after(versions: list[Version | None], state: State) -> State:
    """A state as the next one after those that were in the store."""
    known = [version for version in versions if version is not None]
    return {**state, "lineage": known[-1].lineage, "serial": max(version.serial for version in known) + 1}


def _digest(version: Version | None) -> str | None:
    return version.digest if version else None


def _save(record: Record, run_directory: Path) -> None:
    with contextlib.suppress(OSError):
        record.save(run_directory)
