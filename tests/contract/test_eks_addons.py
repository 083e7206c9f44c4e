"""What is known of add-ons and their versions."""

from __future__ import annotations

import pytest

from hp_tf.contract.eks_addons import ADDONS, KUBERNETES, NEEDING_NODES, Verdict, judged


@pytest.mark.parametrize(
    ("name", "kubernetes", "version", "verdict"),
    [
        ("coredns", "1.34", "v1.12.4-eksbuild.1", "known"),
        # A build between two that the tables have.
        ("coredns", "1.34", "v1.13.2-eksbuild.5", "likely"),
        ("coredns", "1.32", "v1.13.2-eksbuild.7", "newer"),
        # A control plane that was upgraded keeps its add-ons until they are.
        ("coredns", "1.34", "v1.11.4-eksbuild.24", "unknown"),
        ("coredns", "1.34", "v9.9.9-eksbuild.1", "unknown"),
        ("coredns", "1.34", "1.12.4", "unknown"),
        ("kube-proxy", "1.34", "v1.33.5-eksbuild.2", "known"),
        ("kube-proxy", "1.33", "v1.34.1-eksbuild.2", "newer"),
        ("nobodys", "1.34", "v1.0.0-eksbuild.1", "unknown"),
    ],
)
def test_a_version_is_judged_by_its_line(name: str, kubernetes: str, version: str, verdict: Verdict) -> None:
    assert judged(name, kubernetes, version) == verdict


def test_every_version_in_the_tables_is_known_where_it_stands() -> None:
    for name, addon in ADDONS.items():
        for kubernetes, versions in addon.versions.items():
            assert kubernetes in KUBERNETES and versions
            assert {judged(name, kubernetes, version) for version in versions} == {"known"}


def test_what_runs_as_daemon_sets_needs_no_nodes() -> None:
    assert {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"}.isdisjoint(NEEDING_NODES)
    assert {"coredns", "aws-fsx-csi-driver", "amazon-sagemaker-hyperpod-training-operator"} <= set(NEEDING_NODES)
