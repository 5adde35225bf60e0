"""Time state: what dates and one reading of the clock say about a deadline. Pure; rule 1 and 2 of the design."""

import datetime as dt

from plans.enums import DONE, Status, TimeState


def time_state(
    *, status: str, due_on: dt.date | None, reported_on: dt.date | None, today: dt.date, soon_days: int
) -> TimeState:
    """Return the time state of a deadline on `today`.

    The day it was reported decides whether a result is late, not the day it was confirmed: a slow office makes no
    unit late. A deadline is overdue from the midnight after its last day. `soon_days` before it, it is due soon.
    """
    if status in {Status.ON_HOLD, Status.CANCELLED}:
        return TimeState.STOPPED
    if due_on is None:
        return TimeState.NO_DATE
    if status in DONE and reported_on is not None:
        return TimeState.ON_TIME if reported_on <= due_on else TimeState.LATE
    if today > due_on:
        return TimeState.OVERDUE
    return TimeState.DUE_SOON if (due_on - today).days <= soon_days else TimeState.ON_SCHEDULE


def days_left(due_on: dt.date | None, today: dt.date) -> int | None:
    """Return the days from `today` to the last day: 0 on it, negative once it has passed, None without a date."""
    return None if due_on is None else (due_on - today).days
