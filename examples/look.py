"""Look at the embedded AWS with plain boto3: the HyperPod cluster with its groups, and on EKS the Helm release.

Run it with the variables of `hptf local env`; exits 1 if something is missing.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import sys
import urllib.request
from typing import Any

import boto3


def main() -> int:
    """Print what is there."""
    region = os.environ["AWS_REGION"]
    sagemaker, eks = boto3.client("sagemaker", region_name=region), boto3.client("eks", region_name=region)
    clusters = sagemaker.list_clusters()["ClusterSummaries"]
    for summary in clusters:
        cluster = sagemaker.describe_cluster(ClusterName=summary["ClusterName"])
        sys.stdout.write(f"{cluster['ClusterName']} {cluster['ClusterStatus']} {cluster['ClusterArn']}\n")
        for group in cluster["InstanceGroups"]:
            count, kind = f"{group['CurrentCount']}/{group['TargetCount']}", group["InstanceType"]
            sys.stdout.write(f"  {group['InstanceGroupName']}: {count} {kind}\n")
    on_eks = eks.list_clusters()["clusters"]
    found = [release for name in on_eks for release in releases(eks, name, region)]
    if on_eks:
        sys.stdout.write(f"helm releases: {', '.join(found) or 'none'}\n")
    return 0 if clusters and (found or not on_eks) else 1


def releases(eks: Any, name: str, region: str) -> list[str]:
    """Return the Helm releases in an EKS cluster, as Helm itself records them."""
    cluster = eks.describe_cluster(name=name)["cluster"]
    plugin = ["hptf", "token", "--cluster-name", name, "--region", region]
    credential = json.loads(subprocess.run(plugin, check=True, capture_output=True, text=True).stdout)
    token = credential["status"]["token"]
    authority = base64.b64decode(cluster["certificateAuthority"]["data"]).decode()
    request = urllib.request.Request(
        f"{cluster['endpoint']}/api/v1/secrets?labelSelector=owner%3Dhelm", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10, context=ssl.create_default_context(cadata=authority)) as answer:
        items = json.load(answer)["items"]
    return sorted({f"{item['metadata']['namespace']}/{item['metadata']['labels']['name']}" for item in items})


if __name__ == "__main__":
    sys.exit(main())
