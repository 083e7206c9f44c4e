"""Every resource in an emulator, of the kinds that the layers make: proof that a destroy left nothing.

Kinds are Terraform's types, and each identifier is the `id` that the Terraform resource has, so that an inventory can
be compared with states. What AWS makes by itself is left out: how a kind is counted, its `ResourceType` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.contract.resources.pages import pages
from hp_tf.emulator.daemon import Emulator


def resources(running: Emulator, session_factory: Callable[[], Clients], types: ResourceTypes) -> dict[str, list[str]]:
    """What there is, as Terraform type -> sorted Terraform ids; a kind that is counted and has none is there, empty.

    Args:
        running: the emulator, for what only it can tell (EKS, FSx, HyperPod, helm releases).
        session_factory: makes a session whose clients reach the emulator.
        types: of the layers.
    """
    session = session_factory()
    found: dict[str, list[str]] = running.call("GET", "/_hptf/resources", seconds=30)
    counted = {item.type: item.inventory for item in types.values() if item.inventory is not None}
    for kind, inventory in {**_NOT_OURS, **counted}.items():
        found[kind] = [*found.get(kind, ()), *inventory(session)]
    return {kind: sorted(set(identifiers)) for kind, identifiers in sorted(found.items())}


def _policies(clients: Clients) -> Iterator[str]:
    return (item["Arn"] for item in pages(clients.client("iam"), "list_policies", "Policies", Scope="Local"))


def _profiles(clients: Clients) -> Iterator[str]:
    for item in pages(clients.client("iam"), "list_instance_profiles", "InstanceProfiles"):
        yield item["InstanceProfileName"]


def _identity_providers(clients: Clients) -> Iterator[str]:
    for item in clients.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        yield item["Arn"]


# No layer makes these; people who try something in the emulator do.
_NOT_OURS: Mapping[str, Callable[[Clients], Iterable[Any]]] = {
    "aws_iam_policy": _policies,
    "aws_iam_instance_profile": _profiles,
    "aws_iam_openid_connect_provider": _identity_providers,
}
