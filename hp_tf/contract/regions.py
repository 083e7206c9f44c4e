"""Where HyperPod can be had, and which partition a region is in."""

from __future__ import annotations

import re

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


# Other partitions put a word of their own in the middle or in front: us-iso-east-1, eusc-de-east-1.
_COMMERCIAL = "[a-z]{2}-[a-z]+-[0-9]"
PARTITION_OF_REGION = (
    '(startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : '
    f'can(regex("^{_COMMERCIAL}$", var.region)) ? "aws" : "")'
)


def partition_of(region: str) -> str:
    """Return the AWS partition of a region; empty if it is none that hptf knows, which no valid file names.

    ``PARTITION_OF_REGION`` is the same in HCL.
    """
    if region.startswith("cn-"):
        return "aws-cn"
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    return "aws" if re.fullmatch(_COMMERCIAL, region) else ""
