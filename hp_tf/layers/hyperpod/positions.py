"""At which position a group is sent, and what is sent for what it leaves out: in Terraform's language.

The provider fills in what a group leaves out from the group that stands at its position in the service's list. So a
group that is there keeps its position, a new one takes that of one that goes, or comes last; and where the one that
stands there has more, the value is sent that means none, which is needed until it was sent once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.contract.keyed import KeyedList
from hp_tf.layers.hyperpod.resources import KEYED_LISTS
from hp_tf.synth.module import Module

_KINDS = "for kind, groups in local.groups : kind =>"


def write_locals(module: Module) -> None:
    """Write the locals that end in ``sent``: the groups by kind, as the cluster takes them."""
    module.local(
        "groups",
        "{\n" + "".join(f"{kind} = local.{kind}\n" for kind in KEYED_LISTS) + "}",
        comment="The provider fills in what a group leaves out from the group at its position in the service's list.\n"
        "From here to `sent`: who stands where, and what must be sent so that nobody gets what is another's.",
    )
    module.local("live_cluster", 'jsondecode(coalesce(var.live_cluster, "{}"))')
    module.local("live", f"{{ {_KINDS} try([for group in local.live_cluster[kind] : group], []) }}")
    module.local(
        "staying",
        f"""{{
  {_KINDS} [
    for position, group in local.live[kind] : group.instance_group_name
    if position < length(groups) && contains(keys(groups), group.instance_group_name)
  ]
}}""",
        comment="Groups that stay at the position at which the service has them; the others fill the gaps.",
    )
    module.local(
        "filling", f"{{ {_KINDS} [for name in keys(groups) : name if !contains(local.staying[kind], name)] }}"
    )
    module.local(
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
    )
    module.local(
        "nothing",
        _hcl({kind: _nothing(known) for kind, known in KEYED_LISTS.items()}),
        comment="By attribute, what makes the provider send nothing. Sent once, it is not needed any more.",
    )
    module.local("sent", _SENT)


def _nothing(known: KeyedList) -> Mapping[str, Any]:
    """The values that mean none: of attributes, of members of attributes, and which are not for a group's own."""
    inner: dict[str, dict[str, Any]] = {}
    for path, none in known.clearing.items():
        head, _, member = path.partition(".")
        if member:
            inner.setdefault(head, {})[member] = none
    whole = {path: none for path, none in known.clearing.items() if "." not in path}
    return {"whole": whole, "inner": inner, "own": list(known.kept)}


def _has(path: str) -> str:
    """Whether the group that stands at a position has something there."""
    held = f"local.live[kind][position]{path}"
    return f"try(length({held}) > 0, {held} != null, false)"


_SENT = f"""{{
  {_KINDS} [
    for position, name in local.positions[kind] : merge(
      groups[name],
      {{
        for attribute, none in local.nothing[kind].whole : attribute => none
        if try(groups[name][attribute] == null, false) && {_has("[attribute]")} && !(
          contains(local.nothing[kind].own, attribute) && local.live[kind][position].instance_group_name == name
        )
      }},
      {{
        for attribute, members in local.nothing[kind].inner : attribute => merge(
          {{ for member, none in members : member => none if {_has("[attribute][member]")} }},
          try({{ for member, value in groups[name][attribute] : member => value if value != null }}, {{}}),
        )
        if anytrue([for member in keys(members) : {_has("[attribute][member]")}])
      }},
      {{
        for group in local.live[kind] : "instance_count" => group.instance_count
        if var.auto_scaling && group.instance_group_name == name
      }},
    )
  ]
}}"""


def _hcl(value: Any) -> str:
    """A value as Terraform's language writes it."""
    if isinstance(value, Mapping):
        return "{\n" + "".join(f"{key} = {_hcl(held)}\n" for key, held in value.items()) + "}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_hcl, value))}]"
    return "null" if value is None else f'"{value}"'
