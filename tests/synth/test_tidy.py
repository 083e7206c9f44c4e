"""Conditions without what a person would leave out: they say the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from hp_tf.synth.tidy import tidy
from tests.synth.terraform import Terraform, write

NEVER_NULL = {"var.on", "var.off", "var.many", "var.mode", "item.many"}
CASES = {
    "(var.on == false ? var.maybe != null : true)": "var.on || var.maybe != null",
    "(var.on == true ? var.maybe == null : true)": "!var.on || var.maybe == null",
    "(var.on != true ? var.off : true)": "var.on || var.off",
    "(var.maybe == true ? var.on : true)": "var.maybe != true || var.on",
    "!((var.on ? var.off : false))": "!(var.on && var.off)",
    "((var.on == false ? var.off == true : false) ? var.maybe != null : true)": (
        "!(!var.on && var.off) || var.maybe != null"
    ),
    "(var.on ? true : (var.off ? true : var.maybe != null))": "var.on || var.off || var.maybe != null",
    "(var.on ? (var.off ? true : var.maybe != null) : false)": "var.on && (var.off || var.maybe != null)",
    "((var.many == null ? 0 : length(var.many)) >= 1 ? !(var.off) : true)": "length(var.many) == 0 || !var.off",
    '(var.mode == "a" ? var.on : true)': 'var.mode != "a" || var.on',
    '!(var.mode == "a")': 'var.mode != "a"',
    'contains(["a", "b"], var.mode) ? var.on : true': '!contains(["a", "b"], var.mode) || var.on',
    '(var.many == null ? true : alltrue([for item in var.many : (item == "p" ? var.on : true) if item != null]))': (
        'alltrue([for item in var.many : item != "p" || var.on if item != null])'
    ),
    "!(anytrue([for one in var.many : one == var.mode]))": "!anytrue([for one in var.many : one == var.mode])",
    "(var.on ? 1 : 0) + (var.maybe == null ? 0 : 1) <= 1": "(var.on ? 1 : 0) + (var.maybe == null ? 0 : 1) <= 1",
    # The second operand fails where the first decides, and && would evaluate it.
    "(var.maybe != null ? length(var.maybe) >= 1 : true)": "var.maybe != null ? length(var.maybe) >= 1 : true",
    '(var.maybe == null ? true : contains(["p"], var.maybe))': 'var.maybe == null ? true : contains(["p"], var.maybe)',
    "(var.maybe != null ? length(var.maybe) > 0 : false)": "var.maybe != null ? length(var.maybe) > 0 : false",
    '(var.on == false ? true : can(regex("a ? b : (c", var.mode)))': (
        'var.on ? can(regex("a ? b : (c", var.mode)) : true'
    ),
    "(var.maybe == null ? 0 : length(var.maybe)) == 0": "(var.maybe == null ? 0 : length(var.maybe)) == 0",
}


@pytest.mark.parametrize(("text", "plain"), CASES.items())
def test_what_is_left(text: str, plain: str) -> None:
    assert tidy(text, NEVER_NULL) == plain


def test_attributes_of_an_element_may_be_null_unless_said() -> None:
    text = "alltrue([for item in var.many : (item.{0} == null ? 0 : length(item.{0})) == 0 if item != null])"
    assert "null ? 0" not in tidy(text.format("many"), NEVER_NULL)
    assert "item.few == null ? 0" in tidy(text.format("few"), NEVER_NULL)


def _value(values: Mapping[str, str], reference: re.Match[str]) -> str:
    return values[reference[1]]


def test_both_say_the_same_for_every_value(tmp_path: Path, terraform: Callable[[Path], Terraform]) -> None:
    values = {"on": ("true", "false"), "off": ("true", "false"), "maybe": ("null", '"p"'), "many": ("[]", '["p"]')}
    outputs = {}
    for number, combination in enumerate(itertools.product(*values.values(), ('"a"', '"c"'))):
        now = dict(zip([*values, "mode"], combination, strict=True))
        for place, text in enumerate(CASES):
            both = f"({text}) == ({tidy(text, NEVER_NULL)})"
            outputs[f"o{number}_{place}"] = re.sub(r"\bvar\.(\w+)", partial(_value, now), both)
    folder = write(tmp_path, {"main.tf": "".join(f'output "{k}" {{\nvalue = {v}\n}}\n' for k, v in outputs.items())})
    planned = terraform(folder).plan()["planned_values"]["outputs"]
    assert {outputs[name] for name, item in planned.items() if item["value"] is not True} == set()
    assert len(planned) == len(outputs)
