"""Ask the services where creations stand that Terraform did not see to their end.

AWS goes on with a cluster after a Ctrl-C, a kill or a lost connection; Terraform marks it as tainted, or never hears of
it. The service knows how it ended.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from hp_tf.contract.clients import says_absent
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.creation import Condition
from hp_tf.errors import HptfError, Interrupted
from hp_tf.run.context import Context
from hp_tf.state.locks import Clock

POLL_SECONDS = 5.0
# A large cluster takes more than an hour.
LONGEST_SECONDS = 4 * 3600.0


@dataclass(frozen=True)
class Standing:
    """Where a creation stands, and the service's own word for it."""

    condition: Condition
    word: str


def ask(context: Context, resource: ResourceType, identity: str) -> Standing | None:
    """Return where a creation stands; None if nobody can be asked about this type.

    Raises:
        HptfError: if AWS does not answer.
    """
    if resource.creation is None:
        return None
    try:
        word = resource.creation.status(context.target.clients, identity)
    except ClientError as error:
        if says_absent(error):
            return Standing(Condition.ABSENT, "not there")
        raise _unanswered(identity, error) from error
    except BotoCoreError as error:
        raise _unanswered(identity, error) from error
    return Standing(resource.creation.condition(word), word)


def wait(
    context: Context,
    resources: Mapping[str, tuple[ResourceType, str]],
    *,
    seconds: float = LONGEST_SECONDS,
    clock: Clock = time,
) -> dict[str, Standing]:
    """Return where creations stand once none of them goes on any more.

    Args:
        resources: type and import id, by address.
        seconds: how long they may take.

    Raises:
        HptfError: if one goes on after that.
        Interrupted: if the user stops it; what is being made goes on.
    """
    found: dict[str, Standing] = {}
    told: set[str] = set()
    deadline = clock.monotonic() + seconds
    try:
        with context.stop.at_once():
            while True:
                for address, (resource, identity) in resources.items():
                    if address not in found or found[address].condition is Condition.COMING:
                        standing = ask(context, resource, identity)
                        if standing is not None:
                            found[address] = standing
                coming = {address: item.word for address, item in found.items() if item.condition is Condition.COMING}
                for address in coming.keys() - told:
                    context.ui.say(f"waiting for {address}, which is still being made ({coming[address]})")
                    told.add(address)
                if not coming:
                    return found
                if clock.monotonic() >= deadline:
                    names = ", ".join(f"{address} ({word})" for address, word in coming.items())
                    raise HptfError(
                        f"still being made after {seconds / 3600:.0f} hours: {names}",
                        hint=f"look at it in {context.target.description}; the same command goes on from here",
                    )
                clock.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        raise Interrupted("stopped while waiting for what is still being made; AWS goes on with it") from None


def _unanswered(identity: str, error: Exception) -> HptfError:
    return HptfError(f"asking how the creation of {identity} ended: {error}")
