"""How the files of the measured environments begin: everything of the main job but what a service sleeps over."""

from __future__ import annotations

from bench.scene import ACCOUNT, REGION


def opening(name: str) -> str:
    """Return an environment's file up to its instance groups, which follow as the items of a list."""
    return f"""\
orchestrator: eks
name: {name}
emulator: embedded
aws: {{region: {REGION}, account_id: "{ACCOUNT}", tags: {{environment: bench}}}}
state: {{s3: {{bucket: {name}-states}}}}
layers:
  network:
    availability_zone_ids: [usw2-az1, usw2-az2, usw2-az3, usw2-az4]
    primary_availability_zone_id: usw2-az2
    nat: per_az
    flow_logs: cloudwatch
  storage: {{force_destroy: true}}
  eks: {{availability_zone_ids: [usw2-az1, usw2-az2, usw2-az3]}}
  fsx: {{enabled: false}}
  hyperpod:
    cluster_name: {name}
    instance_groups:
"""


def federated(name: str, workers: int = 2) -> str:
    """Return the environment that hptf, one root and a loop over the layers are measured with."""
    return f"""\
{opening(name)}\
      - {{name: general, instance_type: ml.m5.2xlarge, count: 1}}
      - {{name: workers, instance_type: ml.g5.8xlarge, count: {workers}}}
"""
