"""What EKS refuses of a cluster's changes, and what follows from others."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.resources.changes import Attributes, Change, Judgement, Refused, Told, at

_EVERYWHERE = "0.0.0.0/0"
_API = "the Kubernetes API"


def _minor(version: object) -> int | None:
    text = str(version or "").partition(".")[2]
    return int(text) if text.isdigit() else None


def _refused(before: Attributes, after: Attributes) -> Iterator[Refused]:
    was, will = _minor(before.get("version")), _minor(after.get("version"))
    if was is not None and will is not None and will < was:
        yield Refused(
            "version", "EKS never lowers a cluster's version", f"leave kubernetes_version at {before['version']}"
        )
    if was is not None and will is not None and will > was + 1:
        text = f"EKS raises a version by one minor at a time, and this is {before['version']} to {after['version']}"
        yield Refused("version", text, f"go by way of 1.{was + 1}, with an apply for each")
    mode = ("access_config", 0, "authentication_mode")
    if at(before, *mode) == "API" and at(after, *mode) not in ("API", None):
        yield Refused(
            "access_config.authentication_mode", "EKS never goes back from API", "leave authentication_mode at API"
        )


def _public(cluster: Attributes | None) -> tuple[bool, bool]:
    """Whether the internet reaches the API at all, and from everywhere."""
    public = at(cluster, "vpc_config", 0, "endpoint_public_access") is True
    return public, public and _EVERYWHERE in (at(cluster, "vpc_config", 0, "public_access_cidrs") or ())


def _told(change: Change) -> Iterator[Told]:
    if change.after is None:
        return
    yield from _creator(change)
    was, will = _public(change.before), _public(change.after)
    if will[1] and not was[1]:
        text = f"{_API} of {change.after.get('name')} will be reachable from the whole internet, with credentials"
        yield Told("endpoint-public", text, "public_access_cidrs says from where, endpoint_public_access whether")
    if was[0] and not will[0]:
        text = f"{_API} of {change.after.get('name')} will be reachable from its VPC only: kubectl and hptf are cut off"
        yield Told("endpoint-closed", text, "apply where its VPC can be reached: a VPN, a bastion, a machine inside")


def _creator(change: Change) -> Iterator[Told]:
    """Yield the entries of whoever makes the cluster, where EKS gives one by itself."""
    flag = at(change.after, "access_config", 0, "bootstrap_cluster_creator_admin_permissions")
    if change.before is not None or change.caller is None or flag is False:
        return
    for address, entry in change.made.items():
        if address.startswith("aws_eks_access_entry.") and entry.get("principal_arn") == change.caller:
            text = f"{change.caller} makes the cluster, and EKS admits it by itself: {address} would be refused"
            remedy = "take it out of access_entries, or set bootstrap_cluster_creator_admin_permissions to false"
            yield Told("creator-named", text, remedy)


def _lost(cluster: Attributes) -> str | None:
    return f"everything in the cluster {cluster.get('name')}"


JUDGEMENT = Judgement(refused=_refused, lost=_lost, told=_told)
