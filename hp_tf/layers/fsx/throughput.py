"""Throughput of file systems that say none: MB/s per TiB."""

from __future__ import annotations

PERSISTENT_2, PERSISTENT_1_SSD, PERSISTENT_1_HDD = 250, 200, 12
# Of a SCRATCH file system there is no other.
SCRATCH = 200
