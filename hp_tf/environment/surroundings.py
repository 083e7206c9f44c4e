"""What a file says that does not fit where the environment is: its account and region, its VPC, and this machine.

Layers that exist are outside the contracts' rules: nothing makes them, so no rule of theirs is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf import codes
from hp_tf.charts.chart import local
from hp_tf.contract.addresses import zone_prefix
from hp_tf.contract.base import Supplied, Wired, annotation
from hp_tf.contract.types import ZoneId
from hp_tf.environment.model import PLACES, Environment, S3State
from hp_tf.environment.scope import absolute
from hp_tf.environment.shapes import refusal
from hp_tf.environment.structure import Draft
from hp_tf.environment.tree import Path, dotted
from hp_tf.errors import BadInput, Problem

# Services whose things may be another account's.
_SHARED = ("kms", "s3")


def surrounding_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what belongs somewhere else. Values a fault stands on are left out."""
    environment = draft.environment
    if not any(draft.faulty(PLACES[fact]) for fact in ("region", "account_id")):
        yield from _elsewhere(draft)
        if environment.emulator is None:
            yield from _ways_in(draft)
    for layer, name, arn in (("eks", "cluster_name", "cluster_arn"), ("storage", "bucket_name", "bucket_arn")):
        yield from _misnamed(draft, layer, name, arn)
    yield from _given_cluster(draft)
    yield from _given_subnet(draft)
    yield from _charts(draft)


def _elsewhere(draft: Draft) -> Iterator[Problem]:
    """Zones and ARNs of another region or account among the outputs that are given by value."""
    environment = draft.environment
    for path, value in _given_outputs(environment):
        for place, text in _texts(value, path):
            complaint = None if draft.faulty(place) else _foreign(text, environment)
            if complaint is not None:
                yield Problem(
                    f"{dotted(place)}: {complaint}",
                    environment.place(place),
                    code=codes.FOREIGN_VALUE,
                    subject=dotted(place),
                )


def _given_outputs(environment: Environment) -> Iterator[tuple[Path, Any]]:
    """Yield the outputs of layers that exist, and the inputs that stand for outputs, with their places."""
    for layer in environment.layers.values():
        base: Path = ("layers", layer.name)
        if layer.mode == "existing":
            yield from (((*base, "existing", key), value) for key, value in layer.existing.items())
        elif layer.mode == "created":
            fields = layer.contract.inputs.model_fields
            for key, value in layer.inputs.items():
                if key in fields and annotation(fields[key], Wired) is not None:
                    yield (*base, key), value


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text of a value with its place, keys of maps among them."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*path, key), key
            yield from _texts(inner, (*path, key))


def _foreign(text: str, environment: Environment) -> str | None:
    """Return why a zone or an ARN is not of the environment's region and account, or None."""
    region, account = environment.aws.region, environment.aws.account_id
    prefix = zone_prefix(region)
    if refusal(ZoneId, text) is None:
        if prefix is None or text.startswith(f"{prefix}-"):
            return None
        return f"zone '{text}' is not in region {region}, whose zone ids begin with '{prefix}-'"
    parts = text.split(":")
    # Without a region (IAM, S3) a thing is of no region; whose roles fit is the consumers' rule.
    if parts[0] != "arn" or len(parts) < 6 or not parts[3]:
        return None
    if parts[3] != region:
        return f"this is in region {parts[3]}, and the environment in {region}"
    if parts[4] != account and parts[2] not in _SHARED:
        return f"this is of account {parts[4]}, and the environment of {account}"
    return None


def _ways_in(draft: Draft) -> Iterator[Problem]:
    """What an account's run would meet first: the role it assumes, and the key of its states."""
    environment = draft.environment
    aws, state = environment.aws, environment.state
    path: Path = ("aws", "assume_role", "role_arn")
    if aws.assume_role is not None and not draft.faulty(path):
        account = aws.assume_role.role_arn.split(":")[4]
        if account != aws.account_id:
            text = f"{dotted(path)}: a role of account {account} does not lead to account {aws.account_id}"
            hint = f"Name a role of {aws.account_id}; the profile it is assumed from may be another account's."
            yield Problem(text, environment.place(path), hint, codes.FOREIGN_VALUE, dotted(path))
    path = ("state", "s3", "kms_key_arn")
    if isinstance(state, S3State) and state.kms_key_arn is not None and not draft.faulty(path):
        complaint = _foreign(state.kms_key_arn, environment)
        if complaint is not None:
            yield Problem(
                f"{dotted(path)}: {complaint}",
                environment.place(path),
                "S3 takes a key of the bucket's region, which is the environment's.",
                codes.FOREIGN_VALUE,
                dotted(path),
            )


def _misnamed(draft: Draft, layer: str, name: str, arn: str) -> Iterator[Problem]:
    """A thing that exists, by a name and by an ARN that is another's."""
    given = _existing(draft, layer)
    named = re.split("[:/]", given[arn])[-1] if arn in given else None
    if name in given and named is not None and named != given[name]:
        path: Path = ("layers", layer, "existing", arn)
        text = f"{dotted(path)}: this is the {name.partition('_')[0]} '{named}', not '{given[name]}'"
        yield Problem(
            text, draft.environment.place(path), "Leave out one of the two.", codes.VALUES_DISAGREE, dotted(path)
        )


def _given_subnet(draft: Draft) -> Iterator[Problem]:
    """The primary zone's subnet of a network that exists, which is given as that of another zone."""
    given = _existing(draft, "network")
    subnet, primary = given.get("primary_private_subnet_id"), given.get("primary_availability_zone_id")
    config = draft.environment.layers.get("network")
    subnets = config.existing.get("private_subnet_ids") if config is not None else None
    if subnet is None or primary is None or not isinstance(subnets, Mapping):
        return
    zones = [zone for zone, identity in subnets.items() if identity == subnet]
    if zones and primary not in zones:
        path: Path = ("layers", "network", "existing", "primary_private_subnet_id")
        text = f"{dotted(path)}: private_subnet_ids has {subnet} in {zones[0]}, and the primary zone is {primary}"
        yield Problem(
            text,
            draft.environment.place(path),
            "Name the subnet of the primary zone.",
            codes.VALUES_DISAGREE,
            dotted(path),
        )


def _given_cluster(draft: Draft) -> Iterator[Problem]:
    """An EKS cluster that exists, against the VPC that the network is made in."""
    environment = draft.environment
    base: Path = ("layers", "eks", "existing")
    vpc = _existing(draft, "eks").get("vpc_id")
    # Of a network that exists too, a rule of the security group says so.
    network = environment.layers.get("network")
    other = network.inputs.get("vpc_id") if network is not None and network.mode == "created" else None
    if vpc is not None and isinstance(other, str) and other != vpc:
        text = f"{dotted((*base, 'vpc_id'))}: the cluster is in {vpc}, and the network in {other}"
        yield Problem(
            text,
            environment.place((*base, "vpc_id")),
            "The nodes' subnets must be in the cluster's VPC.",
            codes.VALUES_DISAGREE,
            dotted((*base, "vpc_id")),
        )


def _existing(draft: Draft, layer: str) -> dict[str, str]:
    """Return the texts among the outputs given of a layer that exists."""
    config = draft.environment.layers.get(layer)
    given = config.existing if config is not None else {}
    base: Path = ("layers", layer, "existing")
    return {key: value for key, value in given.items() if isinstance(value, str) and not draft.faulty((*base, key))}


def _charts(draft: Draft) -> Iterator[Problem]:
    """Charts that are no charts, and hptf's own where a cluster is real."""
    environment = draft.environment
    for layer in environment.of_mode("created"):
        for info in layer.contract.inputs.model_fields.values():
            supplied = annotation(info, Supplied)
            chart = layer.inputs.get(supplied.source) if supplied is not None else None
            if supplied is None or not isinstance(chart, Mapping):
                continue
            path: Path = ("layers", layer.name, supplied.source)
            if not draft.faulty(path):
                yield from _chart(environment, chart, path)


def _chart(environment: Environment, chart: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    if chart.get("source") == "embedded" and environment.emulator is None:
        text = f"{dotted((*path, 'source'))}: hptf's own chart only stands in for the real one, in an emulator"
        hint = f"Leave {path[-1]} out: an emulated run, a rehearsal too, takes the stand-in by itself."
        yield Problem(text, environment.place((*path, "source")), hint, codes.CHART_UNUSABLE, dotted((*path, "source")))
    if chart.get("source") == "path" and isinstance(chart.get("path"), str):
        try:
            local(absolute(environment.directory / chart["path"]))
        except BadInput as error:
            for problem in error.problems:
                text = f"{dotted((*path, 'path'))}: {problem.message}"
                yield Problem(
                    text,
                    environment.place((*path, "path")),
                    problem.remedy,
                    codes.CHART_UNUSABLE,
                    dotted((*path, "path")),
                )
        except OSError as error:
            text = f"{dotted((*path, 'path'))}: {error.filename} cannot be read: {error.strerror}"
            yield Problem(
                text, environment.place((*path, "path")), code=codes.CHART_UNUSABLE, subject=dotted((*path, "path"))
            )
