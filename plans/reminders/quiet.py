"""When a person is left in peace: hours of the night for everybody, days of one's own. Pure.

The notice stands on the page at once; mail and chat wait for the first moment that is not quiet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

DAYS_A_WEEK: Final = 7
#: The bits of all seven days; a person keeps at least one for mails.
EVERY_DAY: Final = (1 << DAYS_A_WEEK) - 1
#: Days a person may be away at a stretch.
LONGEST_LEAVE: Final = 186


def in_quiet_hours(moment: dt.time, start: dt.time, end: dt.time) -> bool:
    """Return whether `moment` lies from `start` to before `end`, over midnight where `end` is earlier; equal: no."""
    if start <= end:
        return start <= moment < end
    return moment >= start or moment < end


def is_quiet(day: dt.date, *, start: dt.date | None, end: dt.date | None, weekdays: int) -> bool:
    """Return whether `day` is one of a person's quiet days; `weekdays` has one bit a day, Monday the lowest."""
    away = start is not None and end is not None and start <= day <= end
    return away or bool(weekdays >> day.weekday() & 1)


def as_bits(weekdays: Iterable[int]) -> int:
    """Return days of the week (Monday 0) as bits."""
    return sum(1 << day for day in set(weekdays))


def as_days(bits: int) -> list[int]:
    """Return the days of the week (Monday 0) of bits."""
    return [day for day in range(DAYS_A_WEEK) if bits >> day & 1]
