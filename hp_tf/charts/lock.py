"""A lock file: the content each pinned revision had when it was first fetched."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hp_tf.errors import HptfError


@dataclass(frozen=True)
class Lock:
    """A file beside the environments' files; commit it.

    Attributes:
        what: what it is of, for messages, in the singular and without an article.
    """

    path: Path
    what: str = "chart"

    def check(self, key: str, digest: str, folder: Path) -> None:
        """Record a content at its first fetch; ever after, raise HptfError if it is another.

        Args:
            key: its name in the file.
            digest: SHA-256 of its content, in hexadecimal.
            folder: where it is, for the message.
        """
        now = f"sha256:{digest}"
        with self._alone():
            known = self._read()
            if key not in known:
                self._write({**known, key: now})
            elif known[key] != now:
                raise HptfError(
                    f"the {self.what} {key} in {folder} has another content than {self.path} records",
                    hint=f"remove {folder} and repeat the command, which fetches it anew; if its content still "
                    "differs, find out why before you trust it and remove its line from the lock file",
                )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two fetches at once must not lose each other's lines. The lock is on the folder: no file of its own stays."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _read(self) -> dict[str, str]:
        try:
            data = json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise HptfError(f"{self.path} cannot be read: {error}", hint="restore it from version control") from error
        if not isinstance(data, dict):
            raise HptfError(f"{self.path} is not a lock file", hint="restore it from version control")
        return {str(key): str(value) for key, value in data.items()}

    def _write(self, known: dict[str, str]) -> None:
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f"{self.path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w") as stream:
                stream.write(json.dumps(known, indent=2, sort_keys=True) + "\n")
            temporary.chmod(0o644)  # it is committed and holds no secret
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)
