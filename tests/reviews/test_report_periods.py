"""Due rules of periodic reports: which periods fall due when, and back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doantracker.lib.working_days import WorkingCalendar
from reviews.report_periods import DueRule, named_day, owed_between, period_due, period_words, rule_words

WEEK = WorkingCalendar()
JANUARY, DECEMBER = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def days(rule: DueRule, calendar: WorkingCalendar = WEEK) -> dict[str, str]:
    found = owed_between(rule, JANUARY, DECEMBER, calendar)
    return {period.key: f"{due:%d/%m/%Y}" for period, due in found}


def test_a_monthly_report_is_due_on_a_day_of_its_month() -> None:
    found = days(DueRule("month", 25))
    assert len(found) == 12
    assert (found["2026-01"], found["2026-12"]) == ("25/01/2026", "25/12/2026")


def test_a_day_beyond_the_month_is_its_last_one() -> None:
    assert days(DueRule("month", 31))["2026-02"] == "28/02/2026"


def test_a_report_of_the_month_before_falls_due_in_the_year_of_its_day() -> None:
    found = days(DueRule("month", 5, offset=1))
    assert next(iter(found.items())) == ("2025-12", "05/01/2026")
    assert "2026-12" not in found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            DueRule("quarter", 15),
            {"2026-Q1": "15/03/2026", "2026-Q2": "15/06/2026", "2026-Q3": "15/09/2026", "2026-Q4": "15/12/2026"},
        ),
        (DueRule("half_year", 10), {"2026-H1": "10/06/2026", "2026-H2": "10/12/2026"}),
        (DueRule("year", 15, offset=-1), {"2026": "15/11/2026"}),
        (DueRule("year", 5, offset=1), {"2025": "05/01/2026"}),
    ],
)
def test_longer_periods(rule: DueRule, expected: dict[str, str]) -> None:
    assert days(rule) == expected


def test_grace_counts_working_days_only() -> None:
    # 25/04/2026 is a Saturday; 30/04 and 01/05 are holidays
    holidays = WorkingCalendar({dt.date(2026, 4, 30): True, dt.date(2026, 5, 1): True})
    assert days(DueRule("month", 25, grace=2), holidays)["2026-04"] == "28/04/2026"
    assert days(DueRule("month", 29, grace=2), holidays)["2026-04"] == "05/05/2026"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (DueRule("month", 25), "chậm nhất ngày 25 hằng tháng"),
        (DueRule("month", 5, 1, 2), "chậm nhất ngày 05 của tháng sau, gia hạn 2 ngày làm việc"),
        (DueRule("quarter", 15), "chậm nhất ngày 15 của tháng cuối quý"),
        (DueRule("half_year", 10), "chậm nhất ngày 10 của tháng cuối kỳ 6 tháng"),
        (DueRule("year", 15, -1), "chậm nhất ngày 15 tháng 11 hằng năm"),
        (DueRule("year", 5, 1), "chậm nhất ngày 05 tháng 1 năm sau"),
    ],
)
def test_a_rule_is_told_as_a_plan_would_word_it(rule: DueRule, words: str) -> None:
    assert rule_words(rule) == words


def test_periods_are_named_as_papers_name_them() -> None:
    def named(rule: DueRule, due: dt.date) -> str:
        return period_words(period_due(rule, due))

    assert named(DueRule("month", 25), dt.date(2026, 3, 25)) == "tháng 3/2026"
    assert named(DueRule("quarter", 15), dt.date(2026, 6, 15)) == "quý II/2026"
    assert named(DueRule("half_year", 10), dt.date(2026, 12, 10)) == "6 tháng cuối năm 2026"
    assert named(DueRule("year", 15, -1), dt.date(2026, 11, 15)) == "năm 2026"


RULES = st.builds(
    DueRule,
    period=st.sampled_from(["month", "quarter", "half_year", "year"]),
    day=st.integers(1, 31),
    offset=st.integers(-1, 1),
    grace=st.integers(0, 5),
)


@given(RULES, st.sets(st.dates(JANUARY, DECEMBER), max_size=9))
def test_each_last_day_leads_back_to_its_period_whatever_the_holidays(rule: DueRule, holidays: set[dt.date]) -> None:
    calendar = WorkingCalendar(dict.fromkeys(holidays, True))
    for period, due in owed_between(rule, JANUARY, DECEMBER, calendar):
        assert named_day(rule, period) <= due
        assert period_due(rule, due) == period
