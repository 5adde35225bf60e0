"""The outlook of a target: reached, will reach, will miss, missed, or nothing that could be told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from plans.enums import Comparator, Outlook
from plans.forecast import Standing, forecast, fulfils

D = Decimal
START, END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)  # 365 days
HALF = dt.date(2026, 7, 2)  # 183 of them
AFTER = dt.date(2027, 1, 1)
REACHED, WILL, MISS, MISSED, UNKNOWN = (
    Outlook.REACHED, Outlook.WILL_REACH, Outlook.WILL_MISS, Outlook.MISSED, Outlook.UNKNOWN
)  # fmt: skip


def look(
    comparator: str,
    value: int | None,
    as_of: dt.date,
    *,
    target: int | None = 100,
    grows: bool = True,
    complete: bool = True,
) -> tuple[Outlook, Decimal | None]:
    """Return outlook and expected value for a year with a target of 100."""
    now = Standing(None if value is None else D(value), START, END, as_of, grows, complete)
    found = forecast(comparator, None if target is None else D(target), now)
    return found.outlook, found.expected


@pytest.mark.parametrize(
    ("value", "as_of", "expected"),
    [
        (100, HALF, (REACHED, D("199.45"))),
        (60, HALF, (WILL, D("119.67"))),
        (40, HALF, (MISS, D("79.78"))),
        (0, HALF, (MISS, D("0.00"))),
        (5, dt.date(2026, 1, 20), (UNKNOWN, None)),  # twenty days say nothing about a year
        (None, HALF, (UNKNOWN, None)),
        (99, AFTER, (MISSED, D(99))),
        (100, AFTER, (REACHED, D(100))),
    ],
)
def test_what_adds_up_goes_on_at_its_pace(
    value: int | None, as_of: dt.date, expected: tuple[Outlook, Decimal | None]
) -> None:
    assert look(Comparator.GE, value, as_of) == expected


@pytest.mark.parametrize(
    ("value", "as_of", "expected"),
    [(40, HALF, WILL), (60, HALF, MISS), (101, HALF, MISSED), (100, AFTER, REACHED), (101, AFTER, MISSED)],
)
def test_a_limit_is_only_kept_at_the_end(value: int, as_of: dt.date, expected: Outlook) -> None:
    assert look(Comparator.LE, value, as_of)[0] == expected


def test_a_share_stays_as_it_is() -> None:
    assert look(Comparator.GE, 90, HALF, grows=False) == (MISS, D(90))
    assert look(Comparator.GE, 100, HALF, grows=False) == (REACHED, D(100))
    assert look(Comparator.EQ, 100, HALF, grows=False) == (REACHED, D(100))
    assert look(Comparator.LE, 90, HALF, grows=False) == (WILL, D(90))


def test_missing_results_leave_it_open_after_the_end_unless_more_cannot_turn_it() -> None:
    assert look(Comparator.GE, 90, AFTER, complete=False)[0] == MISS
    assert look(Comparator.GE, 90, AFTER, grows=False, complete=False)[0] == MISS
    assert look(Comparator.GE, 100, AFTER, grows=False, complete=False)[0] == WILL
    assert look(Comparator.GE, 100, AFTER, complete=False)[0] == REACHED


def test_without_a_target_nothing_is_told() -> None:
    assert look(Comparator.GE, 90, HALF, target=None) == (UNKNOWN, None)


def test_comparisons() -> None:
    got = {c: [fulfils(c, D(n), D(5)) for n in (4, 5, 6)] for c in Comparator}
    assert got == {
        Comparator.GE: [False, True, True],
        Comparator.GT: [False, False, True],
        Comparator.LE: [True, True, False],
        Comparator.LT: [True, False, False],
        Comparator.EQ: [False, True, False],
    }
