"""The record a session keeps beside the run: which versions of each layer's state it read, tried to write and wrote.

After a crash it tells whether a state in the store is still the run's own, so that the run's last word may be written
over it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hp_tf.errors import HptfError
from hp_tf.files import write_durably
from hp_tf.state.snapshot import Snapshot, Version

_FORMAT = 1


def posted_path(run_directory: Path) -> Path:
    """Where a state that Terraform sent lies until every layer of it is in the store."""
    return run_directory / "state" / "posted.tfstate"


def record_path(run_directory: Path) -> Path:
    """Where the record lies."""
    return run_directory / "state" / "session.json"


@dataclass
class Record:
    """What a session knows of the store.

    lineages: those Terraform was given; None stands for "no state yet", upon which it invents one. That takes the place
        of the None as soon as it is known.
    versions: for each layer, first the version known to be in the store, then those whose writing may have succeeded.
    """

    environment: str
    lineages: list[str | None]
    versions: dict[str, list[Version | None]]

    @classmethod
    def start(cls, environment: str, snapshot: Snapshot) -> Record:
        """The record of a session that has only read."""
        return cls(environment, [], {layer: [version] for layer, version in snapshot.versions.items()})

    def give(self, lineage: str | None) -> bool:
        """Note the lineage that Terraform is given; whether it is a new one."""
        if lineage in self.lineages:
            return False
        self.lineages.append(lineage)
        return True

    def sent(self, lineage: str | None) -> bool:
        """Note the lineage of a state that Terraform sent; whether it is one that it had invented."""
        if lineage is None or lineage in self.lineages or None not in self.lineages:
            return False
        self.lineages[self.lineages.index(None)] = lineage
        return True

    def gave(self, lineage: str | None) -> bool:
        """Whether a state of this lineage can be the run's: it was given it, or given none and has sent none yet."""
        return None in self.lineages or lineage in self.lineages

    def attempt(self, versions: Mapping[str, Version]) -> None:
        """Note what is about to be written."""
        for layer, version in versions.items():
            if version not in self.versions[layer]:
                self.versions[layer].append(version)

    def confirm(self, versions: Mapping[str, Version], layers: Iterable[str]) -> None:
        """Note that these layers' versions are in the store."""
        for layer in layers:
            self.versions[layer] = [versions[layer]]

    def save(self, run_directory: Path) -> None:
        """Write the record. Raises OSError."""
        body = {
            "format": _FORMAT,
            "environment": self.environment,
            "lineages": self.lineages,
            "versions": {
                layer: [version.to_json() if version else None for version in versions]
                for layer, versions in self.versions.items()
            },
        }
        write_durably(record_path(run_directory), json.dumps(body, indent=1).encode())

    @classmethod
    def load(cls, run_directory: Path) -> Record:
        """Read the record of a run.

        Raises:
            HptfError: if it is missing or not readable.
        """
        path = record_path(run_directory)
        try:
            data = json.loads(path.read_bytes())
            if data["format"] != _FORMAT:
                raise ValueError(f"format {data['format']}")
            versions = {
                layer: [Version.from_json(version) if version else None for version in versions]
                for layer, versions in data["versions"].items()
            }
            return cls(data["environment"], data["lineages"], versions)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HptfError(
                f"The record of the run in {run_directory} cannot be read: {error}.",
                hint="Without it, what that run left cannot be told from later changes; compare its states by hand.",
            ) from error
