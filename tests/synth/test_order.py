"""In which order the modules make things anew: what somebody stands upon goes only after its successor is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[2] / "modules"
_BLOCK = re.compile(r'^resource "(\w+)" "(\w+)" \{\n(.*?)^\}', re.DOTALL | re.MULTILINE)
# What others use while it is made anew, or what holds data: AWS refuses the new one before the old one is deleted.
MADE_FIRST = {
    "aws_db_instance",
    "aws_db_parameter_group",
    "aws_eip",
    "aws_fsx_lustre_file_system",
    "aws_fsx_openzfs_file_system",
    "aws_nat_gateway",
    "aws_route_table",
    "aws_route_table_association",
    "aws_s3_object",
    "aws_security_group",
    "aws_ssm_document",
    "aws_subnet",
    "aws_vpc_endpoint_security_group_association",
    "aws_vpc_ipv4_cidr_block_association",
}
# Those that come before something made first are so too, by Terraform's own rule: the table of the public subnets.
_IMPLIED = {"network.aws_route_table.public"}
# SageMaker takes groups by its API only once these are gone.
_GONE_FIRST = {"hyperpod_slurm.aws_s3_object.config", "hyperpod_slurm.aws_s3_object.parameters"}
# An EKS cluster that came before something made first would be so too, and one of the same name cannot be.
_OF_PODS = re.compile(r"pods\.eks\.amazonaws\.com|local\.oidc_provider_arn")


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield (module, type and name, body) of every resource of every module."""
    for path in sorted(MODULES.glob("*/*.tf")):
        for kind, name, body in _BLOCK.findall(path.read_text()):
            yield path.parent.name, f"{kind}.{name}", body


BLOCKS = list(blocks())


def test_what_is_used_while_it_is_made_anew_goes_after_its_successor() -> None:
    wrong = [
        f"{module}.{name}"
        for module, name, body in BLOCKS
        if name.partition(".")[0] in MADE_FIRST and "create_before_destroy = true" not in body
    ]
    assert set(wrong) == _IMPLIED | _GONE_FIRST
    # Each of them is there: a type that no module makes any more leaves the list.
    assert {name.partition(".")[0] for _, name, _ in BLOCKS} >= MADE_FIRST


def test_a_role_is_made_first_unless_it_comes_after_a_cluster() -> None:
    roles = [(f"{module}.{name}", body) for module, name, body in BLOCKS if name.startswith("aws_iam_role.")]
    assert roles
    for name, body in roles:
        assert ("create_before_destroy = true" in body) is (_OF_PODS.search(body) is None), name


def test_a_role_goes_with_whatever_is_attached_to_it() -> None:
    roles = [body for _, name, body in BLOCKS if name.startswith("aws_iam_role.")]
    assert roles
    assert all(re.search(r"force_detach_policies += true", body) for body in roles)


@pytest.mark.parametrize("kind", ["aws_iam_role_policy", "aws_iam_role_policy_attachment"])
def test_what_a_role_may_do_is_not_lost_with_its_path(kind: str) -> None:
    """By name for a role that is made first: IAM refuses a second one of that name before anything else is touched.

    By id for one that is not: under another path it is made anew, and nothing of the policy's own would change.
    """
    bodies = {(module, name): body for module, name, body in BLOCKS}
    found = 0
    for module, name, body in BLOCKS:
        held = re.search(r"^\s+role += (aws_iam_role\.\w+)\S*\.(id|name)$", body, re.MULTILINE)
        if name.startswith(f"{kind}.") and held is not None:
            first = "create_before_destroy = true" in bodies[module, held[1]]
            assert held[2] == ("name" if first else "id"), f"{module}.{name}"
            found += 1
    assert found
