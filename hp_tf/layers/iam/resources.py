"""The resource types of the cluster's roles."""

from __future__ import annotations

from hp_tf.contract.resources import iam

RESOURCES = (iam.ROLE, iam.ROLE_POLICY, iam.ROLE_POLICY_ATTACHMENT)
