"""The resource types of the training operator."""

from __future__ import annotations

from hp_tf.contract.resources import eks, iam

RESOURCES = (eks.ADDON, iam.ROLE, iam.ROLE_POLICY)
