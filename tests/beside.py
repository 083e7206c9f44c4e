"""Holds the plan that hptf reads out of a file to the one that Terraform shows, whatever is tested meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hp_tf.terraform import commands, numerals, plan_file
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.plan import Plan


def compared(show: Callable[..., Plan]) -> Callable[..., Plan]:
    """Return `commands.show` that also runs `terraform show`, and fails where the two do not agree."""

    def both(invocation: Invocation, file: Path, *, name: str = "show") -> Plan:
        plan = show(invocation, file, name=name)
        if not plan_file.knows(invocation.terraform):
            return plan
        known = numerals.read(invocation.root, numerals.providers_of(file))
        read = plan_file.read(file, invocation.terraform, known)
        shown = commands.show_document(invocation, file, name=f"{name}-beside")
        differences = [
            f"{key} of {subject}: {one.get(key)} was read, {other.get(key)} is shown"
            for subject, (one, other) in _pairs(read, shown).items()
            for key in sorted({*one, *other})
            if one.get(key) != other.get(key)
        ]
        assert not differences, "\n".join(differences)
        return plan

    return both


def _pairs(read: dict[str, Any], shown: dict[str, Any]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Both sides of every resource, in their order, and of every output."""
    sides = []
    for document in (read, shown):
        changes = [
            {**held, "change": _comparable(held["change"]), "order": at}
            for at, held in enumerate(document.get("resource_changes") or ())
        ]
        outputs = {name: _comparable(held) for name, held in (document.get("output_changes") or {}).items()}
        sides.append({f"{held['address']} {held.get('deposed', '')}": held for held in changes} | outputs)
    one, other = sides
    return {name: (one.get(name, {}), other.get(name, {})) for name in {**one, **other}}


def _comparable(change: dict[str, Any]) -> dict[str, Any]:
    """A change whose paths are in one order, and that says nothing of insensitive members.

    Of an unknown collection Terraform says that no member is sensitive; which of the unknown are collections only the
    provider's schema tells.
    """
    kept = {**change}
    for name in ("before_sensitive", "after_sensitive"):
        kept[name] = _pruned(kept.get(name))
    if "replace_paths" in kept:
        kept["replace_paths"] = sorted(kept["replace_paths"], key=str)
    return kept


def _pruned(shadow: Any) -> Any:
    if isinstance(shadow, dict):
        kept = {key: _pruned(held) for key, held in shadow.items()}
        return {key: held for key, held in kept.items() if held} or False
    if isinstance(shadow, list):
        kept_items = [_pruned(held) for held in shadow]
        return kept_items if any(kept_items) else False
    return shadow
