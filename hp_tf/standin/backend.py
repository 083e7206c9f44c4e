"""What a provider does behind the protocol. The servicer knows schemas only; a backend knows one service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hp_tf.standin.planning import Path, Plan
from hp_tf.standin.schema import Schema
from hp_tf.standin.values import Object


class Failure(Exception):
    """An operation that failed, with what the user reads.

    Attributes:
        summary: one line.
        detail: what happened, and what mends it if that is known.
        path: the attribute at fault.
        state: what exists nevertheless; Terraform records it as tainted after a failed create.
        warning: what is said beside it, summary and detail.
    """

    def __init__(
        self,
        summary: str,
        detail: str = "",
        *,
        path: Path = (),
        state: Object | None = None,
        warning: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{summary}: {detail}" if detail else summary)
        self.summary = summary
        self.detail = detail
        self.path = path
        self.state = state
        self.warning = warning


@dataclass
class Found:
    """A resource that was read: its state, or None if it is gone, and a warning."""

    state: Object | None
    warning: tuple[str, str] | None = None


class Backend(Protocol):
    """One configured instance of a provider. Values are as in values.py; every method raises Failure."""

    def configure(self, config: Object) -> None:
        """Take the provider block's values; leaves may be unknown."""

    def adjust_plan(self, type_name: str, plan: Plan, prior: Object | None, config: Object) -> Plan:
        """Refine the schema's plan of a create (prior None) or update. `plan.state` equal to `prior` is no change."""

    def create(self, type_name: str, planned: Object, config: Object) -> Object:
        """Make it; the answer has no unknowns and every known value as planned."""

    def read(self, type_name: str, state: Object) -> Found:
        """The live state of a resource."""

    def update(self, type_name: str, prior: Object, planned: Object, config: Object) -> Object:
        """Change it; the answer is as for create."""

    def delete(self, type_name: str, prior: Object) -> None:
        """Remove it. Already gone is success."""

    def stop(self) -> None:
        """Terraform was interrupted: end what waits, with a Failure that holds what exists. Others' calls go on."""

    def hang_up(self) -> None:
        """Terraform is gone, and the process of a real provider would be killed: what runs in it ends as it is."""

    def import_state(self, type_name: str, identifier: str) -> Object:
        """A state with what `read` needs to find the resource."""

    def read_data(self, type_name: str, config: Object) -> Object:
        """A data source's state."""


@dataclass(frozen=True)
class Definition:
    """A provider: its registry address, and the schemas of its configuration, resources and data sources."""

    address: str
    provider: Schema
    resources: Mapping[str, Schema]
    data_sources: Mapping[str, Schema] = field(default_factory=dict)
