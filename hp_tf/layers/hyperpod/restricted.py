"""Rules of restricted instance groups, which customise Amazon Nova models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from hp_tf.contract.role import configured
from hp_tf.contract.roles import KubernetesApi
from hp_tf.contract.rules import Expression, Path, PythonRule, Rule, Scope, either, implies, item, negation, var
from hp_tf.layers.hyperpod.unchecked import THROUGHPUTS

# Where AWS offers restricted instance groups.
RESTRICTED_REGIONS = ("eu-north-1", "eu-west-2", "us-east-1", "us-west-2")
_RESTRICTED = var("restricted_instance_groups").length().ge(1)

_THROUGHPUT = f"{', '.join(map(str, THROUGHPUTS[:-1]))} or {THROUGHPUTS[-1]}"
# GiB of FSx for Lustre.
_FIRST, _STEP = 1200, 2400
_SIZES = f"{_FIRST} or a multiple of {_STEP}"


def _sized(storage: Expression) -> Expression:
    """Return whether a storage that is given has a size FSx makes."""
    size = storage.optional_field("size_gib")
    return either(size.eq(_FIRST), size.modulo(_STEP).eq(0))


# What AWS's script for these groups sets on the VPC CNI.
CNI = {"ENABLE_PREFIX_DELEGATION": "true", "ENABLE_IMDS_ONLY_MODE": "true"}


def _setup(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield restricted groups beside an eks layer that leaves the VPC CNI as it is."""
    addons = configured(scope, KubernetesApi).get("addons")
    if not scope.get("restricted_instance_groups") or not isinstance(addons, Mapping):
        return
    cni = addons.get("vpc-cni")
    given = cni.get("configuration_values") if isinstance(cni, Mapping) else None
    try:
        env = json.loads(given)["env"] if isinstance(given, str) else {}
    except (ValueError, LookupError, TypeError):
        return
    if not isinstance(env, Mapping) or any(env.get(name) != value for name, value in CNI.items()):
        yield (
            ("restricted_instance_groups",),
            "Nodes of restricted groups need the VPC CNI, v1.19.6 or newer, set up for them: configuration_values of "
            f"vpc-cni in eks.addons must be '{json.dumps({'env': CNI})}'.",
        )


RULES: tuple[Rule | PythonRule, ...] = (
    PythonRule(
        "hyperpod-restricted-setup", _setup, "the module does not know the eks layer's add-ons", level="warning"
    ),
    Rule(
        "hyperpod-restricted-storage",
        on="restricted_instance_groups",
        check=either(item().field("storage").given(), var("restricted_shared_storage").given()),
        message="A restricted group needs storage, unless restricted_shared_storage serves all.",
        each=True,
        at="storage",
    ),
    Rule(
        "hyperpod-restricted-storage-size",
        on="restricted_instance_groups",
        check=implies(item().field("storage").given(), _sized(item().field("storage"))),
        message=f"storage.size_gib of a restricted group must be {_SIZES}.",
        each=True,
        at="storage",
    ),
    Rule(
        "hyperpod-restricted-throughput",
        on="restricted_instance_groups",
        check=either(
            item().field("storage").missing(),
            item().field("storage").optional_field("throughput").one_of(THROUGHPUTS),
        ),
        message=f"storage.throughput of a restricted group must be {_THROUGHPUT}.",
        each=True,
        at="storage",
    ),
    Rule(
        "hyperpod-restricted-shared-size",
        on="restricted_shared_storage",
        check=implies(var("restricted_shared_storage").given(), _sized(var("restricted_shared_storage"))),
        message=f"restricted_shared_storage.size_gib must be {_SIZES}.",
    ),
    Rule(
        "hyperpod-restricted-shared-use",
        on="restricted_shared_storage",
        check=implies(var("restricted_shared_storage").given(), _RESTRICTED),
        message="restricted_shared_storage is for restricted_instance_groups, of which there are none.",
    ),
    Rule(
        "hyperpod-restricted-region",
        on="restricted_instance_groups",
        check=implies(_RESTRICTED, var("region").one_of(RESTRICTED_REGIONS)),
        message=f"Restricted instance groups are known to exist in {', '.join(RESTRICTED_REGIONS)} only.",
        level="warning",
    ),
    Rule(
        "hyperpod-restricted-without",
        on="restricted_instance_groups",
        check=negation(_RESTRICTED),
        message="AWS keeps the nodes of restricted instance groups to itself. Such a cluster goes without: lifecycle "
        "scripts (those of storage are not run), instance_groups beside them, labels, taints, images, Spot capacity "
        "and scheduled updates, Continuous provisioning, Karpenter, tiered storage, task governance, the training and "
        "inference operators, and the observability add-on.",
        level="warning",
    ),
    Rule(
        "hyperpod-restricted-mode",
        on="node_provisioning_mode",
        check=implies(_RESTRICTED, var("node_provisioning_mode").missing()),
        message="A cluster of restricted instance groups has no Continuous provisioning: node_provisioning_mode must "
        "be null.",
    ),
    Rule(
        "hyperpod-restricted-tiering",
        on="tiered_storage",
        check=implies(_RESTRICTED, negation(var("tiered_storage"))),
        message="A cluster of restricted instance groups has no tiered storage: tiered_storage must be false.",
    ),
)
