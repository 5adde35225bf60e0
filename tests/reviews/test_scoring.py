"""Scores: tables of cases, and what holds for every card."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.scoring import (
    LEVELS_366,
    Criterion,
    Piece,
    Record,
    UnbalancedCardError,
    check_weights,
    delays_of,
    mean,
    missing,
    over_cap,
    percent,
    rating,
    rounded,
    score,
)

DONE, LATE, OPEN = Piece(done=True), Piece(done=True, delays=1), Piece(done=False)


def computed(weight: int, *pieces: Piece, code: str = "remediation") -> Criterion:
    return Criterion(code, Decimal(weight), computed=True, pieces=pieces)


def judged(weight: int, mark: str | None, code: str = "initiative") -> Criterion:
    return Criterion(code, Decimal(weight), computed=False, mark=None if mark is None else Decimal(mark))


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        ((40, 60), None),
        ((40, 20, 20, 20), None),
        ((100,), None),
        ((40, 59), 99),
        ((40, 61), 101),
        ((), 0),
        ((0, 100), None),
    ],
)
def test_weights_add_up_to_100_or_are_refused(weights: tuple[int, ...], total: int | None) -> None:
    if total is None:
        check_weights(map(Decimal, weights))
        return
    with pytest.raises(UnbalancedCardError) as refused:
        check_weights(map(Decimal, weights))
    assert refused.value.total == total


def test_a_negative_weight_is_refused_though_the_sum_is_100() -> None:
    with pytest.raises(UnbalancedCardError):
        check_weights([Decimal(120), Decimal(-20)])


@pytest.mark.parametrize(
    ("delays", "value"),
    [(0, Fraction(1)), (1, Fraction(3, 4)), (2, Fraction(1, 2)), (4, Fraction(0)), (9, Fraction(0))],
)
def test_each_delay_takes_a_quarter(delays: int, value: Fraction) -> None:
    assert Piece(done=True, delays=delays).value == value
    assert Piece(done=True, returns=delays).value == value


@pytest.mark.parametrize(
    ("criteria", "counted", "total"),
    [
        ((computed(40, DONE, DONE), judged(60, "100")), 100, "100.0"),
        ((computed(40, DONE, OPEN), judged(60, "100")), 100, "80.0"),
        ((computed(40, LATE), judged(60, "50")), 100, "60.0"),
        ((computed(40, DONE, DONE, OPEN), judged(60, "0")), 100, "26.7"),  # 26,666…
        ((computed(40), judged(60, "50")), 60, "50.0"),  # nothing was owed: the rest counts whole
        ((computed(40, OPEN), judged(60, None)), 40, "0.0"),
        ((computed(100),), 0, None),
        ((judged(100, "120"),), 100, "100.0"),
        ((judged(100, "-5"),), 100, "0.0"),
    ],
)
def test_totals(criteria: tuple[Criterion, ...], counted: int, total: str | None) -> None:
    found = score(criteria)
    assert (found.counted, found.total) == (Decimal(counted), None if total is None else Decimal(total))


def test_every_line_shows_its_points() -> None:
    found = score([computed(40, DONE, LATE, OPEN), judged(60, "90")])
    assert [(line.code, line.points) for line in found.lines] == [
        ("remediation", Fraction(70, 3)),  # 40 × (1 + 3/4 + 0) / 3
        ("initiative", Fraction(54)),
    ]


@pytest.mark.parametrize(
    ("points", "text"),
    [(Fraction(2665, 100), "26.7"), (Fraction(2664, 100), "26.6"), (Fraction(80, 3), "26.7"), (Fraction(0), "0.0")],
)
def test_points_are_rounded_once_half_up(points: Fraction, text: str) -> None:
    assert rounded(points) == Decimal(text)


FULL = Decimal(100)


@pytest.mark.parametrize(
    ("record", "level", "short_of_best"),
    [
        (Record(Decimal(95), FULL, FULL, Decimal(30), FULL), "rated_excellent", ()),
        (Record(Decimal(95), FULL, FULL, Decimal(29), FULL), "rated_good", ("beyond",)),
        (Record(Decimal(95), FULL, FULL, Decimal(40), Decimal(90)), "rated_good", ("remedied",)),
        (Record(Decimal(95), FULL, FULL, Decimal(40), FULL, disciplined=True), "rated_good", ("discipline",)),
        (Record(Decimal(95), FULL, Decimal(99), Decimal(40), FULL), "rated_done", ("on_time",)),
        (Record(Decimal("89.9"), FULL, FULL, Decimal(40), FULL), "rated_good", ("total",)),
        (Record(Decimal(70), FULL, FULL), "rated_good", ("total", "beyond")),
        (Record(Decimal("69.9"), FULL, FULL), "rated_done", ("total", "beyond")),
        (Record(Decimal(50), FULL, Decimal(80)), "rated_done", ("total", "on_time", "beyond")),
        (Record(Decimal(50), FULL, Decimal("79.9")), "rated_not_done", ("total", "on_time", "beyond")),
        (Record(Decimal("49.9"), FULL, FULL), "rated_not_done", ("total", "beyond")),
        (Record(Decimal(95), Decimal(99), Decimal(99)), "rated_not_done", ("done", "on_time", "beyond")),
        (Record(Decimal(95), beyond=Decimal(30)), "rated_excellent", ()),  # nothing was owed
    ],
)
def test_ratings_of_366(record: Record, level: str, short_of_best: tuple[str, ...]) -> None:
    assert rating(LEVELS_366, record).code == level
    assert missing(LEVELS_366[0], record) == short_of_best


@pytest.mark.parametrize(
    ("best", "good", "over"), [(0, 0, False), (1, 5, False), (1, 4, True), (2, 10, False), (3, 10, True)]
)
def test_more_than_a_fifth_of_those_rated_good_is_told(best: int, good: int, over: bool) -> None:  # noqa: FBT001
    assert over_cap(best, good, Decimal(20)) is over


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


@pytest.mark.parametrize(
    ("days", "excused", "delays"),
    [
        ((day(10), day(10)), False, 0),
        ((day(9), day(10)), False, 1),  # a later day was granted, and kept
        ((day(8), day(9), None, day(9)), False, 2),
        ((day(8), day(9)), True, 0),
        ((None,), False, 0),
    ],
)
def test_each_last_day_that_was_missed_is_a_delay(
    days: tuple[dt.date | None, ...],
    excused: bool,  # noqa: FBT001
    delays: int,
) -> None:
    assert delays_of(days, day(10), excused=excused) == delays


def test_means_and_shares() -> None:
    assert mean([Decimal("80.1"), Decimal("80.2")]) == Decimal("80.2")
    assert mean([]) is None
    assert (percent(999, 1000), percent(4, 4), percent(0, 0)) == (Decimal("99.9"), Decimal(100), None)


pieces = st.builds(Piece, done=st.booleans(), delays=st.integers(0, 9), returns=st.integers(0, 9))
parts = st.lists(st.integers(1, 100), min_size=1, max_size=6)


@st.composite
def cards(draw: st.DrawFn) -> list[Criterion]:
    cuts = sorted(draw(st.lists(st.integers(0, 100), max_size=5)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    return [
        Criterion(str(n), Decimal(weight), computed=True, pieces=tuple(draw(st.lists(pieces, max_size=4))))
        if draw(st.booleans())
        else Criterion(str(n), Decimal(weight), computed=False, mark=draw(st.none() | st.decimals(-10, 120, places=1)))
        for n, weight in enumerate(weights)
    ]


@given(cards(), st.randoms(use_true_random=False))
def test_no_total_leaves_0_to_100_and_order_changes_nothing(card: list[Criterion], random: object) -> None:
    found = score(card)
    assert found.total is None or 0 <= found.total <= 100
    shuffled = card[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = score(shuffled)
    assert (again.total, again.counted) == (found.total, found.counted)
    assert sorted(map(repr, again.lines)) == sorted(map(repr, found.lines))
