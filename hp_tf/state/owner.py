"""Whose states a store holds: an object that says so, and refuses the states to everybody else.

Without it a copied environment file takes over what another one made: the states say what there is, not for whom.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from hp_tf import codes
from hp_tf.errors import BadInput, HptfError
from hp_tf.state.document import has_resources
from hp_tf.state.stores import CommandOf, Store

_NAME = "owner.json"


@dataclass(frozen=True)
class Owner:
    """The environment that a store is for.

    Attributes:
        environment: the name of its file.
        account_id, region: where it is.
        name: the prefix of the names of what it makes; empty where an earlier hptf did not say it.
    """

    environment: str
    account_id: str
    region: str
    name: str = ""

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
            BadInput: if it is another's, or this one's under another name.
        """
        owner = read(store)
        if owner is None or owner == self:
            return owner is not None
        if replace(owner, name=self.name) == self:
            self._refuse_renamed(owner, store, command)
            return False
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

    def _refuse_renamed(self, before: Owner, store: Store, command: CommandOf) -> None:
        """Raise BadInput for another name over resources that have the old one: nearly all would be made anew."""
        if not before.name or not any(has_resources(store.read(layer)) for layer in store.layers()):
            return
        raise BadInput(
            [
                codes.ENVIRONMENT_RENAMED.about(
                    self.environment,
                    f"name is '{self.name}' now, and all that {self.environment} has made is called after "
                    f"'{before.name}': it would be made anew, and what it holds be lost",
                    f"write name: {before.name} again, and make another environment for another name; if this one is "
                    f"to be made anew, say so: {command('state claim')}",
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
