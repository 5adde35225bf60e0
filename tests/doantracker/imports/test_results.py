"""Results of indicators from a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from doantracker.imports.actions import Faulty
from doantracker.imports.kinds.base import Scope
from doantracker.imports.kinds.results import RESULTS, rows_to_fill
from doantracker.imports.outcome import Outcome
from doantracker.imports.sheet import read_sheet
from doantracker.imports.table import read_table
from doantracker.imports.template import workbook
from doantracker.lib import clock
from plans.actions.indicator_results import lock_period
from plans.models import IndicatorResult, Plan
from tests.cast import Cast
from tests.doantracker.imports.acts import counts, imported, tried, wrong
from tests.factories import make_indicator, make_published_plan
from units.models import User

pytestmark = pytest.mark.usefixtures("today", "in_process")
HEAD = ["number of the indicator", "code of the unit", "reporting period", "figure", "reached", "of how many", "note"]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan that counts classes by quarter, members in percent by year, and grades by year."""
    found = make_published_plan(cast.province)
    owing = [cast.district, cast.commune, cast.other_district]
    make_indicator(found, units=owing, frequency="quarter")
    make_indicator(found, units=owing, kind="ratio", frequency="year")
    make_indicator(found, units=owing, levels=[("Tốt", True), ("Khá", False)], frequency="year")
    return found


def done(by: User, plan: Plan, *rows: list[Any]) -> Outcome:
    return imported(RESULTS, by, HEAD, *rows, plan=plan)


def test_results_of_every_kind_are_entered(cast: Cast, plan: Plan) -> None:
    found = done(
        cast.office_staff,
        plan,
        [1, "ST-BM", "Quý I/2026", "1.250", None, None, "Đã kiểm"],
        [1, "ST-CG", "15/02/2026", 7, None, None, None],
        [2, "ST-BM", None, None, 46, 50, None],
        [3, "ST-BM-AH", "2026", "tot", None, None, None],
    )
    assert wrong(found) == []
    assert counts(found) == (4, 0, 0, 0)
    rows = IndicatorResult.objects.order_by("indicator__ordinal", "unit_path").select_related("unit", "level")
    assert [(r.unit.code, r.period_start, r.value, r.numerator, r.denominator, str(r.level or "")) for r in rows] == [
        ("ST-BM", dt.date(2026, 1, 1), Decimal(1250), None, None, ""),
        ("ST-CG", dt.date(2026, 1, 1), Decimal(7), None, None, ""),
        ("ST-BM", dt.date(2026, 1, 1), None, Decimal(46), Decimal(50), ""),
        ("ST-BM-AH", dt.date(2026, 1, 1), None, None, None, "Tốt"),
    ]
    assert rows[0].note == "Đã kiểm"


def test_the_same_file_twice_changes_nothing_and_another_figure_changes_one(cast: Cast, plan: Plan) -> None:
    rows = [[1, "ST-BM", "Quý I/2026", 5, None, None, None], [3, "ST-BM", None, "khá", None, None, None]]
    done(cast.office_staff, plan, *rows)
    assert counts(done(cast.office_staff, plan, *rows)) == (0, 0, 2, 0)
    rows[0][3] = 6
    again = done(cast.office_staff, plan, *rows)
    assert counts(again) == (0, 1, 1, 0)
    assert [(d.label, d.before, d.after) for d in again.changes[0].differences] == [("Figure", "5", "6")]


def test_a_row_without_figures_leaves_what_stands(cast: Cast, plan: Plan) -> None:
    assert counts(done(cast.office_staff, plan, [1, "ST-BM", "Quý I/2026", None, None, None, None])) == (0, 0, 1, 0)


def test_what_is_wrong_is_told(cast: Cast, plan: Plan) -> None:
    indicator = plan.indicators.get(ordinal=2)
    lock_period(indicator=indicator, period_start=dt.date(2026, 1, 1), by=cast.office_staff)
    outcome = tried(
        RESULTS, cast.office_staff, HEAD,
        [9, "ST-BM", None, 1, None, None, None],
        [1, "HV-LT", "Quý I/2026", 1, None, None, None],
        [1, "ST-BM", "Quý II/2026", 1, None, None, None],
        [1, "ST-BM", "Quý I/2026", "nhiều", None, None, None],
        [1, "ST-CG", "Quý I/2026", None, 1, 2, None],
        [1, "ST-BM-AH-3", "Quý I/2026", 1, None, None, None],
        [1, "ST-BM-AH", "Quý I/2026", -1, None, None, None],
        [2, "ST-BM", None, None, 1, 2, None],
        [3, "ST-BM", None, "Giỏi", None, None, None],
        plan=plan,
    )  # fmt: skip
    assert wrong(outcome) == [
        (2, "Number of the indicator", "The plan has no indicator of this number to which results are entered."),
        (3, "Code of the unit", "No unit has this code."),
        (4, "Reporting period", "This indicator asks nothing for this period."),
        (5, "Figure", "This is no number."),
        (6, "Reached", "This target is no share."),
        (7, "Code of the unit", "This unit gives no results for this target in that period."),
        (8, "Figure", "A figure is 0 or more."),
        (9, "Reporting period", "This period is closed."),
        (10, "Figure", "This is no level of the indicator."),
    ]


def test_all_that_can_be_checked_is_told_in_one_round(cast: Cast, plan: Plan) -> None:
    outcome = tried(
        RESULTS, cast.office_staff, HEAD,
        [1, "HV-LT", "Quý IX/2026", "nhiều", None, None, None],
        ["một", "HV-LT", None, 1, None, None, None],
        [1, "ST-BM-AH-3", "Quý I/2026", -1, "x", None, None],
        plan=plan,
    )  # fmt: skip
    assert sorted(wrong(outcome)) == [
        (2, "Code of the unit", "No unit has this code."),
        (2, "Figure", "This is no number."),
        (2, "Reporting period", "This indicator asks nothing for this period."),
        (3, "Code of the unit", "No unit has this code."),
        (3, "Number of the indicator", "This is no number."),
        (4, "Code of the unit", "This unit gives no results for this target in that period."),
        (4, "Figure", "A figure is 0 or more."),
        (4, "Reached", "This is no number."),
    ]


def test_the_template_begins_with_what_units_have_not_given(cast: Cast, plan: Plan) -> None:
    done(cast.office_staff, plan, [1, "ST-BM", "Quý I/2026", 5, None, None, None])
    lock_period(indicator=plan.indicators.get(ordinal=2), period_start=dt.date(2026, 1, 1), by=cast.office_staff)
    rows = rows_to_fill(Scope(cast.secretary, clock.today(), plan))
    assert [(row["indicator"], row["unit"], row["period"]) for row in rows] == [
        ("1", "ST-BM-AH", "Quarter I/2026"),
        ("3", "ST-BM", "Year 2026"),
        ("3", "ST-BM-AH", "Year 2026"),
    ]
    columns = RESULTS.columns(Scope(cast.secretary, clock.today(), plan))
    table = read_table(read_sheet(workbook(columns, [], title="Mẫu", begun=rows)), columns)
    assert table.findings == []
    outcome = RESULTS.check(table.rows, Scope(cast.secretary, clock.today(), plan))
    assert counts(outcome) == (0, 0, 3, 0)


def test_one_refused_row_keeps_all_others_out(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Faulty):
        done(
            cast.office_staff,
            plan,
            [1, "ST-BM", "Quý I/2026", 1, None, None, None],
            [2, "ST-BM", None, None, 3, 2, None],
        )
    assert not IndicatorResult.objects.exists()


def test_a_secretary_enters_for_the_own_units_only(cast: Cast, plan: Plan) -> None:
    own, foreign = [1, "ST-BM-AH", "Quý I/2026", 1, None, None, None], [1, "ST-CG", "Quý I/2026", 1, None, None, None]
    outcome = tried(RESULTS, cast.secretary, HEAD, own, foreign, plan=plan)
    assert wrong(outcome) == [(3, "Code of the unit", "No unit has this code.")]
    assert counts(done(cast.secretary, plan, own)) == (1, 0, 0, 0)


@pytest.mark.parametrize("who", ["outsider", "administrator", "reader"])
def test_who_enters_no_results_imports_none(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        tried(RESULTS, getattr(cast, who), HEAD, [1, "ST-BM", "Quý I/2026", 1, None, None, None], plan=plan)


@pytest.mark.parametrize("size", [1, 20])
def test_checking_asks_the_same_number_of_questions_for_many_rows(
    cast: Cast, plan: Plan, size: int, django_assert_num_queries: Any
) -> None:
    for _n in range(size - 1):
        make_indicator(plan, units=[cast.district, cast.commune], frequency="quarter")
    ordinals = [1, *range(4, 3 + size)]
    rows = [[n, code, "Quý I/2026", 1, None, None, None] for n in ordinals for code in ("ST-BM", "ST-BM-AH")]
    with django_assert_num_queries(10):
        assert tried(RESULTS, cast.office_staff, HEAD, *rows, plan=plan).new == len(rows)


def test_a_word_empties_a_note(cast: Cast, plan: Plan) -> None:
    done(cast.office_staff, plan, [1, "ST-BM", "Quý I/2026", 5, None, None, "Đã kiểm"])
    cleared = done(cast.office_staff, plan, [1, "ST-BM", "Quý I/2026", 5, None, None, "(xóa)"])
    assert [(d.label, d.before, d.after) for d in cleared.changes[0].differences] == [("Note", "Đã kiểm", "")]
    assert IndicatorResult.objects.get().note == ""


def test_a_note_is_emptied_or_corrected_without_the_figure(cast: Cast, plan: Plan) -> None:
    by = cast.office_staff
    done(by, plan, [1, "ST-BM", "Quý I/2026", 5, None, None, "Cũ"], [3, "ST-BM-AH", "2026", "Tốt", None, None, "Cũ"])
    found = done(
        by,
        plan,
        [1, "ST-BM", "Quý I/2026", None, None, None, "(xóa)"],
        [3, "ST-BM-AH", "2026", None, None, None, "Mới"],
        [2, "ST-BM", "2026", None, None, None, "(xóa)"],
    )
    assert counts(found) == (0, 2, 1, 0)
    results = IndicatorResult.objects.order_by("indicator__ordinal")
    assert [(r.value, str(r.level or ""), r.note) for r in results] == [(Decimal(5), "", ""), (None, "Tốt", "Mới")]


def test_a_row_without_a_figure_is_refused_where_it_says_something_that_nothing_takes(cast: Cast, plan: Plan) -> None:
    found = tried(
        RESULTS,
        cast.office_staff,
        HEAD,
        [1, "ST-BM", "Quý IX", None, None, None, None],
        [1, "ST-CG", "Quý I/2026", None, None, None, "Chưa có số"],
        plan=plan,
    )
    assert [(finding.row, finding.column, finding.value) for finding in found.findings] == [
        (2, "Reporting period", "Quý IX"),
        (3, "Note", "Chưa có số"),
    ]
