"""The periods of an indicator: by the calendar, within its days or its plan's, open ends, the current one."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.utils.translation import override

from plans.enums import Frequency
from plans.indicator_periods import MOST_PERIODS, begun, current, period_at, periods, to_enter

TODAY = dt.date(2026, 3, 16)
PLAN = (dt.date(2026, 2, 10), dt.date(2026, 12, 31))


def labels(frequency: str, **days: dt.date | None) -> list[str]:
    """Return the labels of the periods in the plan's time."""
    facts = {"start": None, "due": None, **days}
    with override("vi"):
        return [p.label for p in periods(frequency, plan=PLAN, today=TODAY, **facts)]


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        (Frequency.QUARTER, ["Quý I/2026", "Quý II/2026", "Quý III/2026", "Quý IV/2026"]),
        (Frequency.YEAR, ["Năm 2026"]),
        (Frequency.ONCE, ["10/02/2026 – 31/12/2026"]),
    ],
)
def test_labels(frequency: str, expected: list[str]) -> None:
    assert labels(frequency) == expected


def test_months_and_half_years() -> None:
    months = labels(Frequency.MONTH)
    assert (months[0], months[-1], len(months)) == ("Tháng 2/2026", "Tháng 12/2026", 11)
    assert len(labels(Frequency.HALF_YEAR)) == 2


def test_a_period_is_one_of_the_calendar_whole_and_each_follows_the_one_before() -> None:
    found = periods(Frequency.QUARTER, start=None, due=None, plan=PLAN, today=TODAY)
    assert (found[0].start, found[-1].end) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert all(a.end + dt.timedelta(1) == b.start for a, b in itertools.pairwise(found))


def test_own_days_come_before_those_of_the_plan() -> None:
    assert labels(Frequency.QUARTER, start=dt.date(2026, 4, 1), due=dt.date(2026, 8, 1)) == [
        "Quý II/2026",
        "Quý III/2026",
    ]
    assert labels(Frequency.QUARTER, start=dt.date(2027, 4, 1)) == []


def test_an_open_end_brings_the_periods_of_each_year_as_it_comes() -> None:
    open_plan = (dt.date(2025, 1, 1), None)
    facts = {"start": None, "due": None, "plan": open_plan}
    assert len(periods(Frequency.YEAR, today=TODAY, **facts)) == 2  # type: ignore[arg-type]  # plain facts
    assert len(periods(Frequency.YEAR, today=dt.date(2030, 1, 1), **facts)) == 6  # type: ignore[arg-type]  # the same
    odd = periods(Frequency.MONTH, start=dt.date(1975, 1, 1), due=dt.date(2100, 1, 1), plan=PLAN, today=TODAY)
    assert len(odd) == MOST_PERIODS


def test_which_is_current_and_which_is_asked_for_first() -> None:
    found = periods(Frequency.MONTH, start=None, due=None, plan=PLAN, today=TODAY)
    assert [p.start.month for p in begun(found, TODAY)] == [2, 3]
    now, asked = current(found, TODAY), to_enter(found, TODAY)
    assert now is not None
    assert asked is not None
    assert (now.start.month, asked.start.month) == (3, 2)
    assert current(found, dt.date(2026, 1, 1)) is None
    assert to_enter(found, dt.date(2026, 1, 31)) is None
    first = to_enter(found, dt.date(2026, 2, 5))
    assert first is not None
    assert first.start.month == 2
    assert period_at(found, dt.date(2026, 2, 2)) is None
