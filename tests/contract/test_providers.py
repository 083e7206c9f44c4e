"""How providers are configured, and that each fact about them stands once."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hp_tf.contract.providers import AWS, AWSCC, HELM, PROVIDERS, Access, ClusterAccess
from hp_tf.layers.discovery import CONTRACTS

ROLE = {"role_arn": "arn:aws:iam::123456789012:role/x", "session_name": "hptf"}
ACCESS = Access("us-west-2", "123456789012", "ml", ROLE)
ROLE_OPTIONS = [f"--role-arn={ROLE['role_arn']}", "--session-name=hptf"]
CLUSTER = ClusterAccess("https://x", "${base64decode(module.eks.ca)}", "dev")


def test_aws_providers_are_held_to_the_account_and_take_its_profile_and_role() -> None:
    common = {"region": "us-west-2", "profile": "ml"}
    assert AWS.configure(ACCESS) == {**common, "allowed_account_ids": ["123456789012"], "assume_role": [ROLE]}
    assert AWSCC.configure(ACCESS) == {**common, "assume_role": ROLE}
    plain = Access("us-west-2", "123456789012")
    assert AWSCC.configure(plain) == {"region": "us-west-2"}


def test_a_provider_of_objects_in_the_cluster_asks_hptf_for_tokens() -> None:
    assert HELM.in_cluster is not None
    block = HELM.in_cluster(ACCESS, CLUSTER)["kubernetes"]
    assert (block["host"], block["cluster_ca_certificate"]) == ("https://x", "${base64decode(module.eks.ca)}")
    assert (block["exec"]["command"], block["exec"]["args"]) == (
        "hptf",
        ["token", "--cluster-name", "dev", "--region", "us-west-2", "--profile", "ml", *ROLE_OPTIONS],
    )


def test_every_layer_requires_declared_providers_and_synth_installs_the_bindings_of_each() -> None:
    assert {item for contract in CONTRACTS.values() for item in contract.providers} <= {*PROVIDERS}
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    extra = project["project"]["optional-dependencies"]["synth"]
    installed = {line.partition(">")[0].replace("-", "_") for line in extra}
    assert {name for name in installed if name.startswith("cdktn_provider_")} == {item.bindings for item in PROVIDERS}
