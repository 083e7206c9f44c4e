"""The endpoints module: the S3 gateway endpoint, its policy, and the route tables that lead to it."""

from __future__ import annotations

from cdktn_provider_aws.vpc_endpoint import VpcEndpoint
from cdktn_provider_aws.vpc_endpoint_route_table_association import VpcEndpointRouteTableAssociation

from hp_tf.synth.module import Module
from hp_tf.synth.snippets import GATED_RECIPES, tags

# Buckets that AWS services keep what a node reads in. A gateway endpoint carries the traffic of its own region only,
# and everything it carries is subject to its policy, so one that is missing here cannot be reached at all.
SERVICE_BUCKETS = """[
  # Layers of ECR images; the registry of Kubernetes serves its images the same way.
  "prod-${var.region}-starport-layer-bucket",
  "prod-registry-k8s-io-${var.region}",
  # Package repositories of Amazon Linux 2023 and 2.
  "al2023-repos-${var.region}-*",
  "amazonlinux-2-repos-${var.region}",
  "amazonlinux.${var.region}.amazonaws.com",
  "packages.${var.region}.amazonaws.com",
  "repo.${var.region}.amazonaws.com",
  # Systems Manager: the agent, its documents and packages, and patches.
  "amazon-ssm-${var.region}",
  "amazon-ssm-packages-${var.region}",
  "aws-ssm-${var.region}",
  "aws-ssm-distributor-file-${var.region}",
  "aws-ssm-document-attachments-${var.region}",
  "aws-patch-manager-${var.region}-*",
  "patch-baseline-snapshot-${var.region}",
  "${var.region}-birdwatcher-prod",
  # The CloudWatch agent.
  "amazoncloudwatch-agent",
  "amazoncloudwatch-agent-${var.region}",
  # What clusters read: EKS binaries, the EFA installer, the Lustre client.
  "amazon-eks",
  "aws-efa-installer",
  "fsx-lustre-client-repo",
  "fsx-lustre-client-repo-${var.region}",
  # SageMaker: models and samples. Its other buckets differ by region but share a beginning.
  "jumpstart-cache-prod-${var.region}",
  "jumpstart-private-cache-prod-${var.region}",
  "sagemaker-sample-files",
  "aws-sagemaker-*",
]"""

POLICY = """${jsonencode({
  Version = "2012-10-17"
  Statement = concat([
    {
      Sid       = "BucketsOfThisAccount"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:ResourceAccount" = var.account_id } }
    },
    {
      Sid       = "ReadFromServices"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
      Resource  = concat(local.s3_read_resources, local.gated_recipes)
    },
    ], length(local.s3_write_resources) == 0 ? [] : [{
      Sid       = "ReadAndWriteElsewhere"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:*"
      Resource  = local.s3_write_resources
  }])
})}"""


def define(module: Module) -> None:
    """Write the module."""
    module.local(
        "service_buckets",
        SERVICE_BUCKETS,
        comment="Buckets of AWS that nodes read images, packages and agents from.",
    )
    module.local(
        "gated_recipes",
        GATED_RECIPES,
        comment="AWS's recipes for restricted instance groups, which a role must be allowed to read as well.",
    )
    module.local("s3_read_resources", _arns("concat(local.service_buckets, var.s3_read_buckets)"))
    module.local("s3_write_resources", _arns("var.s3_write_buckets"))

    endpoint = VpcEndpoint(
        module,
        "vpc_endpoint.s3",
        vpc_id=module.ref("vpc_id"),
        vpc_endpoint_type="Gateway",
        service_name="com.amazonaws.${var.region}.s3",
        policy=POLICY,
        tags=tags(module, module.name("s3")),
    )
    module.count(endpoint, "${var.s3 ? 1 : 0}")

    # One association per table rather than a list on the endpoint: a new zone then changes nothing that exists.
    association = VpcEndpointRouteTableAssociation(
        module,
        "vpc_endpoint_route_table_association.s3",
        vpc_endpoint_id="${aws_vpc_endpoint.s3[0].id}",
        route_table_id="${each.value}",
    )
    module.for_each(association, "${{ for key, table in var.private_route_table_ids : key => table if var.s3 }}")
    module.output("s3_endpoint_id", "${one(aws_vpc_endpoint.s3[*].id)}", depends_on=[association])


def _arns(buckets: str) -> str:
    """Return the ARNs of buckets and of what is in them."""
    return (
        f"flatten([\n  for bucket in {buckets} :\n"
        '  ["arn:${var.partition}:s3:::${bucket}", "arn:${var.partition}:s3:::${bucket}/*"]\n])'
    )
