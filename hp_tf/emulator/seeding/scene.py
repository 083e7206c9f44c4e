"""Where things are made: the account, what is to be there, and what has been made so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from moto.ec2.models import ec2_backends

from hp_tf.emulator.awsjson import Caller
from hp_tf.emulator.own import OwnServices

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One thing that is to be there."""

    kind: str
    id: str
    facts: Facts


@dataclass
class Scene:
    """The account while things are made in it.

    Attributes:
        own: the services that are ours.
        caller: whoever started the emulator, in its home region.
        items: everything that is to be there, in the order it is made.
        kinds: by kind, the function that makes a thing unless it is there, and answers whether it did.
        made: what was made: kind and id.
    """

    own: OwnServices
    caller: Caller
    items: list[Item]
    kinds: Mapping[str, Callable[[Scene, str, Facts], bool]]
    made: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ec2(self) -> Any:
        """Moto's EC2 of the home region."""
        return ec2_backends[self.caller.account_id][self.caller.region]

    def ensure(self, kind: str, identity: str, facts: Facts) -> str:
        """Make a thing unless it is there, and answer with its id."""
        if self.kinds[kind](self, identity, facts):
            self.made.append((kind, identity))
        return identity

    def ids(self, kind: str) -> list[str]:
        """Return the ids of all things of a kind that are to be there."""
        return [item.id for item in self.items if item.kind == kind]

    def vpc(self, facts: Facts) -> str:
        """Return the VPC of a thing: its own, else the one that is given, else one made for it."""
        named = facts.get("vpc") or next(iter(self.ids("vpc")), None)
        return str(named) if named else self.ensure("vpc", fitted("vpc", "around"), {})


def fitted(prefix: str, *parts: str) -> str:
    """Return the id of a thing that is made to fit: the same each time, so that it is made once."""
    return f"{prefix}-0{sha256(' '.join(parts).encode()).hexdigest()[:16]}"
