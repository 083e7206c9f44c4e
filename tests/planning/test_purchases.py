"""What environments pay for, from their files alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf.contract.base import Contract
from hp_tf.contract.purchases import Unit, totals
from hp_tf.environment.load import validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.purchases import bought
from hp_tf.report.bought import lines
from hp_tf.run.context import Context
from tests.report.plans import change, loaded

ENVS = Path(__file__).parents[2] / "envs"
HEAD = """
orchestrator: {orchestrator}
name: acme
aws: {{region: us-west-2, account_id: "123456789012"}}
layers:
"""


def _context(path: Path) -> Context:
    environment, wiring = validated(str(path), CONTRACTS)
    return cast(Context, SimpleNamespace(environment=environment, wiring=wiring, contracts=CONTRACTS))


def _made(context: Context, action: str = "create") -> Any:
    """A plan that does one thing to every type of resource that something is bought of."""
    types = {
        "network": "aws_nat_gateway",
        "endpoints": "aws_vpc_endpoint",
        "eks": "aws_eks_cluster",
        "fsx": "aws_fsx_lustre_file_system",
        "openzfs": "aws_fsx_openzfs_file_system",
        "accounting": "aws_db_instance",
        "hyperpod": "awscc_sagemaker_cluster",
        "hyperpod_slurm": "awscc_sagemaker_cluster",
    }
    return loaded(*(change(f"module.{layer}.{kind}.this", [action], {}, {}) for layer, kind in types.items()))


def _said(context: Context) -> list[str]:
    layers = [layer.name for layer in context.environment.of_mode("created")]
    return list(lines(bought(context, layers, _made(context)), "title"))[1:]


def _file(folder: Path, layers: str, orchestrator: str = "eks") -> Context:
    path = folder / "acme.yaml"
    path.write_text(HEAD.format(orchestrator=orchestrator) + layers)
    return _context(path)


def test_of_every_layer_with_slurm() -> None:
    assert _said(_context(ENVS / "slurm.yaml")) == [
        "  network                    NAT gateway in usw2-az2",
        "  fsx                        FSx for Lustre, PERSISTENT_2 on SSD: 1,200 GiB, 250 MB/s per TiB (293 MB/s), in "
        "usw2-az2",
        "  openzfs                    FSx for OpenZFS, SINGLE_AZ_HA_2: 64 GiB, 160 MB/s, in usw2-az2",
        "  accounting                 MariaDB 10.11 on db.m6g.large with 20 GiB",
        "  hyperpod_slurm controller  1 × ml.m5.2xlarge in usw2-az2, 500 GB volume each: 8 vCPUs",
        "  hyperpod_slurm login       1 × ml.m5.xlarge in usw2-az2, 500 GB volume each: 4 vCPUs",
        "  hyperpod_slurm training    4 × ml.p5.48xlarge in usw2-az2, 500 GB volume each: 32 GPUs, 768 vCPUs",
        "  hyperpod_slurm general     2 × ml.g5.8xlarge in usw2-az2, 500 GB volume each: 2 GPUs, 64 vCPUs",
        "  in all: 8 nodes, 34 GPUs, 844 vCPUs, 1,264 GiB of file systems, 1 NAT gateway",
    ]


def test_a_production_environment_with_a_gateway_in_every_zone() -> None:
    said = _said(_context(ENVS / "prod.yaml"))
    assert [line.split("  ")[-1] for line in said[:3]] == [f"NAT gateway in usw2-az{number}" for number in (1, 2, 3)]
    assert said[-1] == ("  in all: 19 nodes, 128 GPUs, 3,120 vCPUs, 4,800 GiB of file systems, 3 NAT gateways")


def test_what_groups_can_be(tmp_path: Path) -> None:
    context = _file(
        tmp_path,
        """
  network: {availability_zone_ids: [usw2-az1, usw2-az2], primary_availability_zone_id: usw2-az1, nat: none}
  endpoints:
    interface_endpoints: [ec2, ecr.api, ecr.dkr, eks-auth, sagemaker.api, sts]
    interface_availability_zone_ids: [usw2-az1]
  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}
  fsx: {storage_type: HDD, deployment_type: PERSISTENT_1, drive_cache_type: NONE, storage_capacity_gib: 6000}
  hyperpod:
    instance_groups:
      - {name: slow, instance_type: ml.p5.48xlarge, count: 2, threads_per_core: 1, volume_size_gb: 0}
      - {name: any, instance_types: [ml.g5.xlarge, ml.g5.12xlarge], count: 3, spot: true}
      - {name: chip, instance_type: ml.trn2.48xlarge, count: 1, availability_zone_id: usw2-az2}
      - {name: new, instance_type: ml.g9.xlarge, count: 1, volume_size_gb: 0}
      - {name: none, instance_type: ml.g9.2xlarge, count: 0, volume_size_gb: 0}
""",
    )
    assert _said(context) == [
        "  endpoints      6 interface endpoints in usw2-az1: ec2, ecr.api, ecr.dkr, eks-auth, sagemaker.api, sts",
        "  eks            EKS control plane of Kubernetes 1.34",
        "  fsx            FSx for Lustre, PERSISTENT_1 on HDD: 6,000 GiB, 12 MB/s per TiB (70 MB/s), in usw2-az1",
        "  hyperpod slow  2 × ml.p5.48xlarge in usw2-az1: 16 GPUs, 192 vCPUs",
        "  hyperpod any   3 × ml.g5.xlarge or ml.g5.12xlarge in usw2-az1, 500 GB volume each, Spot capacity: 12 GPUs, "
        "144 vCPUs",
        "  hyperpod chip  1 × ml.trn2.48xlarge in usw2-az2, 500 GB volume each: 16 Trainium chips, 192 vCPUs",
        "  hyperpod new   1 × ml.g9.xlarge in usw2-az1: 4 vCPUs",
        "  hyperpod none  0 × ml.g9.2xlarge in usw2-az1",
        "  in all: 7 nodes, 28 GPUs, 16 Trainium chips, 532 vCPUs, 6,000 GiB of file systems, and what nodes of "
        "ml.g9.xlarge have, which this hptf does not know",
    ]


def test_the_storage_of_restricted_groups_and_the_zone_of_a_network_that_exists(tmp_path: Path) -> None:
    context = _file(
        tmp_path,
        """
  network:
    existing:
      vpc_id: vpc-0123456789abcdef0
      private_subnet_ids: {usw2-az3: subnet-0123456789abcdef0}
      primary_availability_zone_id: usw2-az3
  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}
  fsx: {enabled: false}
  hyperpod:
    node_provisioning_mode: null
    restricted_instance_groups:
      - {name: nova, instance_type: ml.p5.48xlarge, count: 4, storage: {size_gib: 4800}}
""",
    )
    found = bought(context, ["hyperpod"], _made(context))
    assert [item.purchase.what for item in found] == [
        "4 × ml.p5.48xlarge in usw2-az3, 500 GB volume each: 32 GPUs, 768 vCPUs",
        "FSx for Lustre of restricted groups: 4,800 GiB, 250 MB/s per TiB",
    ]
    assert totals(item.purchase for item in found)[Unit.STORAGE] == 4800


@pytest.mark.parametrize(("action", "said"), [("create", True), ("update", True), ("delete", False), ("no-op", False)])
def test_only_what_a_plan_makes_or_changes_is_said(action: str, said: bool) -> None:
    context = _context(ENVS / "dev.yaml")
    assert bool(bought(context, ["network", "fsx", "hyperpod"], _made(context, action))) is said
    assert bought(context, ["fsx"], loaded(change("module.fsx.aws_subnet.this", ["create"], None, {}))) == ()
    assert bought(context, ["fsx"], None) == ()


@pytest.mark.parametrize("contract", [item for item in CONTRACTS.values() if item.buys], ids=lambda item: item.name)
def test_what_a_layer_buys_is_a_resource_of_its_own(contract: Contract) -> None:
    text = (Path(__file__).parents[2] / "modules" / contract.name / "main.tf").read_text()
    for env in ("prod", "slurm"):
        context = _context(ENVS / f"{env}.yaml")
        if contract in [layer.contract for layer in context.environment.of_mode("created")]:
            for item in bought(context, [contract.name], _made(context)):
                assert f'resource "{item.purchase.resource}"' in text
