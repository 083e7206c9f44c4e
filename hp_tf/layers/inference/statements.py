"""What the roles of the operator's parts may do.

Sources: AWS's managed policies AmazonSageMakerHyperPodInferenceAccess (v3) and AmazonSageMakerHyperPodGatedModelAccess,
and the policy that the AWS Load Balancer Controller's project gives for it (v2.13); narrowed to the account, the region
and the cluster where AWS allows that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Statement = dict[str, Any]

_HERE = "${var.region}:${var.account_id}"
_EC2 = f"arn:${{var.partition}}:ec2:{_HERE}"
_EKS = f"arn:${{var.partition}}:eks:{_HERE}"
_SAGEMAKER = f"arn:${{var.partition}}:sagemaker:{_HERE}"
_ELB = f"arn:${{var.partition}}:elasticloadbalancing:{_HERE}"
_HUB = "arn:${var.partition}:sagemaker:${var.region}:aws"
_CERTIFICATES = f"arn:${{var.partition}}:acm:{_HERE}:certificate/*"
_MODELS = [f"{_SAGEMAKER}:{kind}/*" for kind in ("model", "endpoint", "endpoint-config")]
_TAG = "CreatedBy"
_OURS = "HyperPodInference"
_REQUESTED, _TAGGED = {f"aws:RequestTag/{_TAG}": _OURS}, {f"aws:ResourceTag/{_TAG}": _OURS}
_OWN_ACCOUNT = {"aws:ResourceAccount": "${var.account_id}"}


def _allow(
    sid: str, actions: Sequence[str], resource: str | list[str], condition: dict[str, Any] | None = None
) -> Statement:
    found: Statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    return found if condition is None else {**found, "Condition": condition}


OPERATOR: list[Statement] = [
    _allow(
        "KeepCertificates",
        ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"],
        "${local.tls_bucket_arn}/*",
        {"StringEquals": _OWN_ACCOUNT},
    ),
    _allow("ListCertificates", ["s3:ListBucket"], "${local.tls_bucket_arn}", {"StringEquals": _OWN_ACCOUNT}),
    _allow("LogInToRegistries", ["ecr:GetAuthorizationToken"], "*"),
    # Images of models are AWS's own, in its accounts.
    _allow(
        "PullImages",
        ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "arn:${var.partition}:ecr:${var.region}:*:repository/*",
    ),
    _allow(
        "LookUp",
        [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeLoadBalancers",
            "fsx:DescribeFileSystems",
        ],
        "*",
    ),
    _allow("DeleteInterfaces", ["ec2:DeleteNetworkInterface"], f"{_EC2}:network-interface/*"),
    _allow(
        "UseCluster",
        ["eks:DescribeCluster", "eks-auth:AssumeRoleForPodIdentity"],
        f"{_EKS}:cluster/${{var.cluster_name}}",
    ),
    _allow(
        "WatchByAccessPolicy",
        ["eks:AssociateAccessPolicy", "eks:DisassociateAccessPolicy"],
        f"{_EKS}:access-entry/${{var.cluster_name}}/*",
        {
            "StringEquals": {
                "eks:policyarn": "arn:${var.partition}:eks::aws:cluster-access-policy/"
                "AmazonSagemakerHyperpodInferenceMonitoringPolicy"
            }
        },
    ),
    _allow("ListAccessPolicies", ["eks:ListAssociatedAccessPolicies"], f"{_EKS}:access-entry/${{var.cluster_name}}/*"),
    _allow(
        "ImportCertificates",
        ["acm:AddTagsToCertificate", "acm:ImportCertificate"],
        _CERTIFICATES,
        {"StringEquals": _REQUESTED, "ForAllValues:StringEquals": {"aws:TagKeys": [_TAG]}},
    ),
    _allow("DeleteOwnCertificates", ["acm:DeleteCertificate"], _CERTIFICATES, {"StringEquals": _TAGGED}),
    _allow(
        "PassItself",
        ["iam:PassRole"],
        "${aws_iam_role.operator[0].arn}",
        {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    ),
    _allow("SendMetrics", ["cloudwatch:PutMetricData"], "*", {"StringEquals": {"cloudwatch:namespace": _OURS}}),
    _allow(
        "SendLogs",
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        f"arn:${{var.partition}}:logs:{_HERE}:log-group:*",
    ),
    _allow(
        "ServeOnCluster",
        ["sagemaker:DescribeCluster", "sagemaker:DescribeClusterInference", "sagemaker:UpdateClusterInference"],
        "${var.hyperpod_cluster_arn}",
    ),
    _allow(
        "ReadModels",
        ["sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig", "sagemaker:DescribeModel"],
        _MODELS,
    ),
    _allow(
        "ReadHubs",
        ["sagemaker:DescribeHubContent"],
        [
            f"{_HUB}:hub/SageMakerPublicHub",
            f"{_HUB}:hub-content/SageMakerPublicHub/*",
            f"{_SAGEMAKER}:hub/*",
            f"{_SAGEMAKER}:hub-content/*",
        ],
    ),
    _allow(
        "MakeModels",
        ["sagemaker:CreateEndpoint", "sagemaker:CreateEndpointConfig", "sagemaker:CreateModel"],
        _MODELS,
        {"StringEquals": _REQUESTED},
    ),
    _allow(
        "TagModelsMade",
        ["sagemaker:AddTags"],
        _MODELS,
        {"StringEquals": {"sagemaker:TaggingAction": ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"]}},
    ),
    _allow(
        "ChangeOwnModels",
        [
            "sagemaker:DeleteEndpoint",
            "sagemaker:DeleteEndpointConfig",
            "sagemaker:DeleteModel",
            "sagemaker:UpdateEndpoint",
        ],
        _MODELS,
        {"StringEquals": _TAGGED},
    ),
]

# Subnets and groups are lists, and a key is there or not: expressions, beside the list above.
OPERATOR_MORE = """concat(
  [{
    Sid    = "MakeInterfaces"
    Effect = "Allow"
    Action = ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission"]
    Resource = concat(
      ["arn:${var.partition}:ec2:${var.region}:${var.account_id}:network-interface/*"],
      [
        for subnet in values(var.private_subnet_ids) :
        "arn:${var.partition}:ec2:${var.region}:${var.account_id}:subnet/${subnet}"
      ],
      ["arn:${var.partition}:ec2:${var.region}:${var.account_id}:security-group/${var.security_group_id}"],
    )
  }],
  [
    for arn in compact([var.kms_key_arn]) : {
      Sid      = "UseKeyOfCertificates"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = arn
    }
  ],
)"""

# CloudWatch's metrics have no resources to be narrowed to.
KEDA = """concat(
  [{
    Sid      = "ReadMetrics"
    Effect   = "Allow"
    Action   = ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"]
    Resource = "*"
  }],
  [
    for arn in compact([var.prometheus_workspace_arn]) : {
      Sid      = "QueryPrometheus"
      Effect   = "Allow"
      Action   = ["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics"]
      Resource = arn
    }
  ],
)"""

GATED: list[Statement] = [
    _allow(
        "DownloadGatedModels",
        ["sagemaker:CreateHubContentPresignedUrls"],
        [f"{_HUB}:hub/SageMakerPublicHub", f"{_HUB}:hub-content/SageMakerPublicHub/*/*"],
    )
]

_CLUSTER_TAG = "elbv2.k8s.aws/cluster"
_FOR_CLUSTER = {f"aws:RequestTag/{_CLUSTER_TAG}": "${var.cluster_name}"}
_OF_CLUSTER = {f"aws:ResourceTag/{_CLUSTER_TAG}": "${var.cluster_name}"}
_BALANCERS = [f"{_ELB}:loadbalancer/{kind}/*/*" for kind in ("app", "net")]
_GROUPS = f"{_ELB}:targetgroup/*/*"
_LISTENERS = [f"{_ELB}:{kind}/*" for kind in ("listener", "listener-rule")]

LOAD_BALANCERS: list[Statement] = [
    _allow(
        "FirstLoadBalancerOfTheAccount",
        ["iam:CreateServiceLinkedRole"],
        "arn:${var.partition}:iam::${var.account_id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*",
        {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}},
    ),
    _allow(
        "LookUp",
        [
            "acm:DescribeCertificate",
            "acm:ListCertificates",
            "ec2:DescribeAccountAttributes",
            "ec2:DescribeAddresses",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeCoipPools",
            "ec2:DescribeInstances",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeIpamPools",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeTags",
            "ec2:DescribeVpcPeeringConnections",
            "ec2:DescribeVpcs",
            "ec2:GetCoipPoolUsage",
            "ec2:GetSecurityGroupsForVpc",
            "elasticloadbalancing:DescribeCapacityReservation",
            "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeListenerCertificates",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeSSLPolicies",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            "elasticloadbalancing:DescribeTrustStores",
            "shield:DescribeProtection",
            "shield:GetSubscriptionState",
            "waf-regional:GetWebACLForResource",
            "wafv2:GetWebACLForResource",
        ],
        "*",
    ),
    _allow(
        "LetThrough",
        ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
        f"{_EC2}:security-group/*",
        {"ArnEquals": {"ec2:Vpc": f"{_EC2}:vpc/${{var.vpc_id}}"}},
    ),
    _allow("MakeGroups", ["ec2:CreateSecurityGroup"], [f"{_EC2}:security-group/*", f"{_EC2}:vpc/${{var.vpc_id}}"]),
    _allow(
        "TagGroupsMade",
        ["ec2:CreateTags"],
        f"{_EC2}:security-group/*",
        {"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup", **_FOR_CLUSTER}},
    ),
    _allow(
        "ChangeOwnGroups",
        ["ec2:CreateTags", "ec2:DeleteSecurityGroup", "ec2:DeleteTags"],
        f"{_EC2}:security-group/*",
        {"StringEquals": _OF_CLUSTER},
    ),
    _allow(
        "MakeLoadBalancers",
        ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
        [*_BALANCERS, _GROUPS],
        {"StringEquals": _FOR_CLUSTER},
    ),
    _allow(
        "TagLoadBalancersMade",
        ["elasticloadbalancing:AddTags"],
        [*_BALANCERS, _GROUPS],
        {
            "StringEquals": {
                "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"],
                **_FOR_CLUSTER,
            }
        },
    ),
    _allow(
        "ChangeOwnLoadBalancers",
        [
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:CreateListener",
            "elasticloadbalancing:DeleteLoadBalancer",
            "elasticloadbalancing:DeleteTargetGroup",
            "elasticloadbalancing:ModifyCapacityReservation",
            "elasticloadbalancing:ModifyIpPools",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:ModifyTargetGroup",
            "elasticloadbalancing:ModifyTargetGroupAttributes",
            "elasticloadbalancing:RemoveTags",
            "elasticloadbalancing:SetIpAddressType",
            "elasticloadbalancing:SetSecurityGroups",
            "elasticloadbalancing:SetSubnets",
        ],
        [*_BALANCERS, _GROUPS],
        {"StringEquals": _OF_CLUSTER},
    ),
    _allow(
        "RegisterTargets",
        ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
        _GROUPS,
        {"StringEquals": _OF_CLUSTER},
    ),
    _allow(
        "ChangeListeners",
        [
            "elasticloadbalancing:AddListenerCertificates",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:CreateRule",
            "elasticloadbalancing:DeleteListener",
            "elasticloadbalancing:DeleteRule",
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyListenerAttributes",
            "elasticloadbalancing:ModifyRule",
            "elasticloadbalancing:RemoveListenerCertificates",
            "elasticloadbalancing:RemoveTags",
            "elasticloadbalancing:SetRulePriorities",
        ],
        _LISTENERS,
    ),
]
