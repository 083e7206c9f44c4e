"""What a file says that does not fit where the environment is: its account and region, and this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf import codes
from hp_tf.charts.chart import local
from hp_tf.contract.addresses import zone_prefix
from hp_tf.contract.base import Supplied, Wired, annotation
from hp_tf.contract.types import ZoneId
from hp_tf.environment.fields import refusal
from hp_tf.environment.mistakes import Mistake, mistake
from hp_tf.environment.model import PLACES, Environment, S3State
from hp_tf.environment.scope import absolute
from hp_tf.environment.shapes import Draft
from hp_tf.environment.tree import Path
from hp_tf.errors import BadInput

# Services whose things may be another account's.
_SHARED = ("kms", "s3")


def surroundings(draft: Draft) -> Iterator[Mistake]:
    """Yield what belongs somewhere else. Values a mistake stands on are left out."""
    environment = draft.environment
    if not any(draft.faulty(PLACES[fact]) for fact in ("region", "account_id")):
        yield from _elsewhere(draft)
        if environment.emulator is None:
            yield from _ways_in(draft)
    yield from _charts(draft)


def _elsewhere(draft: Draft) -> Iterator[Mistake]:
    """Zones and ARNs of another region or account among the outputs that are given by value."""
    for path, value in _given_outputs(draft.environment):
        for place, text in _texts(value, path):
            complaint = None if draft.faulty(place) else _foreign(text, draft.environment)
            if complaint is not None:
                yield mistake(codes.FOREIGN_VALUE, draft.environment.tree, place, f": {complaint}")


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


def _ways_in(draft: Draft) -> Iterator[Mistake]:
    """What an account's run would meet first: the role it assumes, and the key of its states."""
    environment, tree = draft.environment, draft.environment.tree
    aws, state = environment.aws, environment.state
    path: Path = ("aws", "assume_role", "role_arn")
    if aws.assume_role is not None and not draft.faulty(path):
        account = aws.assume_role.role_arn.split(":")[4]
        if account != aws.account_id:
            text = f": a role of account {account} does not lead to account {aws.account_id}"
            remedy = f"name a role of {aws.account_id}; the profile it is assumed from may be another account's"
            yield mistake(codes.FOREIGN_VALUE, tree, path, text, remedy)
    path = ("state", "s3", "kms_key_arn")
    if isinstance(state, S3State) and state.kms_key_arn is not None and not draft.faulty(path):
        complaint = _foreign(state.kms_key_arn, environment)
        if complaint is not None:
            remedy = "S3 takes a key of the bucket's region, which is the environment's"
            yield mistake(codes.FOREIGN_VALUE, tree, path, f": {complaint}", remedy)


def _charts(draft: Draft) -> Iterator[Mistake]:
    """Charts that are no charts, and hptf's own where a cluster is real."""
    for layer in draft.environment.of_mode("created"):
        for info in layer.contract.inputs.model_fields.values():
            supplied = annotation(info, Supplied)
            chart = layer.inputs.get(supplied.source) if supplied is not None else None
            path: Path = ("layers", layer.name, supplied.source if supplied is not None else "")
            if isinstance(chart, Mapping) and not draft.faulty(path):
                yield from _chart(draft.environment, chart, path)


def _chart(environment: Environment, chart: Mapping[str, Any], path: Path) -> Iterator[Mistake]:
    if chart.get("source") == "embedded" and environment.emulator is None:
        text = ": hptf's own chart only stands in for the real one, in an emulator"
        remedy = f"leave {path[-1]} out: an emulated run, a rehearsal too, takes the stand-in by itself"
        yield mistake(codes.CHART_UNUSABLE, environment.tree, (*path, "source"), text, remedy)
    if chart.get("source") == "path" and isinstance(chart.get("path"), str):
        try:
            local(absolute(environment.directory / chart["path"]))
        except BadInput as error:
            complaints = [(one.message, one.remedy) for one in error.problems]
        except OSError as error:
            complaints = [(f"{error.filename} cannot be read: {error.strerror}", None)]
        else:
            complaints = []
        for text, chart_remedy in complaints:
            yield mistake(codes.CHART_UNUSABLE, environment.tree, (*path, "path"), f": {text}", chart_remedy)
