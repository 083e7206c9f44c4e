"""The resource types of a HyperPod cluster with Slurm: that of every cluster, and the file its scripts read."""

from __future__ import annotations

from hp_tf.contract.resources.s3 import OBJECT
from hp_tf.layers.hyperpod.resources import RESOURCES as CLUSTER

RESOURCES = (*CLUSTER, OBJECT)
