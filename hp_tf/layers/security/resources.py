"""The resource types of the nodes' security group."""

from __future__ import annotations

from hp_tf.contract.resources import ec2

RESOURCES = (ec2.SECURITY_GROUP, ec2.INGRESS_RULE, ec2.EGRESS_RULE)
