"""A folder of a git repository at a revision that never moves: fetched once per machine, its content checked."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hp_tf.charts import binaries
from hp_tf.charts.commands import Run, run_command
from hp_tf.charts.files import digest
from hp_tf.charts.lock import Lock
from hp_tf.errors import BadInput, HptfError

# Given the folder and the clone that it lies in.
Prepare = Callable[[Path, Path], None]


@dataclass(frozen=True)
class GitFolder:
    """A folder in a git repository at a revision that never moves (a full commit id).

    Attributes:
        what: what is in it, for messages, without an article: "chart".
    """

    repository: str
    revision: str
    path: str
    what: str

    @property
    def key(self) -> str:
        """What the lock file knows it by."""
        return f"{self.repository}@{self.revision}:{self.path}"


def fetch_folder(place: GitFolder, cache: Path, lock: Lock, run: Run = run_command) -> Path:
    """Return a copy of a folder as it is at a revision, made at most once per machine and checked against the lock.

    Args:
        cache: a folder of the user's, shared by projects.
        run: runs git.

    Raises:
        BadInput: for a revision that is not a full commit id, a repository with credentials in its URL or a folder that
            is not there.
        HptfError: if it cannot be fetched or its content differs from the lock.
    """

    def prepare(folder: Path, clone: Path) -> None:
        if not folder.is_relative_to(clone) or not folder.is_dir():
            raise BadInput(
                f"there is no folder {place.path} in {place.repository} at {place.revision[:12]}",
                hint=f"name the folder that holds the {place.what}",
            )
        refuse_links_out(folder, place.what)

    target = cached(place, cache, "", prepare, run)
    lock.check(place.key, digest(target), target)
    return target


def cached(place: GitFolder, cache: Path, made: str, prepare: Prepare, run: Run) -> Path:
    """Return where a folder is in the cache, fetched if it is not.

    Args:
        made: what ``prepare`` makes of it, part of its place in the cache.
        prepare: checks and completes what was checked out.
    """
    refuse_credentials(place)
    if re.fullmatch(r"[0-9a-f]{40}", place.revision) is None:
        raise BadInput(
            f"'{place.revision}' does not pin a {place.what}: branches and tags move",
            hint="give the full commit id (40 hexadecimal digits)",
        )
    target = cache / hashlib.sha256(f"{place.key} {made}".encode()).hexdigest()[:20]
    if not target.is_dir():
        _fetch_into(place, target, prepare, run)
    return target


def cache_folder(kind: str, environ: Mapping[str, str]) -> Path:
    """Return the folder in which what was fetched of a kind is kept."""
    return binaries.cache_folder(environ) / kind


def refuse_credentials(place: GitFolder) -> None:
    """Refuse a repository's URL that holds a secret: it goes into a file that is committed, and into messages."""
    try:
        url = urlsplit(place.repository)
        # With ssh a user's name is part of the address and no secret; with https it may be a token.
        secret = url.password is not None or (url.scheme in ("http", "https") and url.username is not None)
    except ValueError:
        return  # git says what is wrong with it
    if secret:
        raise BadInput(
            f"the {place.what}'s repository at {url.hostname} is given with credentials in its URL",
            hint="take them out: git asks your credential helper, or use an ssh URL",
        )


def refuse_links_out(folder: Path, what: str) -> None:
    """Refuse a folder with a link to what lies outside of it."""
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(folder):
            raise HptfError(
                f"the {what} has a link out of its folder: {path.relative_to(folder)}",
                hint=f"use a revision without it; hptf copies nothing of this machine into a {what}",
            )


def _fetch_into(place: GitFolder, target: Path, prepare: Prepare, run: Run) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as scratch:
        clone = Path(scratch) / "clone"
        clone.mkdir()
        # Line endings as committed, whatever the user's configuration says: the digest is over bytes.
        git = ["git", "-c", "core.autocrlf=false", "-c", "advice.detachedHead=false"]
        run([*git, "init", "--quiet"], clone, {})
        run([*git, "fetch", "--quiet", "--depth", "1", "--", place.repository, place.revision], clone, {})
        run([*git, "checkout", "--quiet", "FETCH_HEAD"], clone, {})
        folder = (clone / place.path).resolve()
        prepare(folder, clone.resolve())
        ready = Path(scratch) / "ready"
        shutil.copytree(folder, ready, ignore=shutil.ignore_patterns(".git"))
        try:
            ready.rename(target)
        except OSError:
            if not target.is_dir():  # somebody else was first: theirs is the same
                raise
