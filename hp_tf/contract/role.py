"""What a role is, apart from those there are, and what a scope of rules shows of its provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hp_tf.contract.expressions.values import Scope


@dataclass(frozen=True)
class Role:
    """One of those in ``roles``. Of the layers of an orchestrator, one at most provides it.

    Attributes:
        inputs: the provider's inputs that other layers and their rules read.
        outputs: its outputs that rules of other layers read where it exists.
    """

    inputs: ClassVar[tuple[str, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ()


def configured(scope: Scope, kind: type[Role]) -> Scope:
    """Return the inputs of the layer that provides a role, as rules of another layer see them.

    They are as the file configures them, with defaults; empty where no such layer is created.
    """
    found: Scope = scope.get(configured_key(kind), {})
    return found


def given(scope: Scope, kind: type[Role]) -> Scope:
    """Return the outputs of the layer that provides a role, as far as the file gives them; empty if none exists."""
    found: Scope = scope.get(given_key(kind), {})
    return found


def configured_key(kind: type[Role]) -> str:
    """Return where a scope holds the inputs of a role's provider. No input has such a name."""
    return f"{kind.__name__}.inputs"


def given_key(kind: type[Role]) -> str:
    """Return where a scope holds the outputs of a role's provider."""
    return f"{kind.__name__}.outputs"
