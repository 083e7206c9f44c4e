"""Makes what is to be there, the things that others need first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.own import OwnServices
from hp_tf.emulator.seeding import account, network, services
from hp_tf.emulator.seeding.scene import Facts, Item, Scene
from hp_tf.emulator.web import MISTAKES

# In the order in which they are made.
KINDS: Mapping[str, Callable[[Scene, str, Facts], bool]] = {
    "reserved": network.reserved,
    "vpc": network.vpc,
    "subnet": network.subnet,
    "internet_gateway": network.internet_gateway,
    "address": network.address,
    "nat_gateway": network.nat_gateway,
    "transit_gateway": network.transit_gateway,
    "route_table": network.route_table,
    "security_group": network.security_group,
    "kms_key": account.kms_key,
    "policy": account.policy,
    "role": account.role,
    "log_group": account.log_group,
    "session_document": account.session_document,
    "bucket": account.bucket,
    "script": account.script,
    "eks_cluster": services.eks_cluster,
    "helm_release": services.helm_release,
    "file_system": services.file_system,
    "database": services.database,
    "prometheus_workspace": services.prometheus_workspace,
    "grafana_workspace": services.grafana_workspace,
    "studio_domain": services.studio_domain,
    "hyperpod_cluster": services.hyperpod_cluster,
}


def plant(own: OwnServices, caller: Caller, given: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Make what is not there yet, and answer with the kinds and ids of what was made.

    Args:
        own: the services that are ours.
        caller: whoever started the emulator.
        given: each thing with its `kind`, `id` and `facts`.

    Raises:
        AwsError: names everything that cannot be made. The rest is.
    """
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    items = [Item(str(item["kind"]), str(item["id"]), item.get("facts") or {}) for item in given]
    items.sort(key=lambda item: ranks.get(item.kind, len(ranks)))
    scene = Scene(own, caller, items, KINDS)
    problems: list[str] = []
    for item in items:
        if item.kind not in KINDS:
            problems.append(f"{item.id}: it has no things of the kind {item.kind}")
            continue
        try:
            scene.ensure(item.kind, item.id, item.facts)
        except (AwsError, ServiceException, HTTPException) as error:
            problems.append(f"{item.id}: {getattr(error, 'message', error)}")
        except MISTAKES as error:
            problems.append(f"{item.id}: {type(error).__name__}: {error}")
    if problems:
        raise AwsError("ValidationException", "; ".join(problems))
    return [{"kind": kind, "id": identity} for kind, identity in scene.made]
