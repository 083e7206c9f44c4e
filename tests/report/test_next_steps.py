from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hp_tf.contract.purchases import Purchase
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.planner import Planned
from hp_tf.planning.purchases import Bought
from hp_tf.report.next_steps import commands
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context

OUTPUTS = {"eks": {"cluster_name": "acme-eks"}, "hyperpod": {"cluster_name": "ml-cluster"}}
ROLE = "arn:aws:iam::123456789012:role/deploy"


def _steps(*layers: str, emulator: object = None, outputs: Any = OUTPUTS, **aws: Any) -> list[str]:
    environment = SimpleNamespace(
        aws=SimpleNamespace(**{"region": "us-west-2", "profile": None, "assume_role": None, **aws})
    )
    context = SimpleNamespace(
        environment=environment,
        contracts=CONTRACTS,
        target=SimpleNamespace(emulator=emulator),
        command_line=CommandLine("dev", emulator is not None),
    )
    planned = SimpleNamespace(bought=tuple(Bought(name, Purchase("x", None, "x")) for name in layers))
    return list(commands(cast(Context, context), cast(Planned, planned), outputs))


def test_a_cluster_is_reached_as_it_was_made() -> None:
    assert _steps("network", "eks", "hyperpod", profile="ml team") == [
        "aws eks update-kubeconfig --name acme-eks --region us-west-2 --profile 'ml team'",
        "kubectl get nodes",
        "aws sagemaker list-cluster-nodes --cluster-name ml-cluster --region us-west-2 --profile 'ml team'",
    ]
    role = SimpleNamespace(role_arn=ROLE)
    assert _steps("eks", assume_role=role)[0] == (
        f"aws eks update-kubeconfig --name acme-eks --region us-west-2 --assume-role-arn {ROLE} --role-arn {ROLE}"
    )


def test_on_the_embedded_aws_the_shell_is_pointed_at_it_first() -> None:
    assert _steps("hyperpod", emulator=object(), profile="ml") == [
        'eval "$(hptf local env dev --rehearse)"',
        "aws sagemaker list-cluster-nodes --cluster-name ml-cluster --region us-west-2",
    ]


def test_without_something_to_work_with_there_is_no_step() -> None:
    assert _steps("network", "fsx", emulator=object()) == []
    assert _steps("eks", outputs={"eks": {}}) == []
