"""What SageMaker checks of a cluster that Slurm schedules, and what AWS's lifecycle scripts fail at.

Sources: the schema of AWS::SageMaker::Cluster (SlurmConfig, Orchestrator.Slurm), botocore's model of SageMaker
(ClusterOrchestratorSlurmConfig: AccountingDatabase only with Continuous), and what the scripts read in
provisioning_parameters.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.services.hyperpod_store import Group

PARAMETERS = "provisioning_parameters.json"
_STRATEGIES = ("Overwrite", "Managed", "Merge")
_TYPES = ("Controller", "Login", "Compute")


def check_slurm(request: Mapping[str, Any], groups: Iterable[Group]) -> None:
    """Refuse what does not go together. ``request`` is what the cluster would be after the call.

    Raises:
        AwsError: for the first thing that is wrong.
    """
    slurm = (request.get("Orchestrator") or {}).get("Slurm")
    tasks = {group.name: group.specification.get("SlurmConfig") for group in groups}
    named = [task for task in tasks.values() if task]
    if slurm is None:
        if named:
            raise _refuse("SlurmConfig requires Orchestrator.Slurm.")
        return
    strategy = slurm.get("SlurmConfigStrategy")
    if strategy is not None and strategy not in _STRATEGIES:
        raise _refuse(f"SlurmConfigStrategy must be one of {', '.join(_STRATEGIES)}.")
    _check_database(slurm.get("AccountingDatabase"), continuous=request.get("NodeProvisioningMode") == "Continuous")
    if not named:
        return
    missing = [name for name, task in tasks.items() if not task]
    if missing:
        raise _refuse(f"SlurmConfig must be given for every instance group or for none: {', '.join(missing)} lack it.")
    found = {kind: [name for name, task in tasks.items() if task and task["NodeType"] == kind] for kind in _TYPES}
    if sum(map(len, found.values())) != len(named):
        raise _refuse(f"NodeType must be one of {', '.join(_TYPES)}.")
    if len(found["Controller"]) != 1:
        raise _refuse("Exactly one instance group must have the NodeType Controller.")
    if len(found["Login"]) > 1:
        raise _refuse("At most one instance group may have the NodeType Login.")
    for name, task in tasks.items():
        partitions = (task or {}).get("PartitionNames") or []
        if len(partitions) > 1 or (partitions and name not in found["Compute"]):
            raise _refuse(f"PartitionNames of instance group {name} takes one name, of a group of NodeType Compute.")


def _check_database(database: Mapping[str, Any] | None, *, continuous: bool) -> None:
    if database is None:
        return
    if not continuous:
        raise _refuse("AccountingDatabase is only supported with NodeProvisioningMode Continuous.")
    for key in ("Endpoint", "SecretArn"):
        if not database.get(key):
            raise _refuse(f"AccountingDatabase requires {key}.")


def parameters_problem(content: str, group: str) -> str | None:
    """Return what the lifecycle scripts fail at on a node of a group, None if they do not.

    Args:
        content: of provisioning_parameters.json beside the scripts.
    """
    try:
        given = json.loads(content)
    except ValueError:
        return f"{PARAMETERS} is not JSON"
    if given.get("workload_manager") != "slurm":
        return f"{PARAMETERS} has no workload_manager slurm"
    workers = {item["instance_group_name"] for item in given.get("worker_groups") or ()}
    if group in {given.get("controller_group"), given.get("login_group"), *workers}:
        return None
    return f"{PARAMETERS} does not name the instance group {group}"


def _refuse(message: str) -> AwsError:
    return AwsError("ValidationException", message)
