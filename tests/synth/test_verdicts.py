"""One verdict: what pydantic and the rules refuse, Terraform's validations refuse, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hp_tf.contract.base import Contract
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.examples import ENVIRONMENT
from tests.synth import samples
from tests.synth.standins import standins
from tests.synth.terraform import Terraform
from tests.synth.verdicts import base, cases, disagreements, python_verdict, terraform_verdicts

Start = Callable[[Path], Terraform]

ZONES = {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"}
# Their groups have hyperpod's forms, and their module needs a real provider beside the stand-in: tests/layers tries
# what is their own.
TRIED_ELSEWHERE = {"hyperpod_slurm"}

# What a layer's rules want beyond the required inputs.
MORE: dict[str, dict[str, object]] = {
    "accounting": {"private_subnet_ids": ZONES},
    "openzfs": {"private_subnet_ids": ZONES},
    "studio": {"cluster_name": "ml-dev-eks"},
    "fsx": {"private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"}},
    "hyperpod": {
        "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
        "instance_groups": [{"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 1}],
        "lifecycle_script_uri": "s3://sagemaker-dev-123456789012-us-west-2/lifecycle",
        "lifecycle_on_create": "on_create.sh",
    },
}

# What makes a layer make all that it has names for.
EVERY_NAME: dict[str, dict[str, object]] = {
    "iam": {"karpenter_role": True},
    "endpoints": {"dynamodb": True, "interface_endpoints": ["sts"]},
    "network": {"flow_logs": "cloudwatch"},
    "observability_eks": {
        "dashboards": True,
        "grafana_workspace_id": "g-0123456789",
        "grafana_workspace_arn": "arn:aws:grafana:us-west-2:123456789012:/workspaces/g-0123456789",
    },
    "ssm": {"session_logs": "cloudwatch"},
    "storage": {"access_logs": "created"},
}


@pytest.mark.slow
def test_every_constraint_of_the_sample(tmp_path: Path, terraform: Start) -> None:
    found = cases(samples.CONTRACT, samples.GOOD)
    assert python_verdict(samples.CONTRACT, samples.GOOD)
    assert len(found) > 100
    assert disagreements(samples.CONTRACT, found, tmp_path, terraform) == ""


@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=st.lists(
        st.from_regex("[A-Za-z0-9._-]{0,10}", fullmatch=True)
        | st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.just("\n"), max_size=10),
        min_size=40,
        max_size=60,
    ),
    counts=st.lists(st.integers(-5, 110), min_size=60, max_size=60),
)
def test_any_label_and_count(
    labels: list[str], counts: list[int], tmp_path_factory: pytest.TempPathFactory, terraform: Start
) -> None:
    found = [
        {**samples.GOOD, "groups": [{"name": label, "count": count, "spot": count % 2 == 0}]}
        for label, count in zip(labels, counts, strict=False)
    ]
    assert disagreements(samples.CONTRACT, found, tmp_path_factory.mktemp("labels"), terraform) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "contract",
    [item for item in CONTRACTS.values() if item.name not in TRIED_ELSEWHERE],
    ids=lambda item: item.name,
)
def test_every_constraint_of_a_layer(contract: Contract, tmp_path: Path, program: Path) -> None:
    start = {**base(contract), **MORE.get(contract.name, {})}
    assert python_verdict(contract, start), f"{start} breaks a rule; say in MORE what else it needs"
    (tmp_path / "s").mkdir()
    served: AbstractContextManager[Mapping[str, str]]
    served = standins(tmp_path / "s") if contract.named_elements else nullcontext({})
    with served as environ:
        terraform = partial(Terraform, program, environ=environ)
        assert disagreements(contract, cases(contract, start), tmp_path / "root", terraform) == ""


@pytest.mark.slow
@pytest.mark.parametrize("contract", [item for item in CONTRACTS.values() if item.names], ids=lambda item: item.name)
def test_a_name_is_as_long_as_the_service_takes_it(contract: Contract, tmp_path: Path, terraform: Start) -> None:
    facts = {name: value for name, value in ENVIRONMENT.items() if isinstance(value, str)}
    start = {**base(contract), **MORE.get(contract.name, {}), **EVERY_NAME.get(contract.name, {})}
    room = {name: name.limit - len(name.render({**facts, "name": ""})) for name in contract.names.values()}
    tightest = min(room, key=lambda name: room[name])
    longest = room[tightest]
    given = [{**start, "name": "n" * longest}, {**start, "name": "n" * (longest + 1)}]
    [(fits, _), (accepted, message)] = terraform_verdicts(contract, given, tmp_path, terraform)
    assert (fits, accepted) == (True, False)
    assert f"the {tightest.what} would be" in message
    assert f"{tightest.limit + 1} characters where {tightest.limit} are allowed" in message
