from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, evaluate
from tests.layers.openzfs.test_contract import MULTI, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]
ADDRESS = "aws_fsx_openzfs_file_system.this"
SUBNETS = list(VALUES["private_subnet_ids"].values())
PLACES = ("subnet_ids", "preferred_subnet_id", "route_table_ids")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"subnet_ids": SUBNETS[:1]}),
        ({"availability_zone_id": "usw2-az2"}, {"subnet_ids": SUBNETS[1:]}),
        (
            {**MULTI, "availability_zone_id": "usw2-az2", "standby_availability_zone_id": "usw2-az1"},
            {
                "subnet_ids": SUBNETS[::-1],
                "preferred_subnet_id": SUBNETS[1],
                "route_table_ids": list(VALUES["private_route_table_ids"].values()),
            },
        ),
    ],
)
def test_the_zones(change: dict[str, Any], expected: dict[str, Any], tmp_path: Path) -> None:
    wanted = {name: arguments("openzfs", ADDRESS)[name] for name in PLACES}
    found = evaluate("openzfs", {**VALUES, **change}, wanted, tmp_path)
    assert found == {**dict.fromkeys(PLACES), **expected}
