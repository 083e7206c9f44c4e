"""What an EKS cluster costs by the hour, and how it is reached."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from hp_tf.contract.next_steps import Standing
from hp_tf.contract.purchases import Purchase
from hp_tf.contract.rules import Scope


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the control plane."""
    yield Purchase("aws_eks_cluster", None, f"EKS control plane of Kubernetes {inputs['kubernetes_version']}")


def next_steps(here: Standing) -> Iterator[str]:
    """Yield how kubectl gets to the cluster."""
    name = shlex.quote(here.outputs["cluster_name"])
    if here.role_arn is None:
        yield f"aws eks update-kubeconfig --name {name} {here.aws}"
    else:
        # The one is for the file, the other for the credential that kubectl asks for.
        roles = f"--assume-role-arn {here.role_arn} --role-arn {here.role_arn}"
        yield f"aws eks update-kubeconfig --name {name} {here.aws} {roles}"
    yield "kubectl get nodes"
