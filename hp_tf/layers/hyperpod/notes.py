"""What the README of a HyperPod cluster's module says beside its tables."""

from __future__ import annotations

from hp_tf.layers.helm.plugins import RESTRICTED as RESTRICTED_REVISION

_ADDRESS = "awscc_sagemaker_cluster.this"

_POSITIONS = """
## The order of groups

The provider fills in what a group leaves out from the group that stands at the same position of the service's list.
With `live_cluster`, which is `jsonencode` of the data source `awscc_sagemaker_cluster`, every group keeps its position
there, a new one fills a gap or comes last, and where the one that stands there has more, the value is sent that means
none.

Without it groups are sent by name. Then a new group that comes before another one by name takes over what it leaves
out, and so does one that moves up when another goes; what is taken out of a group stays on the service.
"""

SCALING = """
## When Karpenter scales

With `auto_scaling` the counts are Karpenter's. A group's `count` is the size it is made with, 0 for one that Karpenter
fills; later the module sends what `live_cluster` says, so that no nodes are taken back, and neither a node more nor
another `count` is a change. Without `live_cluster` every update of the cluster sends the counts of the configuration.

The cluster names `karpenter_role_arn` from the start, on or off: HyperPod keeps the role when scaling is switched off,
and refuses every update once it is deleted. So the role must outlive the cluster.
"""

RESTRICTED = f"""
## What restricted groups need

Their nodes carry the taint `sagemaker.amazonaws.com/RestrictedNode=Worker:NoSchedule`.

| what | how |
|---|---|
| prefix delegation and IMDS-only mode of the VPC CNI, v1.19.6 or newer | `configuration_values` of its add-on: \
`{{"env": {{"ENABLE_PREFIX_DELEGATION": "true", "ENABLE_IMDS_ONLY_MODE": "true"}}}}` |
| add-ons that tolerate the taint | `restricted_nodes = true` of the module `addons` |
| CoreDNS on every node, and Kubeflow's training operator tolerating the taint | AWS's script, once by hand: \
`helm_chart/install_rig_dependencies.sh` of aws/sagemaker-hyperpod-cli at `{RESTRICTED_REVISION}`, after the first \
apply. It copies what runs in the cluster into the DaemonSets `rig-aws-node` and `rig-coredns`, so no chart can hold \
it, and nothing undoes it |
"""

# Terraform, the cluster, what to do.
_CASES = (
    ('plans to replace it, "tainted"', "`Creating`", "Wait. A replacement would delete it."),
    (
        'plans to replace it, "tainted"',
        "`InService`",
        "`terraform untaint '{address}'`; the next plan is empty.",
    ),
    (
        'plans to replace it, "tainted"',
        "`Failed`",
        "Apply: that deletes it and makes it anew. Untainted it would pass for healthy.",
    ),
    (
        "fails with `already exists`",
        "`Creating`, `InService`",
        "Import it by its ARN, by an `import` block or `terraform import '{address}' ARN`.",
    ),
    (
        "fails with `already exists`",
        "`Failed`",
        "Delete it (`aws sagemaker delete-cluster --cluster-name NAME`), and apply.",
    ),
)
_INTERRUPTED = """
## When the creation is interrupted

AWS goes on making a cluster when Terraform stops: at one Ctrl-C, at a lost connection, at a kill. Ask how it stands
before the next apply: `aws sagemaker describe-cluster --cluster-name NAME --query '[ClusterArn,ClusterStatus]'`.

| Terraform | The cluster | What to do |
|---|---|---|
"""


def notes(module: str) -> str:
    """Return the sections for a module of this name."""
    rows = "".join(f"| {' | '.join(case)} |\n" for case in _CASES)
    return _POSITIONS + _INTERRUPTED + rows.replace("{address}", f"module.{module}.{_ADDRESS}")
