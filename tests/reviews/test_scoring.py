"""Scores: tables of cases, and what holds for every card."""

from __future__ import annotations

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
    missing,
    over_cap,
    rating,
    rounded,
    score,
)

DONE, LATE, OPEN = Piece("a", done=True), Piece("b", done=True, delays=1), Piece("c", done=False)


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
    assert Piece("a", done=True, delays=delays).value == value


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
        (Record(Decimal(95), FULL, FULL, Decimal(30), FULL), "excellent", ()),
        (Record(Decimal(95), FULL, FULL, Decimal(29), FULL), "good", ("beyond",)),
        (Record(Decimal(95), FULL, FULL, Decimal(40), Decimal(90)), "good", ("remedied",)),
        (Record(Decimal(95), FULL, FULL, Decimal(40), FULL, disciplined=True), "good", ("discipline",)),
        (Record(Decimal(95), FULL, Decimal(99), Decimal(40), FULL), "done", ("on_time",)),
        (Record(Decimal("89.9"), FULL, FULL, Decimal(40), FULL), "good", ("total",)),
        (Record(Decimal(70), FULL, FULL), "good", ("total",)),
        (Record(Decimal("69.9"), FULL, FULL), "done", ("total",)),
        (Record(Decimal(50), FULL, Decimal(80)), "done", ("total", "on_time")),
        (Record(Decimal(50), FULL, Decimal("79.9")), "not_done", ("total", "on_time")),
        (Record(Decimal("49.9"), FULL, FULL), "not_done", ("total",)),
        (Record(Decimal(95), Decimal(99), Decimal(99)), "not_done", ("done", "on_time")),
        (Record(Decimal(95)), "excellent", ()),  # nothing of the kind was owed
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


pieces = st.builds(Piece, st.just("x"), done=st.booleans(), delays=st.integers(0, 9))
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
