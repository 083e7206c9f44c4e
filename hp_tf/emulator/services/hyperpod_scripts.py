"""What a new node of a HyperPod cluster fails at when it runs its lifecycle scripts, so that it does not come up.

Source: the service's failure messages ("Lifecycle scripts did not run successfully"), and what AWS's scripts for Slurm
do: without provisioning_parameters.json, or a group's name in it, they end with an error.
"""

from __future__ import annotations

from hp_tf.emulator.services.hyperpod_slurm import PARAMETERS, parameters_problem
from hp_tf.emulator.services.hyperpod_store import Group
from hp_tf.emulator.services.script_place import script_place
from hp_tf.emulator.world import World


class Scripts:
    """The lifecycle scripts in the emulated S3."""

    def __init__(self, world: World) -> None:
        self._world = world

    def problem(self, group: Group, *, on_eks: bool) -> str | None:
        """Return what a new node of a group fails at, None if it comes up."""
        what = self._missing(group) or (None if on_eks else self._unknown(group))
        return f"Lifecycle scripts did not run successfully on instance group {group.name}: {what}." if what else None

    def parameters(self, group: Group) -> tuple[str, str | None]:
        """Return where a group's provisioning_parameters.json would be, and what is in it; None if it is not there."""
        bucket, prefix = script_place((group.specification.get("LifeCycleConfig") or {})["SourceS3Uri"])
        key = "/".join(filter(None, (prefix, PARAMETERS)))
        content = self._world.cloud.read_object(bucket, key)
        return f"s3://{bucket}/{key}", None if content is None else content.decode()

    def _missing(self, group: Group) -> str | None:
        config = group.specification.get("LifeCycleConfig") or {}
        if not config.get("SourceS3Uri"):
            return None
        bucket, prefix = script_place(config["SourceS3Uri"])
        for script in filter(None, (config.get("OnCreate"), config.get("OnInitComplete"))):
            key = "/".join(part for part in (prefix, script) if part)
            if self._world.cloud.read_object(bucket, key) is None:
                return f"s3://{bucket}/{key} does not exist"
        return None

    def _unknown(self, group: Group) -> str | None:
        config = group.specification.get("LifeCycleConfig") or {}
        if not config.get("SourceS3Uri") or group.specification.get("SlurmConfig"):
            return None
        _, content = self.parameters(group)
        # Scripts of somebody's own need no such file.
        return None if content is None else parameters_problem(content, group.name)
