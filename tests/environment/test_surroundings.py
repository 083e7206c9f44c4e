"""What belongs to another account, region or VPC, or to another machine, judged with hptf's own contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.charts.source import EMBEDDED
from hp_tf.environment import surroundings
from hp_tf.environment.load import validated
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report.errors import render
from tests.environment.samples import lines, write, wrong
from tests.environment.test_mistakes import GIVEN, HEAD, LAYERS, SHARED, environment

EKS = "arn:aws:eks:us-west-2:123456789012:cluster/shared"
OTHER_PRIMARY = GIVEN.replace(
    "private_subnet_ids: {",
    "primary_private_subnet_id: subnet-0123456789abcdef1, private_subnet_ids: {usw2-az2: subnet-0123456789abcdef1, ",
)
FAR = EKS.replace("us-west-2", "us-east-1")


def said(folder: Path, text: str) -> list[str]:
    return [problem.message for problem in wrong(folder, text, CONTRACTS)]


@pytest.mark.parametrize(
    ("layers", "messages"),
    [
        (
            {"network": GIVEN.replace("usw2", "use1")},
            [
                "layers.network.existing.primary_availability_zone_id: zone 'use1-az1' is not in region us-west-2, "
                "whose zone ids begin with 'usw2-'",
                "layers.network.existing.private_subnet_ids.use1-az1: zone 'use1-az1' is not in region us-west-2, "
                "whose zone ids begin with 'usw2-'",
            ],
        ),
        (
            {
                **SHARED,
                "eks": f'{{existing: {{cluster_name: shared, cluster_arn: "{FAR}"}}}}',
            },
            ["layers.eks.existing.cluster_arn: this is in region us-east-1, and the environment in us-west-2"],
        ),
        (
            {"hyperpod": LAYERS["hyperpod"].replace("{", f'{{eks_cluster_arn: "{EKS.replace("1234", "9999")}", ', 1)},
            ["layers.hyperpod.eks_cluster_arn: this is of account 999956789012, and the environment of 123456789012"],
        ),
        (
            {**SHARED, "eks": f'{{existing: {{cluster_name: other, cluster_arn: "{EKS}"}}}}'},
            ["layers.eks.existing.cluster_arn: this is the cluster 'shared', not 'other'; leave out one of the two"],
        ),
        (
            {
                "storage": "{existing: {bucket_name: acme, bucket_arn: 'arn:aws:s3:::other', "
                "lifecycle_script_uri: s3://acme/x, lifecycle_on_create: on_create.sh}}"
            },
            ["layers.storage.existing.bucket_arn: this is the bucket 'other', not 'acme'; leave out one of the two"],
        ),
        (
            {"network": OTHER_PRIMARY},
            [
                "layers.network.existing.primary_private_subnet_id: private_subnet_ids has subnet-0123456789abcdef1 in "
                "usw2-az2, and the primary zone is usw2-az1; name the subnet of the primary zone"
            ],
        ),
        (
            {
                **SHARED,
                "eks": "{existing: {cluster_name: shared, vpc_id: vpc-0aaaaaaaaaaaaaaaa}}",
                "network": "{availability_zone_ids: [usw2-az1], create_vpc: false, vpc_id: vpc-0123456789abcdef0, "
                "public_subnets: false, nat: none}",
                "endpoints": "{interface_endpoints: [ec2, ecr.api, ecr.dkr, eks-auth, sagemaker.api, sts]}",
            },
            [
                "layers.eks.existing.vpc_id: the cluster is in vpc-0aaaaaaaaaaaaaaaa, and the network in "
                "vpc-0123456789abcdef0; the nodes' subnets must be in the cluster's VPC"
            ],
        ),
    ],
)
def test_what_is_given_is_of_this_region_account_and_vpc(
    tmp_path: Path, layers: dict[str, str], messages: list[str]
) -> None:
    assert sorted(said(tmp_path, environment(**layers))) == messages


def test_what_fits_is_let_through(tmp_path: Path) -> None:
    given = f'{{existing: {{cluster_name: shared, cluster_arn: "{EKS}", vpc_id: vpc-0123456789abcdef0}}}}'
    validated("dev", CONTRACTS, write(tmp_path, dev=environment(**{**SHARED, "eks": given})))
    # A zone may have further subnets that the map does not name.
    right = GIVEN.replace(
        "private_subnet_ids", "primary_private_subnet_id: subnet-0aaaaaaaaaaaaaaaa, private_subnet_ids"
    )
    validated("dev", CONTRACTS, write(tmp_path, dev=environment(**{**SHARED, "network": right})))


ROLE = HEAD.replace("aws: {", 'aws: {assume_role: {role_arn: "arn:aws:iam::999999999999:role/x"}, ')
KEY = HEAD + 'state: {s3: {bucket: acme, kms_key_arn: "arn:aws:kms:us-east-1:999999999999:key/a"}}\n'


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (ROLE, "aws.assume_role.role_arn: a role of account 999999999999 does not lead to account 123456789012"),
        (KEY, "state.s3.kms_key_arn: this is in region us-east-1, and the environment in us-west-2"),
    ],
)
def test_the_ways_in_lead_to_the_account(tmp_path: Path, head: str, message: str) -> None:
    assert said(tmp_path, environment(head)) == [message]
    # An emulator asks for neither, and a local environment inherits both.
    validated("dev", CONTRACTS, write(tmp_path, dev=environment(head + "emulator: embedded\n")))


def test_a_key_of_the_states_may_be_another_accounts(tmp_path: Path) -> None:
    validated("dev", CONTRACTS, write(tmp_path, dev=environment(KEY.replace("us-east-1", "us-west-2"))))


@pytest.mark.parametrize(
    ("region", "zones", "remedy"),
    [
        ("us-weast-2", "usw2", "did you mean 'us-west-2'?"),
        ("eu-west-3", "euw3", "did you mean 'eu-west-2'?"),
        ("mx-central-1", "mxc1", "did you mean 'eu-central-1'?"),
    ],
)
def test_a_region_that_aws_may_have_added_is_a_warning(tmp_path: Path, region: str, zones: str, remedy: str) -> None:
    text = environment(HEAD.replace("us-west-2", region), helm="{health_monitoring_agent_image: mine}")
    text = text.replace("usw2", zones)
    (warning,) = validated("dev", CONTRACTS, write(tmp_path, dev=text))[0].warnings
    assert (str(warning.code), warning.remedy, lines([warning])) == ("hyperpod-region", remedy, [3])


def test_a_warning_is_said_beside_what_it_may_be_the_cause_of(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        validated("dev", CONTRACTS, write(tmp_path, dev=environment(HEAD.replace("us-west-2", "us-weast-2"))))
    assert [str(one.code) for one in caught.value.problems] == ["helm-agent-image"]
    assert [str(one.code) for one in caught.value.warnings] == ["hyperpod-region"]
    assert "\nerror: " in render(caught.value)
    assert render(caught.value).startswith("warning: ")


def test_the_stand_in_chart_is_for_emulators_alone(tmp_path: Path) -> None:
    text = environment(helm="{chart: {source: embedded}}")
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert problem.message.startswith("layers.helm.chart.source: hptf's own chart only stands in for the real one")
    assert lines([problem]) == [8]
    validated("dev", CONTRACTS, write(tmp_path, dev=text + "emulator: embedded\n"))


def test_a_chart_in_a_folder_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = environment(helm="{chart: {source: path, path: ./mine}}")
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert problem.message == f"layers.helm.chart.path: there is no chart in {tmp_path / 'mine'}"
    assert problem.remedy == "the folder must hold Chart.yaml"
    assert lines([problem]) == [8]
    (tmp_path / "mine").symlink_to(EMBEDDED)
    validated("dev", CONTRACTS, write(tmp_path, dev=text))

    def shut(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", "Chart.lock")

    monkeypatch.setattr(surroundings, "local", shut)
    (problem,) = wrong(tmp_path, text, CONTRACTS)
    assert problem.message == "layers.helm.chart.path: Chart.lock cannot be read: Permission denied"
