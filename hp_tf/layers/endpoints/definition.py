"""The endpoints module: gateway endpoints on the route tables, interface endpoints and their security group."""

from __future__ import annotations

from cdktn_provider_aws.security_group import SecurityGroup
from cdktn_provider_aws.vpc_endpoint import VpcEndpoint
from cdktn_provider_aws.vpc_endpoint_route_table_association import VpcEndpointRouteTableAssociation
from cdktn_provider_aws.vpc_endpoint_security_group_association import VpcEndpointSecurityGroupAssociation
from cdktn_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule

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
      Action = [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectTagging",
      ]
      Resource = local.s3_write_resources
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

    _gateway(module, "s3", POLICY)
    _gateway(module, "dynamodb", None)
    _interfaces(module)


def _gateway(module: Module, service: str, policy: str | None) -> None:
    """Write a gateway endpoint that all private route tables lead to, and its output."""
    endpoint = VpcEndpoint(
        module,
        f"vpc_endpoint.{service}",
        vpc_id=module.ref("vpc_id"),
        vpc_endpoint_type="Gateway",
        service_name=f"com.amazonaws.${{var.region}}.{service}",
        policy=policy,
        tags=tags(module, module.name(service)),
    )
    module.count(endpoint, f"${{var.{service} ? 1 : 0}}")

    # One association per table rather than a list on the endpoint: a new zone then changes nothing that exists.
    association = VpcEndpointRouteTableAssociation(
        module,
        f"vpc_endpoint_route_table_association.{service}",
        vpc_endpoint_id=f"${{aws_vpc_endpoint.{service}[0].id}}",
        route_table_id="${each.value}",
    )
    module.for_each(
        association, f"${{{{ for key, table in var.private_route_table_ids : key => table if var.{service} }}}}"
    )
    module.output(f"{service}_endpoint_id", f"${{one(aws_vpc_endpoint.{service}[*].id)}}", depends_on=[association])


def _interfaces(module: Module) -> None:
    """Write the interface endpoints, and the security group by which these and given ones are reached."""
    module.local("has_interfaces", "length(var.interface_endpoints) + length(var.given_interface_endpoint_ids) > 0")
    group = SecurityGroup(
        module,
        "security_group.this",
        name=module.name("security_group"),
        description="Interface endpoints of ${var.name}: HTTPS from the VPC.",
        vpc_id=module.ref("vpc_id"),
        tags=tags(module, module.name("security_group")),
    )
    module.count(group, "${local.has_interfaces ? 1 : 0}")
    module.made_first(group)
    https = VpcSecurityGroupIngressRule(
        module,
        "ingress.https",
        security_group_id="${aws_security_group.this[0].id}",
        description="HTTPS from block ${each.key}.",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4="${each.value}",
        tags=tags(module, "${var.name}-https-${each.key}"),
    )
    module.for_each(https, "${{ for key, block in var.vpc_cidr_blocks : key => block if local.has_interfaces }}")

    module.local(
        "interface_subnet_ids",
        "[\n  for zone, subnet in var.private_subnet_ids :\n  subnet\n"
        "  if var.interface_availability_zone_ids == null ? true : contains(var.interface_availability_zone_ids, zone)"
        "\n]",
    )
    endpoint = VpcEndpoint(
        module,
        "vpc_endpoint.interface",
        vpc_id=module.ref("vpc_id"),
        vpc_endpoint_type="Interface",
        service_name="com.amazonaws.${var.region}.${each.key}",
        subnet_ids=module.strings("${local.interface_subnet_ids}"),
        security_group_ids=["${aws_security_group.this[0].id}"],
        private_dns_enabled=True,
        tags=tags(module, "${var.name}-${each.key}-interface"),
    )
    module.for_each(endpoint, "${toset(var.interface_endpoints)}")

    added = VpcEndpointSecurityGroupAssociation(
        module,
        "vpc_endpoint_security_group_association.given",
        vpc_endpoint_id="${each.value}",
        security_group_id="${aws_security_group.this[0].id}",
    )
    module.for_each(added, "${var.given_interface_endpoint_ids}")
    module.made_first(added)
    module.output(
        "interface_endpoint_ids",
        "${{ for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id }}",
        depends_on=[https, added],
    )


def _arns(buckets: str) -> str:
    """Return the ARNs of buckets and of what is in them."""
    return (
        f"flatten([\n  for bucket in {buckets} :\n"
        '  ["arn:${var.partition}:s3:::${bucket}", "arn:${var.partition}:s3:::${bucket}/*"]\n])'
    )
