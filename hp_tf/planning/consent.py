"""What may be done though a finding speaks against it: allowances by code and subject, of a command and of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hp_tf import codes
from hp_tf.addresses import meant
from hp_tf.codes import CODES
from hp_tf.environment.messages.words import suggestion
from hp_tf.errors import BadInput
from hp_tf.findings import Allowance, Finding, Severity
from hp_tf.planning.planner import Planned

# Options that were there before --allow, and their codes.
_DESTROY = (codes.PROTECTED_DESTROYED.name, codes.CREATION_CUT_OFF.name)
_LEAVE = (codes.LAYER_LEAVES.name,)


def of_options(destroy: Iterable[str], leave: Iterable[str], others: Iterable[str]) -> tuple[Allowance, ...]:
    """Return what the options of a command allow.

    Args:
        destroy: addresses, of ``--allow-destroy``.
        leave: layers, of ``--remove-layer``.
        others: ``CODE=SUBJECT``, of ``--allow``.

    Raises:
        BadInput: for codes that are none, or cannot be allowed.
    """
    pairs = [(f"--allow {text}", *text.partition("=")[::2]) for text in dict.fromkeys(others)]
    wrong = [problem for said, code, subject in pairs for problem in _wrong(said, code, subject)]
    if wrong:
        raise BadInput(wrong)
    return (
        *(Allowance(_LEAVE, layer, f"--remove-layer {layer}") for layer in sorted(set(leave))),
        *(Allowance(_DESTROY, address, f"--allow-destroy {address}") for address in sorted(set(destroy))),
        *(Allowance((code,), subject, said) for said, code, subject in pairs),
    )


def addressed(options: Iterable[Allowance], planned: Planned) -> tuple[Allowance, ...]:
    """Return the allowances of options, with addresses as a plan has them and not as they were typed.

    Raises:
        BadInput: for an address that may be one of several.
    """
    changes = planned.plan.resource_changes if planned.plan is not None else ()
    destroyed = [change.address for change in changes if change.action.destroys]
    return tuple(
        replace(item, subject=the_one(item.subject, destroyed, item.said)) if item.codes == _DESTROY else item
        for item in options
    )


def the_one(said: str, addresses: Iterable[str], option: str) -> str:
    """Return the one of some addresses that is meant, or what was said if it is none.

    Raises:
        BadInput: if it may be one of several.
    """
    found = meant(said, addresses)
    if len(found) > 1:
        raise BadInput(
            [codes.ALLOWANCE_UNKNOWN.about(said, f"{option}: several are meant", f"name one of {', '.join(found)}")]
        )
    return found[0] if found else said


def is_allowed(finding: Finding, planned: Planned) -> bool:
    """Return whether what a finding of a plan is about is allowed."""
    return finding.code.can_be_allowed and any(allowance.covers(finding) for allowance in planned.allowances)


def unsettled(planned: Planned) -> list[Finding]:
    """Return the findings because of which a plan must not be applied."""
    return [item for item in planned.findings if item.severity is not Severity.NOTE and not is_allowed(item, planned)]


def idle(planned: Planned, options: Iterable[Allowance]) -> list[Finding]:
    """Return a finding for every option that allows what nothing in a plan asks for.

    A plan that a barrier cuts says nothing of what comes after it.
    """
    return [] if planned.later else [_idle(allowance) for allowance in options if not _asked_for(allowance, planned)]


def unused(planned: Planned) -> list[Finding]:
    """Return a finding for every allowance of the file that a plan of the whole environment has no use for."""
    return [
        codes.ALLOWANCE_UNUSED.about(
            allowance.subject,
            f"{allowance.said}: nothing in the plan asks for {' or '.join(allowance.codes)} of {allowance.subject}",
            "take the line out of the file before it allows something later",
        )
        for allowance in planned.allowances
        if not _asked_for(allowance, planned)
    ]


def _asked_for(allowance: Allowance, planned: Planned) -> bool:
    if any(allowance.covers(finding) for finding in planned.findings):
        return True
    # What is not protected is destroyed without being asked about.
    changes = planned.plan.resource_changes if planned.plan is not None else ()
    destroyed = {change.address for change in changes if change.action.destroys}
    return codes.PROTECTED_DESTROYED.name in allowance.codes and allowance.subject in destroyed


def _idle(allowance: Allowance) -> Finding:
    if allowance.codes == _LEAVE:
        name = allowance.subject
        text = f"{allowance.said}: no layer of this name leaves the environment in this run"
        remedy = f"to let it leave, disable {name} in the file, or describe it under layers.{name}.existing"
    elif allowance.codes == _DESTROY:
        text = f"{allowance.said}: the plan neither deletes nor replaces it"
        remedy = "give the address as the plan shows it, or leave the option out"
    else:
        text = f"{allowance.said}: nothing in the plan asks for it"
        remedy = "give code and subject as the plan shows them, or leave the option out"
    return codes.ALLOWANCE_IDLE.about(allowance.subject, text, remedy)


def _wrong(said: str, name: str, subject: str) -> Iterable[Finding]:
    code = CODES.get(name)
    if code is None:
        known = sorted(code.name for code in CODES.values() if code.can_be_allowed)
        yield codes.ALLOWANCE_UNKNOWN.about(name, f"{said}: no finding has this code", suggestion(name, known, "codes"))
    elif not code.can_be_allowed:
        yield codes.ALLOWANCE_IMPOSSIBLE.about(name, f"{said}: it cannot be allowed", "do what the finding advises")
    elif not subject:
        remedy = f"apply with --allow {name}=SUBJECT, where SUBJECT is {code.subject}"
        yield codes.ALLOWANCE_UNKNOWN.about(name, f"{said}: the subject is missing", remedy)
