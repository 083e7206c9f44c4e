"""Find a resource that exists but is in no state: one a killed run had made, or was making.

What was being made when a run was killed has no id on record. It is looked for by the values the next plan would create
it with: by name where the service demands unique names, by tag or description and place where not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from botocore.exceptions import BotoCoreError, ClientError

from hp_tf.aws import finding_named, finding_unnamed
from hp_tf.aws.identity import Attributes, foretold, is_foretold
from hp_tf.aws.releases import Cluster, installed
from hp_tf.contract.clients import Clients, code_of, says_absent
from hp_tf.errors import HptfError

_RELEASE = "helm_release"


def find(
    kind: str,
    planned: Attributes,
    clients: Clients,
    known: Collection[str],
    cluster: Callable[[], Cluster | None] = lambda: None,
) -> str | None:
    """Return the import string of an existing resource that a plan would create, None if there is none.

    Args:
        planned: the values of the plan; unknown ones are absent.
        known: import strings of this type that states hold: those resources are somebody's already.
        cluster: gives the cluster that Helm's releases are in, None while there is none; called for a release only.

    Raises:
        HptfError: if AWS or the cluster does not answer.
    """
    try:
        if not is_foretold(kind):
            finder = finding_unnamed.FINDERS.get(kind)
            return finder(planned, clients, known) if finder else None
        identity = foretold(kind, planned)
        if identity is None or identity in known:
            return None
        if kind == _RELEASE:
            where = cluster()
            there = where is not None and installed(where, planned["namespace"], planned["name"])
        else:
            there = finding_named.EXISTS[kind](planned, clients)
        return identity if there else None
    except ClientError as error:
        # 403 is S3's answer about a bucket of somebody else's.
        if says_absent(error) or code_of(error) == "403":
            return None
        raise HptfError(f"looking for a lost {kind}: {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"looking for a lost {kind}: {error}") from error
