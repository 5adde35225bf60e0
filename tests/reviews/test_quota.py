"""Days at the grassroots against a quota."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.quota import Quota, Standing, Trip, days_of, jointly, per_week, standing

SIXTY = Quota(60, dt.date(2020, 1, 1), dt.date(2020, 12, 14))  # "60 ngày … trước ngày 15/12"


def trip(start: str, end: str, person: int = 1) -> Trip:
    return Trip(person, dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize(
    ("trips", "days"),
    [
        ([], 0),
        ([trip("2020-03-02", "2020-03-02")], 1),
        ([trip("2020-03-02", "2020-03-06")], 5),
        ([trip("2020-03-02", "2020-03-06"), trip("2020-03-05", "2020-03-08")], 7),  # two days are shared
        ([trip("2020-03-02", "2020-03-06"), trip("2020-03-02", "2020-03-06")], 5),
        ([trip("2019-12-30", "2020-01-02")], 2),  # last year's days are last year's
        ([trip("2020-12-13", "2020-12-20")], 2),  # what comes after the last day comes too late
        ([trip("2021-01-04", "2021-01-08")], 0),
        ([trip("2020-03-06", "2020-03-02")], 0),
    ],
)
def test_each_day_counts_once_and_within_the_time(trips: list[Trip], days: int) -> None:
    assert jointly(days_of(trips, SIXTY)) == days


def test_of_a_group_each_persons_days_count() -> None:
    both = [trip("2020-03-02", "2020-03-04"), trip("2020-03-03", "2020-03-05", person=2)]
    assert {person: len(days) for person, days in days_of(both, SIXTY).items()} == {1: 3, 2: 3}
    assert jointly(days_of(both, SIXTY)) == 6


@pytest.mark.parametrize(
    ("counted", "today", "expected"),
    [
        (0, "2019-12-31", Standing(0, 60, None)),
        (0, "2020-01-01", Standing(0, 60, 0)),
        (30, "2020-06-23", Standing(30, 30, 59)),  # 175 of 349 days have passed
        (59, "2020-12-14", Standing(59, 1, 59)),
        (60, "2020-12-14", Standing(60, 0, 60)),
        (75, "2021-03-01", Standing(75, 0, 75)),
    ],
)
def test_what_is_short_and_where_the_pace_leads(counted: int, today: str, expected: Standing) -> None:
    found = standing(counted, SIXTY, dt.date.fromisoformat(today))
    assert found == expected
    assert found.reached is (counted >= 60)


@pytest.mark.parametrize(
    ("short", "today", "days"),
    [
        (0, "2020-06-30", 0),
        (14, "2020-11-30", 7),
        (15, "2020-11-30", None),
        (2, "2020-11-30", 1),
        (1, "2020-12-14", None),
    ],
)
def test_what_is_needed_a_week(short: int, today: str, days: int | None) -> None:
    assert per_week(short, dt.date.fromisoformat(today), SIXTY.until) == days


dates = st.integers(0, 730).map(lambda n: dt.date(2019, 6, 1) + dt.timedelta(days=n))
trips = st.lists(st.builds(Trip, st.integers(1, 3), dates, dates), max_size=6)


@given(trips, st.randoms(use_true_random=False))
def test_order_changes_nothing_and_nobody_is_out_more_days_than_there_are(found: list[Trip], random: object) -> None:
    days = days_of(found, SIXTY)
    shuffled = found[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {p: d for p, d in days_of(shuffled, SIXTY).items() if d} == {p: d for p, d in days.items() if d}
    assert all(len(d) <= 349 for d in days.values())
