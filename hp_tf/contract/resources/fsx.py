"""How FSx's file systems are found and asked about, whatever they speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Unfit
from hp_tf.contract.resources.base import Attributes
from hp_tf.contract.resources.changes import Change, Told
from hp_tf.contract.resources.creation import Creation
from hp_tf.contract.resources.ec2 import name_tag
from hp_tf.contract.resources.pages import pages


def file_systems(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the ids of file systems by Name tag and subnets."""
    name = name_tag(planned)
    subnets = planned.get("subnet_ids") or []
    if name is None or not subnets or not all(subnets):
        return
    for item in pages(clients.client("fsx"), "describe_file_systems", "FileSystems"):
        tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}
        alive = item.get("Lifecycle") not in ("DELETING", "FAILED")
        if alive and tags.get("Name") == name and set(item.get("SubnetIds", ())) == set(subnets):
            yield item["FileSystemId"]


def told(clients: Clients, identity: str, kind: str, name: str) -> dict[str, Any]:
    """Return what FSx tells of a file system.

    Args:
        kind: FSx's type of it.
        name: that type, for messages.

    Raises:
        Unfit: if it is of another type.
    """
    answer: dict[str, Any] = clients.client("fsx").describe_file_systems(FileSystemIds=[identity])["FileSystems"][0]
    if answer["FileSystemType"] != kind:
        raise Unfit(
            f"{identity} is {answer['FileSystemType']}, not {name}", f"name an FSx for {name} file system in {{}}"
        )
    return answer


def _status(clients: Clients, identity: str) -> str:
    found = clients.client("fsx").describe_file_systems(FileSystemIds=[identity])["FileSystems"]
    return str(found[0]["Lifecycle"])


CREATION = Creation(_status, coming=frozenset({"CREATING"}), well=frozenset({"AVAILABLE", "UPDATING"}))


def lost(held: Attributes) -> str:
    """Return what goes with a file system that is deleted."""
    size = f" of {held['storage_capacity']} GiB" if held.get("storage_capacity") else ""
    kept = "no backup is made of it" if _unkept(held) else "a last backup is made of it first"
    return f"the data on {held.get('id')}{size}; {kept}"


def unkept(change: Change) -> Iterator[Told]:
    """Yield that a persistent file system would leave no backup, where it is made or becomes so."""
    if (
        change.after is not None
        and _unkept(change.after)
        and not (change.before is not None and _unkept(change.before))
    ):
        text = "deleting the file system will keep nothing of its data: skip_final_backup is true"
        yield Told("data-unkept", text, "leave skip_final_backup out, and a last backup is made")


def _unkept(held: Attributes) -> bool:
    return held.get("skip_final_backup") is True and not str(held.get("deployment_type", "")).startswith("SCRATCH")
