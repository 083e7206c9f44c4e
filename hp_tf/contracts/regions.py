"""Where HyperPod can be had."""

from __future__ import annotations

# Regions that know AWS::SageMaker::Cluster; elsewhere Cloud Control answers that there is no such type.
HYPERPOD_REGIONS = (
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)


def near(region: str) -> list[str]:
    """Return those in the same part of the world as a region; all of them where there is none."""
    area = region.partition("-")[0]
    return [name for name in HYPERPOD_REGIONS if name.startswith(f"{area}-")] or list(HYPERPOD_REGIONS)
