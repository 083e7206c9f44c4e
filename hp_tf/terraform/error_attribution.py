"""Which resource an error is about, where Terraform does not say.

What a provider says of a deletion has neither address nor place: the resource is not in the configuration any more.
The event stream says which resources failed, and with which ids their deletion began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hp_tf.terraform.events import Diagnostic, Event, ResourceEvent


class ErrorAttribution:
    """Remembers what failed in an apply, to say it with the errors that come at its end."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._failed: list[str] = []

    def take(self, event: Event) -> None:
        """Note an event."""
        if not isinstance(event, ResourceEvent) or event.operation != "apply" or event.resource is None:
            return
        if event.id:
            self._ids[event.resource.address] = event.id
        if event.phase == "errored":
            self._failed.append(event.resource.address)

    def addressed(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return diagnostics with the address each is about, as far as that is certain.

        It is where an error names the id of one failed resource alone, or only one error and one resource are left.
        """
        given = tuple(diagnostics)
        named = {item.address for item in given}
        left = [address for address in dict.fromkeys(self._failed) if address not in named]
        found: dict[Diagnostic, str] = {}
        open_ones = [item for item in dict.fromkeys(given) if item.severity == "error" and not _placed(item)]
        for item in open_ones:
            matching = [address for address in left if self._names(item, address)]
            if len(matching) == 1:
                found[item] = matching[0]
        rest = [item for item in open_ones if item not in found]
        alone = [address for address in left if address not in found.values()]
        if len(rest) == len(alone) == 1:
            found[rest[0]] = alone[0]
        return tuple(replace(item, address=found[item]) if item in found else item for item in given)

    def _names(self, item: Diagnostic, address: str) -> bool:
        identity = self._ids.get(address)
        return identity is not None and identity in f"{item.summary}\n{item.detail}"


def _placed(item: Diagnostic) -> bool:
    return item.address is not None or item.filename is not None
