"""Time state: a table of cases (design rules 1 and 2)."""

import datetime as dt

import pytest

from plans.enums import Status, TimeState
from plans.time_state import days_left, time_state

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
