"""Types of values that several layers share: ids, addresses, names.

Each is a plain string with a pattern, so a Terraform variable and pydantic check it the same way.
"""

from __future__ import annotations

from typing import Annotated, Literal

from hp_tf.contract.base import Text

OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
ADDRESS = rf"(?:{OCTET}\.){{3}}{OCTET}"
# Every partition AWS has so far: aws, aws-cn, aws-us-gov, aws-iso, aws-iso-b, aws-eusc.
ARN = "arn:aws(?:-[a-z]+)*"

Partition = Literal["aws", "aws-cn", "aws-us-gov"]

EnvironmentName = Annotated[
    str,
    Text(
        "[a-z](?:-?[a-z0-9])*",
        "a name of lower-case letters, digits and single hyphens that begins with a letter, such as 'ml-dev'",
        min_length=2,
    ),
]
Region = Annotated[str, Text("[a-z]{2}(?:-[a-z]+)+-[0-9]", "an AWS region such as 'us-west-2'")]
AccountId = Annotated[str, Text("[0-9]{12}", "an AWS account id of twelve digits")]

# AWS takes letters and digits of any script in tags, and of the ASCII signs only: space + - = . _ : / @
_TAG = r"""[^\x00-\x1f!"#$%&'()*,;<>?\[\\\]^`{|}~\x7f]"""
_TAG_SIGNS = "letters, digits, spaces and the signs + - = . _ : / @"
TagKey = Annotated[
    str,
    # RE2 can say "not aws:" letter by letter only.
    Text(
        "[^aA].*|[aA](?:[^wW].*)?|[aA][wW](?:[^sS].*)?|[aA][wW][sS](?:[^:].*)?",
        "the key of a tag of yours: AWS keeps 'aws:' at the beginning for itself",
    ),
    Text(f"{_TAG}+", f"the key of a tag: {_TAG_SIGNS}", min_length=1, max_length=128),
]
TagValue = Annotated[str, Text(f"{_TAG}*", f"the value of a tag: {_TAG_SIGNS}", max_length=256)]
Tags = dict[TagKey, TagValue]

# A Local Zone has its place between the region and the number: usw2-lax1-az1.
REGULAR_ZONE = "[a-z]{3,4}[0-9]-az[0-9]{1,2}"
ZoneId = Annotated[
    str,
    Text(
        "[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2}",
        "an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')",
    ),
]

# The range of prefix lengths is part of the type: AWS takes /16 to /28 for a VPC's block and for a subnet.
Cidr = Annotated[str, Text(rf"{ADDRESS}/(?:3[0-2]|[12]?[0-9])", "an IPv4 range such as '10.0.0.0/16'")]
VpcCidr = Annotated[
    str, Text(rf"{ADDRESS}/(?:1[6-9]|2[0-8])", "an IPv4 range between /16 and /28 such as '10.192.0.0/16'")
]

# What EKS takes for Kubernetes services: a private range between /12 and /24.
ServiceCidr = Annotated[
    str,
    Text(
        rf"(?:10\.{OCTET}|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)\.{OCTET}\.{OCTET}/(?:1[2-9]|2[0-4])",
        "an IPv4 range between /12 and /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as '10.100.0.0/16'",
    ),
]

VpcId = Annotated[str, Text("vpc-[0-9a-f]{8,17}", "a VPC id such as 'vpc-0123456789abcdef0'")]
SubnetId = Annotated[str, Text("subnet-[0-9a-f]{8,17}", "a subnet id such as 'subnet-0123456789abcdef0'")]
SecurityGroupId = Annotated[str, Text("sg-[0-9a-f]{8,17}", "a security group id such as 'sg-0123456789abcdef0'")]
RouteTableId = Annotated[str, Text("rtb-[0-9a-f]{8,17}", "a route table id such as 'rtb-0123456789abcdef0'")]
NatGatewayId = Annotated[str, Text("nat-[0-9a-f]{8,17}", "a NAT gateway id such as 'nat-0123456789abcdef0'")]
InternetGatewayId = Annotated[str, Text("igw-[0-9a-f]{8,17}", "an internet gateway id such as 'igw-0123456789abcdef0'")]

RoleArn = Annotated[
    str,
    Text(
        rf"{ARN}:iam::[0-9]{{12}}:role/[A-Za-z0-9+=,.@_/-]{{1,512}}",
        "the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'",
    ),
]
RoleName = Annotated[
    str,
    Text(
        "[A-Za-z0-9+=,.@_-]+",
        "the name of an IAM role: letters, digits and + = , . @ _ -",
        min_length=1,
        max_length=64,
    ),
]
PolicyArn = Annotated[
    str,
    Text(
        rf"{ARN}:iam::(?:[0-9]{{12}}|aws):policy/[A-Za-z0-9+=,.@_/-]+",
        "the ARN of an IAM policy such as 'arn:aws:iam::123456789012:policy/name'",
    ),
]
RolePath = Annotated[str, Text("/|/[!-~]{1,510}/", "an IAM path that begins and ends with a slash, such as '/ml/'")]
KmsKeyArn = Annotated[
    str,
    Text(
        rf"{ARN}:kms:[a-z0-9-]+:[0-9]{{12}}:key/[A-Za-z0-9-]+",
        "the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'",
    ),
]
SecretArn = Annotated[str, Text(rf"{ARN}:secretsmanager:.+", "the ARN of a secret")]
TopicArn = Annotated[
    str,
    Text(
        rf"{ARN}:sns:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]{{1,256}}",
        "the ARN of an SNS topic such as 'arn:aws:sns:us-west-2:123456789012:alerts'",
    ),
]
# The form of the service's own addresses, from which the workspace's ARN follows.
PrometheusEndpoint = Annotated[
    str,
    Text(
        r"https://aps-workspaces\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/workspaces/ws-[0-9a-f-]+",
        "the URL of a Prometheus workspace without a slash at its end such as "
        "'https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef'",
    ),
]
BucketArn = Annotated[
    str,
    Text(rf"{ARN}:s3:::[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9]", "the ARN of an S3 bucket such as 'arn:aws:s3:::acme-logs'"),
]
BucketName = Annotated[
    str,
    # RE2 can say "not four numbers" only by what else there is.
    Text(
        r".*[a-z-].*|[^.]*(?:\.[^.]*){0,2}|[^.]*(?:\.[^.]*){4,}",
        "a bucket name: S3 takes none that looks like an IP address",
    ),
    Text(
        r"[a-z0-9](?:(?:\.?[a-z0-9-])*\.?[a-z0-9])?",
        "a bucket name of lower-case letters, digits, hyphens and single dots",
        min_length=3,
        max_length=63,
    ),
]
_S3_PLACE = "[^/]+(?:/.*)?"
S3Location = Annotated[str, Text(f"s3://{_S3_PLACE}", "an S3 location such as 's3://bucket/prefix'")]
# SageMaker reads scripts from web addresses of buckets, too.
ScriptLocation = Annotated[
    str, Text(f"(?:s3|https)://{_S3_PLACE}", "a location such as 's3://bucket/prefix'", max_length=1024)
]
# A part of dots alone ('..') would be read as another folder by what downloads the objects.
_KEY_PART = r"\.*[A-Za-z0-9!_=*'()-][A-Za-z0-9!_.=*'()-]*"
KeyPrefix = Annotated[
    str,
    Text(
        f"(?:{_KEY_PART}(?:/{_KEY_PART})*)?",
        "a key prefix without a slash at either end and without '..', such as 'lifecycle/eks'",
    ),
]

# CloudWatch Logs knows these periods and no others. Days.
LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
