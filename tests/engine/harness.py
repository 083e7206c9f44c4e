"""A small project whose layers are made of `terraform_data`: real Terraform, no provider to download, 0.2 s a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from hp_tf.contract.base import Contract, FromEnvironment, Inputs, Outputs, Wired
from hp_tf.contract.resources.base import Release, ResourceType
from hp_tf.contract.roles import Awaited, HyperPodCluster, KubernetesApi
from hp_tf.environment.load import validated
from hp_tf.environment.model import LocalState
from hp_tf.files import make_private
from hp_tf.layers.eks.cluster import KUBERNETES_API
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context
from hp_tf.run.project import Project
from hp_tf.run.target import Target
from hp_tf.state.local import LocalStore
from hp_tf.terraform.binary import find
from hp_tf.terraform.events import Event
from hp_tf.terraform.stop import StopRequest
from tests.engine import commands


class AlphaInputs(Inputs):
    """Inputs."""

    name: Annotated[str, FromEnvironment("name")] = Field(description="The prefix.")
    size: int = Field(default=1, description="A size.")
    seconds: int = Field(default=0, description="How long creating takes.")


class AlphaOutputs(Outputs):
    """Outputs."""

    id: str = Field(description="The id, known after apply.")
    size: str = Field(description="The size.")


class BetaInputs(Inputs):
    """Inputs."""

    alpha_id: Annotated[str, Wired("alpha.id")] = Field(description="From alpha.")
    alpha_size: Annotated[str, Wired("alpha.size")] = Field(description="From alpha.")
    seconds: int = Field(default=0, description="How long creating takes.")
    fail: bool = Field(default=False, description="Fail while creating.")


class BetaOutputs(Outputs):
    """Outputs."""

    id: str = Field(description="The id.")


class GammaInputs(Inputs):
    """Inputs."""

    beta_id: Annotated[str, Wired("beta.id")] = Field(description="From beta.")
    count_of: int = Field(default=1, description="How many.")


class GammaOutputs(Outputs):
    """Outputs."""

    ids: dict[str, str] = Field(description="The ids, by number.")


ALPHA = """
variable "name" { type = string }
variable "size" {
  type    = number
  default = 1
}
variable "seconds" {
  type    = number
  default = 0
}
resource "terraform_data" "this" {
  input = "${var.name}-${var.size}"
  provisioner "local-exec" { command = "sleep ${var.seconds}" }
}
output "id" { value = terraform_data.this.id }
output "size" { value = tostring(var.size) }
"""
BETA = """
variable "alpha_id" { type = string }
variable "alpha_size" { type = string }
variable "seconds" {
  type    = number
  default = 0
}
variable "fail" {
  type    = bool
  default = false
}
resource "terraform_data" "first" {
  input = var.alpha_id
}
resource "terraform_data" "this" {
  input = "${terraform_data.first.id}-${var.alpha_size}"
  provisioner "local-exec" { command = "sleep ${var.seconds}; test ${var.fail} = false" }
}
output "id" { value = terraform_data.this.id }
"""
GAMMA = """
variable "beta_id" { type = string }
variable "count_of" {
  type    = number
  default = 1
}
resource "terraform_data" "this" {
  for_each = toset([for number in range(var.count_of) : tostring(number)])
  input    = var.beta_id
}
output "ids" { value = { for key, item in terraform_data.this : key => item.id } }
"""

CONTRACTS: dict[str, Contract] = {
    "alpha": Contract("alpha", "The first.", AlphaInputs, AlphaOutputs, providers=()),
    "beta": Contract("beta", "The second.", BetaInputs, BetaOutputs, providers=()),
    "gamma": Contract("gamma", "The third.", GammaInputs, GammaOutputs, providers=(), provides=(HyperPodCluster(),)),
}
MODULES = {"alpha": ALPHA, "beta": BETA, "gamma": GAMMA}


RELEASE = Release("kube-system", "deps", "./chart", "small")


class EksInputs(Inputs):
    """Inputs."""

    generation: int = Field(default=1, description="Another one is another cluster.")
    endpoint_public_access: bool = Field(default=True, description="As the real layer's.")


class EksOutputs(Outputs):
    """What providers are configured from."""

    cluster_name: str = Field(description="The name.")
    cluster_endpoint: str = Field(description="Known after apply.")
    cluster_certificate_authority: str = Field(description="The certificate.")


class ChartInputs(Inputs):
    """Inputs."""

    size: int = Field(default=1, description="A size.")


class ChartOutputs(Outputs):
    """Outputs."""

    ready: str = Field(description="The id.")


class NodesInputs(Inputs):
    """Inputs."""

    ready: Annotated[str, Wired("helm.ready")] = Field(description="From helm.")
    endpoint: Annotated[str, Wired("eks.cluster_endpoint")] = Field(description="From eks.")


EKS = """
variable "generation" {
  type    = number
  default = 1
}
variable "endpoint_public_access" {
  type    = bool
  default = true
}
resource "terraform_data" "this" { triggers_replace = var.generation }
output "cluster_name" { value = "test" }
output "cluster_endpoint" { value = "https://${terraform_data.this.id}" }
output "cluster_certificate_authority" { value = "Y2E=" }
"""
CHART = """
variable "size" {
  type    = number
  default = 1
}
resource "terraform_data" "this" { input = var.size }
output "ready" { value = terraform_data.this.id }
"""
NODES = """
variable "ready" { type = string }
variable "endpoint" { type = string }
resource "terraform_data" "this" { input = "${var.ready} ${var.endpoint}" }
output "id" { value = terraform_data.this.id }
"""

# A cluster, what is installed in it, and what comes after that.
CLUSTER: dict[str, Contract] = {
    "alpha": CONTRACTS["alpha"],
    "eks": Contract("eks", "The cluster.", EksInputs, EksOutputs, providers=(), provides=(KUBERNETES_API,)),
    "helm": Contract(
        "helm",
        "What is in it.",
        ChartInputs,
        ChartOutputs,
        # Of this layer's resources they are releases: only those of a layer that requires the API can be.
        resources=(
            ResourceType("terraform_data", release=lambda attributes: Release("kube-system", "deps", "./chart")),
        ),
        providers=(),
        requires=frozenset({KubernetesApi}),
    ),
    "nodes": Contract(
        "nodes", "What comes after.", NodesInputs, BetaOutputs, providers=(), provides=(HyperPodCluster(),)
    ),
}
CLUSTER_MODULES = {"alpha": ALPHA, "eks": EKS, "helm": CHART, "nodes": NODES}
THREE = "  alpha: {}\n  beta: {}\n  gamma: {}\n"
HEAD = """
orchestrator: eks
name: {name}
aws: {{region: us-west-2, account_id: "123456789012"}}
state: {{local: {{directory: states}}}}
layers:
"""


class NoClients:
    """AWS is never asked."""

    ca_bundle: str | None = None

    def client(self, name: str, /) -> Any:
        """Refuse."""
        raise AssertionError(f"no test of these asks {name}")


@dataclass
class Recorder:
    """An interface that remembers what it was told."""

    lines: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    phases: list[tuple[str, dict[str, int]]] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Remember a line."""
        self.lines.append(line)

    def begin(self, title: str, due: Mapping[str, int] | None = None) -> None:
        """Remember a title."""
        self.phases.append((title, dict(due or {})))

    def event(self, event: Event) -> None:
        """Remember an event."""
        self.events.append(event)

    def end(self) -> None:
        """Nothing to end."""


@dataclass
class StubNodes:
    """Nodes of a cluster, of which one runs as soon as ``one_runs`` says so."""

    one_runs: Callable[[], bool]

    def running(self, statuses: Mapping[str, int]) -> bool:
        return "Running" in statuses

    def statuses(self) -> Mapping[str, int]:
        return {"Running": 1} if self.one_runs() else {"Pending": 1}

    def awaited(self) -> Awaited:
        return "soon"

    def events(self) -> list[str]:
        return []


@dataclass
class Workbench:
    """A project in a folder: write its file, open it, run on it."""

    root: Path
    contracts: Mapping[str, Contract] = field(default_factory=lambda: CONTRACTS)
    modules: Mapping[str, str] = field(default_factory=lambda: MODULES)
    ui: Recorder = field(default_factory=Recorder)

    def __post_init__(self) -> None:
        for name, text in self.modules.items():
            folder = self.root / "modules" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "main.tf").write_text(text)
        (self.root / "envs").mkdir(exist_ok=True)
        (self.root / "empty.tfrc").write_text("")
        self.write()

    def write(self, layers: str = "  {}\n", *, name: str = "test") -> None:
        """Write the environment's file; `layers` is the YAML under `layers:`."""
        (self.root / "envs" / "test.yaml").write_text(HEAD.format(name=name) + layers)

    @property
    def environ(self) -> dict[str, str]:
        """The variables hptf sees."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "TF_CLI_CONFIG_FILE": str(self.root / "empty.tfrc")}

    def open(
        self,
        *,
        stop: StopRequest | None = None,
        nodes_running: Callable[[], bool] = lambda: False,
        lock_wait: float = 0.0,
        command_line: CommandLine | None = None,
    ) -> Context:
        """Put a context together, as the commands do for an account."""
        project = Project(self.root, self.root / "modules")
        environment, wiring = validated("test", self.contracts, project.envs)
        state = environment.state
        assert isinstance(state, LocalState)
        target = Target(
            region="us-west-2",
            account_id="123456789012",
            partition="aws",
            state=state,
            clients=NoClients(),
            environ={},
            description="account 123456789012 in us-west-2",
        )
        return Context(
            command_line=command_line or CommandLine("test"),
            project=project,
            environment=environment,
            wiring=wiring,
            contracts=self.contracts,
            target=target,
            store=LocalStore(self.root / "states"),
            terraform=find(self.environ),
            work=make_private(project.work("test", rehearsal=False)),
            environ=self.environ,
            ui=self.ui,
            stop=stop or StopRequest(),
            nodes=StubNodes(nodes_running),
            lock_wait=lock_wait,
        )

    def with_contract(self, name: str, **changes: Any) -> None:
        """Change a layer's contract."""
        self.contracts = {**self.contracts, name: replace(self.contracts[name], **changes)}


def is_builtin(resource: Mapping[str, Any]) -> bool:
    """What counts as an object in a cluster, of a layer that requires a Kubernetes API."""
    return "builtin/terraform" in resource["provider"]


def yes(planned: Planned) -> bool:
    """Approve."""
    return True


def up(bench: Workbench, layers: str = THREE) -> None:
    """Apply these layers."""
    bench.write(layers)
    assert commands.apply(bench.open(), LayerOptions(), approve=yes).applied is not None
