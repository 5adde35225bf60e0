"""The roll-up of results: definitions, equal to a brute-force sum over random trees, and the database equal to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.enums import Frequency, IndicatorKind, RollUp
from plans.indicator_figures import figures_of, owing_units, terms_of
from plans.indicator_periods import Period
from plans.models import Indicator, IndicatorResult
from plans.roll_up import Part, Term, over_periods, part_of, rolled_up, share
from tests.cast import Cast
from tests.factories import make_indicator, make_published_plan, make_unit
from units.actions import move_unit
from units.models import Unit

ALL = list(RollUp)
D = Decimal


def of(path: str, value: str, *, reached: bool = False) -> Term:
    """Return a term that is a plain number."""
    return Term(path, D(value), reached=reached)


def test_missing_is_not_zero() -> None:
    rolled = rolled_up("0001", terms=[of("00010001", "4")], owing=["00010001", "00010002"])
    assert (rolled.whole.owing, rolled.whole.given, rolled.whole.missing) == (2, 1, 1)
    assert [rolled.whole.number(o) for o in (RollUp.SUM, RollUp.MEAN, RollUp.MIN)] == [D(4), D(4), D(4)]
    nobody = rolled_up("0001", terms=[], owing=["00010001"])
    assert {nobody.whole.number(o) for o in ALL} == {None}
    zero = rolled_up("0001", terms=[of("00010001", "0")], owing=["00010001"])
    assert zero.whole.number(RollUp.SUM) == 0


def test_own_and_children_are_kept_apart_and_every_total_opens_to_its_terms() -> None:
    terms = [of("0001", "10"), of("00010001", "3"), of("000100010001", "2"), of("00010002", "4")]
    rolled = rolled_up("0001", terms=terms, owing=[t.path for t in terms])
    assert rolled.own.number(RollUp.SUM) == 10
    assert rolled.children.number(RollUp.SUM) == 9
    assert rolled.whole.number(RollUp.SUM) == 19
    assert {child: part.number(RollUp.SUM) for child, part in rolled.by_child.items()} == {
        "00010001": D(5),
        "00010002": D(4),
    }


def test_a_share_weighs_by_its_denominator_unless_units_weigh_the_same() -> None:
    terms = [
        Term("00010001", D(50), D(1), D(2)),
        Term("00010002", D(100), D(8), D(8)),
        Term("00010003", None, D(0), D(0)),  # has nobody to count
    ]
    whole = rolled_up("0001", terms=terms, owing=[]).whole
    assert whole.number(RollUp.WEIGHTED) == D(90)
    assert whole.number(RollUp.LATEST) == D(90)
    assert whole.number(RollUp.MEAN) == D(75)
    assert (whole.given, whole.valued, whole.missing) == (3, 2, 0)


def test_units_that_reach_the_target_are_counted() -> None:
    terms = [of("00010001", "5", reached=True), of("00010002", "1")]
    assert rolled_up("0001", terms=terms, owing=[]).whole.number(RollUp.COUNT_UNITS) == 1
    assert rolled_up("0001", terms=terms[1:], owing=[]).whole.number(RollUp.COUNT_UNITS) == 0


def test_who_gave_without_owing_is_not_missing() -> None:
    assert rolled_up("0001", terms=[of("00010001", "5")], owing=[]).whole == Part(
        owing=1, given=1, valued=1, total=D(5), least=D(5), most=D(5)
    )


def test_over_periods_a_state_is_that_of_the_newest_period_with_a_term() -> None:
    first, second, third = part_of(of("1", "4", reached=True)), part_of(of("1", "6")), Part(owing=1)
    periods = [first, second, third]
    got = {o: over_periods(periods, o).number(o) for o in ALL}
    assert got == {
        RollUp.SUM: D(10),
        RollUp.MEAN: D(5),
        RollUp.WEIGHTED: None,
        RollUp.MIN: D(4),
        RollUp.MAX: D(6),
        RollUp.LATEST: D(6),
        RollUp.COUNT_UNITS: D(0),
        RollUp.NONE: None,
    }


def test_a_quotient_is_rounded_once_half_up() -> None:
    assert share(D(2), D(3)) == D("66.6667")
    assert share(D(1), D(160000)) == D("0.0006")
    assert str(share(D("0.1"), D("0.3"))) == "33.3333"


# --- over random trees ----------------------------------------------------------------------------------------------

figures = st.decimals(min_value=0, max_value=10**9, places=3)


@st.composite
def paths(draw: st.DrawFn) -> list[str]:
    """Return the paths of a random tree below 0001."""
    found = ["0001"]
    for _ in range(draw(st.integers(0, 12))):
        parent = draw(st.sampled_from(found))
        found.append(f"{parent}{sum(p[:-4] == parent for p in found) + 1:04}")
    return found


@st.composite
def forests(draw: st.DrawFn) -> tuple[list[str], list[str], list[Term]]:
    """Return a tree, who owes, and the terms given, some by units that owe none; others are missing."""
    tree = draw(paths())
    owing = draw(st.lists(st.sampled_from(tree), unique=True))
    terms = []
    for path in draw(st.lists(st.sampled_from(tree), unique=True)):
        reached = draw(st.booleans())
        if draw(st.booleans()):
            terms.append(Term(path, draw(figures), reached=reached))
        else:
            under = draw(st.decimals(min_value=0, max_value=10**6, places=0))
            above = draw(st.decimals(min_value=0, max_value=under, places=0))
            terms.append(Term(path, share(above, under) if under else None, above, under, reached))
    return tree, owing, terms


def brute_force(terms: Sequence[Term], operator: RollUp) -> Decimal | None:
    """Return the number of some terms, worked out the long way with fractions."""
    values = [Fraction(t.value) for t in terms if t.value is not None]
    under = sum((Fraction(t.denominator or 0) for t in terms), Fraction(0))
    above = sum((Fraction(t.numerator or 0) for t in terms), Fraction(0))
    if operator == RollUp.COUNT_UNITS:
        return D(sum(t.reached for t in terms)) if terms else None
    if operator == RollUp.NONE or not values:
        return None
    if operator in {RollUp.MIN, RollUp.MAX}:
        return decimal(min(values) if operator == RollUp.MIN else max(values))
    if operator == RollUp.MEAN:
        return decimal(sum(values, Fraction(0)) / len(values))
    if operator in {RollUp.WEIGHTED, RollUp.LATEST} and under:
        return decimal(above * 100 / under)
    return None if operator == RollUp.WEIGHTED else decimal(sum(values, Fraction(0)))


def decimal(number: Fraction) -> Decimal:
    """Return a fraction rounded half up to four places."""
    return D(int((number * 20000 + 1) // 2)).scaleb(-4).quantize(D("0.0001"), ROUND_HALF_UP)


@given(forests(), st.sampled_from(ALL))
def test_it_equals_a_brute_force_sum(forest: tuple[list[str], list[str], list[Term]], operator: RollUp) -> None:
    tree, owing, terms = forest
    for path in tree:
        rolled = rolled_up(path, terms=terms, owing=owing)
        mine = [t for t in terms if t.path.startswith(path)]
        assert rolled.whole.number(operator) == brute_force(mine, operator)
        assert rolled.own.number(operator) == brute_force([t for t in mine if t.path == path], operator)
        assert rolled.children.number(operator) == brute_force([t for t in mine if t.path != path], operator)
        gave, owe = {t.path for t in mine}, {p for p in owing if p.startswith(path)}
        assert (rolled.whole.given, rolled.whole.missing) == (len(gave), len(owe - gave))
        for child, part in rolled.by_child.items():
            assert part.number(operator) == brute_force([t for t in mine if t.path.startswith(child)], operator)


@given(forests(), st.randoms())
def test_the_order_of_entry_never_matters(forest: tuple[list[str], list[str], list[Term]], random: object) -> None:
    _tree, owing, terms = forest
    shuffled = list(terms)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random of hypothesis
    assert rolled_up("0001", terms=shuffled, owing=owing[::-1]) == rolled_up("0001", terms=terms, owing=owing)


@given(forests(), st.data())
def test_a_moved_subtree_changes_no_total_of_the_units_above_both_places(
    forest: tuple[list[str], list[str], list[Term]], data: st.DataObject
) -> None:
    tree, owing, terms = forest
    if len(tree) < 3:
        return
    moved = data.draw(st.sampled_from(tree[1:]))
    target = data.draw(st.sampled_from([p for p in tree if not p.startswith(moved)]))

    def place(path: str) -> str:
        return f"{target}ZZZY{path[len(moved) :]}" if path.startswith(moved) else path

    after = [Term(place(t.path), t.value, t.numerator, t.denominator, t.reached) for t in terms]
    owing_after = [place(p) for p in owing]
    before_move, after_move = (rolled_up("0001", terms=t, owing=o) for t, o in ((terms, owing), (after, owing_after)))
    assert before_move.whole == after_move.whole
    alone = rolled_up(moved, terms=terms, owing=owing).whole
    assert rolled_up(place(moved), terms=after, owing=owing_after).whole == alone
    former = rolled_up(moved[:-4], terms=after, owing=owing_after)
    here = [t for t in after if t.path.startswith(moved[:-4])]
    assert former.whole.number(RollUp.SUM) == brute_force(here, RollUp.SUM)


# --- the database equals the pure roll-up ----------------------------------------------------------------------------

QUARTERS = [
    Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31), "I"),
    Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30), "II"),
]


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[int], list[dict[str, object]]]:
    """Return a tree as the parent of each unit, and what each gave: kind, period, figures; some nothing."""
    parents = [draw(st.integers(-1, n - 1)) for n in range(draw(st.integers(1, 8)))]
    given_ = []
    for n in range(-1, len(parents)):
        for quarter in (0, 1):
            if draw(st.booleans()):
                under = draw(st.integers(0, 500))
                figures_: dict[str, object] = {
                    "unit": n,
                    "quarter": quarter,
                    "denominator": D(under),
                    "numerator": D(draw(st.integers(0, under))),
                    "value": draw(st.decimals(min_value=0, max_value=10**6, places=3)),
                }
                given_.append(figures_)
    return parents, given_


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    situation=situations(),
    kind=st.sampled_from([IndicatorKind.NUMBER, IndicatorKind.RATIO]),
    comparator=st.sampled_from(["ge", "gt", "le", "lt", "eq"]),
    everybody=st.booleans(),
    data=st.data(),
)
def test_the_database_rolls_up_the_same(
    cast: Cast,
    situation: tuple[list[int], list[dict[str, Any]]],
    kind: IndicatorKind,
    comparator: str,
    everybody: bool,  # noqa: FBT001  # hypothesis passes it by name
    data: st.DataObject,
) -> None:
    with transaction.atomic():
        units = tree_below(cast.commune, situation[0])
        indicator = indicator_of(cast, units, kind=kind, comparator=comparator, everybody=everybody)
        IndicatorResult.objects.bulk_create(
            result_of(indicator, units[facts["unit"] + 1], facts, cast) for facts in situation[1]
        )
        if len(units) > 1:
            moved = Unit.objects.get(pk=data.draw(st.sampled_from(units[1:])).pk)
            move_unit(unit=moved, parent=cast.other_district, by=None)
        for unit in [cast.province, cast.district, cast.other_district, *units]:
            assert_equal(indicator, Unit.objects.get(pk=unit.pk))
        transaction.set_rollback(True)


def tree_below(top: Unit, parents: Sequence[int]) -> list[Unit]:
    """Make units below `top`, each below the one its number names (-1: `top`); every second is a branch."""
    units = [top]
    for n, parent in enumerate(parents):
        above = Unit.objects.get(pk=units[parent + 1].pk)
        units.append(make_unit(f"Đơn vị {n}", code=f"DV-{n}", kind="branch" if n % 2 else "commune", parent=above))
    return units


def indicator_of(
    cast: Cast, units: Sequence[Unit], *, kind: IndicatorKind, comparator: str, everybody: bool
) -> Indicator:
    """Make an indicator that every second unit owes, or only the branches and the first two units."""
    roll_up = RollUp.WEIGHTED if kind == IndicatorKind.RATIO else RollUp.SUM
    owners: dict[str, Any] = {"kinds": ["branch"]} if not everybody else {"kinds": ["branch", "commune"]}
    facts: dict[str, Any] = {"kind": kind, "comparator": comparator, "value": D(50), "roll_up": roll_up}
    plan = make_published_plan(cast.province)
    return make_indicator(plan, units=units[:2], frequency=Frequency.QUARTER, **facts, **owners)


def result_of(indicator: Indicator, unit: Unit, facts: dict[str, Any], cast: Cast) -> IndicatorResult:
    """Return what a unit gave for one of the QUARTERS."""
    names = ("numerator", "denominator") if indicator.kind == IndicatorKind.RATIO else ("value",)
    quarter = QUARTERS[facts["quarter"]]
    return IndicatorResult(
        indicator=indicator,
        unit=unit,
        unit_path=unit.path,
        period_start=quarter.start,
        period_end=quarter.end,
        entered_by=cast.secretary,
        entered_at=dt.datetime(2026, 3, 14, tzinfo=dt.UTC),
        **{name: facts[name] for name in names},
    )


def assert_equal(indicator: Indicator, unit: Unit) -> None:
    """Hold the grouped queries against the pure roll-up of every row."""
    found = figures_of([indicator], unit, {indicator.pk: QUARTERS})
    for quarter in QUARTERS:
        rows = IndicatorResult.objects.filter(indicator=indicator, period_start=quarter.start)
        terms = terms_of(rows.select_related("level"), indicator)
        owing = owing_units(indicator, quarter.end).values_list("path", flat=True)
        pure = rolled_up(str(unit.path), terms=terms, owing=[*owing])
        counted = found.at(indicator.pk, quarter.start).rolled
        assert (counted.own, dict(sorted(counted.by_child.items()))) == (pure.own, pure.by_child)
