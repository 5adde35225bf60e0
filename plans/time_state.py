"""Time state: what dates and one reading of the clock say about a deadline. Pure; rule 1 and 2 of the design."""

import datetime as dt
from dataclasses import dataclass

from plans.enums import DONE, AnswerState, Status, TimeState


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


@dataclass(frozen=True, slots=True)
class Lateness:
    """Days late against the day first set and against the day in force, and whether an objective cause covers it."""

    original: int = 0
    current: int = 0
    excused: bool = False


def lateness(
    *,
    status: str,
    original_due_on: dt.date | None,
    due_on: dt.date | None,
    reported_on: dt.date | None,
    excused_until: dt.date | None,
    today: dt.date,
) -> Lateness:
    """Return how late a deadline is: a result by the day it was reported, open work by `today`, stopped work never.

    An objective cause confirmed by the level above excuses what is handed in up to `excused_until`, and no day more.
    """
    if status in {Status.ON_HOLD, Status.CANCELLED}:
        return Lateness()
    end = reported_on if status in DONE and reported_on is not None else today
    original, current = (max((end - day).days, 0) if day else 0 for day in (original_due_on, due_on))
    late = bool(original or current)
    return Lateness(original, current, late and excused_until is not None and end <= excused_until)


def answer_state(*, answered_on: dt.date | None, due_on: dt.date, today: dt.date) -> AnswerState:
    """Return how the answer to a difficulty stands; late from the midnight after its last day."""
    if answered_on is None:
        return AnswerState.OVERDUE if today > due_on else AnswerState.AWAITED
    return AnswerState.LATE if answered_on > due_on else AnswerState.IN_TIME
