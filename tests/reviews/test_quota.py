"""Days at the grassroots against a quota, and quarters."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.enums import Outlook
from reviews.quarters import following, quarter_of, register_by
from reviews.quota import Quota, Standing, Trip, days_of, per_week, standing

SIXTY = Quota(60, dt.date(2020, 1, 1), dt.date(2020, 12, 14))  # "60 ngày … trước ngày 15/12"
WINDOW = 349  # days from 1 January to 14 December 2020


def trip(start: str, end: str, person: int = 1, *, planned: bool = False) -> Trip:
    return Trip(person, dt.date.fromisoformat(start), dt.date.fromisoformat(end), planned)


@pytest.mark.parametrize(
    ("trips", "days"),
    [
        ([], 0),
        ([trip("2020-03-02", "2020-03-02")], 1),
        ([trip("2020-03-02", "2020-03-06")], 5),
        ([trip("2020-03-02", "2020-03-06"), trip("2020-03-05", "2020-03-08")], 7),  # two days are shared
        ([trip("2020-03-02", "2020-03-06"), trip("2020-03-02", "2020-03-06")], 5),
        ([trip("2020-03-02", "2020-03-06"), trip("2020-03-04", "2020-03-04")], 5),  # one lies inside the other
        ([trip("2019-12-30", "2020-01-02")], 2),  # last year's days are last year's
        ([trip("2020-12-13", "2020-12-20")], 2),  # what comes after the last day comes too late
        ([trip("2020-02-28", "2020-03-01")], 3),  # a leap year
        ([trip("2021-01-04", "2021-01-08")], 0),
        ([trip("2020-03-06", "2020-03-02")], 0),
        ([trip("2020-03-02", "2020-03-06", planned=True)], 0),  # only registered
        ([trip("2020-03-02", "2020-03-04"), trip("2020-03-03", "2020-03-05", person=2)], 4),  # jointly each day once
    ],
)
def test_each_day_counts_once_and_within_the_time(trips: list[Trip], days: int) -> None:
    assert len(days_of(trips, SIXTY)) == days


def test_registered_trips_add_only_the_days_nobody_was_out_yet() -> None:
    trips = [trip("2020-03-02", "2020-03-06"), trip("2020-03-05", "2020-03-09", planned=True)]
    assert (len(days_of(trips, SIXTY)), len(days_of(trips, SIXTY, planned=True))) == (5, 8)


DONE_30, DONE_59 = trip("2020-01-01", "2020-01-30"), trip("2020-01-01", "2020-02-28")
DONE_60, DONE_75 = trip("2020-01-01", "2020-02-29"), trip("2020-01-01", "2020-03-15")
MORE_30 = trip("2020-10-01", "2020-10-30", planned=True)


@pytest.mark.parametrize(
    ("trips", "today", "expected"),
    [
        ([], "2019-12-31", Standing(0, 60, None, 0, 2, Outlook.UNKNOWN)),
        ([MORE_30], "2019-12-31", Standing(0, 60, None, 30, 2, Outlook.WILL_MISS)),
        ([], "2020-01-01", Standing(0, 60, 0, 0, 2, Outlook.WILL_MISS)),
        ([DONE_30], "2020-06-23", Standing(30, 30, 59, 30, 2, Outlook.WILL_MISS)),  # 175 of 349 days have passed
        ([DONE_30], "2020-06-22", Standing(30, 30, 60, 30, 2, Outlook.WILL_REACH)),
        ([DONE_30, MORE_30], "2020-09-30", Standing(30, 30, 38, 60, 3, Outlook.WILL_REACH)),
        ([DONE_59], "2020-12-13", Standing(59, 1, 59, 59, 7, Outlook.WILL_MISS)),
        ([DONE_59], "2020-12-14", Standing(59, 1, 59, 59, None, Outlook.WILL_MISS)),
        ([DONE_59], "2020-12-15", Standing(59, 1, 59, 59, None, Outlook.MISSED)),
        ([DONE_60], "2020-12-14", Standing(60, 0, 60, 60, 0, Outlook.REACHED)),
        ([DONE_75], "2021-03-01", Standing(75, 0, 75, 75, 0, Outlook.REACHED)),
    ],
)
def test_what_is_short_and_where_it_leads(trips: list[Trip], today: str, expected: Standing) -> None:
    assert standing(trips, SIXTY, dt.date.fromisoformat(today)) == expected


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


@pytest.mark.parametrize(
    ("day", "quarter", "after"),
    [
        ("2026-01-01", 1, (2026, 2)),
        ("2026-03-31", 1, (2026, 2)),
        ("2026-04-01", 2, (2026, 3)),
        ("2026-09-30", 3, (2026, 4)),
        ("2026-12-31", 4, (2027, 1)),
    ],
)
def test_quarters(day: str, quarter: int, after: tuple[int, int]) -> None:
    assert quarter_of(dt.date.fromisoformat(day)) == quarter
    assert following(dt.date.fromisoformat(day)) == after


@pytest.mark.parametrize(
    ("year", "quarter", "ahead", "day"),
    [(2026, 1, 1, "2025-12-31"), (2026, 2, 10, "2026-03-22"), (2026, 4, 0, "2026-09-30")],
)
def test_trips_are_registered_before_their_quarter(year: int, quarter: int, ahead: int, day: str) -> None:
    assert register_by(year, quarter, ahead) == dt.date.fromisoformat(day)


unhurried = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
dates = st.integers(0, 730).map(lambda n: dt.date(2019, 6, 1) + dt.timedelta(days=n))
trip_lists = st.lists(st.builds(Trip, st.integers(1, 3), dates, dates, st.booleans()), max_size=6)


@unhurried
@given(trip_lists, dates, st.integers(0, 2**32))
def test_the_order_of_entry_changes_nothing(found: list[Trip], today: dt.date, seed: int) -> None:
    shuffled = random.Random(seed).sample(found, len(found))  # noqa: S311  # guards nothing
    assert standing(shuffled, SIXTY, today) == standing(found, SIXTY, today)
    assert days_of(shuffled, SIXTY) == days_of(found, SIXTY)


@unhurried
@given(trip_lists, dates)
def test_nobody_is_out_more_days_than_there_are_and_sums_agree(found: list[Trip], today: dt.date) -> None:
    stands = standing(found, SIXTY, today)
    assert 0 <= stands.counted <= stands.planned <= WINDOW
    assert stands.short == max(0, 60 - stands.counted)
    assert (stands.outlook == Outlook.REACHED) is (stands.short == 0)


@unhurried
@given(trip_lists)
def test_jointly_counts_at_most_what_all_have_and_at_least_what_one_has(found: list[Trip]) -> None:
    own = [len(days_of([t for t in found if t.person == person], SIXTY)) for person in (1, 2, 3)]
    assert max(own) <= len(days_of(found, SIXTY)) <= sum(own)


@unhurried
@given(trip_lists, st.builds(Trip, st.integers(1, 3), dates, dates, st.booleans()))
def test_the_same_trip_entered_twice_counts_once(found: list[Trip], more: Trip) -> None:
    assert days_of([*found, more, more], SIXTY) == days_of([*found, more], SIXTY)
