"""What looks like a credential in a file: said without its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hp_tf import codes
from hp_tf.environment.mistakes import Mistake, mistake
from hp_tf.environment.tree import Node, Path

# Forms that nothing else has: keys of AWS, of providers of models and code, and private keys.
_FORMS = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[\w-]{16,}"
    r"|\bhf_[A-Za-z0-9]{20,}|\bsk-[\w-]{20,}|\bnvapi-[\w-]{20,}|\bxox[abpr]-[\w-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
_NAMES = r"(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)"
_NAMED = re.compile(rf"(?:.*[a-z0-9_-])?{_NAMES}", re.IGNORECASE)
# In a document inside a text: such a key with a value of its own, no reference by name.
_LINE = re.compile(
    rf"""^[ \t-]*["']?(?!existing)(?:[\w.-]*[\w-])?{_NAMES}["']?[ \t]*:[ \t]*["']?[^\s"'{{\[&*|>]""",
    re.IGNORECASE | re.M,
)


def is_credential(text: str) -> bool:
    """Return whether a text has a credential in it, by its form."""
    return _FORMS.search(text) is not None


def credentials(tree: Node) -> Iterator[Mistake]:
    """Yield a warning for everything in a file that looks like a credential."""
    for path, text in _texts(tree, ()):
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        inside = "\n" in text or ": " in text
        if is_credential(text) or (inside and _LINE.search(text)) or (not inside and _NAMED.fullmatch(key)):
            said = " looks like a credential, and whoever reads the file has it"
            remedy = "keep it in Secrets Manager or a Kubernetes secret that is made elsewhere, and change it"
            yield mistake(codes.CREDENTIAL_IN_FILE, tree, path, said, remedy)


def _texts(node: Node, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node.data, dict):
        for key, child in node.data.items():
            yield from _texts(child, (*path, key))
    elif isinstance(node.data, list):
        for at, child in enumerate(node.data):
            yield from _texts(child, (*path, at))
    elif isinstance(node.data, str) and node.data:
        yield path, node.data
