"""Which instance types the parts of the chart serve, by the revision of the chart.

Each part runs on the nodes of a list of types in the chart (affinities in values.yaml and templates); on others there
is no `nvidia.com/gpu`, no EFA, no agent, and nothing says so. Read from helm_chart/HyperPodHelmChart of
aws/sagemaker-hyperpod-cli at these revisions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hp_tf.contract.instance_types import INSTANCE_TYPES

NEWEST = "011ca927123e02b35a399935bbb3ab1905fe33c7"
TERRAFORM = "0e32919013e957dc9bd2051bca645a4d60df9e8e"
RESTRICTED = "c5275ddbbca58164d1f5bd3a2811e0fc952f7ff4"

_TRAINIUM = "trn1 trn1n trn2"
_GPUS = "g5 g6 g6e gr6 p4d p4de p5 p5e p5en p6-b200 p6e-gb200"
_OLDER_GPUS = "g5 g6 g6e gr6 p4d p4de p5.48xlarge p5e p5en"
_NEWER_GPUS = f"{_GPUS} g7e p6-b300"
_NEURON = "trn1 trn1n trn2.48xlarge"

# By the input that switches a part: the types it is for, and what it serves at a revision: families or single types.
PARTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "nvidia_device_plugin": (
        r"ml\.(g\d|gr|p)[a-z0-9-]*\..+",
        {NEWEST: _NEWER_GPUS, TERRAFORM: _GPUS, RESTRICTED: _OLDER_GPUS},
    ),
    "neuron_device_plugin": (r"ml\.trn.+", dict.fromkeys((NEWEST, TERRAFORM, RESTRICTED), _NEURON)),
    "health_monitoring_agent": (
        r"ml\.(g\d|gr|p|trn)[a-z0-9-]*\..+",
        {
            NEWEST: f"{_NEWER_GPUS} {_TRAINIUM}",
            TERRAFORM: f"{_GPUS} {_TRAINIUM}",
            RESTRICTED: f"{_OLDER_GPUS} p6-b200 {_NEURON}",
        },
    ),
    # Of the types with EFA, those whose lists differ between revisions.
    "efa_device_plugin": (
        r"ml\.(g7e\.(8|12|24|48)xlarge|p5\.4xlarge|p6.+|trn2\.3xlarge)",
        {
            NEWEST: "g7e p5 p6-b200 p6-b300 p6e-gb200 trn2",
            TERRAFORM: "p5 p6-b200 p6e-gb200 trn2",
            RESTRICTED: "trn2.48xlarge",
        },
    ),
}


def missing(part: str, revision: str, instance_type: str) -> bool:
    """Return whether a part is for an instance type and does not serve it at a revision, as far as that is known."""
    concerned, served = PARTS[part]
    if instance_type not in INSTANCE_TYPES or revision not in served or re.fullmatch(concerned, instance_type) is None:
        return False
    name = instance_type.removeprefix("ml.")
    return {name, name.partition(".")[0]}.isdisjoint(served[revision].split())
