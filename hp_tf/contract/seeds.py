"""What exists already, as an environment's file names it: an emulated target makes it before anything runs.

A layer's ``seed.py`` says what the layer's own values tell of it. That a thing exists is told by the form of its id
alone (``recognised``), so an id or an ARN anywhere in a file is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from hp_tf.contract.types import ARN

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Seed:
    """One thing that is to be there.

    Attributes:
        kind: a kind the emulator can make: ``hp_tf.emulator.seeding`` says which facts each has.
        id: the id, name or ARN it is known by.
        facts: what the file says of it. What is left out, or null, is made to fit.
        fitted: the file does not name it: it is there because what the file names needs it.
    """

    kind: str
    id: str
    facts: Values = field(default_factory=dict)
    fitted: bool = False


@dataclass(frozen=True)
class Given:
    """What a file says of one layer.

    Attributes:
        existing: the layer's outputs, where it is not created; None where it is.
        inputs: the inputs of a layer that is created, with defaults, as far as they are known before anything exists.
        wired: the inputs that another created layer supplies.
    """

    existing: Values | None = None
    inputs: Values = field(default_factory=dict)
    wired: frozenset[str] = frozenset()


def fitted_id(prefix: str, output: str) -> str:
    """Return the id of an output of an existing layer that the file leaves out: the same wherever it is asked for."""
    return f"{prefix}-0{sha256(output.encode()).hexdigest()[:16]}"


# By kind; a group within a form is the id.
_FORMS = {
    "vpc": "vpc-[0-9a-f]{8,17}",
    "subnet": "subnet-[0-9a-f]{8,17}",
    "security_group": "sg-[0-9a-f]{8,17}",
    "route_table": "rtb-[0-9a-f]{8,17}",
    "nat_gateway": "nat-[0-9a-f]{8,17}",
    "internet_gateway": "igw-[0-9a-f]{8,17}",
    "address": "eipalloc-[0-9a-f]{8,17}",
    "transit_gateway": "tgw-[0-9a-f]{8,17}",
    "kms_key": rf"{ARN}:kms:[a-z0-9-]+:[0-9]{{12}}:key/.+",
    "policy": rf"{ARN}:iam::[0-9]{{12}}:policy/.+",
    "role": rf"{ARN}:iam::[0-9]{{12}}:role/.+",
    "log_group": rf"{ARN}:logs:[a-z0-9-]+:[0-9]{{12}}:log-group:[^:]+",
    "bucket": rf"{ARN}:s3:::([^/*]+)",
    "eks_cluster": rf"{ARN}:eks:[a-z0-9-]+:[0-9]{{12}}:cluster/(.+)",
}
_ZONE = re.compile(r"[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2}")


def recognised(value: Any, zone: str | None = None) -> Iterator[Seed]:
    """Yield what ids and ARNs anywhere in a value name.

    Args:
        value: plain data.
        zone: the id of the zone that what is named lies in.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from recognised(item, key if _ZONE.fullmatch(str(key)) else None)
    elif isinstance(value, list):
        for item in value:
            yield from recognised(item)
    elif isinstance(value, str):
        for kind, form in _FORMS.items():
            match = re.fullmatch(form, value)
            if match is not None:
                zoned = {"zone": zone} if zone is not None and kind in ("subnet", "nat_gateway") else {}
                yield Seed(kind, match[match.lastindex or 0], zoned)


def merged(seeds: Iterable[Seed]) -> list[Seed]:
    """Return each thing once, with all that is said of it. Lists grow; of other facts, the first stays."""
    found: dict[tuple[str, str], Seed] = {}
    for seed in seeds:
        known = found.get((seed.kind, seed.id), Seed(seed.kind, seed.id, fitted=True))
        facts = dict(known.facts)
        for name, fact in seed.facts.items():
            if isinstance(facts.get(name), list) and isinstance(fact, list):
                facts[name] = [*facts[name], *(item for item in fact if item not in facts[name])]
            elif fact is not None:
                facts.setdefault(name, fact)
        found[seed.kind, seed.id] = Seed(seed.kind, seed.id, facts, known.fitted and seed.fitted)
    return list(found.values())
