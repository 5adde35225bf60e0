"""The working calendar as a value: weekends, and the days that differ from the week's rule. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

SATURDAY = 5
LONGEST_BREAK = 40  # days: a calendar that knows no working day for longer is a slip


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days nobody works: weekends, and `special` days: True off, False worked in exchange."""

    special: Mapping[dt.date, bool] = field(default_factory=dict)

    def is_off(self, day: dt.date) -> bool:
        """Return whether nobody works on `day`."""
        return self.special.get(day, day.weekday() >= SATURDAY)

    def working_day(self, day: dt.date) -> dt.date:
        """Return `day`, or the next working day where it is a day off."""
        for ahead in range(LONGEST_BREAK):
            found = day + dt.timedelta(days=ahead)
            if not self.is_off(found):
                return found
        return day

    def working_day_before(self, day: dt.date) -> dt.date:
        """Return `day`, or the last working day before it where it is a day off."""
        for back in range(LONGEST_BREAK):
            found = day - dt.timedelta(days=back)
            if not self.is_off(found):
                return found
        return day
