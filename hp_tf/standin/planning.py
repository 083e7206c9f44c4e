"""What a change would do: the planned value of every attribute, and the attributes whose change forces replacement.

The rules are those of the real providers where they show: a computed attribute that the configuration leaves out keeps
the value of the state; items of a list are compared by position, and take from there what they leave out; a list whose
order means nothing keeps the state's order if all of every item is configured; a value that the service alone sets
becomes unknown in an object that changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hp_tf.standin.schema import UNSET, Attribute
from hp_tf.standin.values import Attributes, Object, Value, each_object, match_all, same, same_object
from hp_tf.wire import UNKNOWN, Unknown

Path = tuple[str | int, ...]
"""Attribute names and list positions from the resource down."""


@dataclass
class Plan:
    """A planned state, and the paths that force replacement."""

    state: Object
    replace: list[Path] = field(default_factory=list)


def plan_create(attributes: Attributes, config: Object) -> Object:
    """The planned state of a resource that does not exist."""
    return {name: _created(attribute, config.get(name)) for name, attribute in attributes.items()}


def _created(attribute: Attribute, config: Value) -> Value:
    if attribute.write_only:
        return None
    if config is None:
        if attribute.default is not UNSET:
            return attribute.default
        if attribute.on_create is not UNSET:
            return attribute.on_create
        return UNKNOWN if attribute.computed else None
    if attribute.nesting:
        return each_object(attribute, config, lambda item: _created_object(attribute, item))
    return config


def _created_object(attribute: Attribute, config: Value) -> Value:
    if config is None or isinstance(config, Unknown):
        return config
    return plan_create(attribute.attributes, config)


def plan_update(attributes: Attributes, prior: Object, config: Object) -> Plan:
    """The planned state of an existing resource. Equal to `prior` if nothing would change."""
    planned = _merged(attributes, prior, config)
    if same_object(attributes, planned, prior):
        return Plan(dict(prior))
    for name, attribute in attributes.items():
        if attribute.forget and config.get(name) is None:
            planned[name] = UNKNOWN
        else:
            planned[name] = _forgotten(attribute, prior.get(name), planned[name], config.get(name))
    return Plan(planned, _replacements(attributes, prior, planned, config))


def _merged(attributes: Attributes, prior: Object, config: Object) -> Object:
    return {name: _updated(attribute, prior.get(name), config.get(name)) for name, attribute in attributes.items()}


def _updated(attribute: Attribute, prior: Value, config: Value) -> Value:
    if attribute.write_only:
        return None
    if config is None:
        if attribute.default is not UNSET:
            return attribute.default
        return prior if attribute.computed else None
    if isinstance(config, Unknown):
        return config
    if attribute.kind in ("list", "set"):
        return _updated_items(attribute, prior, config)
    if attribute.nesting == "single":
        return _updated_object(attribute, prior, config)
    if attribute.nesting == "map":
        old = prior if isinstance(prior, dict) else {}
        return {key: _updated_object(attribute, old.get(key), item) for key, item in config.items()}
    return config


def _updated_items(attribute: Attribute, prior: Value, config: list[Value]) -> Value:
    old = prior if isinstance(prior, list) else []
    same_length = isinstance(prior, list) and len(old) == len(config)
    if attribute.kind == "set":
        fits = _fits(attribute)
        if same_length and match_all(config, old, fits) is not None:
            return prior
        if attribute.nesting:
            return [next((was for was in old if fits(x, was)), None) or _added_object(attribute, x) for x in config]
    elif attribute.multiset and same_length and match_all(config, old, _is_all_of(attribute)) is not None:
        return prior
    if not attribute.nesting:
        return config
    return [_updated_object(attribute, old[i] if i < len(old) else None, item) for i, item in enumerate(config)]


def _fits(attribute: Attribute) -> Callable[[Value, Value], bool]:
    """Whether an item of the configuration changes nothing of an item of the state."""
    if not attribute.nesting:
        return lambda item, was: bool(item == was)
    return lambda item, was: same_object(attribute.attributes, _updated_object(attribute, was, item), was)


def _is_all_of(attribute: Attribute) -> Callable[[Value, Value], bool]:
    """Whether an item of the configuration is, by itself, all of an item of the state.

    awscc compares the items of a list whose order means nothing (internal/generic/multiset.go) only after the plugin
    framework has made unknown what the configuration leaves out and the service may set, and nothing equals an unknown.
    """
    if not attribute.nesting:
        return lambda item, was: bool(item == was)
    return lambda item, was: same_object(attribute.attributes, _created_object(attribute, item), was)


def _updated_object(attribute: Attribute, prior: Value, config: Value) -> Value:
    if config is None or isinstance(config, Unknown):
        return config
    if not isinstance(prior, dict):
        return _added_object(attribute, config)
    return _merged(attribute.attributes, prior, config)


def _added_object(attribute: Attribute, config: Value) -> Value:
    """An object that the state has not, in a resource that exists.

    What the service sets in it is null and not unknown: the plugin framework's UseStateForUnknown takes it from the
    state (1.16), where it is null. The next refresh finds the value.
    """
    return config if config is None or isinstance(config, Unknown) else _merged(attribute.attributes, {}, config)


def _forgotten(attribute: Attribute, prior: Value, planned: Value, config: Value) -> Value:
    """The planned value with unknowns where the service sets the value, in every object that differs from the state."""
    if not attribute.nesting or planned is None or isinstance(planned, Unknown) or same(attribute, planned, prior):
        return planned

    def inner(was: Value, item: Value, wanted: Value) -> Value:
        if not isinstance(item, dict) or same_object(attribute.attributes, item, was):
            return item
        was, wanted = (x if isinstance(x, dict) else {} for x in (was, wanted))
        return {
            name: UNKNOWN
            if member.forget and wanted.get(name) is None
            else _forgotten(member, was.get(name), item[name], wanted.get(name))
            for name, member in attribute.attributes.items()
        }

    if attribute.nesting == "single":
        return inner(prior, planned, config)
    if attribute.nesting == "list":
        old = prior if isinstance(prior, list) else []
        asked = config if isinstance(config, list) else []
        return [
            inner(old[i] if i < len(old) else None, item, asked[i] if i < len(asked) else None)
            for i, item in enumerate(planned)
        ]
    return planned


def _replacements(
    attributes: Attributes, prior: Object, planned: Object, config: Object, path: Path = ()
) -> list[Path]:
    found: list[Path] = []
    for name, attribute in attributes.items():
        was, now, asked = prior.get(name), planned.get(name), config.get(name)
        here = (*path, name)
        if attribute.replace and not same(attribute, was, now):
            if attribute.replace == "always" or asked is not None:
                found.append(here)
        elif attribute.nesting == "single" and isinstance(was, dict) and isinstance(now, dict):
            found += _replacements(attribute.attributes, was, now, asked if isinstance(asked, dict) else {}, here)
    return found


def settle(attributes: Attributes, planned: Object, actual: Object) -> Object:
    """The planned state with its unknowns taken from what the service says. What was planned as known stays.

    Items of a list are matched by position, as the real provider does: where the service answers in another order, an
    item takes what it left open from another one.
    """
    return {name: _settled(attribute, planned.get(name), actual.get(name)) for name, attribute in attributes.items()}


def _settled(attribute: Attribute, planned: Value, actual: Value) -> Value:
    if isinstance(planned, Unknown):
        return actual
    if planned is None or not attribute.nesting:
        return _settled_plain(planned, actual)
    if attribute.nesting == "single":
        return settle(attribute.attributes, planned, actual if isinstance(actual, dict) else {})
    if attribute.nesting == "map":
        found = actual if isinstance(actual, dict) else {}
        return {
            key: settle(attribute.attributes, item, found.get(key) or {}) if isinstance(item, dict) else item
            for key, item in planned.items()
        }
    items = actual if isinstance(actual, list) else []
    return [
        settle(attribute.attributes, item, found)
        if isinstance(item, dict) and isinstance(found := items[i] if i < len(items) else {}, dict)
        else item
        for i, item in enumerate(planned)
    ]


def _settled_plain(planned: Value, actual: Value) -> Value:
    """A list or map of scalars may hold single unknowns."""
    if isinstance(planned, list):
        found = actual if isinstance(actual, list) else []
        return [
            (found[i] if i < len(found) else None) if isinstance(item, Unknown) else item
            for i, item in enumerate(planned)
        ]
    if isinstance(planned, dict):
        known = actual if isinstance(actual, dict) else {}
        return {key: known.get(key) if isinstance(item, Unknown) else item for key, item in planned.items()}
    return planned
