"""What a HyperPod cluster with Slurm finds where it is made: scripts, file systems and a database of others."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed
from hp_tf.layers.hyperpod.seed import cluster, scripts


def seed(given: Given) -> Iterator[Seed]:
    """Yield the cluster that exists, or the scripts that one that is made needs and nobody makes here."""
    if given.existing is not None:
        yield cluster(given.existing)
        return
    for group in [given.inputs, *given.inputs["instance_groups"]]:
        yield from scripts(group, given.inputs)
