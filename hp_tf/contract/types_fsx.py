"""Types of values that every kind of FSx file system has."""

from __future__ import annotations

from typing import Annotated

from hp_tf.contract.base import Text

ClockTime = Annotated[str, Text("(?:[01][0-9]|2[0-3]):[0-5][0-9]", "a time of day in UTC such as '05:30'")]
WeekTime = Annotated[
    str,
    Text("[1-7]:(?:[01][0-9]|2[0-3]):[0-5][0-9]", "a weekday (1 is Monday) and a time in UTC such as '7:05:30'"),
]
BackupId = Annotated[str, Text("backup-[0-9a-f]{8,}", "a backup id such as 'backup-0123456789abcdef0'")]
