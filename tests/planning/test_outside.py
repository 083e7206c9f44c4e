from __future__ import annotations

from dataclasses import replace

from hp_tf.contract.base import Wired
from hp_tf.environment.wiring import Binding, Wiring
from hp_tf.planning.root import outside


def test_what_only_rules_read_is_not_fetched_for_a_root() -> None:
    binding = Binding("lookup", wire=Wired("eks.vpc_id", when="existing"))

    def wanted(found: Binding) -> list[tuple[str, str, str | None]]:
        wiring = Wiring({"network": {"cluster_vpc_id": found}}, {}, frozenset(), ("network",))
        return list(outside(["network"], wiring, kubernetes=False))

    assert wanted(binding) == [("eks", "vpc_id", "network")]
    assert wanted(replace(binding, hptf_only=True)) == []
