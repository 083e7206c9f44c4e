"""Words for messages: what was meant instead, and values and types as YAML's users call them."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from hp_tf import codes
from hp_tf.findings import Finding

# The likeness of two words, between 0 and 1, from which on one is a slip for the other.
CLOSE = 0.85


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None."""
    by_folded = {_folded(name): name for name in sorted(known, reverse=True)}
    folded = _folded(word)
    # instanceCount is count rather than instance_type: the last word says what a value is. And type is instance_type,
    # cut short.
    ends = [name for name in by_folded if folded.endswith(f"_{name}")]
    longer = [name for name in by_folded if name.endswith(f"_{folded}")]
    close = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    if (ends or longer) and not (close and is_slip(folded, close[0])):
        close = [max(ends, key=len) if ends else min(longer, key=len)]
    return by_folded[close[0]] if close else None


def is_slip(word: str, meant: str) -> bool:
    """Whether two words differ by no more than a slip of the fingers."""
    return difflib.SequenceMatcher(None, _folded(word), _folded(meant)).ratio() >= CLOSE


def kin(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words, made of parts joined by dots, that have a word's parts among theirs."""
    return [name for name in known if word and f".{word.lower()}." in f".{name.lower()}."]


def _folded(word: str) -> str:
    """Return a word in snake_case, as the files' own words are."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower().replace("-", "_")


def suggestion(word: str, known: Iterable[str], kind: str) -> str:
    """Return the hint for an unknown word: the one probably meant, or all there are (``kind``: a plural noun)."""
    names = list(known)
    guess = meant(word, names)
    if guess is not None:
        return f"did you mean '{guess}'?"
    return f"the {kind} are {listed(names)}" if names else f"there are no {kind} here"


def no_layer(name: str, known: Iterable[str]) -> Finding:
    """Return that a layer does not exist."""
    return codes.UNKNOWN_LAYER.about(name, f"there is no layer '{name}'", suggestion(name, known, "layers"))


# Names that keep their capital at the beginning of a message.
NAMES = ("CoreDNS", "Docker", "Karpenter", "Kubernetes", "Lustre", "Spot", "Terraform", "Trainium")


def clause(sentence: str) -> str:
    """Return a sentence of a contract as a message: its first letter small unless it is a name's, without full stop."""
    second = sentence[1:2]
    begins = (second.islower() or second.isspace()) and not sentence.startswith(NAMES)
    return (sentence[:1].lower() + sentence[1:] if begins else sentence).removesuffix(".")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def shown(value: Any) -> str:
    """Return a value with its type in YAML's words: ``the text 'yes'``, ``the number 5``, ``a list``."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {json.dumps(value[:80], ensure_ascii=False)}"
    return "a list" if isinstance(value, list | tuple) else "a mapping"
