"""Rules of recurrence, taken apart and put together."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.occurrences import usable_rule
from plans.rules import (
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    WEEKDAYS,
    WEEKLY,
    YEARLY,
    BadRule,
    Parts,
    Problem,
    Stated,
    parse_rule,
    parts_of,
    read_dates,
    read_days,
    rule_from,
    rule_of,
    stated,
    written_dates,
    written_days,
)
from plans.sentences import why_bad


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (Parts(WEEKLY), "FREQ=WEEKLY"),
        (Parts(WEEKLY, weekday="FR"), "FREQ=WEEKLY;BYDAY=FR"),
        (Parts(MONTHLY), "FREQ=MONTHLY"),
        (Parts(MONTHLY, day=25), "FREQ=MONTHLY;BYMONTHDAY=25"),
        (Parts(QUARTERLY), "FREQ=MONTHLY;INTERVAL=3"),
        (Parts(QUARTERLY, day=20, month=3), "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=20"),
        (Parts(QUARTERLY, month=1), "FREQ=MONTHLY;BYMONTH=1,4,7,10;BYMONTHDAY=-1"),
        (Parts(HALF_YEARLY, day=10, month=5), "FREQ=MONTHLY;BYMONTH=5,11;BYMONTHDAY=10"),
        (Parts(YEARLY), "FREQ=YEARLY"),
        (Parts(YEARLY, dates=((15, 6), (15, 12))), "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=15"),
        (
            Parts(YEARLY, dates=((10, 5), (20, 11))),
            "RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=10\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20",
        ),
    ],
)
def test_parts_and_rule_say_the_same(parts: Parts, rule: str) -> None:
    assert rule_of(parts) == rule
    assert parts_of(rule) == parts


def test_the_last_day_may_be_stated() -> None:
    assert parts_of("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1") == Parts(QUARTERLY)
    assert parts_of("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=-1") == Parts(YEARLY, dates=((30, 11),))


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=MONTHLY;INTERVAL=5",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=2FR",
        "x",
        "FREQ=YEARLY;BYMONTH=99;BYMONTHDAY=1",
    ],
)
def test_other_rules_have_no_parts(rule: str) -> None:
    assert parts_of(rule) is None


# --- several series, days left out, days besides ---

FIRST_OF_MAY, LAST_OF_APRIL = dt.date(2026, 5, 1), dt.date(2026, 4, 30)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (Stated(Parts(MONTHLY, workday=True)), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        (
            Stated(Parts(QUARTERLY, workday=True)),
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        (
            Stated(Parts(MONTHLY, day=25), Parts(YEARLY, dates=((14, 11),))),
            "RRULE:FREQ=MONTHLY;BYMONTHDAY=25\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=14",
        ),
        (
            Stated(Parts(QUARTERLY), Parts(YEARLY), (LAST_OF_APRIL, FIRST_OF_MAY)),
            "RRULE:FREQ=MONTHLY;INTERVAL=3\nRRULE:FREQ=YEARLY\nEXDATE:20260430,20260501",
        ),
        (Stated(Parts(WEEKLY), besides=(FIRST_OF_MAY,)), "RRULE:FREQ=WEEKLY\nRDATE:20260501"),
    ],
)
def test_what_a_person_states_and_what_is_stored_say_the_same(given: Stated, rule: str) -> None:
    assert rule_from(given) == rule
    assert stated(rule) == given


def test_a_rule_is_stored_without_what_says_nothing() -> None:
    typed = "rrule:freq=weekly;interval=1;byday=fr;wkst=mo\r\n\nEXDATE;VALUE=DATE:20260501T000000Z,20260501\n"
    assert str(parse_rule(typed)) == "RRULE:FREQ=WEEKLY;BYDAY=FR\nEXDATE:20260501"
    assert str(parse_rule("RRULE:FREQ=MONTHLY")) == "FREQ=MONTHLY"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.EMPTY),
        ("EXDATE:20260501", Problem.EMPTY),
        ("DTSTART:20260501", Problem.LINE),
        ("mỗi tháng", Problem.LINE),
        ("FREQ=HOURLY", Problem.FREQUENCY),
        ("RRULE:INTERVAL=2", Problem.FREQUENCY),
        ("FREQ=MONTHLY;BYHOUR=3", Problem.PART),
        ("FREQ=YEARLY;BYWEEKNO=3", Problem.PART),
        ("FREQ=MONTHLY;INTERVAL=0", Problem.VALUE),
        ("FREQ=MONTHLY;BYMONTHDAY=32", Problem.VALUE),
        ("FREQ=MONTHLY;UNTIL=20260231", Problem.VALUE),
        ("FREQ=MONTHLY;COUNT=9999", Problem.VALUE),
        ("FREQ=MONTHLY;INTERVAL=2;INTERVAL=3", Problem.TWICE),
        ("FREQ=MONTHLY;COUNT=2;UNTIL=20260601", Problem.TOGETHER),
        ("FREQ=WEEKLY;BYMONTHDAY=3", Problem.TOGETHER),
        ("FREQ=WEEKLY;BYDAY=2FR", Problem.TOGETHER),
        ("FREQ=MONTHLY;BYSETPOS=1", Problem.TOGETHER),
        ("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=3", Problem.TOGETHER),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", Problem.TOGETHER),
        ("\n".join(f"RRULE:FREQ=MONTHLY;BYMONTHDAY={n}" for n in range(1, 9)), Problem.MANY),
        ("RDATE:" + ",".join(f"2026{m:02}{d:02}" for m in (1, 3) for d in range(1, 32)), Problem.MANY),
        ("FREQ=MONTHLY" * 200, Problem.LONG),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO", Problem.NEVER),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=40", Problem.NEVER),
    ],
)
def test_a_bad_rule_is_refused_with_its_reason(text: str, problem: Problem) -> None:
    with pytest.raises(BadRule) as refused:
        usable_rule(text)
    assert refused.value.problem == problem
    assert why_bad(refused.value)


@given(st.text(alphabet="FREQ=MONTHLYWDAIBSUCX;,:-0123456789\n", max_size=80))
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    try:
        rule = usable_rule(text)
    except BadRule:
        return
    assert usable_rule(rule) == rule


@pytest.mark.parametrize("text", ["30/04/2026, 1/5/2026", "2026-05-01 và 30.4.2026"])
def test_days_are_read_as_written(text: str) -> None:
    assert read_days(text) == (LAST_OF_APRIL, FIRST_OF_MAY)
    assert read_days(written_days(read_days(text))) == read_days(text)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("15/6", ((15, 6),)),
        ("15/12, 15/6", ((15, 6), (15, 12))),
        ("10-5 và 20.11; 10/5", ((10, 5), (20, 11))),
        ("29/2", ((29, 2),)),
    ],
)
def test_dates_of_a_year_are_read_as_written(text: str, dates: tuple[tuple[int, int], ...]) -> None:
    assert read_dates(text) == dates
    assert read_dates(written_dates(dates)) == dates


@pytest.mark.parametrize("text", ["", "31/4", "15", "15/13", "15/6/2026", "tháng 6"])
def test_what_is_no_date_of_a_year_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_dates(text)


@given(st.text(alphabet="FREQ=MONTHLYWDAIBS;,:-0123456789\n", max_size=60))
def test_no_stored_text_breaks_the_form(rule: str) -> None:
    parts_of(rule)


@given(
    st.builds(Parts, st.just(QUARTERLY), st.just(""), st.integers(1, 31), st.integers(1, 3))
    | st.builds(Parts, st.just(WEEKLY), st.sampled_from(WEEKDAYS))
)
def test_what_was_chosen_is_shown_again(parts: Parts) -> None:
    assert parts_of(rule_of(parts)) == parts
