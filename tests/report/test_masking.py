from __future__ import annotations

import json

from hp_tf.report.document import plan as document
from hp_tf.report.masking import masked
from hp_tf.report.plan_text import render
from tests.report.plans import CONTEXT, change, loaded, planned

CANARY = "canary-4711"


def test_a_mark_on_either_side_hides_both() -> None:
    shown = masked({"actions": ["update"], "before": CANARY, "after": CANARY, "after_sensitive": True})
    assert shown == {
        "actions": ["update"],
        "before": "(sensitive value)",
        "after": "(sensitive value)",
        "after_sensitive": True,
    }
    plain = {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}, "before_sensitive": {}}
    assert masked(plain) == plain


def test_a_list_that_was_unset_and_is_not_sensitive_is_not_hidden() -> None:
    marks = {"before_sensitive": {}, "after_sensitive": {"checks": [False]}}
    change = {"actions": ["update"], "before": {"checks": None}, "after": {"checks": ["a"]}, **marks}
    assert masked(change) == change


def test_no_rendering_shows_a_secret() -> None:
    """Each resource carries the canary in a place of its own."""
    secret = {"password": CANARY, "list": [CANARY], "nested": {"deep": [{"key": CANARY}]}}
    marks = {"password": True, "list": True, "nested": {"deep": [{"key": True}]}}
    plain = {"password": "x", "list": ["x"], "nested": {"deep": [{"key": "x"}]}}
    address = "module.eks.aws_eks_cluster.this"
    entries = [
        change(address, ["create"], None, secret, after_sensitive=marks),
        change(address, ["update"], plain, secret, after_sensitive=marks),
        change(address, ["update"], secret, plain, before_sensitive=marks),
        change(address, ["update"], secret, secret | {"size": 1}, after_sensitive=marks),
        change(address, ["delete", "create"], secret, plain, before_sensitive=marks, replace_paths=[["password"]]),
        change(address, ["delete"], secret, None, before_sensitive=marks),
        change(address, ["forget"], secret, None, before_sensitive=True),
        change(address, ["no-op"], secret, secret, before_sensitive=marks, after_sensitive=marks, importing="x"),
    ]
    outputs = {
        "eks__token": {"actions": ["update"], "before": CANARY, "after": CANARY, "after_sensitive": True},
        "eks__map": {
            "actions": ["create"],
            "before": None,
            "after": {"a": CANARY},
            "before_sensitive": False,
            "after_sensitive": {"a": True},
        },
    }
    held = planned(loaded(*entries, outputs=outputs), ("eks",))
    text = render(CONTEXT, held, color=False, width=400)
    assert text.count("(sensitive value)") >= 8
    assert CANARY not in text
    written = json.dumps(document(CONTEXT, held))
    assert written.count("(sensitive value)") >= 20
    assert CANARY not in written
