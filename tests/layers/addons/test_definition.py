from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.addons.test_contract import NETWORK, OTHER, SHARED, VALUES
from tests.layers.evaluation import evaluate

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def test_what_the_chart_is_told(tmp_path: Path) -> None:
    change: dict[str, Any] = {
        **SHARED,
        **NETWORK,
        "lustre_volumes": {
            "fsx": {"namespaces": ["default", "research"]},
            "old": {**OTHER, "claim_name": "archive", "read_only": True, "capacity_gib": 2400},
        },
        "bucket_volumes": {
            "data": {"bucket_name": "acme-data", "prefix": "raw/"},
            "out": {"bucket_name": "acme-out", "read_only": False},
        },
        "storage_classes": {
            "plain": {"default": True},
            "scratch": {
                "deployment_type": "SCRATCH_2",
                "availability_zone_id": "usw2-az1",
                "security_group_ids": ["sg-0123456789abcdef1", "sg-0123456789abcdef2"],
                "parameters": {"extraTags": "team=ml"},
            },
        },
    }
    names = ("volumes", "storage_classes", "s3_statements")
    found = evaluate("addons", {**VALUES, **change}, {name: f"${{local.{name}}}" for name in names}, tmp_path)

    volumes = {item["name"]: item for item in found["volumes"]}
    assert set(volumes) == {"fsx-default", "fsx-research", "old-default", "data-default", "out-default"}
    assert len({item["handle"] for item in found["volumes"]}) == len(volumes)
    assert volumes["fsx-research"] == {
        "name": "fsx-research",
        "namespace": "research",
        "claim": "fsx",
        "driver": "fsx.csi.aws.com",
        "handle": "fs-0123456789abcdef0-fsx-research",
        "capacity": "1200Gi",
        "accessMode": "ReadWriteMany",
        "readOnly": False,
        "mountOptions": ["flock"],
        "attributes": {"dnsname": SHARED["file_system_dns_name"], "mountname": "abcdefgh"},
    }
    old = volumes["old-default"]
    assert (old["claim"], old["capacity"], old["accessMode"]) == ("archive", "2400Gi", "ReadOnlyMany")
    assert old["attributes"] == {"dnsname": OTHER["dns_name"], "mountname": "ijklmnop"}
    assert volumes["data-default"]["mountOptions"] == ["region us-west-2", "prefix raw/", "read-only"]
    assert volumes["out-default"]["mountOptions"] == ["region us-west-2", "allow-delete"]

    plain, scratch = found["storage_classes"]
    assert plain["default"] and plain["parameters"] == {
        "subnetId": "subnet-0123456789abcdef1",
        "securityGroupIds": "sg-0123456789abcdef0",
        "deploymentType": "PERSISTENT_2",
        "perUnitStorageThroughput": "250",
        "dataCompressionType": "LZ4",
        "fileSystemTypeVersion": "2.15",
    }
    assert scratch["parameters"]["subnetId"] == "subnet-0123456789abcdef0"
    assert scratch["parameters"]["securityGroupIds"] == "sg-0123456789abcdef1,sg-0123456789abcdef2"
    assert scratch["parameters"]["extraTags"] == "team=ml"
    assert "perUnitStorageThroughput" not in scratch["parameters"]

    rights = {item["Sid"]: item["Resource"] for item in found["s3_statements"]}
    assert rights["Read"] == ["arn:aws:s3:::acme-data/*", "arn:aws:s3:::acme-out/*"]
    assert rights["Write"] == ["arn:aws:s3:::acme-out/*"]
    assert "UseKeys" not in rights


def test_on_restricted_nodes_addons_tolerate_their_taint_unless_told_otherwise(tmp_path: Path) -> None:
    own = '{"tolerations": []}'
    change = {"restricted_nodes": True, "coredns": {"configuration_values": own}, "s3_csi_driver": {"enabled": False}}
    wanted = {"addons": "${{ for name, addon in local.addons : name => addon.configuration_values }}"}
    found = evaluate("addons", {**VALUES, **change, "further_addons": {"adot": {}}}, wanted, tmp_path)["addons"]
    assert set(found) == {"adot", "aws-fsx-csi-driver", "cert-manager", "coredns", "metrics-server"}
    assert (found["coredns"], found["adot"]) == (own, None)
    tolerated = json.loads(found["cert-manager"])
    assert tolerated["webhook"]["tolerations"] == tolerated["tolerations"]
    assert tolerated["tolerations"][0]["key"] == "sagemaker.amazonaws.com/RestrictedNode"
