"""Forms that awscc lets through at plan and the service then refuses: rules have the module check them as well."""

from __future__ import annotations

from typing import Literal, get_args

from hp_tf.contract.base import Text

_MINUTE = "[0-5]?[0-9]"
_HOUR = "(?:[01]?[0-9]|2[0-3])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2]|\*(?:/(?:[1-9]|1[0-2]))?)"
_WEEKDAY = r"(?:MON|TUE|WED|THU|FRI|SAT|SUN|[1-7](?:L|#[1-5])?|L)"
# A day of the month or of the week: the other one is left open.
_WHEN = rf"(?:{_DAY} {_MONTH} \?|\? {_MONTH} {_WEEKDAY})"
_YEAR = r"(?:20[2-9][0-9]|\*)"
SCHEDULE = Text(
    rf"cron\({_MINUTE} {_HOUR} {_WHEN} {_YEAR}\)",
    "a schedule 'cron(minute hour day month weekday year)' in UTC with '?' for the day or the weekday, such as "
    "'cron(0 3 ? * SUN *)'",
)
Throughput = Literal[125, 250, 500, 1000]
THROUGHPUTS: tuple[int, ...] = get_args(Throughput)
