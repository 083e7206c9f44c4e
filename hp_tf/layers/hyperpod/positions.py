"""At which position a group is sent, and what is sent for what it leaves out: in Terraform's language.

The provider fills in what a group leaves out from the group that stands at its position in the service's list. So a
group that is there keeps its position, a new one takes that of one that goes, or comes last; and where the one that
stands there has more, the value is sent that means none, which is needed until it was sent once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf.contract.keyed import KeyedList

_KINDS = "for kind, groups in local.groups : kind =>"


@dataclass(frozen=True)
class Local:
    """A local value of the module: its expression, and why it is there."""

    name: str
    value: str
    comment: str | None = None


def _nothing(known: KeyedList, attributes: Collection[str]) -> Mapping[str, Any]:
    """The values that mean none, of attributes and of members of them; and the attributes that a group keeps."""
    clearing = {path: none for path, none in known.clearing.items() if path.partition(".")[0] in attributes}
    inner: dict[str, dict[str, Any]] = {}
    for path, none in clearing.items():
        head, _, member = path.partition(".")
        if member:
            inner.setdefault(head, {})[member] = none
    whole = {path: none for path, none in clearing.items() if "." not in path}
    return {"whole": whole, "inner": inner, "own": [name for name in known.kept if name in attributes]}


def _hcl(value: Any) -> str:
    """A value as Terraform's language writes it."""
    if isinstance(value, Mapping):
        return "{\n" + "".join(f"{key} = {_hcl(held)}\n" for key, held in value.items()) + "}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_hcl, value))}]"
    return "null" if value is None else f'"{value}"'


def _has(path: str) -> str:
    """Whether the group that stands at a position has something there."""
    return f"try(length(place.was{path}) > 0, place.was{path} != null, false)"


_PLACES = f"""{{
  {_KINDS} [
    for position, name in local.positions[kind] : {{
      group = groups[name]
      was   = try(local.live[kind][position], {{}})
      own   = merge([for group in local.live[kind] : group if group.instance_group_name == name]...)
    }}
  ]
}}"""

_SENT = f"""{{
  {_KINDS} [
    for place in local.places[kind] : merge(
      place.group,
      {{
        for attribute, none in local.nothing[kind].whole : attribute => none
        if try(place.group[attribute] == null, false) && {_has("[attribute]")}
      }},
      {{
        for attribute, members in local.nothing[kind].inner : attribute => merge(
          {{ for member, none in members : member => none if {_has("[attribute][member]")} }},
          try({{ for member, value in place.group[attribute] : member => value if value != null }}, {{}}),
        )
        if anytrue([for member in keys(members) : {_has("[attribute][member]")}])
      }},
      {{
        for attribute, value in place.own : attribute => value
        if %(kept)s
      }},
    )
  ]
}}"""


def locals_of(
    kinds: Mapping[str, KeyedList], attributes: Collection[str], count: str | None = None
) -> tuple[Local, ...]:
    """Return the locals that end in ``sent``: the groups by kind, as the cluster takes them.

    Args:
        kinds: the lists of groups.
        attributes: those that groups are sent with.
        count: whether a count is the service's own once a group is there, an expression; None for never.
    """
    own = "contains(local.nothing[kind].own, attribute) && value != null && place.group[attribute] == null"
    kept = own if count is None else f'attribute == "instance_count" ? {count} : (\n{own}\n)'
    return (
        Local(
            "groups",
            "{\n" + "".join(f"{kind} = local.{kind}\n" for kind in kinds) + "}",
            "The provider fills in what a group leaves out from the group at its position in the service's list.\n"
            "From here to `sent`: who stands where, and what must be sent so that nobody gets what is another's.",
        ),
        Local("live_cluster", 'jsondecode(coalesce(var.live_cluster, "{}"))'),
        Local("live", f"{{ {_KINDS} try([for group in local.live_cluster[kind] : group], []) }}"),
        Local(
            "staying",
            f"""{{
  {_KINDS} [
    for position, group in local.live[kind] : group.instance_group_name
    if position < length(groups) && contains(keys(groups), group.instance_group_name)
  ]
}}""",
            "Groups that stay at the position at which the service has them; the others fill the gaps.",
        ),
        Local(
            "filling",
            f"""{{
  {_KINDS} [for name in keys(groups) : name if !contains(local.staying[kind], name)]
}}""",
        ),
        Local(
            "positions",
            f"""{{
  {_KINDS} try([for name in local.live_cluster.order[kind] : name], [
    for position in range(length(groups)) :
    try(contains(local.staying[kind], local.live[kind][position].instance_group_name), false)
    ? local.live[kind][position].instance_group_name
    : local.filling[kind][length([
      for before in range(position) : before
      if !try(contains(local.staying[kind], local.live[kind][before].instance_group_name), false)
    ])]
  ])
}}""",
        ),
        Local(
            "nothing",
            _hcl({kind: _nothing(known, attributes) for kind, known in kinds.items()}),
            "By attribute, what makes the provider send nothing. Sent once, it is not needed any more.",
        ),
        Local("places", _PLACES, "Who is to stand at each position, who stands there, and what it is now."),
        Local("sent", _SENT.replace("%(kept)s", kept)),
    )
