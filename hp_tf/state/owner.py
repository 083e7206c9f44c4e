"""Whose states a store holds: an object that says so, and refuses the states to everybody else.

Without it a copied environment file takes over what another one made: the states say what there is, not for whom.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from hp_tf import codes
from hp_tf.errors import BadInput, HptfError
from hp_tf.state.stores import CommandOf, Store

_NAME = "owner.json"


@dataclass(frozen=True)
class Owner:
    """The environment that a store is for: the name of its file, and where it is."""

    environment: str
    account_id: str
    region: str

    def __str__(self) -> str:
        return f"environment {self.environment} (account {self.account_id}, {self.region})"

    def same_place(self, other: Owner) -> bool:
        """Whether both are in one account and region."""
        return (self.account_id, self.region) == (other.account_id, other.region)

    def require(self, store: Store, command: CommandOf) -> bool:
        """Return whether a store says that it is this one's; it may say nothing yet.

        Args:
            command: how commands about this one are typed.

        Raises:
            BadInput: if it is another's.
        """
        owner = read(store)
        if owner is None or owner == self:
            return owner is not None
        remedy = f"give {self.environment} states of its own: another state.s3.prefix, or state.local.directory"
        if self.same_place(owner):
            remedy += f"; if {owner.environment} was renamed, take them over: {command('state claim')}"
        raise BadInput(
            [
                codes.STORE_OF_ANOTHER.about(
                    self.environment, f"the states in {store.describe()} are those of {owner}, not of {self}", remedy
                )
            ]
        )

    def claim(self, store: Store) -> None:
        """Let a store say that it is this one's."""
        store.write_object(_NAME, json.dumps(asdict(self), indent=2).encode())


def read(store: Store) -> Owner | None:
    """Return whose states a store holds; None if it does not say.

    Raises:
        HptfError: if what it says cannot be read.
    """
    body = store.read_object(_NAME)
    if body is None:
        return None
    try:
        return Owner(**json.loads(body))
    except (ValueError, TypeError) as error:
        raise HptfError(
            f"{_NAME} in {store.describe()}, which says whose states these are, cannot be read",
            hint="remove that object if they are this environment's: the next apply writes it anew",
        ) from error
