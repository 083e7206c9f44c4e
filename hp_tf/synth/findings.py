"""docs/findings.md: every code that a finding can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hp_tf.codes import CODES
from hp_tf.contract.base import Contract
from hp_tf.contract.rules import PythonRule, Rule
from hp_tf.findings import Code, Severity

_HEAD = """\
# Findings

Written by `hptf synth` from `hp_tf/codes.py` and the layers' rules; edit there.

Everything that `hptf` has to say of a file or a plan is a finding: code, severity, subject, message and remedy.
The code stands at the end of the line; `hptf plan --json` and `hptf validate --json` have all of it
(`schema/plan.json`, `schema/validate.json`). Codes are stable, messages are not.

| severity | what follows |
|---|---|
| blocks | nothing is applied, the exit code is 2 |
| needs consent | the same, unless the code is allowed for its subject |
| note | nothing; it is shown |

What is allowed is said by code and subject: `hptf apply ENV --allow CODE=SUBJECT`, or in the environment's file

```yaml
allow:
  - {finding: CODE, subject: SUBJECT}
```

`--allow-destroy ADDRESS` allows `protected-destroyed` and `creation-cut-off`, `--remove-layer LAYER` allows
`layer-leaves`. An option that allows what nothing in the plan asks for is refused; a line of the file is noted.
"""
_TITLES = {
    Severity.CONSENT: "What needs consent",
    Severity.BLOCKS: "What blocks",
    Severity.NOTE: "What is worth knowing",
}


def render(contracts: Mapping[str, Contract]) -> str:
    """Return the text of docs/findings.md; the same codes and contracts give the same bytes."""
    return "\n".join([_HEAD, *_codes(CODES.values()), *_rules(contracts)])


def _codes(codes: Iterable[Code]) -> Iterator[str]:
    ordered = sorted(codes, key=lambda code: code.name)
    for severity, title in _TITLES.items():
        yield f"## {title}\n\n| code | about | when |\n|---|---|---|"
        for code in ordered:
            if code.severity is severity:
                allowed = " It can be allowed." if code.allowable else ""
                yield f"| `{code.name}` | {code.subject} | {code.explanation}{allowed} |"
        yield ""


def _rules(contracts: Mapping[str, Contract]) -> Iterator[str]:
    yield "## Rules of the layers\n\nThey are about a place in the file, and block it; a note is marked.\n"
    yield "| code | when it says |\n|---|---|"
    for rule in sorted((rule for contract in contracts.values() for rule in contract.rules), key=lambda rule: rule.id):
        note = " (note)" if rule.level == "warning" else ""
        yield f"| `{rule.id}`{note} | {_cell(rule)} |"
    yield ""


def _cell(rule: Rule | PythonRule) -> str:
    if isinstance(rule, Rule):
        text = rule.message
    else:
        text = (rule.check.__doc__ or "").partition("\n")[0].removeprefix("Yield ")
        text = f"{text[:1].upper()}{text[1:]}"
    return text.replace("|", "\\|").replace("\n", " ")
