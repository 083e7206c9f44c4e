"""Where HyperPod can be had, and which partition a region is in."""

from __future__ import annotations

from hp_tf.contract.expressions.evaluate import evaluate
from hp_tf.contract.expressions.nodes import literal
from hp_tf.contract.expressions.words import choose, element, var

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


# Those in the same part of the world as `region`; all of them where there is none.
_AREA = var("region").part("-", 0)
_NEAR = literal(HYPERPOD_REGIONS).each("name", element("name"), element("name").part("-", 0).eq(_AREA))
NEARBY = choose(_NEAR.empty(), HYPERPOD_REGIONS, _NEAR)

# Other partitions put a word of their own in the middle or in front: us-iso-east-1, eusc-de-east-1.
PARTITION = choose(
    var("region").begins("cn-"),
    "aws-cn",
    choose(
        var("region").begins("us-gov-"),
        "aws-us-gov",
        choose(var("region").matches("[a-z]{2}-[a-z]+-[0-9]"), "aws", ""),
    ),
)


def partition_of(region: str) -> str:
    """Return the AWS partition of a region; empty if it is none that hptf knows, which no valid file names."""
    return str(evaluate(PARTITION, {"region": region}))
