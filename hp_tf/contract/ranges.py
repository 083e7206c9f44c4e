"""Rules about address ranges: Python says where and with which values, HCL says that something is wrong.

The functions return HCL. They take expressions over ranges such as ``var.vpc_cidr``, whose form is checked elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from hp_tf.contract.rules import PythonRule


@dataclass(frozen=True)
class Twin:
    """What Terraform checks of a rule whose check is Python's.

    Attributes:
        condition: where it cannot be computed, because a range is none or a zone has no block, it holds: that is
            refused elsewhere, in better words.
        message: a full sentence, as a ``Rule`` has it.
    """

    condition: str
    message: str

    def hcl(self) -> str:
        """Return the condition of the ``validation`` block."""
        return f"try({self.condition}, true)"


@dataclass(frozen=True)
class RangeRule(PythonRule):
    """A rule both check: together its ``twins`` refuse what ``check`` does, which says where and with which values."""

    twins: tuple[Twin, ...] = ()


def apart(one: str, other: str) -> str:
    """Return whether two ranges share no address: they differ where the shorter of their prefixes still reaches."""
    shorter = f'min(split("/", {one})[1], split("/", {other})[1])'
    return f"{_first(one, shorter)} != {_first(other, shorter)}"


def inside(one: str, other: str) -> str:
    """Return whether a range lies in another."""
    prefix = f'split("/", {other})[1]'
    return f'split("/", {one})[1] >= {prefix} && {_first(one, prefix)} == {_first(other, prefix)}'


def each(what: str, holds: str) -> str:
    """Return whether something holds of each: ``what`` is the head of a ``for``, such as ``block in var.blocks``."""
    return f"alltrue([\nfor {what} :\n{holds}\n])"


def each_two(blocks: str) -> str:
    """Return whether no two ranges of a list share an address."""
    pairs = each("other, b in all", f"one == other || {apart('a', 'b')}")
    return f"alltrue(flatten([\nfor all in [{blocks}] : [\nfor one, a in all :\n{pairs}\n]\n]))"


def zone_block(given: str, parent: str, bits: int) -> str:
    """Return the block of ``zone``, as ``addresses.zone_blocks`` finds it: the given one or that of its number."""
    return f'try({given}[zone], cidrsubnet({parent}, {bits}, tonumber(regex("[0-9]+$", zone))))'


def _first(block: str, prefix: str) -> str:
    """Return the first address of a range that is widened to a prefix."""
    return f'cidrhost("${{split("/", {block})[0]}}/${{{prefix}}}", 0)'
