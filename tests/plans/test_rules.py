"""Rules of recurrence, taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules import (
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    WEEKDAYS,
    WEEKLY,
    YEARLY,
    Parts,
    parts_of,
    read_dates,
    rule_of,
    written_dates,
)


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
