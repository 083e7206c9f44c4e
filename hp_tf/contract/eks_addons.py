"""EKS add-ons: in which namespace each lives, what it needs, and its versions by Kubernetes version.

Sources, as read on the day below: the tables of coredns and kube-proxy in the EKS user guide, the drivers' releases,
and versions that public Terraform code pins. EKS makes new builds all the time, so the lists are never whole; which
line of an add-on (its major and minor version) goes with which Kubernetes version stands still.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

READ_ON = "2026-12-01"
KUBERNETES = ("1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35")
_VERSION = re.compile(r"v(\d+)\.(\d+)\.\d+-eksbuild\.\d+")

# known: EKS offers it. likely: a build of a line that EKS offers. newer: of a line for newer Kubernetes versions only.
Verdict = Literal["known", "likely", "newer", "unknown"]


def _every(*versions: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(KUBERNETES, versions)


def _hyperpod(*versions: str) -> dict[str, tuple[str, ...]]:
    """HyperPod's own add-ons go no further than HyperPod: on others EKS says that they are not supported."""
    return dict.fromkeys(KUBERNETES[:-1], versions)


def _with_older(versions: Mapping[str, tuple[str, ...]], *, minors: int) -> dict[str, tuple[str, ...]]:
    """Return versions by Kubernetes version, each followed by those of some older ones."""
    names = list(versions)
    return {
        name: sum((versions[one] for one in reversed(names[max(0, index - minors) : index + 1])), ())
        for index, name in enumerate(names)
    }


@dataclass(frozen=True)
class EksAddon:
    """An add-on.

    Attributes:
        versions: by Kubernetes version, the newest first, which is the default one.
        needs_nodes: it becomes active only when its pods run on a node. A daemon set has none to run without nodes.
        service_accounts: those that need a role.
        csi_driver: the driver of volumes it installs.
    """

    versions: Mapping[str, tuple[str, ...]]
    namespace: str = "kube-system"
    kind: str = "networking"
    owner: str = "aws"
    needs_nodes: bool = True
    service_accounts: tuple[str, ...] = field(default=())
    csi_driver: str | None = None


ADDONS: Mapping[str, EksAddon] = {
    "vpc-cni": EksAddon(
        _every(
            "v1.21.1-eksbuild.7",
            "v1.21.1-eksbuild.3",
            "v1.21.1-eksbuild.1",
            "v1.21.0-eksbuild.1",
            "v1.20.4-eksbuild.1",
            "v1.20.1-eksbuild.1",
            "v1.20.0-eksbuild.1",
            "v1.19.6-eksbuild.7",
            "v1.19.6-eksbuild.1",
            "v1.19.0-eksbuild.1",
        ),
        needs_nodes=False,
        service_accounts=("aws-node",),
    ),
    "kube-proxy": EksAddon(
        # It may be up to three minor versions older than the control plane, never newer.
        _with_older(
            {
                "1.28": ("v1.28.15-eksbuild.31", "v1.28.15-eksbuild.25"),
                "1.29": ("v1.29.15-eksbuild.16", "v1.29.15-eksbuild.10"),
                "1.30": ("v1.30.14-eksbuild.28", "v1.30.14-eksbuild.8", "v1.30.14-eksbuild.2"),
                "1.31": ("v1.31.14-eksbuild.20", "v1.31.14-eksbuild.9", "v1.31.13-eksbuild.2", "v1.31.10-eksbuild.8"),
                "1.32": ("v1.32.13-eksbuild.16", "v1.32.13-eksbuild.5", "v1.32.9-eksbuild.2", "v1.32.6-eksbuild.8"),
                "1.33": ("v1.33.10-eksbuild.13", "v1.33.10-eksbuild.2", "v1.33.5-eksbuild.2", "v1.33.3-eksbuild.4"),
                "1.34": ("v1.34.6-eksbuild.13", "v1.34.6-eksbuild.2", "v1.34.3-eksbuild.2", "v1.34.1-eksbuild.2"),
                "1.35": ("v1.35.3-eksbuild.13", "v1.35.3-eksbuild.2", "v1.35.0-eksbuild.2"),
            },
            minors=3,
        ),
        needs_nodes=False,
    ),
    "eks-pod-identity-agent": EksAddon(
        _every(
            "v1.3.10-eksbuild.3", "v1.3.10-eksbuild.2", "v1.3.8-eksbuild.2", "v1.3.7-eksbuild.2", "v1.3.4-eksbuild.1"
        ),
        kind="security",
        needs_nodes=False,
    ),
    "eks-node-monitoring-agent": EksAddon(
        _every("v1.7.0-eksbuild.1", "v1.4.0-eksbuild.2"), kind="observability", needs_nodes=False
    ),
    "coredns": EksAddon(
        {
            "1.28": ("v1.10.1-eksbuild.38", "v1.10.1-eksbuild.35"),
            **dict.fromkeys(
                ("1.29", "1.30", "1.31", "1.32"),
                ("v1.11.4-eksbuild.33", "v1.11.4-eksbuild.24", "v1.11.4-eksbuild.22", "v1.11.4-eksbuild.14"),
            ),
            "1.33": (
                "v1.13.2-eksbuild.7",
                "v1.13.2-eksbuild.4",
                "v1.13.1-eksbuild.1",
                "v1.12.4-eksbuild.1",
                "v1.12.2-eksbuild.4",
                "v1.12.1-eksbuild.2",
            ),
            "1.34": ("v1.13.2-eksbuild.7", "v1.13.2-eksbuild.4", "v1.13.1-eksbuild.1", "v1.12.4-eksbuild.1"),
            "1.35": ("v1.14.2-eksbuild.4", "v1.13.2-eksbuild.4", "v1.13.1-eksbuild.1"),
        }
    ),
    "metrics-server": EksAddon(
        _every("v0.8.1-eksbuild.5", "v0.8.0-eksbuild.6", "v0.8.0-eksbuild.3", "v0.8.0-eksbuild.1"),
        kind="observability",
        owner="community",
    ),
    "cert-manager": EksAddon(
        _every("v1.18.2-eksbuild.2", "v1.18.2-eksbuild.1"), "cert-manager", "security", "community"
    ),
    "aws-ebs-csi-driver": EksAddon(
        _every(
            "v1.58.0-eksbuild.1", "v1.55.0-eksbuild.1", "v1.54.0-eksbuild.1", "v1.48.0-eksbuild.2", "v1.46.0-eksbuild.1"
        ),
        kind="storage",
        service_accounts=("ebs-csi-controller-sa",),
        csi_driver="ebs.csi.aws.com",
    ),
    "aws-efs-csi-driver": EksAddon(
        _every("v2.3.0-eksbuild.1", "v2.1.9-eksbuild.1"),
        kind="storage",
        service_accounts=("efs-csi-controller-sa", "efs-csi-node-sa"),
        csi_driver="efs.csi.aws.com",
    ),
    "aws-fsx-csi-driver": EksAddon(
        _every(
            "v1.9.0-eksbuild.1",
            "v1.8.0-eksbuild.1",
            "v1.7.0-eksbuild.1",
            "v1.6.0-eksbuild.1",
            "v1.5.1-eksbuild.1",
        ),
        kind="storage",
        service_accounts=("fsx-csi-controller-sa",),
        csi_driver="fsx.csi.aws.com",
    ),
    "aws-mountpoint-s3-csi-driver": EksAddon(
        _every("v2.5.0-eksbuild.1", "v2.3.0-eksbuild.1", "v2.0.0-eksbuild.1", "v1.10.1-eksbuild.1"),
        kind="storage",
        service_accounts=("s3-csi-driver-sa",),
        csi_driver="s3.csi.aws.com",
    ),
    "snapshot-controller": EksAddon(_every("v8.4.0-eksbuild.1", "v8.3.0-eksbuild.1"), kind="storage"),
    "kube-state-metrics": EksAddon(_every("v2.16.0-eksbuild.1"), "kube-state-metrics", "observability", "community"),
    "prometheus-node-exporter": EksAddon(
        _every("v1.9.1-eksbuild.3"), "prometheus-node-exporter", "observability", "community", needs_nodes=False
    ),
    "external-dns": EksAddon(
        _every("v0.18.0-eksbuild.1"), "external-dns", owner="community", service_accounts=("external-dns",)
    ),
    "adot": EksAddon(_every("v0.117.0-eksbuild.1"), "opentelemetry-operator-system", "observability"),
    "aws-privateca-connector-for-kubernetes": EksAddon(
        _every("v1.6.0-eksbuild.1"),
        "aws-privateca-issuer",
        "security",
        service_accounts=("aws-privateca-issuer",),
    ),
    "amazon-cloudwatch-observability": EksAddon(
        _every("v6.0.1-eksbuild.1", "v4.3.0-eksbuild.1"),
        "amazon-cloudwatch",
        "observability",
        service_accounts=("cloudwatch-agent",),
    ),
    # The training operator works with task governance from v1.3.0 on.
    "amazon-sagemaker-hyperpod-taskgovernance": EksAddon(
        _hyperpod("v1.3.0-eksbuild.1", "v1.2.0-eksbuild.1"), "kueue-system", "scheduling"
    ),
    "amazon-sagemaker-hyperpod-training-operator": EksAddon(
        _hyperpod("v1.1.0-eksbuild.1", "v1.0.0-eksbuild.1"),
        "aws-hyperpod",
        "workloads",
        service_accounts=("hp-training-operator-controller-manager",),
    ),
    "amazon-sagemaker-hyperpod-observability": EksAddon(
        _hyperpod("v1.0.3-eksbuild.1"),
        "hyperpod-observability",
        "observability",
        service_accounts=("hyperpod-observability-operator-otel-collector",),
    ),
    "amazon-sagemaker-hyperpod-inference": EksAddon(
        _hyperpod("v1.0.1-eksbuild.1", "v1.0.0-eksbuild.1"), "hyperpod-inference-system", "workloads"
    ),
}
NEEDING_NODES = tuple(sorted(name for name, addon in ADDONS.items() if addon.needs_nodes))


def judged(name: str, kubernetes: str, version: str) -> Verdict:
    """Return what is known of a version of an add-on on a Kubernetes version; unknown of one that is in no table."""
    addon = ADDONS.get(name)
    offered = addon.versions.get(kubernetes, ()) if addon is not None else ()
    if addon is None or not offered:
        return "unknown"
    line, lines = _line(version), {_line(one) for one in offered}
    if version in offered:
        return "known"
    if line is None or line in lines:
        return "likely" if line is not None else "unknown"
    everywhere = {_line(one) for versions in addon.versions.values() for one in versions}
    return "newer" if line in everywhere and line > max(one for one in lines if one is not None) else "unknown"


def _line(version: str) -> tuple[int, int] | None:
    """Return the major and minor version; None of what no add-on's version looks like."""
    found = _VERSION.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else None
