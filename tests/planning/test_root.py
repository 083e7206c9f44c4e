"""The root of a set whose cluster, or what is in it, leaves the environment."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import pytest
from pydantic import Field

from hp_tf.contract.base import Sensitive
from hp_tf.contract.providers import HELM, Access
from hp_tf.errors import BadInput
from hp_tf.planning.prepared import prepare
from hp_tf.planning.root import Root, Selection, build
from hp_tf.planning.selection import LayerOptions, choose
from hp_tf.planning.states import read_states
from hp_tf.state import markers
from hp_tf.state.document import State
from hp_tf.terraform.hcl import escape
from tests.engine.harness import AlphaOutputs, BetaInputs, Workbench

GIVEN = "{cluster_name: shared, cluster_endpoint: 'https://shared', cluster_certificate_authority: Y2E=}"


def state(provider: str, **outputs: str) -> State:
    """A state with one resource."""
    return {
        "version": 4,
        "terraform_version": "1.10.0",
        "serial": 1,
        "lineage": str(uuid.uuid4()),
        "outputs": {name: {"value": value, "type": "string"} for name, value in outputs.items()},
        "resources": [
            {
                "module": "module.helm",
                "mode": "managed",
                "type": "terraform_data",
                "name": "this",
                "provider": f'provider["{provider}"]',
                "instances": [{"schema_version": 0, "attributes": {"id": "x"}}],
            }
        ],
    }


def provider_of(bench: Workbench, layers: str, *, with_eks: bool) -> tuple[Selection, dict[str, Any], dict[str, Any]]:
    """The set, the helm provider's block and the variables where helm has resources and the file says ``layers``."""
    bench.with_contract("helm", providers=(HELM,))
    bench.write(layers)
    context = bench.open()
    context.store.write("helm", state("registry.terraform.io/hashicorp/helm"))
    if with_eks:
        eks = state(
            "terraform.io/builtin/terraform", cluster_name="e", cluster_endpoint="h", cluster_certificate_authority="c"
        )
        context.store.write("eks", eks)
        markers.write(context.store, "eks", "run", eks)
    reading, live = read_states(context)
    members = choose(context.environment, context.wiring, context.contracts, live, LayerOptions())
    root = prepare(context, members, reading, live).root
    return members, root.main["provider"]["helm"][0]["kubernetes"], root.variables


@pytest.mark.parametrize("mode", ["enabled: false", "existing: {ready: x}"])
def test_what_leaves_a_cluster_is_reached_through_it(cluster: Workbench, mode: str) -> None:
    members, block, _ = provider_of(
        cluster, f"  eks: {{}}\n  nodes: {{enabled: false}}\n  helm: {{{mode}}}\n", with_eks=True
    )
    assert "helm" in members.leaving
    assert block["host"] == "${module.eks.cluster_endpoint}"
    assert block["exec"]["args"][2] == "${module.eks.cluster_name}"


def test_what_leaves_an_existing_cluster_is_reached_by_its_values(cluster: Workbench) -> None:
    layers = f"  eks: {{existing: {GIVEN}}}\n  nodes: {{enabled: false}}\n  helm: {{enabled: false}}\n"
    _, block, variables = provider_of(cluster, layers, with_eks=False)
    assert block["host"] == "${var.eks__cluster_endpoint}"
    assert variables["eks__cluster_endpoint"] == "https://shared"


GONE = "  eks: {enabled: false}\n  nodes: {enabled: false}\n  helm: {enabled: false}\n"


def test_what_leaves_with_its_cluster_is_reached_by_what_the_state_knows(cluster: Workbench) -> None:
    members, block, variables = provider_of(cluster, GONE, with_eks=True)
    assert list(members.leaving) == ["helm", "eks"]
    assert block["host"] == "${var.eks__cluster_endpoint}"
    assert variables["eks__cluster_endpoint"] == "h"


def test_what_is_in_a_cluster_nobody_knows_is_refused_by_name(cluster: Workbench) -> None:
    with pytest.raises(
        BadInput, match="layer 'eks' is not applied completely, and a provider needs its outputs"
    ) as raised:
        provider_of(cluster, GONE, with_eks=False)
    assert "enable eks again, or describe it under layers.eks.existing" in str(raised.value)


def test_text_that_looks_like_a_template_stays_text() -> None:
    assert escape({"a": ["${x}", "%{y}", 1]}) == {"a": ["$${x}", "%%{y}", 1]}


def test_secrets_are_sensitive_variables_and_outputs_and_stand_in_the_private_file_alone(bench: Workbench) -> None:
    class Secrets(AlphaOutputs):
        """Outputs."""

        id: Annotated[str, Sensitive()] = Field(description="A secret.")

    class Given(BetaInputs):
        """Inputs."""

        password: Annotated[str, Sensitive()] = Field(default="", description="A secret.")

    bench.with_contract("alpha", outputs=Secrets)
    bench.with_contract("beta", inputs=Given)
    bench.write("  alpha: {}\n  beta: {password: canary}\n  gamma: {}\n")
    context = bench.open()

    def root(*layers: str) -> Root:
        literals = {("alpha", "id"): "canary", ("alpha", "size"): "1"}
        members = Selection(layers)
        return build(
            context.environment,
            context.wiring,
            context.contracts,
            members,
            literals=literals,
            supplied={},
            access=Access("us-west-2", "123456789012"),
        )

    whole, part = root("alpha", "beta", "gamma"), root("beta", "gamma")
    assert whole.main["output"]["alpha__id"] == {"value": "${module.alpha.id}", "sensitive": True}
    assert "sensitive" not in whole.main["output"]["alpha__size"]
    assert part.main["variable"]["alpha__id"] == {"type": "string", "nullable": False, "sensitive": True}
    assert part.main["variable"]["alpha__size"] == {"type": "string", "nullable": False}
    assert part.main["variable"]["input__beta__password"] == {"type": "any", "sensitive": True}
    assert part.variables == {"alpha__id": "canary", "alpha__size": "1", "input__beta__password": "canary"}
    assert "canary" not in str(part.main)
