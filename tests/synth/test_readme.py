"""A module's README: its example is Terraform, its tables are whole."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.base import Contract
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.examples import example_inputs
from hp_tf.synth.format import formatted
from hp_tf.synth.readme import readme, usage
from hp_tf.synth.shape import Shape
from hp_tf.synth.variables import inputs_of, variables
from tests.synth import samples
from tests.synth.verdicts import python_verdict, right


def test_sections_of_the_sample() -> None:
    text = readme(samples.CONTRACT, usage(samples.CONTRACT))
    assert text.startswith("# sample\n\nA sample.\n\nIt does what the CloudFormation stack `SampleStack` did.\n")
    assert (
        "| `zones` | Zones. | `list(string)` | required | 1 to 3 elements; each: a zone id such as 'usw2-az1' |" in text
    )
    assert '| `mode` | Mode. | `string` | `"single"` | `single`, `per_az` |' in text
    assert "| `count` | How many. | `number` | required | 0 to 100 |" in text
    assert "| thing | `{name}-thing` | 64 | always |" in text
    assert "| `given` | Null default. | `string` | `null` | a zone id such as 'usw2-az1' |" in text
    assert "### `groups[].disk`" in text
    assert "| `first` | The first \\| one. |" in text
    assert "| terraform |  | `>= 1.10.0` |" in text


def test_wired_inputs_refer_to_the_modules_beside() -> None:
    assert example_inputs(samples.CONTRACT)["vpc_id"] == "${module.network.vpc_id}"


def test_what_of_a_stack_is_not_done_is_said_beside_it() -> None:
    some = dataclasses.replace(samples.CONTRACT, replaces=("A", "B"), not_replaced="B's queue is not part of it.")
    assert "It does what the CloudFormation stacks `A` and `B` did. B's queue is not part of it.\n" in readme(some, "")
    for layer, part in (("fsx", "StorageClass"), ("eks", "CoreDNS")):
        assert part in next(line for line in readme(CONTRACTS[layer], "").splitlines() if "CloudFormation" in line)


def test_a_release_says_where_its_chart_and_its_provider_come_from() -> None:
    assert "/HyperPodHelmChart" in example_inputs(CONTRACTS["helm"])["chart_path"]
    usage_section = readme(CONTRACTS["helm"], "").partition("## Usage")[2].partition("## ")[0]
    assert "../../examples/terraform-only/README.md" in usage_section
    assert "../../examples/terraform-only/providers.tf" in usage_section


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_links_lead_somewhere(contract: Contract) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", readme(contract, ""))
    folder = Path(__file__).parents[2] / "modules" / contract.name
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_examples_parse_and_give_what_is_required(contract: Contract, program: Path) -> None:
    assert formatted({"usage.tf": usage(contract)}, program)["usage.tf"].startswith(f'module "{contract.name}" {{')
    required = {name for name, attribute in inputs_of(contract).items() if attribute.required}
    assert required <= set(example_inputs(contract))


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_examples_take_all_that_the_modules_beside_give(contract: Contract) -> None:
    wired = {
        name
        for name, wire in contract.wires()
        if wire.when != "existing" and wire.only_if is None and wire.only_when is None
    }
    assert wired <= set(example_inputs(contract))


def test_examples_wait_for_nobody_whose_switch_is_off() -> None:
    assert not [name for name in example_inputs(CONTRACTS["addons"]) if name.startswith("file_system")]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_examples_obey_the_rules(contract: Contract) -> None:
    values = {
        name: _another_modules(inputs_of(contract)[name].shape) if "${module." in str(value) else value
        for name, value in example_inputs(contract).items()
    }
    assert python_verdict(contract, values), values


def _another_modules(shape: Shape) -> Any:
    """A value of the right form for an input that another module gives."""
    if shape.kind == "map" and shape.element:
        return dict.fromkeys(("usw2-az1", "usw2-az2"), right(shape.element))
    return right(shape)


def test_the_projects_readme_names_every_layer_with_its_stacks() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[(\w+)\]\(modules/\w+/README.md\) \| ([^|]*) \|", text, re.MULTILINE))
    assert rows == {
        name: ", ".join(stack.removesuffix("Stack") for stack in contract.replaces)
        for name, contract in CONTRACTS.items()
    }


def test_what_is_fixed_at_creation_says_so() -> None:
    text = readme(CONTRACTS["hyperpod"], "")
    (line,) = [line for line in text.splitlines() if line.startswith("| `threads_per_core`")][:1]
    assert "Fixed at creation: give the group another name: that makes a new group and deletes the old one." in line


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("network", "primary_availability_zone_id"),
        ("fsx", "primary_availability_zone_id"),
        ("hyperpod", "primary_availability_zone_id"),
        ("hyperpod", "security_group_id"),
        ("hyperpod", "additional_security_group_ids"),
    ],
)
def test_what_replaces_says_so(layer: str, name: str) -> None:
    assert "replaces the " in inputs_of(CONTRACTS[layer])[name].description


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_a_module_speaks_of_its_own_inputs_alone(contract: Contract) -> None:
    """Who takes one module knows neither an environment's file nor the inputs of the layers beside it."""
    messages = [item["error_message"] for body in variables(contract).values() for item in body.get("validation", [])]
    text = "\n".join([readme(contract, ""), *messages])
    foreign = {f"{other.name}.{name}" for other in CONTRACTS.values() for name in other.inputs.model_fields}
    assert foreign & set(re.findall(r"(?<![\w.])[a-z]+\.[a-z_0-9]+", text)) == set()
    assert not re.search(r"\bthe file\b(?! system)|given as existing|no environment|hptf(?! synth`; edit)", text)
