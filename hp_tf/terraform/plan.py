"""A plan as `terraform show -json` gives it, typed. Source: Terraform's JSON output format, version 1.x."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Literal

from hp_tf.addresses import layer_of
from hp_tf.errors import HptfError
from hp_tf.terraform.values import Json, PlanValue

Path = tuple[str | int, ...]


class Action(Enum):
    """What a plan does to one resource. The value is Terraform's own list of actions, joined by a comma."""

    NO_OP = "no-op"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE_DELETE_FIRST = "delete,create"
    REPLACE_CREATE_FIRST = "create,delete"
    FORGET = "forget"
    REPLACE_FORGET = "create,forget"
    REPLACE_FORGET_FIRST = "forget,create"

    @property
    def replaces(self) -> bool:
        return "," in self.value

    @property
    def destroys(self) -> bool:
        """Whether the real object is deleted; a forgotten one lives on."""
        return self in (Action.DELETE, Action.REPLACE_DELETE_FIRST, Action.REPLACE_CREATE_FIRST)

    @property
    def label(self) -> str:
        """The word for people."""
        return "replace" if self.replaces else self.value


@dataclass(frozen=True)
class Counts:
    """How many resources a plan touches. Each counts once: a replacement is not also an add and a destroy."""

    add: int = 0
    change: int = 0
    destroy: int = 0
    replace: int = 0
    imported: int = 0
    forget: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))


@dataclass(frozen=True)
class ResourceChange:
    """One entry of `resource_changes`.

    `layer` is the first module name of the address (None for a resource of the root itself). `before` and
    `after` are null where there is no object. `replace_paths` are the attributes that force a replacement. `importing`
    is the import's id (an empty string if that is unknown or an identity), None if nothing is imported. `deposed` is
    the key of a leftover object.
    """

    address: str
    module_address: str
    layer: str | None
    mode: Literal["managed", "data"]
    type: str
    name: str
    index: str | int | None
    provider: str
    action: Action
    before: PlanValue
    after: PlanValue
    replace_paths: tuple[Path, ...]
    importing: str | None
    deposed: str | None
    previous_address: str | None
    reason: str | None
    raw: Json = field(repr=False, compare=False)

    @property
    def acts(self) -> bool:
        """Whether applying touches the object or its place in the state. Reading a data source does not."""
        if self.mode == "data":
            return False
        return self.action not in (Action.NO_OP, Action.READ) or self.importing is not None or self.moved

    @property
    def moved(self) -> bool:
        return self.previous_address is not None and self.previous_address != self.address

    @classmethod
    def load(cls, raw: Json) -> ResourceChange:
        change: Json = raw.get("change") or {}
        module = raw.get("module_address", "")
        importing = change.get("importing")
        return cls(
            address=raw["address"],
            module_address=module,
            layer=layer_of(module),
            mode="data" if raw.get("mode") == "data" else "managed",
            type=raw.get("type", ""),
            name=raw.get("name", ""),
            index=raw.get("index"),
            provider=raw.get("provider_name", ""),
            action=_action(raw["address"], change.get("actions") or ["no-op"]),
            before=PlanValue.before(change),
            after=PlanValue.after(change),
            replace_paths=tuple(tuple(path) for path in change.get("replace_paths") or ()),
            importing=None if importing is None else str(importing.get("id", "")),
            deposed=raw.get("deposed"),
            previous_address=raw.get("previous_address"),
            reason=raw.get("action_reason"),
            raw=raw,
        )


@dataclass(frozen=True)
class Plan:
    """A whole plan.

    Attributes:
        outputs: the changes of the root's outputs, raw.
        drift: how what the plan acts upon is another than the state says.
    """

    resource_changes: tuple[ResourceChange, ...]
    outputs: Mapping[str, Json]
    drift: tuple[ResourceChange, ...] = ()

    @classmethod
    def load(cls, raw: Json) -> Plan:
        """From the decoded document; an empty one is the plan that does nothing.

        Raises:
            HptfError: if its format is of another major version.
        """
        version = str(raw.get("format_version", ""))
        if raw and not version.startswith("1."):
            raise HptfError(
                f"The plan's JSON is of format {version or 'unknown'}; hptf reads format 1.",
                hint="use a Terraform or OpenTofu release that this hptf knows",
            )
        changes = tuple(map(ResourceChange.load, raw.get("resource_changes") or ()))
        acting = {change.address for change in changes if change.acts}
        drift = map(ResourceChange.load, raw.get("resource_drift") or ())
        return cls(
            resource_changes=changes,
            outputs=raw.get("output_changes") or {},
            drift=tuple(sorted((item for item in drift if item.address in acting), key=lambda item: item.address)),
        )

    def changes(self, layer: str | None = None) -> tuple[ResourceChange, ...]:
        """What acts, in Terraform's order: of one layer, or of the whole plan."""
        return tuple(c for c in self.resource_changes if c.acts and layer in (None, c.layer))

    @property
    def acts(self) -> bool:
        """Whether applying it does anything."""
        return bool(self.changes()) or any(item.get("actions") != ["no-op"] for item in self.outputs.values())

    def counts(self, layer: str | None = None) -> Counts:
        """How much acts: of one layer, or of the whole plan."""
        acting = self.changes(layer)
        actions = [change.action for change in acting]
        return Counts(
            add=actions.count(Action.CREATE),
            change=actions.count(Action.UPDATE),
            destroy=actions.count(Action.DELETE),
            replace=sum(action.replaces for action in actions),
            imported=sum(change.importing is not None for change in acting),
            forget=actions.count(Action.FORGET),
        )


def operations(plan: Plan | None) -> dict[str, int]:
    """How many operations applying a plan takes, by address; a replacement is two, and moving or importing is none."""
    counted: dict[str, int] = {}
    for change in plan.changes() if plan is not None else ():
        if change.action not in (Action.NO_OP, Action.FORGET):
            both = change.action.replaces and change.action.destroys
            counted[change.address] = counted.get(change.address, 0) + (2 if both else 1)
    return counted


def cut_off(change: ResourceChange) -> bool:
    """Return whether a resource is only replaced because its creation was cut off."""
    return change.action.replaces and change.reason == "replace_because_tainted"


def protected(plan: Plan, types: Collection[str]) -> list[str]:
    """The addresses, sorted, of resources of these types whose real object the plan deletes or replaces."""
    return sorted({c.address for c in plan.resource_changes if c.acts and c.type in types and c.action.destroys})


def _action(address: str, actions: Iterable[str]) -> Action:
    text = ",".join(actions)
    try:
        return Action(text)
    except ValueError as error:
        raise HptfError(
            f"The plan does {text!r} to {address}, which hptf does not know.",
            hint="use a Terraform or OpenTofu release that this hptf knows",
        ) from error
