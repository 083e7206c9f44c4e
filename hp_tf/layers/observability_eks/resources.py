"""The resource types of the observability add-on and its dashboards."""

from __future__ import annotations

from hp_tf.contract.resources import eks, helm, iam

RESOURCES = (eks.ADDON, eks.POD_IDENTITY, helm.RELEASE, iam.ROLE, iam.ROLE_POLICY)
