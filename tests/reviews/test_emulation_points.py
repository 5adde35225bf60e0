"""Points from reports complete and on time: tables of cases, and what holds for all of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.emulation import (
    COUNTED,
    STANDARD_BANDS,
    Band,
    ranks,
    report_points,
    sent_state,
    standing_points,
)
from reviews.enums import Sent
from tests.reviews.tallies import tally_of

BANDS = [Band(Decimal(points), dict(zip(COUNTED, limits, strict=True))) for points, *limits in STANDARD_BANDS]
MOST = Decimal(8)
TODAY = dt.date(2026, 3, 16)


def points(**failed: int) -> Decimal:
    return report_points(BANDS, failed, MOST)


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        ({}, 8),
        ({"month": 1}, 6),
        ({"month": 2}, 6),
        ({"month": 3}, 4),
        ({"month": 4}, 0),
        ({"quarter": 1}, 4),
        ({"quarter": 1, "month": 1}, 0),
        ({"quarter": 2}, 0),
        ({"half_year": 1}, 0),
        ({"year": 1}, 0),
    ],
)
def test_the_bands_of_the_sheet_of_2015(failed: dict[str, int], expected: int) -> None:
    assert points(**failed) == expected


@pytest.mark.parametrize(
    ("status", "due", "reported", "excused", "expected"),
    [
        ("submitted", 20, 20, None, Sent.ON_TIME),
        ("completed", 20, 21, None, Sent.LATE),
        ("completed", 20, 21, 22, Sent.EXCUSED),
        ("completed", 20, 23, 22, Sent.LATE),
        ("assigned", 15, None, None, Sent.MISSING),
        ("returned", 15, None, None, Sent.MISSING),
        ("returned", 16, None, None, Sent.RETURNED),
        ("in_progress", 16, None, None, Sent.AWAITED),
        ("cancelled", 10, None, None, Sent.STOPPED),
        ("on_hold", 10, None, None, Sent.STOPPED),
    ],
)
def test_how_a_report_was_sent(
    status: str, due: int, reported: int | None, excused: int | None, expected: Sent
) -> None:
    def day(number: int | None) -> dt.date | None:
        return (number and dt.date(2026, 3, number)) or None

    found = sent_state(
        status=status, due_on=day(due), reported_on=day(reported), excused_until=day(excused), today=TODAY
    )
    assert found == expected


def test_a_late_report_fails_only_where_the_sheet_says_so() -> None:
    tally = tally_of([("month", Sent.LATE), ("month", Sent.MISSING), ("quarter", Sent.ON_TIME), ("once", Sent.LATE)])
    assert tally.failed(late_counts=True) == {"month": 2, "quarter": 0, "half_year": 0, "year": 0}
    assert tally.failed(late_counts=False)["month"] == 1


def test_what_was_settled_by_hand_stands_before_what_was_counted_or_checked() -> None:
    def standing(**given: Decimal | None) -> Decimal | None:
        facts: dict[str, Decimal | None] = {"computed": None, "checked": None, "settled": None, **given}
        return standing_points(most=MOST, **facts)

    assert standing() is None
    assert standing(computed=Decimal(4)) == 4
    assert standing(checked=Decimal(5)) == 5
    assert standing(computed=Decimal(4), settled=Decimal(0)) == 0
    assert standing(computed=Decimal(4), settled=Decimal(99)) == MOST


def test_equal_totals_share_a_place() -> None:
    assert ranks({1: Decimal(5), 2: Decimal(8), 3: Decimal(5), 4: Decimal(0)}) == {2: 1, 1: 2, 3: 2, 4: 4}


FACTS = st.lists(st.tuples(st.sampled_from([*COUNTED, "once"]), st.sampled_from(list(Sent))), max_size=40)
ANY_BANDS = st.lists(
    st.builds(
        Band,
        st.decimals(-20, 200, places=1),
        st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 9)),
    ),
    max_size=6,
)


@given(
    facts=FACTS,
    bands=ANY_BANDS,
    most=st.decimals(0, 100, places=1),
    late_counts=st.booleans(),
    random=st.randoms(),
)
def test_points_stay_within_bounds_and_no_order_matters(
    *, facts: list[tuple[str, Sent]], bands: list[Band], most: Decimal, late_counts: bool, random: Random
) -> None:
    found = report_points(bands, tally_of(facts).failed(late_counts=late_counts), most)
    assert 0 <= found <= most
    mixed, turned = list(facts), list(bands)
    random.shuffle(mixed)
    random.shuffle(turned)
    assert report_points(turned, tally_of(mixed).failed(late_counts=late_counts), most) == found


@given(FACTS, st.sampled_from(COUNTED))
def test_another_missing_report_never_gives_more(facts: list[tuple[str, Sent]], period: str) -> None:
    before, after = (
        report_points(BANDS, tally_of(rows).failed(late_counts=True), MOST)
        for rows in (facts, [*facts, (period, Sent.MISSING)])
    )
    assert after <= before
