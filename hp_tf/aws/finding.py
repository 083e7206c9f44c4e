"""Find a resource that exists but is in no state: one a killed run had made, or was making.

What was being made when a run was killed has no id on record. It is looked for by the values the next plan would create
it with: by name where the service demands unique names, by tag or description and place where not. How, each resource
type says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hp_tf.aws.releases import Cluster, installed
from hp_tf.charts.chart import metadata
from hp_tf.contract.clients import Clients, code_of, says_absent
from hp_tf.contract.resources.base import Attributes, Release, ResourceType
from hp_tf.errors import HptfError


@dataclass(frozen=True)
class _Account:
    """AWS and the cluster, for the types to look into."""

    clients: Clients
    cluster: Callable[[], Cluster | None]
    root: Path

    def client(self, name: str, /) -> Any:
        return self.clients.client(name)

    def has_release(self, release: Release) -> bool:
        where = self.cluster()
        there = installed(where, release) if where is not None else None
        return there is not None and there == metadata(self.root / release.folder)["name"]


def fitting(resource: ResourceType, values: Attributes, clients: Clients, known: Collection[str]) -> set[str]:
    """Return the ids of all that fit some values and that states do not hold; none of a type that has no such search.

    Parameters and errors as for `find`.
    """
    if resource.candidates is None:
        return set()
    with _answered(resource.type):
        return set(resource.candidates(values, clients)).difference(known)
    return set()


def find(
    resource: ResourceType,
    planned: Attributes,
    clients: Clients,
    known: Collection[str],
    cluster: Callable[[], Cluster | None] = lambda: None,
    root: Path = Path(),
) -> str | None:
    """Return the import id of an existing resource that a plan would create, None if there is none.

    Args:
        planned: the values of the plan; unknown ones are absent.
        known: import ids of this type that states hold: those resources are somebody's already.
        cluster: gives the cluster that Helm's releases are in, None while there is none; called for a release only.
        root: the folder that a release's chart is relative to.

    Raises:
        HptfError: if AWS or the cluster does not answer.
    """
    with _answered(resource.type):
        return resource.find(planned, _Account(clients, cluster, root), known)
    return None


@contextmanager
def _answered(kind: str) -> Iterator[None]:
    """End quietly where the answer is that something is not there; raise HptfError where there is no answer."""
    try:
        yield
    except ClientError as error:
        # 403 is S3's answer about a bucket of somebody else's.
        if not says_absent(error) and code_of(error) != "403":
            raise HptfError(f"looking for a lost {kind}: {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"looking for a lost {kind}: {error}") from error
