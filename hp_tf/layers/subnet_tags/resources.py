"""The resource type of a tag on something that somebody else made."""

from __future__ import annotations

from hp_tf.contract.resources import ec2

RESOURCES = (ec2.TAG,)
