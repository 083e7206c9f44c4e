"""What of a layer's state was written last, kept beside it: a state that is less than that has been set back.

A state says nothing of what it was before. Emptied, deleted or overwritten by an older one, it makes a plan of what is
there already, and what it had held is known to nobody. Terraform by itself writes no such note, so a state that is
newer than it is right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.state.locks import whoami
from hp_tf.state.snapshot import Version
from hp_tf.state.stores import Store, check_layer

# To be raised when `document.digest` counts otherwise: digests of another format are not compared.
_FORMAT = 1
_FOLDER = "last"


@dataclass(frozen=True)
class Written:
    """The state of a layer that was written last.

    resources: how many it held. at: when, RFC 3339, UTC. by: who, `user@host`.
    """

    version: Version
    resources: int
    at: str
    by: str
    format: int = _FORMAT

    @classmethod
    def now(cls, state: Mapping[str, Any]) -> Written:
        """The note about a state that this process has just written."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(Version.of(state), document.resources(state), at, whoami())

    def to_json(self) -> bytes:
        """For an object in the store."""
        body = {"resources": self.resources, "at": self.at, "by": self.by, "format": self.format}
        return json.dumps({**self.version.to_json(), **body}, indent=2).encode()

    @classmethod
    def from_json(cls, body: bytes | None) -> Written | None:
        """From the store; None if there is none that can be read: it is written anew with the next state."""
        try:
            data = json.loads(body or b"{}")
            return cls(Version.from_json(data), data["resources"], data["at"], data["by"], data["format"])
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self) -> str:
        return f"serial {self.version.serial} with {self.resources} resources, written {self.at} by {self.by}"

    def set_back(self, state: State | None) -> str | None:
        """How a state is less than this, as the end of a sentence about it; None if it is not."""
        if state is None:
            return "is empty or gone" if self.resources else None
        now = Version.of(state)
        if now.lineage != self.version.lineage:
            return f"is another one (lineage {now.lineage}, not {self.version.lineage})" if self.resources else None
        if now.serial < self.version.serial:
            return f"is an older one (serial {now.serial})"
        if now.serial == self.version.serial and now.digest != self.version.digest and self.format == _FORMAT:
            return f"says something else under the same serial {now.serial}"
        return None


def note(store: Store, layer: str, state: State | None) -> None:
    """Note this as the state of a layer that was written last; None for none."""
    if state is None:
        store.delete_object(name(layer))
    else:
        store.write_object(name(layer), Written.now(state).to_json())


def name(layer: str) -> str:
    """The name of the object that has the note about a layer."""
    return f"{_FOLDER}/{check_layer(layer)}.json"
