"""The resource types of what HyperPod needs in the cluster."""

from __future__ import annotations

from hp_tf.contract.resources import helm

RESOURCES = (helm.RELEASE,)
