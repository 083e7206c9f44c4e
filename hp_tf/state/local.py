"""A store in a local directory: `<directory>/<layer>.tfstate`, locked as Terraform's `backend "local"` locks.

Terraform locks the state file itself and keeps it open, also while it waits for the lock, so a state must be written
into the file that is there: a file renamed over it would be a new one, and two writers would each hold "the" lock. To
be whole after a crash, a new state is first put beside it (`.<layer>.tfstate.next`); the next reader who finds the file
torn takes that. For the same reason the empty file that a lock makes of a missing state is left behind; Terraform and
this store read an empty file as no state.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hp_tf.errors import HptfError
from hp_tf.files import make_folder, write_durably
from hp_tf.state import filelock, last_written
from hp_tf.state.document import State, dumps, loads
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.stores import (
    PRIVATE,
    SUFFIX,
    Kept,
    Presence,
    as_hptf_error,
    check_layer,
    check_object,
    is_layer,
    parse,
)

_MODE = 0o600

# Stands in the place of a state's first byte while the rest is written: half an old state and half a new one can be
# good JSON together, and neither Terraform nor this store may take that for a state.
_TORN = b"#"


@dataclass(frozen=True)
class _Held:
    handle: int
    info: LockInfo


class LocalStore:
    """States in a directory, which is made when first needed.

    Attributes:
        directory: holds `<layer>.tfstate` files of mode 0600 and, under `.hptf/`, objects of hptf's own.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._held: dict[str, _Held] = {}

    def describe(self) -> str:
        return str(self.directory)

    def survey(self) -> dict[str, Presence]:
        found = {}
        with _explained("list", self.directory):
            if not self.directory.is_dir():
                return {}
            for path in sorted(self.directory.glob(f"*{SUFFIX}")):
                layer = path.name.removesuffix(SUFFIX)
                if not is_layer(layer) or not path.is_file():
                    continue
                status = path.stat()
                version = f"{status.st_ino}:{status.st_mtime_ns}:{status.st_size}"
                present = status.st_size > 0 or self._next(layer).exists()
                found[layer] = Presence(version if present else None, layer in self._held or filelock.is_locked(path))
        return found

    def layers(self) -> list[str]:
        return [layer for layer, presence in self.survey().items() if presence.version is not None]

    def read(self, layer: str) -> State | None:
        path = self._path(layer)
        with _explained("read", path):
            held = self._held.get(layer)
            body = _read_handle(held.handle) if held else _read_path(path)
            return parse(layer, self._whole(layer, body), self.describe())

    def read_all(self, layers: Iterable[str]) -> dict[str, State | None]:
        return {layer: self.read(layer) for layer in layers}

    def write(self, layer: str, state: State) -> None:
        body = dumps(state)
        with self._open_for_writing(layer) as handle, _explained("write", self._path(layer)):
            self._write_in_place(layer, handle, body)
        # Without the note a state is not worse than written by Terraform itself.
        with contextlib.suppress(HptfError):
            last_written.note(self, layer, state)

    def versions(self, layer: str) -> list[Kept]:
        return []

    def read_version(self, layer: str, version: str) -> State | None:
        raise HptfError(f"{self.describe()} keeps no versions of states", hint="take the state from a backup")

    def write_all(self, states: Mapping[str, State]) -> dict[str, HptfError]:
        failed = {}
        for layer, state in states.items():
            try:
                self.write(layer, state)
            except Exception as error:  # whatever it is, the other layers are still written
                failed[layer] = as_hptf_error(error)
        return failed

    def lock(self, layer: str, info: LockInfo) -> None:
        path = self._path(layer)
        if layer in self._held:
            raise self.held(layer, self._held[layer].info)
        with _explained("lock", path):
            handle = self._open_locked(layer)
            try:
                write_durably(self._info(layer), info.at(str(path)).to_json())
                self._heal(layer, handle)
            except (OSError, HptfError):
                self._info(layer).unlink(missing_ok=True)
                os.close(handle)
                raise
        self._held[layer] = _Held(handle, info.at(str(path)))

    def unlock(self, layer: str, lock_id: str) -> None:
        held = self._held.get(layer)
        if held is None:
            holder = self.holder(layer)
            if holder is not None:
                raise self.held(layer, holder)
            return
        if held.info.id != lock_id:
            raise self.held(layer, held.info)
        with _explained("unlock", self._path(layer)):
            self._info(layer).unlink(missing_ok=True)
            filelock.unlock(held.handle)
        del self._held[layer]
        os.close(held.handle)

    def holder(self, layer: str) -> LockInfo | None:
        if layer in self._held:
            return self._held[layer].info
        with _explained("look at the lock of", self._path(layer)):
            if not filelock.is_locked(self._path(layer)):
                # What a killed process leaves behind is the info file alone: the lock itself went with the process.
                return None
            return self._read_info(layer) or LockInfo(id="", info="it left no word who it is")

    def held(self, layer: str, holder: LockInfo | None) -> LockHeld:
        return LockHeld(layer, holder, where=self.describe(), if_dead="the lock goes with the process that holds it")

    def read_object(self, name: str) -> bytes | None:
        path = self._object(name)
        with _explained("read", path):
            return path.read_bytes() if path.is_file() else None

    def read_objects(self, names: Iterable[str]) -> dict[str, bytes | None]:
        return {name: self.read_object(name) for name in names}

    def list_objects(self, folder: str) -> list[str]:
        root = self.directory / PRIVATE
        with _explained("list", root):
            files = [path for path in (root / check_object(folder)).rglob("*") if path.suffix != ".tmp"]
            return sorted(
                path.relative_to(root).as_posix() for path in files if path.is_file() and path.suffix != ".tmp"
            )

    def write_object(self, name: str, data: bytes) -> None:
        path = self._object(name)
        with _explained("write", path):
            write_durably(path, data)

    def delete_object(self, name: str) -> None:
        path = self._object(name)
        with _explained("delete", path):
            path.unlink(missing_ok=True)

    def shortcomings(self) -> list[str]:
        return []

    def set_up(self) -> list[str]:
        if self.directory.is_dir():
            return []
        make_folder(self.directory)
        return [f"directory {self.directory} made"]

    def _path(self, layer: str) -> Path:
        return self.directory / f"{check_layer(layer)}{SUFFIX}"

    def _info(self, layer: str) -> Path:
        return self.directory / f".{layer}{SUFFIX}.lock.info"

    def _next(self, layer: str) -> Path:
        return self.directory / f".{layer}{SUFFIX}.next"

    def _object(self, name: str) -> Path:
        return self.directory / PRIVATE / check_object(name)

    def _read_info(self, layer: str) -> LockInfo | None:
        try:
            return LockInfo.from_json(self._info(layer).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def _open_locked(self, layer: str) -> int:
        """The state file, made if missing, open and locked; raises LockHeld."""
        path = self._path(layer)
        make_folder(self.directory)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, _MODE)
            locked = False
            try:
                locked = filelock.try_lock(handle)
                if not locked:
                    raise self.held(layer, self._read_info(layer))
                # Terraform removes an empty state file when it unlocks; then this is a lock on a file that is gone.
                locked = _same_file(handle, path)
            finally:
                if not locked:
                    os.close(handle)
            if locked:
                return handle

    @contextlib.contextmanager
    def _open_for_writing(self, layer: str) -> Iterator[int]:
        held = self._held.get(layer)
        if held:
            yield held.handle
            return
        with _explained("open", self._path(layer)):
            handle = self._open_locked(layer)
        try:
            yield handle
        finally:
            os.close(handle)

    def _write_in_place(self, layer: str, handle: int, body: bytes) -> None:
        write_durably(self._next(layer), body)
        os.fchmod(handle, _MODE)
        _write_all(handle, _TORN, 0)
        os.fsync(handle)
        _write_all(handle, body[len(_TORN) :], len(_TORN))
        os.ftruncate(handle, len(body))
        os.fsync(handle)
        _write_all(handle, body[: len(_TORN)], 0)
        os.fsync(handle)
        self._next(layer).unlink(missing_ok=True)

    def _whole(self, layer: str, body: bytes) -> bytes:
        """The bytes of a state file, or of the new state beside it where a crash left the file torn."""
        following = _read_path(self._next(layer))
        if not following:
            return body
        try:
            loads(body)
        except ValueError:
            return following
        return body

    def _heal(self, layer: str, handle: int) -> None:
        """Under the lock: bring a torn file up to the new state beside it, and remove that one."""
        if not self._next(layer).exists():
            return
        body = _read_handle(handle)
        whole = self._whole(layer, body)
        if whole != body:
            self._write_in_place(layer, handle, whole)
        self._next(layer).unlink(missing_ok=True)


def _write_all(handle: int, data: bytes, position: int) -> None:
    while data:
        written = os.pwrite(handle, data, position)
        data, position = data[written:], position + written


def _same_file(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _read_handle(handle: int) -> bytes:
    return os.pread(handle, os.fstat(handle).st_size, 0)


def _read_path(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


@contextlib.contextmanager
def _explained(doing: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HptfError(
            f"Could not {doing} {path}: {error.strerror or error}.",
            hint="The directory of `state.local` must be on a disk with free space, and writable by you.",
        ) from error
