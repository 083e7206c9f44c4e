"""What a layer is to the rest of hptf: the roles that its contract provides and requires.

The engine asks for a role and names no layer. An environment whose layers do not provide it goes without: one with
Slurm has no Kubernetes API. Rules of a layer read another by its role, too, before anything exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from hp_tf.contract.base import Configured, Contract, Wired
from hp_tf.contract.clients import Clients
from hp_tf.contract.role import Role

Kind = TypeVar("Kind", bound=Role)


# Whether nodes come by themselves, when pods ask for them, or not at all; unknown where no cluster is.
Awaited = Literal["soon", "for pods", "never", "unknown"]


@dataclass(frozen=True)
class KubernetesApi(Role):
    """The API of a Kubernetes cluster in a VPC. A layer that requires it has providers configured for the cluster.

    Attributes:
        what: such a cluster, for messages, without an article.
        endpoint: the output that is the API's URL.
        certificate_authority: the output that is base64 of the PEM of the API's authority.
        cluster_name: the output by which AWS knows the cluster.
        resource: the type of the resource that is the cluster.
        outputs_of: from the attributes of such a resource in a state, the outputs above, as far as it has them.
        exists: asks AWS whether the cluster of a name is there. Lets botocore's errors pass.
        public_access: the input that gives the API an address outside of its VPC.
        public_access_cidrs: the input that says from where that may be reached.
    """

    inputs = ("addons", "kubernetes_version")
    outputs = ("vpc_id",)

    what: str
    endpoint: str
    certificate_authority: str
    cluster_name: str
    resource: str
    outputs_of: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    exists: Callable[[Clients, str], bool]
    public_access: str
    public_access_cidrs: str

    def wires(self, layer: str) -> dict[str, Wired]:
        """Return the outputs of the layer that provides it, by the names of a provider's arguments."""
        arguments = {
            "host": self.endpoint,
            "cluster_ca_certificate": self.certificate_authority,
            "cluster_name": self.cluster_name,
        }
        return {argument: Wired(f"{layer}.{output}") for argument, output in arguments.items()}


@dataclass(frozen=True)
class HyperPodCluster(Role):
    """The HyperPod cluster itself, of each orchestrator of the layer: without such a layer there is nothing to make."""

    inputs = (
        "additional_security_group_ids",
        "cluster_subnet_ids",
        "instance_groups",
        "lifecycle_script_uri",
    )


@dataclass(frozen=True)
class RestrictedGroups(Role):
    """Instance groups in which AWS alone runs what runs: other operators have no place beside them."""

    inputs = ("restricted_instance_groups",)


@dataclass(frozen=True)
class Network(Role):
    """A VPC, its address plan and its way out."""

    outputs = ("primary_availability_zone_id", "private_subnet_ids")
    inputs = (
        "availability_zone_ids",
        "create_vpc",
        "further_vpc_cidrs",
        "nat",
        "primary_availability_zone_id",
        "private_cidr_range",
        "private_subnet_cidrs",
        "public_subnet_cidrs",
        "public_subnets",
        "vpc_cidr",
        "vpc_id",
    )


@dataclass(frozen=True)
class Endpoints(Role):
    """Private ways from a VPC to AWS's services."""

    inputs = ("given_interface_endpoint_ids", "interface_endpoints", "s3")
    outputs = ("interface_endpoint_ids", "s3_endpoint_id")


@dataclass(frozen=True)
class DependencyChart(Role):
    """The chart of what HyperPod expects in the cluster."""

    inputs = ("deep_health_check", "health_monitoring_agent")


@dataclass(frozen=True)
class Nodes(Role):
    """The machines that work is done on. Resources of a layer that requires them become ready only when one runs.

    Attributes:
        cluster_name: the input and the output by which AWS knows whose nodes they are.
        running: the status of one that runs.
        statuses: asks AWS how many there are in each status, of the cluster of a name; none while there is no such
            cluster. It and the next two let botocore's other errors pass.
        awaited: asks AWS whether any will come.
        events: asks AWS what happened to the cluster last, the newest first: a line each.
    """

    cluster_name: str
    running: str
    statuses: Callable[[Clients, str], Mapping[str, int]]
    awaited: Callable[[Clients, str], Awaited]
    events: Callable[[Clients, str], list[str]]


@dataclass(frozen=True)
class Provided(Generic[Kind]):
    """A role, and the layer that provides it."""

    layer: str
    role: Kind


def provider_of(kind: type[Kind], contracts: Iterable[Contract]) -> Provided[Kind] | None:
    """Return the first of these layers that provides a role, with the role; None if none does."""
    for contract in contracts:
        role = contract.role(kind)
        if role is not None:
            return Provided(contract.name, role)
    return None


def sources(origin: Configured, contracts: Iterable[Contract]) -> tuple[str, ...]:
    """Return the inputs an input follows, as ``"layer.input"``.

    None where no layer provides the role; an input that this provider has not says nothing.
    """
    if origin.of is None:
        return origin.inputs
    provider = next((contract for contract in contracts if contract.role(origin.of) is not None), None)
    if provider is None:
        return ()
    fields = provider.inputs.model_fields
    return tuple(f"{provider.name}.{path}" for path in origin.inputs if path.partition("[]")[0] in fields)
