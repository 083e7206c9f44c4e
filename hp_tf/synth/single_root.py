"""An environment as one Terraform root over the modules, as a hand would write it that never saw hptf."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hp_tf.contract.base import Contract, FromEnvironment, annotation
from hp_tf.environment.load import validated
from hp_tf.environment.wiring import Binding, Wiring
from hp_tf.synth.examples import call
from hp_tf.synth.expressions import plain
from hp_tf.synth.format import formatted

# The examples for Terraform teams; beside each lies the environment that it is made from.
EXAMPLES = {Path("examples/terraform-only"): "EKS", Path("examples/terraform-only-slurm"): "Slurm"}
_FACTS = {
    "name": "${var.name}",
    "region": "${var.region}",
    "account_id": "${local.account_id}",
    "partition": "${local.partition}",
    "tags": "${var.tags}",
}
_HEAD = """\
# Generated from hp_tf/layers/ and %(environment)s by `hptf synth`. Copy it: from then on it is yours.
#
# A HyperPod cluster with %(orchestrator)s from the modules alone, in one root and one state. No module depends on
# another: what one makes and another needs is passed here.
#
# Do not add depends_on to a module block: Terraform then puts off every data source in it, and plans changes that are
# none. The order is in the values: an output says "usable", and whoever takes it waits.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
}

"""


def example(root: Path, contracts: Mapping[str, Contract], terraform: Path) -> dict[Path, str]:
    """Return the examples' module calls, by their path in a checkout.

    Raises:
        BadInput: if an environment that one is made from is wrong.
    """
    found = {}
    for folder, orchestrator in EXAMPLES.items():
        environment = folder.with_suffix(".yaml")
        _, wiring = validated(str(root / environment), contracts, root / "envs")
        calls = module_calls(wiring, contracts, _FACTS, source="../../modules", chart="./charts/HyperPodHelmChart")
        head = _HEAD % {"environment": environment.as_posix(), "orchestrator": orchestrator}
        text = head + "\n".join(calls.values())
        found[root / folder / "main.tf"] = formatted({"main.tf": text}, terraform)["main.tf"]
    return found


def module_calls(
    wiring: Wiring, contracts: Mapping[str, Contract], facts: Mapping[str, Any], *, source: str, chart: str
) -> dict[str, str]:
    """Return a module block for every created layer, producers first.

    Args:
        facts: the environment's facts as templates: "${var.region}".
        source: the folder of the modules.
        chart: the folder of a chart, where a layer takes one.
    """

    def value(layer: str, name: str, binding: Binding) -> Any:
        if binding.kind == "wire" and binding.wire is not None:
            return f"${{module.{binding.wire.layer}.{binding.wire.output}}}"
        if binding.kind == "supplied":
            return chart
        fact = annotation(contracts[layer].inputs.model_fields[name], FromEnvironment)
        return facts[fact.value] if binding.kind == "environment" and fact is not None else plain(binding.value)

    return {
        layer: call(
            layer,
            {
                name: value(layer, name, binding)
                for name, binding in wiring.bindings[layer].items()
                if binding.passed and binding.kind != "null"
            },
            source,
        )
        for layer in wiring.order
    }
