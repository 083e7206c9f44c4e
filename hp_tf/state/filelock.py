"""Locks on open files, of the kind Terraform's local backend takes.

Terraform takes a POSIX record lock over the whole state file. Such a lock belongs to a process and is lost as soon as
that process closes *any* descriptor of the file, so a library that read the state meanwhile would free it unawares.
Linux has record locks that belong to the open file instead and shut out, and are shut out by, the POSIX ones: those are
taken there.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import sys

_BUSY = (errno.EACCES, errno.EAGAIN)


def try_lock(handle: int) -> bool:
    """Lock an open file exclusively without waiting; False if somebody else has it.

    Raises:
        OSError: otherwise.
    """
    try:
        if sys.platform == "linux":
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _whole_file(fcntl.F_WRLCK))
        else:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True


def unlock(handle: int) -> None:
    """Free the lock of an open file."""
    if sys.platform == "linux":
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _whole_file(fcntl.F_UNLCK))
    else:
        fcntl.lockf(handle, fcntl.LOCK_UN)


def is_locked(path: os.PathLike[str]) -> bool:
    """Whether an open file other than a new one holds a lock on `path`. False if there is no such file."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        if sys.platform == "linux":
            answer = fcntl.fcntl(handle, fcntl.F_OFD_GETLK, _whole_file(fcntl.F_WRLCK))
            return bool(struct.unpack_from("h", answer)[0] != fcntl.F_UNLCK)
        if try_lock(handle):
            unlock(handle)
            return False
        return True
    finally:
        os.close(handle)


def _whole_file(kind: int) -> bytes:
    """Linux's `struct flock`: type, whence, start, length (0: to the end), process (0 is demanded here)."""
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, 0, 0, 0)
