"""Which layers a run is over, and what it would take away from whom."""

from __future__ import annotations

from graphlib import TopologicalSorter

import pytest

from hp_tf import codes
from hp_tf.contract.base import Wired
from hp_tf.environment.wiring import Binding, Edge, Wiring
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS as REAL
from hp_tf.planning.root import Selection
from hp_tf.planning.selection import consumers_that_stay, destroyed_before, literals, possible_producers
from hp_tf.state.document import State
from tests.engine.harness import CONTRACTS
from tests.state.samples import simple

FEEDS = frozenset({Edge("beta", "alpha_id", "alpha", "id"), Edge("gamma", "beta_id", "beta", "id")})
WHOLE = Wiring({}, {}, FEEDS, ("alpha", "beta", "gamma"))
# Alpha is disabled, and beta was given what alpha gave it.
WITHOUT_ALPHA = Wiring({}, {}, frozenset({Edge("gamma", "beta_id", "beta", "id")}), ("beta", "gamma"))
ALPHA_LEAVES = Selection((), {"alpha": "destroy"})


def made(layer: str, *producers: str) -> State:
    """A state of a layer that was made with these."""
    state = simple(layer, "x")
    if producers:
        needed = [f"module.{name}.terraform_data.this" for name in producers]
        state["resources"][0]["instances"][0]["dependencies"] = needed
    return state


def users(
    wiring: Wiring, members: Selection, *, destroy: bool = False, **states: State
) -> tuple[str, str | None] | None:
    """Which layers would lose what they use, and the hint."""
    everything = {"alpha": made("alpha"), **states}
    for found in consumers_that_stay(wiring, CONTRACTS, members, everything, destroy=destroy):
        assert (found.code, found.subject) == (codes.CONSUMER_STAYS, "alpha")
        said = found.message.removeprefix("layer 'alpha' is used by ").removesuffix(", which would stay")
        return said, found.remedy
    return None


def test_a_layer_is_used_by_what_its_state_names() -> None:
    gamma = made("gamma", "alpha")
    assert users(WITHOUT_ALPHA, ALPHA_LEAVES, gamma=gamma) == ("gamma", "add --layer gamma")
    alone = "add --layer gamma; to let alpha go alone, disable it in the file and apply with --remove-layer alpha"
    assert users(WHOLE, Selection(("alpha",)), destroy=True, gamma=gamma) == ("gamma", alone)
    both = users(WHOLE, Selection(("alpha",)), destroy=True, beta=made("beta"), gamma=gamma)
    assert both == ("beta, gamma", "add --layer beta --layer gamma")
    assert users(WHOLE, Selection(("alpha",)), gamma=gamma) is None, "nothing of it is destroyed"
    assert users(WITHOUT_ALPHA, Selection(("gamma",), {"alpha": "destroy"}), gamma=gamma) is None
    assert users(WITHOUT_ALPHA, Selection((), {"alpha": "forget"}), gamma=gamma) is None


def test_a_layer_that_left_is_used_by_what_its_contract_says() -> None:
    beta, gamma = made("beta"), made("gamma")
    assert users(WITHOUT_ALPHA, ALPHA_LEAVES, beta=beta, gamma=gamma) == ("beta", "add --layer beta")
    nothing = Wiring({}, {}, frozenset(), ())
    assert users(nothing, ALPHA_LEAVES, beta=beta, gamma=gamma) == (
        "beta",
        "apply with --layer beta --remove-layer beta",
    )
    # The wiring knows better as long as both are in the file.
    apart = Wiring({}, {}, frozenset(), ("alpha", "beta"))
    assert users(apart, Selection(("alpha",)), destroy=True, beta=made("beta")) is None


def test_what_leaves_is_destroyed_before_what_it_may_have_been_made_with() -> None:
    leaving = Selection((), {"gamma": "destroy", "beta": "destroy", "alpha": "forget"})
    nothing = Wiring({}, {}, frozenset(), ())
    assert destroyed_before(leaving, nothing, CONTRACTS, destroy=False) == {"gamma": {"beta"}}
    partly = Selection(("beta", "gamma"), {"alpha": "destroy"})
    assert destroyed_before(partly, WITHOUT_ALPHA, CONTRACTS, destroy=False) == {}
    assert destroyed_before(partly, WITHOUT_ALPHA, CONTRACTS, destroy=True) == {"beta": {"alpha"}}
    assert destroyed_before(Selection(("alpha", "beta")), WHOLE, CONTRACTS, destroy=True) == {}


def test_no_layer_can_be_made_with_one_that_is_made_with_it() -> None:
    graph = {name: possible_producers(contract, REAL) for name, contract in REAL.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(REAL)


@pytest.mark.parametrize("failed", [(), ("module.alpha.x.y: no such version", "module.alpha.x.z: no")])
@pytest.mark.parametrize(
    ("destroying", "hint"),
    [(False, "add --layer alpha, or run over all layers"), (True, "apply alpha first, or destroy all layers")],
)
def test_nobody_is_advised_to_destroy_more(destroying: bool, hint: str, failed: tuple[str, ...]) -> None:
    wiring = Wiring({"beta": {"alpha_id": Binding("wire", wire=Wired("alpha.id"))}}, {}, frozenset(), ("alpha", "beta"))
    with pytest.raises(BadInput) as raised:
        literals(
            ("beta",),
            wiring,
            CONTRACTS,
            kubernetes=False,
            outputs=lambda layer: None,
            lookup=lambda layer: {},
            destroying=destroying,
            failed=lambda layer: failed,
        )
    (problem,) = raised.value.problems
    message = "layer 'alpha' is not applied completely, and beta needs its outputs"
    if failed:
        message += " (what failed last: module.alpha.x.y: no such version; module.alpha.x.z: no)"
        hint = f"put right what failed, in the file or in AWS; then {hint}"
    assert (problem.code, problem.subject) == (codes.PRODUCER_INCOMPLETE, "alpha")
    assert (problem.message, problem.remedy) == (message, hint)
