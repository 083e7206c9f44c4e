"""States to try things on: made by hypothesis, or large ones made by rule."""

from __future__ import annotations

import time
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from hp_tf.state.document import State, dumps, loads
from hp_tf.state.merge import merge, split

BUILTIN = 'provider["terraform.io/builtin/terraform"]'
# Fewer examples than usual and no deadline: the machine may be busy with other tests.
quickly = settings(max_examples=50)

LAYERS = ("addons", "eks", "network", "s3_store")

_names = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
_values: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, 0, 1.5, "", "text", [], {}, [1, {"a": None}]]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
)


@st.composite
def resource(draw: st.DrawFn, layer: str) -> dict[str, Any]:
    """A resource of a layer, also in a module inside it, with dependencies in any layer."""
    keys = draw(st.sampled_from(["none", "numbers", "strings"]))
    count = 1 if keys == "none" else draw(st.integers(1, 3))
    instances = []
    for number in range(count):
        instance: dict[str, Any] = {
            "schema_version": 0,
            "attributes": draw(st.dictionaries(_names, _values, max_size=3)),
        }
        if keys != "none":
            instance["index_key"] = number if keys == "numbers" else f"key {number}"
        dependencies = draw(
            st.lists(st.sampled_from([f"module.{name}.terraform_data.this" for name in LAYERS]), max_size=2)
        )
        if dependencies:
            instance["dependencies"] = sorted(set(dependencies))
        instances.append(instance)
    return {
        "module": f"module.{layer}" + draw(st.sampled_from(["", ".module.inner", '.module.inner["a.b"]'])),
        "mode": draw(st.sampled_from(["managed", "data"])),
        "type": "terraform_data",
        "name": draw(_names),
        "provider": BUILTIN,
        "instances": instances,
    }


@st.composite
def state(draw: st.DrawFn, layer: str) -> State:
    """A state of a layer at rest."""
    resources = draw(
        st.lists(resource(layer), max_size=4, unique_by=lambda one: (one["module"], one["mode"], one["name"]))
    )
    output = st.fixed_dictionaries(
        {"value": _values, "type": st.just("dynamic")}, optional={"sensitive": st.just(True)}
    )
    checks = [{"object_kind": "var", "config_addr": f"module.{layer}.var.x", "status": "pass", "objects": None}]
    return {
        "version": 4,
        "terraform_version": draw(st.sampled_from(["1.10.5", "1.11.4", "1.9.8"])),
        "serial": draw(st.integers(0, 10**6)),
        "lineage": str(draw(st.uuids())),
        "outputs": draw(st.dictionaries(_names | st.just("_hidden__name"), output, max_size=3)),
        "resources": resources,
        "check_results": draw(st.sampled_from([None, checks])),
    }


@st.composite
def environment_states(draw: st.DrawFn) -> dict[str, State | None]:
    """Some layers, each with a state or without."""
    layers = draw(st.lists(st.sampled_from(LAYERS), min_size=1, unique=True))
    return {layer: draw(st.none() | state(layer)) for layer in layers}


def simple(layer: str, *ids: str, serial: int = 1, lineage: str | None = None, **outputs: Any) -> State:
    """A state of a layer with one instance of `terraform_data.this` for each id."""
    instances = [{"index_key": one, "schema_version": 0, "attributes": {"id": one}} for one in ids]
    this = {
        "module": f"module.{layer}",
        "mode": "managed",
        "type": "terraform_data",
        "name": "this",
        "provider": BUILTIN,
        "instances": instances,
    }
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": serial,
        "lineage": lineage or f"lineage-of-{layer}",
        "outputs": {name: {"value": value, "type": "string"} for name, value in outputs.items()},
        "resources": [this] if ids else [],
        "check_results": None,
    }


def large(layers: int, resources: int) -> dict[str, State | None]:
    """`resources` resources over so many layers, each about 1 kB with 20 attributes and a few dependencies."""
    states: dict[str, State | None] = {}
    for number in range(layers):
        layer = f"layer{number}"
        state_ = simple(layer)
        state_["resources"] = [
            {
                "module": f"module.{layer}",
                "mode": "managed",
                "type": "aws_subnet",
                "name": f"this{index}",
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [
                    {
                        "schema_version": 1,
                        "attributes": {"id": f"subnet-{index}"}
                        | {f"attribute_{key}": f"value {key}" for key in range(20)},
                        "sensitive_attributes": [],
                        "dependencies": [
                            f"module.{layer}.aws_vpc.this",
                            f"module.layer{(number + 1) % layers}.aws_vpc.this",
                        ],
                    }
                ],
            }
            for index in range(resources // layers)
        ]
        states[layer] = state_
    return states


def seconds_to_merge_and_split(resources: int = 10_000, layers: int = 12) -> float:
    """How much time of the processor it takes to join and part so many resources once."""
    states = large(layers, resources)
    start = time.process_time()
    merged = merge("bench", states)
    elapsed = time.process_time() - start
    # What Terraform sends back is no longer the same objects.
    sent = loads(dumps(merged or {}))
    start = time.process_time()
    parted = split(sent, states)
    elapsed += time.process_time() - start
    if parted.changed or parted.stray:
        raise RuntimeError("joining and parting changed something")
    return elapsed
