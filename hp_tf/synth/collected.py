"""What a definition says beside its resources. Kept apart from the bindings, which take seconds to load."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Collected:
    """What a definition said that CDKTF has no place for.

    Attributes:
        comments: of locals, by the local's name.
        assets: text of files in the module's folder, by relative path.
        outputs: names set so far.
        locals: names in the order they were declared.
        resource_comments: by address.
        accepted: lines inside a resource, by its address, that say why a scanner's finding is none.
    """

    comments: dict[str, str] = field(default_factory=dict)
    resource_comments: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, list[str]] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    locals: list[str] = field(default_factory=list)
