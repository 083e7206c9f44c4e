"""Destroying what a failed apply or a failed destroy left, and only what may be destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.errors import BadInput, HptfError
from hp_tf.planning.selection import LayerOptions
from hp_tf.state import document, markers
from hp_tf.terraform.events import ResourceEvent
from hp_tf.terraform.failures import TerraformFailed
from tests.engine import commands
from tests.engine.harness import ALPHA, BETA, GAMMA, THREE, Workbench, up, yes

ALL = LayerOptions()
# Fails when it is applied, before anything of it exists, as a quota does.
QUOTA = 'lifecycle {\nprecondition {\ncondition = timestamp() == var.name\nerror_message = "No more of these."\n}\n}'
STUCK = 'provisioner "local-exec" {{\n when = destroy\n command = "test ! -e {file}"\n }}'


def add_to_resource(bench: Workbench, layer: str, module: str, block: str) -> None:
    """Write a layer's module with one more block in its resource `this`."""
    head = 'resource "terraform_data" "this" {'
    assert head in module
    (bench.root / "modules" / layer / "main.tf").write_text(module.replace(head, f"{head}\n{block}"))


def addresses(bench: Workbench) -> set[str]:
    states = bench.open().store.read_all(["alpha", "beta", "gamma"])
    return {address for state in states.values() for address, _, _ in document.addresses(state)}


@pytest.fixture
def stuck(bench: Workbench) -> Path:
    """Three layers are up; gamma cannot be destroyed while this file is there."""
    file = bench.root / "stuck"
    add_to_resource(bench, "gamma", GAMMA, STUCK.format(file=file))
    up(bench)
    file.touch()
    return file


@pytest.mark.parametrize("chosen", [ALL, LayerOptions(("beta", "gamma"))], ids=["all", "named"])
def test_what_was_made_beside_a_layer_that_failed_whole_can_be_destroyed(
    bench: Workbench, chosen: LayerOptions
) -> None:
    add_to_resource(bench, "alpha", ALPHA, QUOTA)
    independent = BETA.replace("input = var.alpha_id", 'input = "known"')
    (bench.root / "modules" / "beta" / "main.tf").write_text(independent)
    bench.write(THREE)
    with pytest.raises(TerraformFailed, match="Resource precondition failed"):
        commands.apply(bench.open(), ALL, approve=yes)
    assert {address.split(".")[1] for address in addresses(bench)} == {"beta", "gamma"}
    assert commands.destroy(bench.open(), chosen, approve=yes).applied is not None
    assert addresses(bench) == set()


def test_outputs_are_kept_through_any_number_of_failed_destroys(bench: Workbench, stuck: Path) -> None:
    for _ in range(2):
        with pytest.raises(TerraformFailed, match="local-exec") as caught:
            commands.destroy(bench.open(), ALL, approve=yes)
        assert caught.value.message.endswith(" destroy failed")
    assert commands.outputs(bench.open())["beta"] == {}
    stuck.unlink()
    assert commands.destroy(bench.open(), LayerOptions(("gamma",)), approve=yes).applied is not None
    assert commands.destroy(bench.open(), ALL, approve=yes).applied is not None
    assert addresses(bench) == set()


def test_a_destroyed_layer_gives_nothing_any_more(bench: Workbench) -> None:
    up(bench)
    commands.destroy(bench.open(), ALL, approve=yes)
    store = bench.open().store
    assert not markers.complete(store, "alpha", store.read("alpha"))
    assert markers.kept_outputs(store, "alpha") is None
    with pytest.raises(BadInput, match="layer 'alpha' is not applied completely"):
        commands.plan(bench.open(), LayerOptions(("beta",)))


def test_what_became_existing_is_not_destroyed(bench: Workbench) -> None:
    up(bench)
    alpha = commands.outputs(bench.open())["alpha"]
    bench.write(f"  alpha: {{existing: {{id: {alpha['id']}, size: '1'}}}}\n  beta: {{}}\n  gamma: {{}}\n")
    with pytest.raises(BadInput, match="layer 'alpha' became existing") as raised:
        commands.destroy(bench.open(), ALL, approve=yes)
    assert raised.value.problems[0].remedy is not None
    assert "hptf apply test --layer alpha --remove-layer alpha" in raised.value.problems[0].remedy
    commands.apply(bench.open(), LayerOptions(("alpha",), frozenset({"alpha"})), approve=yes)
    commands.destroy(bench.open(), ALL, approve=yes)
    assert addresses(bench) == set()
    destroyed = [event for event in bench.ui.events if "alpha" in event.message and "Destr" in event.message]
    assert destroyed == []


def test_a_layer_that_left_the_file_is_not_taken_from_under_what_was_made_with_it(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {enabled: false}\n  beta: {alpha_id: other, alpha_size: '1'}\n  gamma: {}\n")
    alone = LayerOptions(("alpha",), frozenset({"alpha"}))
    with pytest.raises(BadInput, match="layer 'alpha' is used by beta, gamma, which would stay") as raised:
        commands.apply(bench.open(), alone, approve=yes)
    assert raised.value.problems[0].remedy == "add --layer beta --layer gamma"
    with pytest.raises(BadInput, match="layer 'alpha' is used by beta, gamma"):
        commands.destroy(bench.open(), LayerOptions(("alpha",)), approve=yes)
    assert "module.alpha.terraform_data.this" in addresses(bench)
    assert commands.apply(bench.open(), LayerOptions((), frozenset({"alpha"})), approve=yes).applied is not None
    assert "module.alpha.terraform_data.this" not in addresses(bench)


def test_layers_that_were_applied_one_by_one_leave_consumers_first(bench: Workbench) -> None:
    bench.write(THREE)
    for name in ("alpha", "beta", "gamma"):
        commands.apply(bench.open(), LayerOptions((name,)), approve=yes)
    assert document.needed_layers(bench.open().store.read("gamma")) == set()
    bench.write("  alpha: {enabled: false}\n  beta: {enabled: false}\n  gamma: {enabled: false}\n")
    everything = LayerOptions((), frozenset({"alpha", "beta", "gamma"}))
    assert commands.apply(bench.open(), everything, approve=yes).applied is not None
    assert addresses(bench) == set()
    deleted = [
        event.resource.module
        for event in bench.ui.events
        if isinstance(event, ResourceEvent) and (event.action, event.phase) == ("delete", "start") and event.resource
    ]
    assert deleted == ["module.gamma", "module.beta", "module.beta", "module.alpha"]


def test_a_removal_that_failed_halfway_can_be_gone_on_with(cluster: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    up(cluster, "  {}\n")
    cluster.write("  eks: {enabled: false}\n  helm: {enabled: false}\n  nodes: {enabled: false}\n")
    leave = LayerOptions((), frozenset({"eks", "helm", "nodes"}))
    context = cluster.open()

    def halfway(*args: object, **options: object) -> None:
        """What is in the cluster stays, the cluster therefore too, and of its outputs nothing."""
        state = context.store.read("eks")
        assert state is not None
        context.store.write("eks", {**state, "outputs": {}, "serial": state["serial"] + 1})
        raise HptfError("no uninstalling today")

    # Its host and certificate are needed for what is in it, each time.
    monkeypatch.setattr("hp_tf.planning.endpoint_barrier.IN_CLUSTER", frozenset({"builtin/terraform"}))
    with monkeypatch.context() as patch, pytest.raises(HptfError, match="no uninstalling today"):
        patch.setattr("hp_tf.terraform.commands.apply", halfway)
        commands.apply(context, leave, approve=yes)
    outcome = commands.apply(cluster.open(), leave, approve=yes)
    assert outcome.planned.prepared.literals["eks", "cluster_name"] == "test"
    assert not document.has_resources(cluster.open().store.read("eks"))


def test_a_consumer_that_left_the_file_still_holds_its_producer(bench: Workbench) -> None:
    up(bench)
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {enabled: false}\n")
    with pytest.raises(BadInput, match="layer 'beta' is used by gamma, which would stay"):
        commands.destroy(bench.open(), LayerOptions(("beta",)), approve=yes)
    assert commands.destroy(bench.open(), LayerOptions(("beta", "gamma")), approve=yes).applied is not None
