"""A plan file, read without Terraform: `terraform show` starts every provider for what the file itself holds.

The file is a zip; its member `tfplan` is a protobuf message, whose fields are those of Terraform's `planfile.proto`
(read at 1.10.0, 1.11.4, 1.12.2, 1.13.5, 1.14.9, 1.15.9 and 1.16.0-rc2). A file of another format or engine, or with a
field that is not known here, is left to `terraform show`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from hp_tf.addresses import parse
from hp_tf.terraform import plan_values
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.plan_values import Kinds, Steps
from hp_tf.wire import UNKNOWN, decode, fields

_FIRST, _LAST = (1, 10), (1, 16)
_FORMAT = 3
_PROVIDER = re.compile(r'provider\["([^"]+)"\]')

_Message = Mapping[int, list[int | bytes]]

# What is in a message; reading goes no deeper where a number is not used below.
_PLAN = frozenset({*range(1, 6), *range(13, 23), *range(25, 33)})
_RESOURCE, _CHANGE, _OUTPUT, _IMPORTING = range(7, 15), range(1, 9), range(1, 4), range(1, 4)

# By number: the actions, and which of the change's values are before and after.
_ACTIONS: Final[Mapping[int, tuple[list[str], int | None, int | None]]] = {
    0: (["no-op"], 0, 0),
    1: (["create"], None, 0),
    2: (["read"], 0, 1),
    3: (["update"], 0, 1),
    5: (["delete"], 0, None),
    6: (["delete", "create"], 0, 1),
    7: (["create", "delete"], 0, 1),
    8: (["forget"], 0, None),
    9: (["create", "forget"], 0, 1),
}
_REASONS: Final = (
    None,
    "replace_because_tainted",
    "replace_by_request",
    "replace_because_cannot_update",
    "delete_because_no_resource_config",
    "delete_because_wrong_repetition",
    "delete_because_count_index",
    "delete_because_each_key",
    "delete_because_no_module",
    "replace_by_triggers",
    "read_because_config_unknown",
    "read_because_dependency_pending",
    "delete_because_no_move_target",
    "read_because_check_nested",
)


def knows(terraform: Terraform) -> bool:
    """Whether the plan files of a program can be read here."""
    return terraform.product == "terraform" and _FIRST <= terraform.version[:2] <= _LAST


class Unreadable(Exception):
    """A plan file that only Terraform can read."""


def read(path: Path, terraform: Terraform, known: Mapping[plan_values.Place, bool]) -> dict[str, Any]:
    """Return of the document that `terraform show -json` prints what a `Plan` is made of.

    Args:
        known: which places hold numbers (true) and which hold texts.

    Raises:
        Unreadable: if the file is none of those known here, or has a text of which it is not known whether it is a
            number.
    """
    if not knows(terraform):
        raise Unreadable(f"plans of {terraform} are not known")
    kinds = Kinds(known)
    try:
        with zipfile.ZipFile(path) as file:
            plan = _message(file.read("tfplan"), _PLAN)
        release = _text(plan, 14)
        if plan.get(1) != [_FORMAT] or release.partition("-")[0] != ".".join(map(str, terraform.version)):
            raise Unreadable(f"its format is {plan.get(1)}, of Terraform {release}")
        changes = [_resource(held, kinds) for held in _messages(plan, 3, _RESOURCE)]
        # Of types that nothing acts upon it may not be known what is a number.
        acting = {held["address"] for _, held in changes if held["change"]["actions"] not in (["no-op"], ["read"])}
        drifted = [held for held in _messages(plan, 18, _RESOURCE) if _text(held, 13) in acting]
        drift = [held for _, held in (_resource(held, kinds) for held in drifted)]
        outputs = dict(_output(held) for held in _messages(plan, 4, _OUTPUT))
    except (OSError, zipfile.BadZipFile, KeyError, LookupError, ValueError, TypeError) as error:
        raise Unreadable(str(error)) from error
    if kinds.unclear:
        raise Unreadable(f"numbers or texts: {sorted(kinds.unclear)}")
    # Terraform removes data sources from the state by a deletion that it shows to nobody.
    shown = [(key, held) for key, held in changes if held["mode"] != "data" or held["change"]["actions"] != ["delete"]]
    return {
        "format_version": "1.2",
        "terraform_version": release,
        "resource_changes": [held for _, held in sorted(shown, key=lambda item: item[0])],
        "resource_drift": [held for held in drift if held["change"]["actions"] != ["no-op"]],
        "output_changes": outputs,
    }


def _resource(message: _Message, kinds: Kinds) -> tuple[Any, dict[str, Any]]:
    """The object of one resource, after what it is sorted by."""
    text = _text(message, 13)
    address = parse(text)
    provider = _PROVIDER.search(_text(message, 8))
    if address is None or provider is None:
        raise Unreadable(f"the address {text!r}")
    found: dict[str, Any] = {"address": text}
    optional = {
        "previous_address": _text(message, 14),
        "module_address": address.module,
        "mode": address.mode,
        "type": address.type,
        "name": address.name,
        "index": address.index,
        "provider_name": provider[1],
        "deposed": _text(message, 7),
        "action_reason": _REASONS[_number(message, 12)],
    }
    found |= {key: held for key, held in optional.items() if held is not None and (held != "" or key == "index")}
    (held,) = _messages(message, 9, _CHANGE)
    change, after = _change(held, kinds, address.type)
    change["after_unknown"] = {} if plan_values.is_known(after) else plan_values.unknown_shadow(after)
    for side, number in (("before", 3), ("after", 4)):
        value = after if side == "after" else change["before"]
        change[f"{side}_sensitive"] = plan_values.sensitive_shadow(value, _paths(held, number))
    replaced = [list(path) for path in _paths(message, 11)]
    if replaced:
        change["replace_paths"] = replaced
    for importing in _messages(held, 5, _IMPORTING):
        change["importing"] = _importing(importing, kinds, address.type)
    if _text(held, 6):
        change["generated_config"] = _text(held, 6)
    for name, number in (("before_identity", 7), ("after_identity", 8)):
        for value in _values(held, number):
            change[name] = plan_values.load(value, (address.type, "identity"), kinds)
    return (address.order, _text(message, 7)), {**found, "change": change}


def _importing(message: _Message, kinds: Kinds, of: str) -> dict[str, Any]:
    if _number(message, 2):
        return {"unknown": True}
    if _text(message, 1):
        return {"id": _text(message, 1)}
    (value,) = _values(message, 3)
    return {"identity": plan_values.load(value, (of, "identity"), kinds)}


def _output(message: _Message) -> tuple[str, dict[str, Any]]:
    (held,) = _messages(message, 2, _CHANGE)
    # Values of outputs come with their types: nothing about them can be unclear.
    change, after = _change(held, Kinds({}), "")
    change["after_unknown"] = plan_values.unknown_shadow(after) if not plan_values.is_known(after) else False
    sensitive = bool(_number(message, 3))
    return _text(message, 1), {**change, "before_sensitive": sensitive, "after_sensitive": sensitive}


def _change(message: _Message, kinds: Kinds, of: str) -> tuple[dict[str, Any], Any]:
    """Actions, before and after of a change; and its later side, with what is unknown."""
    actions, *sides = _ACTIONS[_number(message, 1)]
    values = _values(message, 2)
    before, after = (None if at is None else plan_values.load(values[at], (of,), kinds) for at in sides)
    change = {"actions": actions, "before": before}
    if after is not UNKNOWN:
        change["after"] = plan_values.without_unknown(after)
    return change, after


def _paths(message: _Message, number: int) -> list[Steps]:
    """Paths into a value: names, keys and positions. A key that is neither, in a set, is empty text."""
    found = []
    for path in _messages(message, number, (1,)):
        steps: list[str | int] = []
        for step in _messages(path, 1, (1, 2)):
            if 1 in step:
                steps.append(_text(step, 1))
            for value in _values(step, 2):
                key = decode(value)
                key = key[1] if isinstance(key, list) else key
                steps.append(key if isinstance(key, str | int) else "")
        found.append(tuple(steps))
    return found


def _message(data: int | bytes, known: Iterable[int]) -> _Message:
    """The fields of a message by number.

    Raises:
        Unreadable: for a field that is not known.
    """
    if isinstance(data, int):
        raise Unreadable("a number where a message was expected")
    found: dict[int, list[int | bytes]] = {}
    for number, content in fields(data):
        found.setdefault(number, []).append(content)
    if found.keys() - set(known):
        raise Unreadable(f"field {found.keys() - set(known)}")
    return found


def _messages(message: _Message, number: int, known: Iterable[int]) -> list[_Message]:
    return [_message(held, known) for held in message.get(number, ())]


def _values(message: _Message, number: int) -> list[bytes]:
    """The msgpack of values."""
    held = [value.get(1) for value in _messages(message, number, (1,))]
    return [item[0] for item in held if item and isinstance(item[0], bytes)]


def _text(message: _Message, number: int) -> str:
    held = message.get(number, [b""])[-1]
    if isinstance(held, int):
        raise Unreadable("a number where a text was expected")
    return held.decode()


def _number(message: _Message, number: int) -> int:
    held = message.get(number, [0])[-1]
    if not isinstance(held, int):
        raise Unreadable("no number where one was expected")
    return held
