"""Occurrences: a table of schedules with the days they fall due."""

import datetime as dt
from typing import Any

import pytest

from plans.enums import Kind
from plans.occurrences import PeriodName, occurrences, period_name, upcoming

YEAR: dict[str, Any] = {"period_start": dt.date(2026, 1, 1), "period_end": dt.date(2026, 12, 31)}
FAR = dt.date(2030, 1, 1)


def _due(rule: str, **facts: Any) -> list[str]:
    given = {"start": None, "due": None, "not_before": None, "until": FAR, **YEAR, **facts}
    found, _ = occurrences(kind=Kind.RECURRING, rule=rule, **given)
    return [f"{o.key} {o.due:%d/%m/%Y}" for o in found if o.due]


def test_quarters_end_with_their_last_month() -> None:
    assert _due("FREQ=MONTHLY;INTERVAL=3") == [
        "2026-Q1 31/03/2026",
        "2026-Q2 30/06/2026",
        "2026-Q3 30/09/2026",
        "2026-Q4 31/12/2026",
    ]


def test_half_years_and_years() -> None:
    assert _due("FREQ=MONTHLY;INTERVAL=6") == ["2026-H1 30/06/2026", "2026-H2 31/12/2026"]
    assert _due("FREQ=YEARLY", period_end=dt.date(2028, 12, 31)) == [
        "2026 31/12/2026",
        "2027 31/12/2027",
        "2028 31/12/2028",
    ]


def test_months_end_on_their_last_day_also_in_a_leap_year() -> None:
    found = _due("FREQ=MONTHLY", period_start=dt.date(2028, 1, 1), period_end=dt.date(2028, 4, 30))
    assert found == ["2028-01 31/01/2028", "2028-02 29/02/2028", "2028-03 31/03/2028", "2028-04 30/04/2028"]


def test_what_was_due_before_the_plan_was_issued_is_no_obligation() -> None:
    assert _due("FREQ=MONTHLY;INTERVAL=3", not_before=dt.date(2026, 8, 20)) == [
        "2026-Q3 30/09/2026",
        "2026-Q4 31/12/2026",
    ]


def test_the_series_starts_and_ends_with_the_schedule_where_it_says_so() -> None:
    found = _due("FREQ=MONTHLY", start=dt.date(2026, 5, 10), due=dt.date(2026, 6, 30))
    assert found == ["2026-05 31/05/2026", "2026-06 30/06/2026"]


def test_an_open_end_goes_as_far_as_the_horizon_and_says_when_to_go_on() -> None:
    found, following = occurrences(
        kind=Kind.RECURRING,
        rule="FREQ=MONTHLY;INTERVAL=3",
        start=None,
        due=None,
        period_start=dt.date(2026, 1, 1),
        period_end=None,
        not_before=None,
        until=dt.date(2026, 7, 1),
    )
    assert [o.key for o in found] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert following == dt.date(2026, 10, 1)


def test_a_rule_with_its_own_day_is_followed_as_written() -> None:
    assert _due("FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=4") == [
        "2026-01-31 31/01/2026",
        "2026-05-31 31/05/2026",
        "2026-09-30 30/09/2026",
    ]
    assert _due("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=14") == ["2026-11-14 14/11/2026"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=30", ["30/01", "28/02", "30/03", "30/04"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["31/01", "28/02", "31/03", "30/04"]),
        ("FREQ=MONTHLY;BYMONTH=1,2,4;BYMONTHDAY=31", ["31/01", "28/02", "30/04"]),
        ("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=30", ["28/02", "30/04"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["28/02"]),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=31", ["31/01", "30/04"]),
        ("FREQ=MONTHLY;BYMONTHDAY=28", ["28/01", "28/02", "28/03", "28/04"]),
    ],
)
def test_a_day_that_a_month_lacks_is_its_last_day(rule: str, days: list[str]) -> None:
    found = _due(rule, period_end=dt.date(2026, 4, 30))
    assert [row.split()[1] for row in found] == [f"{day}/2026" for day in days]


def test_the_29th_of_february_is_kept_in_leap_years() -> None:
    found = _due("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", period_end=dt.date(2028, 12, 31))
    assert [row.split()[1] for row in found] == ["28/02/2026", "28/02/2027", "29/02/2028"]


@pytest.mark.parametrize("kind", [Kind.RELATIVE, Kind.ONGOING, Kind.AS_DIRECTED, Kind.RECURRING])
def test_what_has_no_date_comes_once_without_one(kind: Kind) -> None:
    found, following = occurrences(kind=kind, rule="", start=None, due=None, not_before=None, until=FAR, **YEAR)
    assert [(o.key, o.start, o.due) for o in found] == [("once", None, None)]
    assert following is None


def test_a_dated_commitment_comes_once() -> None:
    due = dt.date(2026, 10, 31)
    found, _ = occurrences(kind=Kind.BY_DATE, rule="", start=None, due=due, not_before=None, until=FAR, **YEAR)
    assert [(o.key, o.due) for o in found] == [("once", due)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("once", PeriodName("")),
        ("2026-03", PeriodName("month", 2026, 3)),
        ("2026-Q4", PeriodName("quarter", 2026, 4)),
        ("2026-H1", PeriodName("half_year", 2026, 1)),
        ("2026", PeriodName("year", 2026)),
        ("2026-03-31", PeriodName("")),
    ],
)
def test_period_names(key: str, expected: PeriodName) -> None:
    assert period_name(key) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;INTERVAL=3", ["31/03/2026", "30/06/2026", "30/09/2026"]),
        ("FREQ=WEEKLY;BYDAY=FR", ["20/03/2026", "27/03/2026", "03/04/2026"]),
        ("FREQ=DAILY", ["16/03/2026", "17/03/2026", "18/03/2026"]),
        ("FREQ=YEARLY;BYMONTH=3,11;BYMONTHDAY=16", ["16/03/2026", "16/11/2026"]),
        (
            "RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=10\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20",
            ["10/05/2026", "20/11/2026"],
        ),
        ("", []),
    ],
)
def test_the_next_days_of_a_schedule(rule: str, expected: list[str]) -> None:
    facts: dict[str, Any] = {"start": None, "due": None, "not_before": None, "today": dt.date(2026, 3, 16), **YEAR}
    assert [f"{d:%d/%m/%Y}" for d in upcoming(kind=Kind.RECURRING, rule=rule, **facts)] == expected


def test_a_single_day_is_next_until_it_is_over() -> None:
    facts: dict[str, Any] = {"start": None, "due": dt.date(2026, 3, 16), "rule": "", "not_before": None, **YEAR}
    assert upcoming(kind=Kind.BY_DATE, today=dt.date(2026, 3, 16), **facts) == {dt.date(2026, 3, 16): ["once"]}
    assert upcoming(kind=Kind.BY_DATE, today=dt.date(2026, 3, 17), **facts) == {}


def test_a_monthly_day_that_a_month_lacks_is_its_last_day() -> None:
    assert _due("FREQ=MONTHLY;BYMONTHDAY=30", period_end=dt.date(2026, 4, 30)) == [
        "2026-01-30 30/01/2026",
        "2026-02-28 28/02/2026",
        "2026-03-30 30/03/2026",
        "2026-04-30 30/04/2026",
    ]
