"""Everything a command needs, put together once and passed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from hp_tf.contract.base import Contract
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.environment.model import Environment, S3State
from hp_tf.environment.wiring import Wiring
from hp_tf.exec_plugin import Tokens
from hp_tf.files import make_folder
from hp_tf.run.command_line import CommandLine
from hp_tf.run.journal import Home
from hp_tf.run.nodes import ClusterNodes
from hp_tf.run.project import Project
from hp_tf.run.shared_providers import SharedProviders
from hp_tf.run.target import Target
from hp_tf.run.work_lock import WorkLock
from hp_tf.state.locks import LockInfo
from hp_tf.state.owner import Owner
from hp_tf.state.stores import Store
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.events import Event
from hp_tf.terraform.stop import StopRequest


class Interface(Protocol):
    """What a run tells the people who wait for it."""

    def say(self, line: str) -> None:
        """Print one line."""

    def begin(self, title: str, due: Mapping[str, int] | None = None) -> None:
        """A phase of work begins; ``due``: how many operations it takes, by address, where a plan says so."""

    def event(self, event: Event) -> None:
        """Terraform did something."""

    def end(self) -> None:
        """The phase is over."""


@dataclass(frozen=True)
class Resting:
    """An environment and where its states rest: all that a command needs which only looks at them.

    Attributes:
        target: what it is about.
        work: where its runs are recorded on this machine; it need not be there.
    """

    command_line: CommandLine
    environment: Environment
    wiring: Wiring
    contracts: Mapping[str, Contract]
    store: Store
    target: Target
    work: Path

    @property
    def owner(self) -> Owner:
        """Whose states these are."""
        described = self.environment
        return Owner(described.id, described.aws.account_id, described.aws.region, described.name)


@dataclass(frozen=True)
class Context(Resting):
    """One command's environment, target, store and tools.

    Attributes:
        looked_up: what AWS said of existing layers.
        read: the releases in the cluster that were read, by namespace and name. Each is read once before plans.
        tokens: for the cluster.
        providers: those that run through all of the command; None where each Terraform starts its own.
    """

    project: Project
    terraform: Terraform
    environ: Mapping[str, str]
    ui: Interface
    stop: StopRequest
    nodes: ClusterNodes
    lock_wait: float = 0.0
    looked_up: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    read: set[tuple[str, str]] = field(default_factory=set)
    tokens: Tokens = field(default_factory=Tokens)
    work_lock: WorkLock | None = None
    providers: SharedProviders | None = None

    def nodes_running(self) -> bool:
        """Whether a node of the environment's cluster runs."""
        return self.nodes.running(self.nodes.statuses())

    @property
    def resource_types(self) -> ResourceTypes:
        """The resource types of all layers."""
        return ResourceTypes(self.contracts.values())

    @property
    def home(self) -> Home:
        """Whose states this command is about."""
        return Home(self.store.describe(), str(self.environment.path.resolve()), self.target.instance)

    def say_waiting(self, layer: str, holder: LockInfo | None) -> None:
        """Say whose lock is waited for."""
        way = self.store.held(layer, holder).if_dead
        by = holder or "somebody unknown"
        self.ui.say(f"waiting for the lock of {layer}, held by {by}{'; ' + way if way else ''}")

    def lookup(self, layer: str) -> Mapping[str, Any]:
        """Return an existing layer's outputs, asked of AWS at most once."""
        if layer not in self.looked_up:
            from hp_tf.aws.lookups import look_up

            given, declared = self.environment.layers[layer].existing, self.contracts[layer].lookup
            self.looked_up[layer] = (
                dict(given) if declared is None else look_up(layer, declared, self.target.clients, given)
            )
        return self.looked_up[layer]


def open_store(target: Target, command_line: CommandLine) -> Store:
    """Return the store the target's states rest in."""
    if isinstance(target.state, S3State):
        from hp_tf.state.s3 import S3Store

        return S3Store(
            target.clients.client("s3"),
            target.state.bucket,
            target.state.prefix,
            kms_key_arn=target.state.kms_key_arn,
            command=command_line.of,
        )
    from hp_tf.state.local import LocalStore

    return LocalStore(make_folder(target.state.directory).resolve())
