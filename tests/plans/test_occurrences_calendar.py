"""Occurrences of 2024 to 2032 against a calendar of its own: counted day by day, plain arithmetic, no library.

Each rule is told a second time as a question about one day; the days it holds for are the days expected.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from django.urls import reverse
from django.utils import translation

from doantracker.lib.working_days import WorkingCalendar
from plans.actions.records import change_record
from plans.defaults import public_holidays
from plans.enums import Kind
from plans.fan_out import write_out
from plans.labels import period_label
from plans.models import CalendarDay, Deadline, Schedule
from plans.occurrences import occurrences, upcoming
from plans.rules import LAST_WORKDAY
from plans.sentences import understood
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import PlanFactory, ScheduleFactory, SolutionFactory, make_published_plan

FIRST_YEAR, LAST_YEAR = 2024, 2032
START, END = dt.date(2024, 1, 1), dt.date(2032, 12, 31)
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Day:
    """One day as the calendar on the wall has it. `number` counts from Monday, 1 January 2024."""

    number: int
    year: int
    month: int
    day: int

    @property
    def weekday(self) -> int:
        return self.number % 7

    @property
    def length(self) -> int:
        """Return the days of its month."""
        return length(self.year, self.month)

    @property
    def iso(self) -> str:
        return f"{self.year}-{self.month:02}-{self.day:02}"


def length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap and month == 2 else LENGTHS[month - 1]


@cache
def wall() -> list[Day]:
    """Return every day of the nine years, counted one by one."""
    found: list[Day] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            found += [Day(len(found) + n, year, month, n + 1) for n in range(length(year, month))]
    return found


def iso_week(day: Day) -> str:
    """Return the ISO week of a day: the year and week of its Thursday."""
    thursday = wall()[day.number - day.weekday + 3]
    first_of_year = next(d for d in wall() if d.year == thursday.year)
    return f"{thursday.year}-W{(thursday.number - first_of_year.number) // 7 + 1:02}"


def found_by(rule: str, calendar: WorkingCalendar | None = None) -> list[tuple[str, str]]:
    """Return what the program makes of a rule: the key of each occurrence and its day."""
    rows, _ = occurrences(
        kind=Kind.RECURRING,
        start=None,
        due=None,
        rule=rule,
        period_start=START,
        period_end=END,
        not_before=None,
        until=END,
        calendar=calendar,
    )
    return [(o.key, o.due.isoformat()) for o in rows if o.due]


def nth_weekday(weekday: int, nth: int) -> Callable[[Day], bool]:
    """Return whether a day is the nth such weekday of its month, from the end where nth is negative."""
    if nth > 0:
        return lambda d: d.weekday == weekday and (d.day - 1) // 7 == nth - 1
    return lambda d: d.weekday == weekday and (d.length - d.day) // 7 == -nth - 1


def on_day(n: int, months: tuple[int, ...] = tuple(range(1, 13))) -> Callable[[Day], bool]:
    """Return whether a day is the nth of its month, or the last of a shorter one."""
    return lambda d: d.month in months and d.day == min(n, d.length)


def last_of(months: tuple[int, ...]) -> Callable[[Day], bool]:
    return lambda d: d.month in months and d.day == d.length


def last_workday(day: Day, months: tuple[int, ...]) -> bool:
    """Return whether a day is the last of Monday to Friday in one of the months."""
    left = day.length - day.day
    return day.month in months and day.weekday < 5 and all((day.weekday + n) % 7 >= 5 for n in range(1, left + 1))


EVERY_MONTH = tuple(range(1, 13))
RULES: dict[str, Callable[[Day], bool]] = {
    **{f"FREQ=MONTHLY;BYMONTHDAY={n}": on_day(n) for n in range(1, 32)},
    **{f"FREQ=WEEKLY;BYDAY={name}": lambda d, n=n: d.weekday == n for n, name in enumerate(WEEKDAYS)},  # type: ignore[misc]  # the default binds n
    **{
        f"FREQ=MONTHLY;BYDAY={nth}{name}": nth_weekday(n, nth)
        for n, name in enumerate(WEEKDAYS)
        for nth in (1, 2, 3, 4, 5, -1, -2)
    },
    "FREQ=MONTHLY": last_of(EVERY_MONTH),
    "FREQ=MONTHLY;BYMONTHDAY=-1": last_of(EVERY_MONTH),
    "FREQ=MONTHLY;INTERVAL=3": last_of((3, 6, 9, 12)),
    "FREQ=MONTHLY;INTERVAL=6": last_of((6, 12)),
    "FREQ=MONTHLY;INTERVAL=2": last_of((2, 4, 6, 8, 10, 12)),
    "FREQ=MONTHLY;INTERVAL=4": last_of((4, 8, 12)),
    "FREQ=MONTHLY;INTERVAL=9": lambda d: d.day == d.length and ((d.year - 2024) * 12 + d.month) % 9 == 0,
    "FREQ=YEARLY": last_of((12,)),
    "FREQ=YEARLY;INTERVAL=3": lambda d: d.month == 12 and d.day == 31 and d.year in {2026, 2029, 2032},
    "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=31": last_of((3, 6, 9, 12)),
    "FREQ=MONTHLY;BYMONTH=2,5,8,11;BYMONTHDAY=29": on_day(29, (2, 5, 8, 11)),
    "FREQ=MONTHLY;BYMONTH=2,8;BYMONTHDAY=30": on_day(30, (2, 8)),
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=31": on_day(31, (1, 4, 7, 10)),
    "FREQ=MONTHLY;BYMONTHDAY=15,31": lambda d: d.day in {15, d.length},
    "FREQ=MONTHLY;BYMONTHDAY=29,30": lambda d: d.day in {min(29, d.length), min(30, d.length)},
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": on_day(29, (2,)),
    "FREQ=YEARLY;BYMONTH=2,4,12;BYMONTHDAY=31": on_day(31, (2, 4, 12)),
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=2,9;BYMONTHDAY=30": lambda d: d.year % 2 == 0 and on_day(30, (2, 9))(d),
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29\nRRULE:FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15": (
        lambda d: on_day(29, (2,))(d) or (d.month == 8 and d.day == 15)
    ),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR": lambda d: d.weekday == 4 and d.number // 7 % 2 == 0,
    "FREQ=DAILY": lambda d: d.number >= 0,
    # the last of Monday to Friday
    f"FREQ=MONTHLY;{LAST_WORKDAY}": lambda d: last_workday(d, EVERY_MONTH),
    f"FREQ=MONTHLY;BYMONTH=3,6,9,12;{LAST_WORKDAY}": lambda d: last_workday(d, (3, 6, 9, 12)),
    f"FREQ=MONTHLY;BYMONTH=6,12;{LAST_WORKDAY}": lambda d: last_workday(d, (6, 12)),
    f"FREQ=YEARLY;BYMONTH=12;{LAST_WORKDAY}": lambda d: last_workday(d, (12,)),
    # ends, days left out, days besides
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=14": lambda d: d.day == d.length and (d.year - 2024) * 12 + d.month <= 14,
    "FREQ=MONTHLY;BYMONTHDAY=29,31;COUNT=9": lambda d: (
        d.year == 2024 and (d.day in {min(29, d.length), d.length}) and d.month <= 5
    ),
    "FREQ=MONTHLY;COUNT=3": lambda d: d.year == 2024 and d.month <= 3 and d.day == d.length,
    "FREQ=MONTHLY;UNTIL=20250630": lambda d: d.day == d.length and d.iso <= "2025-06-30",
    "FREQ=WEEKLY;BYDAY=MO;UNTIL=20241230": lambda d: d.weekday == 0 and d.iso <= "2024-12-30",
    "RRULE:FREQ=MONTHLY\nEXDATE:20240229,20251231": lambda d: (
        d.day == d.length and d.iso not in {"2024-02-29", "2025-12-31"}
    ),
    "RRULE:FREQ=MONTHLY;INTERVAL=3\nRDATE:20240115,20240331": lambda d: (
        last_of((3, 6, 9, 12))(d) or d.iso == "2024-01-15"
    ),
    "RDATE:20240115,20320229": lambda d: d.iso in {"2024-01-15", "2032-02-29"},
    # several series: a day both name is owed once
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=15\nRRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15": lambda d: d.day == 15,
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=25\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=14": lambda d: (
        d.day == 25 or (d.month, d.day) == (11, 14)
    ),
    "RRULE:FREQ=MONTHLY\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31": last_of(EVERY_MONTH),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_falls_due_on_the_days_of_the_wall_calendar(rule: str) -> None:
    assert sorted(day for _, day in found_by(rule)) == [d.iso for d in wall() if RULES[rule](d)]


def test_the_table_compares_more_than_three_thousand_dates_besides_the_daily_rule() -> None:
    compared = {rule: sum(map(asked, wall())) for rule, asked in RULES.items() if rule != "FREQ=DAILY"}
    assert sum(compared.values()) == 13_405
    late = [compared[f"FREQ=MONTHLY;BYMONTHDAY={n}"] for n in (29, 30, 31)]
    assert late == [108, 108, 108]  # nine years of months: none is left out


def test_weeks_are_those_of_iso_8601_and_end_on_sunday() -> None:
    sundays = [d for d in wall() if d.weekday == 6 and d.number + 7 < len(wall())]
    found = found_by("FREQ=WEEKLY")
    assert found[: len(sundays)] == [(iso_week(d), d.iso) for d in sundays]
    keys = [key for key, _ in found]
    assert len(keys) == len(set(keys))
    assert {"2026-W53", "2032-W53"} <= set(keys)  # the years of 53 weeks
    assert "2027-W53" not in keys


def test_two_weeks_are_counted_from_the_first_and_never_drift() -> None:
    sundays = [d for d in wall() if d.weekday == 6 and d.number // 7 % 2 == 1]
    found = found_by("FREQ=WEEKLY;INTERVAL=2")
    assert [day for _, day in found][: len(sundays)] == [d.iso for d in sundays]
    assert [key for key, _ in found][:4] == ["2024-W01", "2024-W03", "2024-W05", "2024-W07"]


def test_a_week_has_a_name() -> None:
    with translation.override("en"):
        assert period_label("2026-W53") == "Week 53/2026"


def test_periods_are_named_and_ordered_by_their_first_day() -> None:
    assert found_by("FREQ=MONTHLY;INTERVAL=3")[:5] == [
        ("2024-Q1", "2024-03-31"),
        ("2024-Q2", "2024-06-30"),
        ("2024-Q3", "2024-09-30"),
        ("2024-Q4", "2024-12-31"),
        ("2025-Q1", "2025-03-31"),
    ]
    assert found_by("FREQ=MONTHLY;INTERVAL=6")[-1] == ("2032-H2", "2032-12-31")
    assert found_by("FREQ=MONTHLY")[1] == ("2024-02", "2024-02-29")


def test_periods_that_end_on_one_day_are_owed_once_each() -> None:
    found = found_by("RRULE:FREQ=MONTHLY;INTERVAL=3\nRRULE:FREQ=MONTHLY;INTERVAL=6\nRRULE:FREQ=YEARLY")
    by_day = [[key for key, day in found if day == last] for last in ("2026-03-31", "2026-06-30", "2026-12-31")]
    assert [sorted(keys) for keys in by_day] == [["2026-Q1"], ["2026-H1", "2026-Q2"], ["2026", "2026-H2", "2026-Q4"]]
    assert len(found) == 9 * 7


def test_a_day_left_out_may_be_named_as_it_moved() -> None:
    rule = "RRULE:FREQ=MONTHLY\nEXDATE:20260302"  # where February's last day, a Saturday, moves to
    assert "2026-02" not in {key for key, _ in found_by(rule, calendar())}
    assert "2026-02" in {key for key, _ in found_by(rule)}


# --- the lunar calendar, reckoned from the sky: mean new moons and the sun with their main terms ---

HANOI = 7 / 24  # days ahead of universal time
DEGREE = math.pi / 180
#: Periodic terms of a new moon in days (Meeus): factor, multiples of the sun's and moon's anomaly and of the latitude.
MOON_TERMS = (
    (-0.40720, 0, 1, 0), (0.17241, 1, 0, 0), (0.01608, 0, 2, 0), (0.01039, 0, 0, 2), (0.00739, -1, 1, 0),
    (-0.00514, 1, 1, 0), (0.00208, 2, 0, 0), (-0.00111, 0, 1, -2), (-0.00057, 0, 1, 2), (0.00056, 1, 2, 0),
)  # fmt: skip
MONTH_DAYS, EPOCH_NEW_MOON, J2000 = 29.530588861, 2451550.09766, 2451545.0
DYNAMICAL = 72 / 86400  # days that the clock of the planets was ahead in these years
DAY_OF_2024 = 2460310.5  # the Julian day on which 1 January 2024 begins at Greenwich


def new_moon(n: int) -> int:
    """Return the day in Hanoi of the nth new moon after 6 January 2000, counted from 1 January 2024."""
    t = n / 1236.85
    sun = (2.5534 + 29.10535670 * n) * DEGREE
    moon = (201.5643 + 385.81693528 * n + 0.0107582 * t * t) * DEGREE
    latitude = (160.7108 + 390.67050284 * n - 0.0016118 * t * t) * DEGREE
    moment = EPOCH_NEW_MOON + MONTH_DAYS * n + 0.00015437 * t * t
    moment += sum(f * math.sin(a * sun + b * moon + c * latitude) for f, a, b, c in MOON_TERMS)
    return math.floor(moment - DYNAMICAL - DAY_OF_2024 + HANOI)


def sign_of_the_sun(day: int) -> int:
    """Return in which twelfth of its way the sun stands when a day begins in Hanoi: 9 from the winter solstice on."""
    t = (day + DAY_OF_2024 - HANOI + DYNAMICAL - J2000) / 36525
    anomaly = (357.52911 + 35999.05029 * t) * DEGREE
    longitude = 280.46646 + 36000.76983 * t + 1.914602 * math.sin(anomaly) + 0.019993 * math.sin(2 * anomaly)
    return int((longitude - 0.00569) % 360 // 30)


def lunar_months(year: int) -> list[tuple[int, int]]:
    """Return (first day, number) of the lunar months around a year; a leap month has the number before it, negative.

    The eleventh month holds the winter solstice; of thirteen months up to the next one, the first in which the sun
    enters no sign is the leap month.
    """
    first = (year - 2000) * 12 + (year - 2000) * 7 // 19 - 4
    moons = [new_moon(n) for n in range(first, first + 22)]
    enters = [sign_of_the_sun(moons[n + 1]) != sign_of_the_sun(moons[n]) for n in range(len(moons) - 1)]
    solstices = [
        n for n in range(len(moons) - 1) if sign_of_the_sun(moons[n]) == 8 and sign_of_the_sun(moons[n + 1]) == 9
    ]
    begin, end = solstices[0], solstices[1]
    leap = next((n for n in range(begin + 1, end) if not enters[n]), None) if end - begin == 13 else None
    found, number = [], 11
    for n in range(begin, end):
        found.append((moons[n], -number if n == leap else number))
        if n + 1 != leap:
            number = number % 12 + 1
    return found


@pytest.mark.parametrize("year", range(FIRST_YEAR, LAST_YEAR + 1))
def test_the_almanacs_days_are_those_of_the_moon(year: int) -> None:
    months = lunar_months(year)
    first = {number: start for start, number in months if number in {1, 3}}
    assert wall()[first[1]].iso == TET[year - FIRST_YEAR]
    assert wall()[first[3] + 9].iso == KINGS[year - FIRST_YEAR]


def test_leap_months_are_those_of_the_almanac() -> None:
    leaps = {year: -n for year in range(FIRST_YEAR, LAST_YEAR + 1) for _start, n in lunar_months(year) if n < 0}
    assert leaps == {2025: 6, 2028: 5, 2031: 3}


# --- days off ---

#: The first day of the lunar year, and the tenth of the third lunar month, as almanacs of Vietnam print them.
TET = (
    "2024-02-10", "2025-01-29", "2026-02-17",
    "2027-02-06", "2028-01-26", "2029-02-13",
    "2030-02-02", "2031-01-23", "2032-02-11",
)  # fmt: skip
KINGS = (
    "2024-04-18", "2025-04-07", "2026-04-26",
    "2027-04-16", "2028-04-04", "2029-04-23",
    "2030-04-12", "2031-04-01", "2032-04-19",
)  # fmt: skip
FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
#: Days taken off and the weekend days worked for them, as announced.
SWAPPED_OFF = ("2024-04-29", "2025-05-02", "2026-08-31")
WORKED = ("2024-05-04", "2025-04-26", "2026-08-22")


@cache
def off_days() -> dict[str, bool]:
    """Return the special days by hand: Tết from its eve to the third day, fixed days, swaps."""
    days = {d.iso: d.number for d in wall()}
    by_number = {d.number: d.iso for d in wall()}
    off = {by_number[days[first] + n] for first in TET for n in range(-1, 3)} | set(KINGS) | set(SWAPPED_OFF)
    off |= {d.iso for d in wall() if (d.month, d.day) in FIXED}
    return dict.fromkeys(off, True) | dict.fromkeys(WORKED, False)


def next_working(day: Day) -> str:
    """Return the first day from `day` on that is worked, looked for on the wall."""
    special = off_days()
    return next(d.iso for d in wall()[day.number :] if not special.get(d.iso, d.weekday >= 5))


def calendar() -> WorkingCalendar:
    return WorkingCalendar({dt.date.fromisoformat(day): off for day, off in off_days().items()})


@pytest.mark.parametrize("rule", [r for r in RULES if r != "FREQ=DAILY" and LAST_WORKDAY not in r])
def test_a_day_off_moves_to_the_next_working_day(rule: str) -> None:
    ahead = wall()[:-4]  # what falls due in the last days of 2032 may move beyond the wall
    expected = [next_working(d) for d in ahead if RULES[rule](d)]
    assert sorted(day for _, day in found_by(rule, calendar()))[: len(expected)] == expected


def test_the_last_working_day_of_a_month_is_the_last_one_of_the_working_calendar() -> None:
    special = off_days()
    worked = [d for d in wall() if not special.get(d.iso, d.weekday >= 5)]
    expected = [
        max(d.iso for d in worked if (d.year, d.month) == m) for m in sorted({(d.year, d.month) for d in wall()})
    ]
    found = found_by(f"FREQ=MONTHLY;{LAST_WORKDAY}", calendar())
    assert [day for _, day in found] == expected
    assert ("2024-04-30", "2024-04-26") in found  # Saturday to Tuesday: weekend, swap, holiday


def test_a_moved_occurrence_keeps_its_name() -> None:
    plain, moved = found_by("FREQ=MONTHLY"), found_by("FREQ=MONTHLY", calendar())
    assert [key for key, _ in plain] == [key for key, _ in moved]
    assert ("2026-02", "2026-03-02") in moved  # 28 February 2026 is a Saturday


def test_daily_work_rests_on_days_off() -> None:
    special = off_days()
    worked = [d.iso for d in wall() if not special.get(d.iso, d.weekday >= 5)]
    assert [day for _, day in found_by("FREQ=DAILY", calendar())] == worked


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-08-22", "2026-08-22"),  # a Saturday that is worked
        ("2026-08-23", "2026-08-24"),
        ("2026-08-31", "2026-09-01"),  # a Monday off in exchange
        ("2024-04-27", "2024-05-02"),  # Saturday to Wednesday: weekend, swap, two holidays
        ("2027-02-05", "2027-02-09"),  # the eve of Tết, then a weekend inside Tết
        ("2025-01-01", "2025-01-02"),
        ("2028-01-01", "2028-01-03"),
    ],
)
def test_single_days_move_over_holidays_and_swaps(day: str, expected: str) -> None:
    due = dt.date.fromisoformat(day)
    facts = {"start": None, "rule": "", "period_start": START, "period_end": END, "not_before": None}
    rows, _ = occurrences(kind=Kind.BY_DATE, due=due, until=END, calendar=calendar(), **facts)  # type: ignore[arg-type]  # a mixed dictionary
    assert [str(o.due) for o in rows] == [expected]
    nearest = upcoming(kind=Kind.BY_DATE, due=due, today=due, calendar=calendar(), **facts)  # type: ignore[arg-type]  # as above
    assert [str(d) for d in nearest] == [expected]


@pytest.mark.parametrize("first", TET)
def test_the_holidays_entered_for_a_year_hold_its_tet(first: str) -> None:
    year = int(first[:4])
    entered = {d.day.isoformat(): d.kind for d in public_holidays([year])}
    number = next(d.number for d in wall() if d.iso == first)
    tet = [wall()[number + n].iso for n in range(-1, 3)]
    assert [entered.get(day) for day in tet] == [CalendarDay.Kind.OFF] * 4
    assert entered[KINGS[year - FIRST_YEAR]] == CalendarDay.Kind.OFF
    assert {day for day, kind in entered.items() if kind == CalendarDay.Kind.WORKING} == {
        day for day in WORKED if day.startswith(str(year))
    }


def test_the_next_days_move_too_and_reach_back_over_a_long_holiday() -> None:
    days = upcoming(
        kind=Kind.RECURRING,
        start=None,
        due=None,
        rule="FREQ=WEEKLY;BYDAY=TU",
        period_start=START,
        period_end=END,
        not_before=None,
        today=dt.date(2026, 2, 20),
        calendar=calendar(),
    )
    assert [str(d) for d in days] == ["2026-02-20", "2026-02-24", "2026-03-03"]  # Tuesday 17 February is Tết


def test_a_calendar_without_working_days_leaves_the_day() -> None:
    whole_year = {START + dt.timedelta(days=n): True for n in range(366)}
    assert WorkingCalendar(whole_year).working_day(START) == START


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (
            Schedule(kind=Kind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=20"),
            "every month, on day 20; a day off moves to the next working day",
        ),
        (Schedule(kind=Kind.RECURRING, rule="FREQ=DAILY"), "every day; not on days off"),
        (
            Schedule(kind=Kind.BY_DATE, due=dt.date(2026, 6, 30)),
            "the last day is 30/06/2026; a day off moves to the next working day",
        ),
        (Schedule(kind=Kind.ONGOING), "all the time, without a last day"),
    ],
)
def test_the_sentence_tells_that_days_off_move(schedule: Schedule, expected: str) -> None:
    with translation.override("en"):
        assert understood(schedule, days_off_move=True) == expected


@pytest.mark.parametrize(("moves", "expected"), [(True, "2026-03-02"), (False, "2026-02-28")])
def test_a_plan_says_whether_its_days_off_move(cast: Cast, today: dt.date, *, moves: bool, expected: str) -> None:
    plan = make_published_plan(cast.province, days_off_move=moves)
    solution = SolutionFactory(plan=plan, lead_unit=cast.commune)
    schedule = ScheduleFactory(solution=solution, due=dt.date(2026, 2, 28))
    write_out([schedule], today=today)
    row = Deadline.objects.get()
    assert (str(row.due_on), str(row.original_due_on)) == (expected, expected)


def test_the_calendar_of_the_office_decides(cast: Cast, today: dt.date) -> None:
    CalendarDay.objects.create(day=dt.date(2026, 2, 28), kind=CalendarDay.Kind.WORKING, name="Làm bù")
    plan = make_published_plan(cast.province, days_off_move=True)
    schedule = ScheduleFactory(solution=SolutionFactory(plan=plan, lead_unit=cast.commune), due=dt.date(2026, 2, 28))
    write_out([schedule], today=today)
    assert Deadline.objects.get().due_on == dt.date(2026, 2, 28)


def test_the_office_sets_it_at_the_head_of_the_draft(cast: Cast, login: Login, today: dt.date) -> None:
    plan = PlanFactory(issuing_unit=cast.province, title="Kế hoạch thử")
    solution = SolutionFactory(plan=plan, lead_unit=cast.commune)
    schedule = ScheduleFactory(solution=solution, due=dt.date(2026, 3, 28))  # a Saturday
    client = login(cast.office_staff)
    assert 'name="days_off_move"' in client.get(reverse("plans:record_edit", args=[plan.pk, "header", plan.pk])).text
    change_record(record=plan, values={"days_off_move": True}, by=cast.office_staff)
    client.post(reverse("set_language"), {"language": "en"})
    page = client.get(reverse("plans:record", args=[plan.pk, "schedule", schedule.pk]), headers={"HX-Request": "true"})
    assert "a day off moves to the next working day" in page.text
    assert "30/03/2026" in page.text
