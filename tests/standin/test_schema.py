from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hp_tf.standin.schema import UNSET, Attribute, as_data_source, load
from tests.standin.conftest import Root

REPOSITORY = Path(__file__).parents[2]


def paths(attributes: dict[str, Attribute], prefix: str = "") -> dict[str, Attribute]:
    found = {}
    for name, attribute in attributes.items():
        found[prefix + name] = attribute
        found |= paths(dict(attribute.attributes), f"{prefix}{name}.")
    return found


def test_only_three_attributes_replace_a_cluster() -> None:
    cluster = paths(dict(load("awscc_sagemaker_cluster").attributes))
    assert {path for path, a in cluster.items() if a.replace} == {"cluster_name", "vpc_config", "orchestrator.eks"}
    assert cluster["instance_groups"].multiset
    assert not any(attribute.forget for attribute in cluster.values())
    assert cluster["instance_groups.current_count"].optional
    assert cluster["tags"].nesting == "set"
    assert cluster["instance_groups.capacity_requirements.spot"].json


def test_every_cluster_attribute_but_id_has_a_property() -> None:
    cluster = paths(dict(load("awscc_sagemaker_cluster").attributes))
    assert [path for path, a in cluster.items() if not a.property_name] == ["id"]


def test_secrets_and_write_only_values_of_a_release() -> None:
    release = paths(dict(load("helm_release").attributes))
    assert {path for path, a in release.items() if a.sensitive} == {"repository_password", "set_sensitive.value"}
    assert {path for path, a in release.items() if a.write_only} == {
        "set_wo",
        "set_wo.name",
        "set_wo.type",
        "set_wo.value",
    }
    computed = {path for path, a in release.items() if a.computed and a.optional and a.default is UNSET}
    assert computed == {"description", "version"}


def test_a_data_source_is_read_by_id() -> None:
    source = as_data_source(load("awscc_sagemaker_cluster"))
    assert source.attributes["id"].required
    assert all(a.computed and not a.optional for name, a in paths(dict(source.attributes)).items() if name != "id")


def test_terraform_accepts_the_schemas(root: Root) -> None:
    both = 'terraform {\n  required_providers {\n    awscc = { source = "hashicorp/awscc" }\n'
    both += '    helm = { source = "hashicorp/helm" }\n  }\n}\n'
    document = json.loads(root.write(both).init().run("providers", "schema", "-json"))
    schemas = document["provider_schemas"]
    release = schemas["registry.terraform.io/hashicorp/helm"]["resource_schemas"]["helm_release"]
    assert release["version"] == 2
    assert release["block"]["attributes"]["set_wo"]["write_only"]
    assert release["block"]["attributes"]["set"]["nested_type"]["nesting_mode"] == "list"
    cluster = schemas["registry.terraform.io/hashicorp/awscc"]["resource_schemas"]["awscc_sagemaker_cluster"]
    assert cluster["version"] == 1
    assert cluster["block"]["attributes"]["tags"]["nested_type"]["nesting_mode"] == "set"


@pytest.mark.slow
@pytest.mark.synth
def test_the_committed_schemas_are_what_the_generator_writes() -> None:
    command = [sys.executable, "tools/generate_standin_schemas.py", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
