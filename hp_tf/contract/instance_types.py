"""The instance types HyperPod is known to offer, and what follows from a type's name.

Source: the enumeration of ``InstanceType`` in the schema of AWS::SageMaker::Cluster. AWS adds to it: a type that
is not among them is only warned of. The awscc provider enforces the enumeration of its own day, so a newer type may
need a newer provider.
"""

from __future__ import annotations

import re
from typing import Annotated

from hp_tf.contract.base import Known, Text

# One line or more per family, smallest size first.
# fmt: off
INSTANCE_TYPES: tuple[str, ...] = (
    "ml.c5.large", "ml.c5.xlarge", "ml.c5.2xlarge", "ml.c5.4xlarge", "ml.c5.9xlarge", "ml.c5.12xlarge",
    "ml.c5.18xlarge", "ml.c5.24xlarge",
    "ml.c5n.large", "ml.c5n.2xlarge", "ml.c5n.4xlarge", "ml.c5n.9xlarge", "ml.c5n.18xlarge",
    "ml.c6a.large", "ml.c6a.xlarge", "ml.c6a.2xlarge", "ml.c6a.4xlarge", "ml.c6a.8xlarge", "ml.c6a.12xlarge",
    "ml.c6a.16xlarge", "ml.c6a.24xlarge", "ml.c6a.32xlarge", "ml.c6a.48xlarge",
    "ml.c6g.medium", "ml.c6g.large", "ml.c6g.xlarge", "ml.c6g.2xlarge", "ml.c6g.4xlarge", "ml.c6g.8xlarge",
    "ml.c6g.12xlarge", "ml.c6g.16xlarge",
    "ml.c6i.large", "ml.c6i.xlarge", "ml.c6i.2xlarge", "ml.c6i.4xlarge", "ml.c6i.8xlarge", "ml.c6i.12xlarge",
    "ml.c6i.16xlarge", "ml.c6i.24xlarge", "ml.c6i.32xlarge",
    "ml.c7g.medium", "ml.c7g.large", "ml.c7g.xlarge", "ml.c7g.2xlarge", "ml.c7g.4xlarge", "ml.c7g.8xlarge",
    "ml.c7g.12xlarge", "ml.c7g.16xlarge",
    "ml.c8a.16xlarge",
    "ml.c8g.medium", "ml.c8g.large", "ml.c8g.xlarge", "ml.c8g.2xlarge", "ml.c8g.4xlarge", "ml.c8g.8xlarge",
    "ml.c8g.12xlarge", "ml.c8g.16xlarge", "ml.c8g.24xlarge", "ml.c8g.48xlarge",
    "ml.g4dn.xlarge", "ml.g4dn.2xlarge", "ml.g4dn.4xlarge", "ml.g4dn.8xlarge", "ml.g4dn.12xlarge", "ml.g4dn.16xlarge",
    "ml.g5.xlarge", "ml.g5.2xlarge", "ml.g5.4xlarge", "ml.g5.8xlarge", "ml.g5.12xlarge", "ml.g5.16xlarge",
    "ml.g5.24xlarge", "ml.g5.48xlarge",
    "ml.g6.xlarge", "ml.g6.2xlarge", "ml.g6.4xlarge", "ml.g6.8xlarge", "ml.g6.12xlarge", "ml.g6.16xlarge",
    "ml.g6.24xlarge", "ml.g6.48xlarge",
    "ml.g6e.xlarge", "ml.g6e.2xlarge", "ml.g6e.4xlarge", "ml.g6e.8xlarge", "ml.g6e.12xlarge", "ml.g6e.16xlarge",
    "ml.g6e.24xlarge", "ml.g6e.48xlarge",
    "ml.g7.2xlarge", "ml.g7.4xlarge", "ml.g7.8xlarge", "ml.g7.12xlarge", "ml.g7.24xlarge", "ml.g7.48xlarge",
    "ml.g7e.2xlarge", "ml.g7e.4xlarge", "ml.g7e.8xlarge", "ml.g7e.12xlarge", "ml.g7e.24xlarge", "ml.g7e.48xlarge",
    "ml.gr6.4xlarge", "ml.gr6.8xlarge",
    "ml.i3en.large", "ml.i3en.xlarge", "ml.i3en.2xlarge", "ml.i3en.3xlarge", "ml.i3en.6xlarge", "ml.i3en.12xlarge",
    "ml.i3en.24xlarge",
    "ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.m5.4xlarge", "ml.m5.8xlarge", "ml.m5.12xlarge",
    "ml.m5.16xlarge", "ml.m5.24xlarge",
    "ml.m6a.large", "ml.m6a.xlarge", "ml.m6a.2xlarge", "ml.m6a.4xlarge", "ml.m6a.8xlarge", "ml.m6a.12xlarge",
    "ml.m6a.16xlarge", "ml.m6a.24xlarge", "ml.m6a.32xlarge", "ml.m6a.48xlarge",
    "ml.m6g.medium", "ml.m6g.large", "ml.m6g.xlarge", "ml.m6g.2xlarge", "ml.m6g.4xlarge", "ml.m6g.8xlarge",
    "ml.m6g.12xlarge", "ml.m6g.16xlarge",
    "ml.m6i.large", "ml.m6i.xlarge", "ml.m6i.2xlarge", "ml.m6i.4xlarge", "ml.m6i.8xlarge", "ml.m6i.12xlarge",
    "ml.m6i.16xlarge", "ml.m6i.24xlarge", "ml.m6i.32xlarge",
    "ml.m7g.medium", "ml.m7g.large", "ml.m7g.xlarge", "ml.m7g.2xlarge", "ml.m7g.4xlarge", "ml.m7g.8xlarge",
    "ml.m7g.12xlarge", "ml.m7g.16xlarge",
    "ml.m7i.large", "ml.m7i.xlarge", "ml.m7i.2xlarge", "ml.m7i.4xlarge", "ml.m7i.8xlarge", "ml.m7i.12xlarge",
    "ml.m7i.16xlarge", "ml.m7i.24xlarge", "ml.m7i.48xlarge",
    "ml.m8a.16xlarge",
    "ml.m8g.medium", "ml.m8g.large", "ml.m8g.xlarge", "ml.m8g.2xlarge", "ml.m8g.4xlarge", "ml.m8g.8xlarge",
    "ml.m8g.12xlarge", "ml.m8g.16xlarge", "ml.m8g.24xlarge", "ml.m8g.48xlarge",
    "ml.p4d.24xlarge",
    "ml.p4de.24xlarge",
    "ml.p5.4xlarge", "ml.p5.48xlarge",
    "ml.p5e.48xlarge",
    "ml.p5en.48xlarge",
    "ml.p6-b200.48xlarge",
    "ml.p6-b300.48xlarge",
    "ml.p6e-gb200.36xlarge",
    "ml.r5d.16xlarge",
    "ml.r6i.large", "ml.r6i.xlarge", "ml.r6i.2xlarge", "ml.r6i.4xlarge", "ml.r6i.8xlarge", "ml.r6i.12xlarge",
    "ml.r6i.16xlarge", "ml.r6i.24xlarge", "ml.r6i.32xlarge",
    "ml.r7i.large", "ml.r7i.xlarge", "ml.r7i.2xlarge", "ml.r7i.4xlarge", "ml.r7i.8xlarge", "ml.r7i.12xlarge",
    "ml.r7i.16xlarge", "ml.r7i.24xlarge", "ml.r7i.48xlarge",
    "ml.t3.medium", "ml.t3.large", "ml.t3.xlarge", "ml.t3.2xlarge",
    "ml.trn1.32xlarge",
    "ml.trn1n.32xlarge",
    "ml.trn2.3xlarge", "ml.trn2.48xlarge",
)
# fmt: on
INSTANCE_TYPE = Text(r"ml\.[a-z0-9-]+\.[a-z0-9]+", "an instance type such as 'ml.p5.48xlarge'")
InstanceType = Annotated[str, INSTANCE_TYPE, Known(INSTANCE_TYPES)]

# Patterns of whole type names, in the subset of RE2, so that modules can use them too.
ACCELERATED = r"ml\.(g|p|trn)[a-z0-9-]*\.[a-z0-9]+"
"""Types with GPUs or Trainium chips: only these have deep health checks."""
ULTRASERVER = r"ml\.p6e-gb200\.[a-z0-9]+"
"""Types that come in UltraServers, through training plans only."""
SINGLE_THREADED = r"ml\.(p6e-gb200|[cm][678]g|[cm]8a|g7)\.[a-z0-9]+"
"""Types whose cores run one thread: Arm processors, AMD's of the eighth generation, and g7."""

POD_LIMITS = {"ml.g5.xlarge": 14}
"""Pods a node takes, of types that take too few for the add-ons."""

# Per node, of every type above with accelerators, as EC2's DescribeInstanceTypes has it.
# fmt: off
GPUS: dict[str, int] = {
    **dict.fromkeys(
        ("ml.g4dn.xlarge", "ml.g4dn.2xlarge", "ml.g4dn.4xlarge", "ml.g4dn.8xlarge", "ml.g4dn.16xlarge",
         "ml.gr6.4xlarge", "ml.gr6.8xlarge", "ml.p5.4xlarge"), 1
    ),
    **{
        f"ml.{family}.{size}": 1
        for family in ("g5", "g6", "g6e") for size in ("xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge")
    },
    **{f"ml.{family}.{size}": 4 for family in ("g5", "g6", "g6e") for size in ("12xlarge", "24xlarge")},
    **{f"ml.{family}.{size}": 1 for family in ("g7", "g7e") for size in ("2xlarge", "4xlarge", "8xlarge")},
    **{f"ml.{family}.12xlarge": 2 for family in ("g7", "g7e")},
    **{f"ml.{family}.24xlarge": 4 for family in ("g7", "g7e")},
    **{f"ml.{family}.48xlarge": 8 for family in ("g5", "g6", "g6e", "g7", "g7e")},
    "ml.g4dn.12xlarge": 4,
    **{f"ml.{family}.24xlarge": 8 for family in ("p4d", "p4de")},
    **{f"ml.{family}.48xlarge": 8 for family in ("p5", "p5e", "p5en", "p6-b200", "p6-b300")},
    "ml.p6e-gb200.36xlarge": 4,
}
# fmt: on
TRAINIUM_CHIPS: dict[str, int] = {
    "ml.trn1.32xlarge": 16,
    "ml.trn1n.32xlarge": 16,
    "ml.trn2.3xlarge": 1,
    "ml.trn2.48xlarge": 16,
}
_SIZE = re.compile(r"ml\.[a-z0-9-]+\.([0-9]*)(medium|large|xlarge)")


def vcpus(instance_type: str, threads_per_core: int | None = None) -> int | None:
    """Return the vCPUs of a node, which a type's size says: four for each xlarge. None for a size of another form.

    Args:
        threads_per_core: one halves them, where the type has two.
    """
    found = _SIZE.fullmatch(instance_type)
    if found is None:
        return None
    number, size = found.groups()
    whole = 4 * int(number or 1) if size == "xlarge" else 2
    if re.fullmatch(SINGLE_THREADED, instance_type):
        return 1 if size == "medium" else whole
    return whole // 2 if threads_per_core == 1 else whole


def accelerators_known(instance_type: str) -> bool:
    """Return whether it is known how many GPUs or chips a node has, none among them."""
    known = instance_type in GPUS or instance_type in TRAINIUM_CHIPS
    return known or re.fullmatch(ACCELERATED, instance_type) is None
