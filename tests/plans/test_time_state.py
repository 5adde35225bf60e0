"""Time state: a table of cases (design rules 1 and 2)."""

import datetime as dt

import pytest

from plans.enums import AnswerState, Status, TimeState
from plans.time_state import Lateness, answer_state, days_left, lateness, time_state

DUE = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("status", "due_on", "reported_on", "today", "expected"),
    [
        (Status.ASSIGNED, None, None, dt.date(2026, 3, 1), TimeState.NO_DATE),
        (Status.COMPLETED, None, dt.date(2026, 3, 1), dt.date(2026, 3, 2), TimeState.NO_DATE),
        (Status.ASSIGNED, DUE, None, dt.date(2026, 3, 23), TimeState.ON_SCHEDULE),
        (Status.ASSIGNED, DUE, None, dt.date(2026, 3, 24), TimeState.DUE_SOON),
        (Status.IN_PROGRESS, DUE, None, DUE, TimeState.DUE_SOON),
        (Status.RETURNED, DUE, None, dt.date(2026, 4, 1), TimeState.OVERDUE),
        (Status.SUBMITTED, DUE, DUE, dt.date(2026, 5, 1), TimeState.ON_TIME),
        (Status.SUBMITTED, DUE, dt.date(2026, 4, 1), dt.date(2026, 4, 1), TimeState.LATE),
        (Status.COMPLETED, DUE, DUE, dt.date(2027, 1, 1), TimeState.ON_TIME),
        (Status.ON_HOLD, DUE, None, dt.date(2026, 5, 1), TimeState.STOPPED),
        (Status.CANCELLED, DUE, None, dt.date(2026, 5, 1), TimeState.STOPPED),
        (Status.CANCELLED, None, None, dt.date(2026, 5, 1), TimeState.STOPPED),
    ],
)
def test_time_state(
    status: Status, due_on: dt.date | None, reported_on: dt.date | None, today: dt.date, expected: TimeState
) -> None:
    assert time_state(status=status, due_on=due_on, reported_on=reported_on, today=today, soon_days=7) == expected


def test_days_left_counts_the_last_day_as_zero() -> None:
    assert [days_left(DUE, DUE), days_left(DUE, dt.date(2026, 4, 2)), days_left(None, DUE)] == [0, -2, None]


LATER = dt.date(2026, 4, 10)  # the day in force after an extension of DUE


def march(day: int) -> dt.date:
    """Return a day counted from 1 March: 32 is 1 April."""
    return dt.date(2026, 2, 28) + dt.timedelta(day)


@pytest.mark.parametrize(
    ("status", "due_on", "reported_on", "excused_until", "today", "expected"),
    [
        # open: by today
        (Status.ASSIGNED, DUE, None, None, march(31), Lateness(0, 0)),
        (Status.ASSIGNED, DUE, None, None, march(32), Lateness(1, 1)),
        (Status.IN_PROGRESS, LATER, None, None, march(32), Lateness(1, 0)),
        (Status.RETURNED, LATER, None, None, march(42), Lateness(11, 1)),
        # done: by the day it was reported, whatever today is
        (Status.SUBMITTED, LATER, march(31), None, march(99), Lateness(0, 0)),
        (Status.SUBMITTED, LATER, march(41), None, march(99), Lateness(10, 0)),
        (Status.COMPLETED, LATER, march(43), None, march(99), Lateness(12, 2)),
        (Status.COMPLETED, None, march(43), None, march(99), Lateness(12, 0)),
        # an objective cause excuses up to its day, not beyond, and nothing that is in time
        (Status.SUBMITTED, LATER, march(31), LATER, march(99), Lateness(0, 0, excused=False)),
        (Status.SUBMITTED, LATER, march(41), LATER, march(99), Lateness(10, 0, excused=True)),
        (Status.SUBMITTED, LATER, march(42), LATER, march(99), Lateness(11, 1, excused=False)),
        (Status.ASSIGNED, LATER, None, LATER, march(41), Lateness(10, 0, excused=True)),
        (Status.ASSIGNED, LATER, None, LATER, march(42), Lateness(11, 1, excused=False)),
        # stopped
        (Status.ON_HOLD, LATER, None, None, march(99), Lateness()),
        (Status.CANCELLED, LATER, None, LATER, march(99), Lateness()),
    ],
)
def test_lateness_against_the_original_day_and_the_day_in_force(
    status: Status,
    due_on: dt.date | None,
    reported_on: dt.date | None,
    excused_until: dt.date | None,
    today: dt.date,
    expected: Lateness,
) -> None:
    found = lateness(
        status=status,
        original_due_on=DUE,
        due_on=due_on,
        reported_on=reported_on,
        excused_until=excused_until,
        today=today,
    )
    assert found == expected


def test_work_without_a_day_is_never_late() -> None:
    facts = {"original_due_on": None, "due_on": None, "reported_on": None, "excused_until": None}
    assert lateness(status=Status.ASSIGNED, today=DUE, **facts) == Lateness()


@pytest.mark.parametrize(
    ("answered_on", "today", "expected"),
    [
        (None, DUE, AnswerState.AWAITED),
        (None, dt.date(2026, 4, 1), AnswerState.OVERDUE),
        (DUE, dt.date(2026, 5, 1), AnswerState.IN_TIME),
        (dt.date(2026, 4, 1), dt.date(2026, 5, 1), AnswerState.LATE),
    ],
)
def test_answer_state(answered_on: dt.date | None, today: dt.date, expected: AnswerState) -> None:
    assert answer_state(answered_on=answered_on, due_on=DUE, today=today) == expected
