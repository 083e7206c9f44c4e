"""Kubernetes versions: how long EKS supports each, and which HyperPod is documented for.

Source: the EKS user guide, "Kubernetes versions", and the HyperPod developer guide, as read on the day below. Neither
stands still, so what is outside is only warned of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from hp_tf.contract.base import Known, Text
from hp_tf.contract.rules import Rule, listed, literal, negation, text, var

READ_ON = "2026-12-01"
# The day on which standard support ends. Extended support follows for a year, and costs more.
STANDARD_SUPPORT_ENDS: Mapping[str, str] = {
    "1.28": "2024-11-26",
    "1.29": "2025-03-23",
    "1.30": "2025-07-23",
    "1.31": "2025-11-26",
    "1.32": "2026-03-23",
    "1.33": "2026-07-29",
    "1.34": "2026-12-02",
}
WITH_HYPERPOD = ("1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34")
DEFAULT = "1.34"

_EXTENDED = {version: day for version, day in STANDARD_SUPPORT_ENDS.items() if day < READ_ON}
_VERSION = var("kubernetes_version")

KubernetesVersion = Annotated[
    str,
    Text(r"1\.(?:2[89]|[3-9][0-9])", f"a Kubernetes version from 1.28 on, in quotes, such as '{DEFAULT}'"),
    Known(WITH_HYPERPOD),
]
RULES = (
    Rule(
        "eks-version-extended",
        on="kubernetes_version",
        check=negation(_VERSION.one_of(_EXTENDED)),
        message="EKS has ended standard support of this Kubernetes version: extended support costs more, and at its "
        "end EKS updates the cluster by itself.",
        level="warning",
        culprits=listed(text("{version} on {day}", version=_VERSION, day=literal(_EXTENDED).at(_VERSION))),
    ),
    Rule(
        "eks-version-hyperpod",
        on="kubernetes_version",
        check=_VERSION.one_of(WITH_HYPERPOD),
        message=f"HyperPod is documented for Kubernetes {WITH_HYPERPOD[0]} to {WITH_HYPERPOD[-1]} (read on {READ_ON}).",
        level="warning",
        culprits=listed(_VERSION),
    ),
)
