"""The resource types of add-ons and storage."""

from __future__ import annotations

from hp_tf.contract.resources import eks, helm, iam

RESOURCES = (eks.ADDON, helm.RELEASE, iam.ROLE, iam.ROLE_POLICY)
