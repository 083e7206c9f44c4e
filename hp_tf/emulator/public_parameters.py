"""What every real account has and moto lacks: the public parameters that name EKS images."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from moto.ssm.models import Parameter, ssm_backends

from hp_tf.contract.eks_addons import KUBERNETES

_VARIANTS = ("x86_64/standard", "x86_64/nvidia", "x86_64/neuron", "arm64/standard")


def add_parameters(account_id: str, region: str) -> None:
    """Add `/aws/service/eks/optimized-ami/<version>/amazon-linux-2023/<variant>/recommended/image_id`.

    The images themselves do not exist; their ids are made from the names, the same at every start.
    """
    parameters = ssm_backends[account_id][region]._parameters
    # Typed loosely: the class leaves methods abstract that moto itself never calls for parameters.
    make: Any = Parameter
    for version in KUBERNETES:
        for variant in _VARIANTS:
            name = f"/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/{variant}/recommended/image_id"
            parameters[name] = [
                make(
                    account_id=account_id,
                    name=name,
                    value=f"ami-{sha256(name.encode()).hexdigest()[:17]}",
                    parameter_type="String",
                    description=None,
                    allowed_pattern=None,
                    keyid=None,
                    last_modified_date=datetime.now(UTC),
                    version=1,
                    data_type="aws:ec2:image",
                )
            ]
