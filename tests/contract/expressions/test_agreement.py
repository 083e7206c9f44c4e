"""Python and Terraform make the same of every tree.

Hypothesis draws trees and values; one `terraform console` evaluates all of them. Each tree is evaluated twice: with
some values unknown, which are the output of a resource that is never applied, and with something known in their
places. What Python says for certain, Terraform says as well, now or once the values are there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from hp_tf.contract.expressions.evaluate import evaluate
from hp_tf.contract.expressions.hcl import hcl
from hp_tf.contract.expressions.values import UNKNOWN, Open
from tests.contract.expressions.console import console
from tests.contract.expressions.trees import Case, cases, holds_unknown, typed

EXAMPLES = 400


def _verdict(case: Case, scope: Any) -> Any:
    """What Python says for certain, else UNKNOWN."""
    found = evaluate(case.tree, scope)
    return UNKNOWN if isinstance(found, Open) or holds_unknown(found) else found


def _told(answer: Any) -> Any:
    """An answer of Terraform's, which writes the product of a negative number and nothing as -0 in a text."""
    return re.sub(r"(?<![\w.-])-0(?![\w.])", "0", answer) if isinstance(answer, str) else answer


@pytest.mark.slow
def test_evaluate_and_terraform_console_agree(tmp_path: Path) -> None:
    drawn: list[Case] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    texts = [hcl(case.tree, case.never_null) for case in drawn]
    answers = console(
        [(text, typed(scope)) for case, text in zip(drawn, texts, strict=True) for scope in (case.scope, case.later)],
        tmp_path,
    )
    wrong = []
    for case, text, now, later in zip(drawn, texts, map(_told, answers[::2]), map(_told, answers[1::2]), strict=True):
        python_now, python_later = (_told(_verdict(case, scope)) for scope in (case.scope, case.later))
        known = [answer for answer in (python_now, now) if answer is not UNKNOWN]
        if python_later != later or any(answer != later for answer in known):
            said = f"Python {python_now!r} then {python_later!r}, Terraform {now!r} then {later!r}"
            wrong.append(f"{text}\n{case.tree}\n{case.scope}\n{case.later}\n{said}")
    assert len(drawn) >= EXAMPLES // 2
    assert not wrong, min(wrong, key=len)
