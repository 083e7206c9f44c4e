"""The cluster hptf looks into after a crash, by how the environment has it."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf.aws.releases import Cluster
from hp_tf.contract.providers import Access
from hp_tf.contract.resources.base import Release
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.contract.roles import Provided
from hp_tf.exec_plugin import PluginFailed, Tokens
from hp_tf.layers.eks.cluster import KUBERNETES_API
from hp_tf.layers.helm.contract import CONTRACT as HELM
from hp_tf.planning.cluster_endpoint import find_cluster
from hp_tf.recovery import orphans
from hp_tf.recovery.history import Orphan
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Plan

OUTPUTS = {
    "cluster_name": "shared",
    "cluster_endpoint": "https://shared.example.com",
    "cluster_certificate_authority": "Y2E=",
}


def context(
    mode: str | None, *, existing: dict[str, Any] | None = None, attributes: Any = None, path: str = ""
) -> Context:
    """A context with an eks layer, or without one."""
    state = {
        "resources": [
            {"mode": "data", "type": "aws_eks_cluster", "instances": [{"attributes": {"name": "not this"}}]},
            {"mode": "managed", "type": "aws_eks_cluster", "instances": [{"attributes": attributes}]},
        ]
    }
    layers = {} if mode is None else {"eks": SimpleNamespace(mode=mode, existing=existing or {})}
    target = SimpleNamespace(
        region="us-west-2",
        access=Access("us-west-2", "123456789012"),
        emulator="here",
        environ={
            "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        },
        clients=None,
    )
    made = SimpleNamespace(
        environment=SimpleNamespace(layers=layers),
        wiring=SimpleNamespace(api=Provided("eks", KUBERNETES_API)),
        store=SimpleNamespace(read=lambda layer: state if attributes is not None else None),
        target=target,
        environ={"PATH": path or os.environ["PATH"]},
        tokens=Tokens(),
        lookup=lambda layer: OUTPUTS,
        resource_types=ResourceTypes([HELM]),
        ui=SimpleNamespace(say=lambda line: None),
    )
    return cast(Context, made)


def facts(cluster: Cluster | None) -> tuple[str, str, str] | None:
    return None if cluster is None else (cluster.name, cluster.endpoint, cluster.certificate_authority)


def test_without_an_eks_layer_there_is_none() -> None:
    assert find_cluster(context(None)) is None
    assert find_cluster(context("disabled")) is None


def test_a_created_cluster_is_read_from_its_state() -> None:
    held = {"name": "dev-eks", "endpoint": "https://x", "certificate_authority": [{"data": "Y2E="}]}
    assert facts(find_cluster(context("created", attributes=held))) == ("dev-eks", "https://x", "Y2E=")
    assert find_cluster(context("created")) is None


def test_a_cluster_that_was_lost_too_is_read_from_the_plan_that_imports_it() -> None:
    held = {"name": "dev-eks", "endpoint": "https://x", "certificate_authority": [{"data": "Y2E="}]}
    entry = {
        "address": "module.eks.aws_eks_cluster.this",
        "module_address": "module.eks",
        "mode": "managed",
        "type": "aws_eks_cluster",
        "change": {"actions": ["no-op"], "before": held, "after": held, "importing": {"id": "dev-eks"}},
    }
    plan = Plan.load({"format_version": "1.2", "resource_changes": [entry]})
    assert facts(find_cluster(context("created"), plan)) == ("dev-eks", "https://x", "Y2E=")
    nothing = Plan.load({"format_version": "1.2", "resource_changes": []})
    assert find_cluster(context("created"), nothing) is None


@pytest.mark.parametrize("missing", [{"endpoint": None}, {"certificate_authority": []}])
def test_a_cluster_whose_creation_was_cut_off_has_no_endpoint_yet(missing: dict[str, Any]) -> None:
    held = {"name": "dev-eks", "endpoint": "https://x", "certificate_authority": [{"data": "Y2E="}], **missing}
    assert find_cluster(context("created", attributes=held)) is None


def test_an_existing_cluster_is_as_the_file_says_or_looked_up() -> None:
    given = {**OUTPUTS, "cluster_endpoint": "https://given"}
    assert facts(find_cluster(context("existing", existing=given))) == ("shared", "https://given", "Y2E=")
    looked_up = find_cluster(context("existing", existing={"cluster_name": "shared"}))
    assert facts(looked_up) == ("shared", "https://shared.example.com", "Y2E=")


def test_the_token_is_that_of_the_providers_plugin(tmp_path: Path) -> None:
    """Signed for this cluster and target, by the `hptf` that a provider finds."""
    cluster = find_cluster(context("existing", existing=OUTPUTS))
    assert cluster is not None
    encoded = cluster.token().removeprefix("k8s-aws-v1.")
    url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    assert url.startswith("http://127.0.0.1:4566/?Action=GetCallerIdentity")
    assert "x-k8s-aws-id" in url
    broken = tmp_path / "hptf"
    broken.write_text("#!/bin/sh\necho the session has expired >&2\nexit 1\n")
    broken.chmod(0o755)
    other = find_cluster(context("existing", existing=OUTPUTS, path=f"{tmp_path}:{os.environ['PATH']}"))
    assert other is not None
    with pytest.raises(PluginFailed, match="--cluster-name shared --region us-west-2` ended with 1: the session has"):
        other.token()


def test_a_lost_release_is_looked_for_in_that_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str]] = []

    def installed(cluster: Cluster, release: Release) -> str:
        asked.append((cluster.name, release.namespace, release.name))
        return "deps"

    monkeypatch.setattr("hp_tf.aws.finding.installed", installed)
    monkeypatch.setattr("hp_tf.aws.finding.metadata", lambda folder: {"name": "deps"})
    address = "module.helm.helm_release.this"
    entry = {
        "address": address,
        "module_address": "module.helm",
        "mode": "managed",
        "type": "helm_release",
        "change": {
            "actions": ["create"],
            "after": {"name": "dependencies", "namespace": "kube-system", "chart": "./c"},
        },
    }
    plan = Plan.load({"format_version": "1.2", "resource_changes": [entry]})
    found = orphans.search(context("existing", existing=OUTPUTS), [Orphan(address, "helm_release", None)], plan, {})
    assert [(item.address, item.import_id) for item in found] == [(address, "kube-system/dependencies")]
    assert asked == [("shared", "kube-system", "dependencies")]
