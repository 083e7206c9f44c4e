"""What the states of a set were at one moment, for telling later that they are still the same.

Terraform's own check of a saved plan sees the merged serial and lineage only: not the layers whose outputs entered as
literals, and not two changes that cancel out in the sum. A snapshot sees each layer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf.errors import HptfError
from hp_tf.state.document import State, digest, has_resources, providers
from hp_tf.state.merge import FORMAT
from hp_tf.state.stores import Presence, Store

_ATTEMPTS = 5
_HOSTS = {"terraform": "registry.opentofu.org/", "tofu": "registry.terraform.io/"}


@dataclass(frozen=True)
class Version:
    """One version of one layer's state. digest: of its content, see `document.digest`."""

    lineage: str
    serial: int
    digest: str

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> Version:
        """The version that a state is."""
        return cls(str(state.get("lineage", "")), int(state.get("serial", 0)), digest(state))

    def to_json(self) -> dict[str, Any]:
        """For a file of hptf's own."""
        return {"lineage": self.lineage, "serial": self.serial, "digest": self.digest}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Version:
        """From what `to_json` gave."""
        return cls(data["lineage"], data["serial"], data["digest"])


class StaleSnapshot(HptfError):
    """States have changed since they were read. `differences` has a sentence for every layer that has."""

    def __init__(self, differences: list[str]) -> None:
        self.differences = differences
        super().__init__(
            "The states have changed since this plan was made: " + "; ".join(differences) + ".",
            hint="Plan again and review the new plan.",
        )


@dataclass(frozen=True)
class Snapshot:
    """The version of each layer's state; None for a layer known to have none.

    Attributes:
        live: of the layers whose versions do not matter, those that have resources; None where that does not matter
            either.
    """

    versions: Mapping[str, Version | None]
    live: frozenset[str] | None = None

    @classmethod
    def of(cls, states: Mapping[str, State | None]) -> Snapshot:
        """The snapshot of states that were read."""
        return cls({layer: None if state is None else Version.of(state) for layer, state in sorted(states.items())})

    @classmethod
    def part(cls, states: Mapping[str, State | None], layers: Iterable[str]) -> Snapshot:
        """The snapshot that is about these layers; of the others it knows which have resources."""
        chosen = set(layers)
        others = frozenset(name for name, state in states.items() if name not in chosen and has_resources(state))
        return cls(cls.of({name: states.get(name) for name in chosen}).versions, others)

    def to_json(self) -> dict[str, Any]:
        """For a plan's bundle."""
        layers = {layer: version.to_json() if version else None for layer, version in self.versions.items()}
        return {"layers": layers, "live": None if self.live is None else sorted(self.live)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Snapshot:
        """From what `to_json` gave."""
        versions = {layer: Version.from_json(version) if version else None for layer, version in data["layers"].items()}
        return cls(versions, None if data["live"] is None else frozenset(data["live"]))

    def differences(self, other: Snapshot) -> list[str]:
        """A sentence part for each layer whose state in `other`, the later one, is not what it is here."""
        found = []
        for layer in sorted(self.versions.keys() | other.versions.keys()):
            then, now = self.versions.get(layer), other.versions.get(layer)
            if then == now:
                continue
            if then is None and now is not None:
                found.append(f"{layer} had no state and now has one (serial {now.serial})")
            elif now is None and then is not None:
                found.append(f"{layer} had a state (serial {then.serial}) and now has none")
            elif then is not None and now is not None:
                found.append(f"{layer} {_difference(then, now)}")
        if self.live is not None and other.live is not None:
            found += [f"{layer} has resources now" for layer in sorted(other.live - self.live)]
            found += [f"{layer} has no resources any more" for layer in sorted(self.live - other.live)]
        return found

    def verify(self, store: Store) -> Reading:
        """Read the states again, under the locks of these layers, and see that nothing has changed.

        Raises:
            StaleSnapshot: that names every layer that has.
        """
        reading = read(store, {*self.versions, *store.layers()}, refuse_if_locked=False).about(self.versions)
        differences = self.differences(reading.snapshot)
        if differences:
            raise StaleSnapshot(differences)
        return reading


def _difference(then: Version, now: Version) -> str:
    if then.lineage != now.lineage:
        return f"has another state than before (lineage {then.lineage}, now {now.lineage})"
    if then.serial != now.serial:
        return f"went from serial {then.serial} to {now.serial}"
    return f"has other content under the same serial {now.serial}"


@dataclass(frozen=True)
class Reading:
    """States read at one moment, and their snapshot."""

    snapshot: Snapshot
    states: dict[str, State | None]

    def about(self, layers: Iterable[str]) -> Reading:
        """The same states, with the snapshot that is about these layers."""
        return Reading(Snapshot.part(self.states, layers), self.states)


def read(
    store: Store,
    layers: Iterable[str],
    *,
    refuse_if_locked: bool = True,
    concerned: Callable[[Mapping[str, State | None]], Iterable[str]] | None = None,
    others: bool = False,
) -> Reading:
    """Read the states of layers as they are at one moment.

    The store is looked at before and after; if a state was written meanwhile, all are read again.

    Args:
        refuse_if_locked: raise LockHeld if somebody holds the lock of one of them, before or after. False for who holds
            them.
        concerned: chooses, of the states read, the layers whose locks matter; all by default.
        others: read every other layer too that the store has a state of.

    Raises:
        HptfError: if they keep changing.
    """
    wanted = set(layers)
    for _ in range(_ATTEMPTS):
        before = store.survey()
        found = {name for name, presence in before.items() if presence.version is not None} if others else set()
        names = sorted(wanted | found)
        try:
            states = store.read_all(names)
        except HptfError:
            # Half written by whoever holds its lock.
            if refuse_if_locked:
                _refuse_locked(store, names, before)
            raise
        after = store.survey()
        if refuse_if_locked:
            _refuse_locked(store, sorted(concerned(states)) if concerned else names, before, after)
        if all(_written(before, name) == _written(after, name) for name in names):
            return Reading(Snapshot.of(states), states)
    raise HptfError(
        f"The states in {store.describe()} keep changing while they are read.",
        hint="Wait until whoever writes them has finished.",
    )


def _written(survey: Mapping[str, Any], layer: str) -> str | None:
    return survey[layer].version if layer in survey else None


def _refuse_locked(store: Store, layers: Iterable[str], *surveys: Mapping[str, Presence]) -> None:
    for layer in layers:
        locked = any(layer in survey and survey[layer].locked for survey in surveys)
        if locked and (holder := store.holder(layer)) is not None:
            raise store.held(layer, holder)


def refuse_unreadable(states: Mapping[str, State | None], product: str, version: str) -> None:
    """Refuse states that the Terraform at hand must not write over.

    Args:
        states: by layer.
        product: `terraform` or `tofu`, the one that is going to run.
        version: of it, like `1.11.4`.

    Raises:
        HptfError: that names every layer whose state has another format, was written by a newer minor version, or by
            the other product (told by the registry its providers come from).
    """
    problems = []
    for layer, state in sorted(states.items()):
        if state is None:
            continue
        writer = str(state.get("terraform_version", ""))
        if state.get("version") != FORMAT:
            problems.append(f"{layer} has format {state.get('version', 'unknown')}, not {FORMAT}")
        elif _minor(writer) > _minor(version):
            problems.append(f"{layer} was written by version {writer}")
        elif any(provider.startswith(_HOSTS[product]) for provider in providers(state)):
            problems.append(f"{layer} was written by {'tofu' if product == 'terraform' else 'terraform'}")
    if problems:
        raise HptfError(
            f"{product} {version} cannot take over these states: {'; '.join(problems)}.",
            hint="Run the one that wrote them, of the same or a newer version: `HPTF_TERRAFORM` names the binary.",
        )


def _minor(version: str) -> tuple[int, int]:
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)
