"""What a resource type is to hptf: its import id, how to find one, what it is born with, what the service fixes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Protocol

from hp_tf.contract.clients import Clients
from hp_tf.contract.keyed import KeyedList, LiveLists
from hp_tf.contract.resources.changes import Judgement
from hp_tf.contract.resources.creation import Creation

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class Release:
    """A Helm release, as a plan or a state has it.

    Attributes:
        folder: its chart, relative to the root.
        chart: the name of the chart that is installed; None before one is.
    """

    namespace: str
    name: str
    folder: str
    chart: str | None = None


class Account(Clients, Protocol):
    """Where resources are looked for: AWS, and the environment's cluster."""

    def has_release(self, release: Release) -> bool:
        """Whether the cluster has a Helm release of this name and chart; false while there is no cluster."""


@dataclass(frozen=True)
class ResourceType:
    """A Terraform resource type that layers make.

    A type is found in one of two ways: ``import_id`` and ``exists`` where the import id follows from the arguments,
    ``candidates`` where AWS chooses the id.

    Attributes:
        type: Terraform's name of it.
        import_id: the string by which Terraform imports one, as a template over its arguments: "{bucket}/{key}". None
            if AWS chooses it: then it is the attribute ``id``. Source: the provider's documentation, "Import".
        own_id: the attribute ``id`` is another string than the import id.
        exists: whether the one with these arguments is there; may let AWS's own "not found" pass. It is asked only
            when all arguments of the import id are known.
        candidates: the ids of those that fit what a plan would create, where unknown arguments are absent; none where
            too little is known to tell.
        single: the service refuses a second one with the same arguments, though it chooses the id.
        inventory: the ids of all there are in an account, less what AWS made by itself; None where an inventory does
            not count them.
        creation: how the service is asked where a creation stands, if making one takes it minutes.
        protected: deleting or replacing one must be allowed by its address.
        born_with: types of which the service makes one together with this.
        left_unrecorded: the provider records nothing of one whose creation failed, though it may be there.
        keyed_lists: by attribute, the lists whose elements are told apart by name.
        live: how those are had from the service; None where the provider needs no help with them.
        mocked: what a mock of it must say where random letters would not do for what else the module makes.
        nested: what the module sends inside this type's attributes, as paths with dots, and the provider's version that
            first had it. Terraform drops a nested attribute that the provider does not know, and says nothing.
        judgement: what is known of its changes that a plan does not say.
        repeated: by attribute, others in which the service answers it, as paths with dots: where it is a secret, they
            are, though the provider does not say so.
        release: gives the Helm release that one is, None where too little is known to tell; None for types that are
            none.
    """

    type: str
    import_id: str | None = None
    own_id: bool = False
    exists: Callable[[Attributes, Account], bool] | None = None
    candidates: Callable[[Attributes, Clients], Iterable[str]] | None = None
    single: bool = False
    inventory: Callable[[Clients], Iterable[str]] | None = None
    creation: Creation | None = None
    protected: bool = False
    born_with: tuple[str, ...] = ()
    left_unrecorded: bool = False
    keyed_lists: Mapping[str, KeyedList] = field(default_factory=dict)
    live: LiveLists | None = None
    mocked: Attributes = field(default_factory=dict)
    nested: Mapping[str, str] = field(default_factory=dict)
    judgement: Judgement = field(default_factory=Judgement)
    repeated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    release: Callable[[Attributes], Release | None] | None = None

    @property
    def alone(self) -> bool:
        """Whether there cannot be two with the same arguments."""
        return self.single or self.import_id is not None

    def foretold(self, planned: Attributes) -> str | None:
        """Return the import id of a resource to be created, None if AWS chooses it or an argument is unknown."""
        if self.import_id is None:
            return None
        names = [name for _, name, _, _ in Formatter().parse(self.import_id) if name]
        return self.import_id.format_map(planned) if all(planned.get(name) for name in names) else None

    def import_id_of(self, identity: str) -> str | None:
        """Return the import id of a resource whose attribute ``id`` is known, None if it takes more than that."""
        return None if self.own_id else identity

    def import_id_held(self, attributes: Attributes) -> str | None:
        """Return the import id of a resource as a state holds it, None if the attributes do not tell."""
        if self.own_id:
            return self.foretold(attributes)
        identity = attributes.get("id")
        return None if identity is None else str(identity)

    def find(self, planned: Attributes, account: Account, known: Collection[str]) -> str | None:
        """Return the import id of a resource that exists and that a plan would create; None if there is none.

        With several candidates it cannot be told which one was meant, and none is taken.

        Args:
            planned: the values of the plan; unknown ones are absent.
            known: import ids of this type that states hold: those are somebody's already.
        """
        if self.candidates is not None:
            found = set(self.candidates(planned, account)).difference(known)
            return found.pop() if len(found) == 1 else None
        identity = self.foretold(planned)
        if identity is None or identity in known or self.exists is None:
            return None
        return identity if self.exists(planned, account) else None
