"""Acts on papers: prepared once, worded anew, gathered again, numbered once a term."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404

from doantracker.papers.actions.papers import (
    NumberTaken,
    edit_paper,
    gather_again,
    gathered_anew,
    next_number,
    number_paper,
    prepare_paper,
)
from doantracker.papers.models import FirstNumber, OfficialPaper, Term
from plans.errors import ActionRefused, Stale
from plans.models import Plan
from tests.cast import Cast
from tests.factories import SolutionFactory, make_deadline, make_published_plan
from units.models import AuditEvent, Unit

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
SYMBOL = {"symbol_body": "TĐTN", "symbol_department": "VP", "place": "Sông Thao"}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """A plan of the province with one thing overdue and one in time."""
    found = make_published_plan(cast.province, title="Kế hoạch khắc phục", symbol="12-KH/TĐTN-VP", **SYMBOL)
    words = SolutionFactory(plan=found, ordinal=1, text="Rà soát danh sách.", lead_unit=cast.district)
    make_deadline(cast.district, plan=found, solution=words, due_on=dt.date(2026, 3, 10))
    make_deadline(cast.commune, plan=found, solution=words, due_on=dt.date(2026, 6, 30))
    return found


def prepared(cast: Cast, plan: Plan, **more: Any) -> OfficialPaper:
    return prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=cast.office_staff, **more)


def term(unit: Unit, start: int = 2022, **fields: Any) -> Term:
    return Term.objects.create(unit=unit, start=dt.date(start, 10, 1), **fields)


def test_a_paper_is_prepared_as_its_author_sees_it(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    paper = row.paper
    assert (row.unit, row.code, row.day, row.right) == (cast.province, "BC", TODAY, "manage_plans")
    assert (paper.head.number, paper.abstract) == ("……-BC/TĐTN-VP", "Tiến độ thực hiện kế hoạch khắc phục")
    assert [table.name for table in paper.tables] == [
        "Kết quả theo giải pháp",
        "Phụ lục 1. Kết quả theo đơn vị",
        "Phụ lục 2. Nội dung quá hạn chưa hoàn thành",
    ]
    assert paper.tables[2].rows == (
        (1, "Huyện đoàn Bình Minh", "Rà soát danh sách.", dt.date(2026, 3, 10), 6, "12-KH/TĐTN-VP"),
    )
    event = AuditEvent.objects.get(object_type="officialpaper")
    assert (event.action, event.object_id, event.unit_id) == ("created", row.pk, cast.province.pk)


def test_the_same_form_sent_twice_prepares_one(cast: Cast, plan: Plan) -> None:
    assert prepared(cast, plan, key="k" * 64) == prepared(cast, plan, key="k" * 64)
    assert OfficialPaper.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "secretary", "department_head", "reader", "outsider", "administrator"])
def test_only_who_runs_the_plans_of_the_unit_prepares_its_papers(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        prepare_paper(kind="progress", subject=f"plan={plan.pk}", by=getattr(cast, who))


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("progress", ""),
        ("progress", "plan=x"),
        ("progress", "plan=99999999999999999999"),
        ("progress", "plan=0"),
        ("nothing", "plan=1"),
        ("handover", "unit=-1"),
        ("chasing", "letter=1"),
        ("statistics", "unit=0"),
        ("progress", "plan=1&x=" + "y" * 600),
    ],
)
def test_nonsense_is_not_found(cast: Cast, kind: str, subject: str) -> None:
    with pytest.raises(Http404):
        prepare_paper(kind=kind, subject=subject, by=cast.office_staff)


def test_words_people_put_in_stay_when_the_paper_is_gathered_again(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    given = row.paper.paragraphs
    edit_paper(
        paper=row, by=cast.office_staff, version=1, words={**given, "next": "Họp giao ban ngày 20/3.", "x": "y"}
    )
    row.refresh_from_db()
    assert row.edits == {"next": "Họp giao ban ngày 20/3."}
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 1))
    gather_again(paper=row, by=cast.office_staff, version=2)
    row.refresh_from_db()
    assert (row.version, row.paper.paragraphs["next"]) == (3, "Họp giao ban ngày 20/3.")
    assert "Tổng số 03 nội dung" in row.paper.paragraphs["whole"]


def test_what_would_change_is_told_before_it_does(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    assert gathered_anew(row, by=cast.office_staff, today=TODAY).changes == []
    plan.solutions.get().deadlines.filter(unit=cast.district).update(due_on=dt.date(2026, 3, 31))
    found = gathered_anew(row, by=cast.office_staff, today=TODAY).changes
    gone = [change for change in found if change.where.startswith("Phụ lục 2")]
    assert [(c.before, c.after) for c in gone] == [
        ("Huyện đoàn Bình Minh | Rà soát danh sách. | 10/03/2026 | 6 | 12-KH/TĐTN-VP", "")
    ]


def test_numbers_run_by_kind_within_a_term_and_are_given_once(cast: Cast, plan: Plan) -> None:
    first, second = prepared(cast, plan), prepared(cast, plan)
    current = term(cast.province)
    FirstNumber.objects.create(term=current, code="BC", number=7)
    assert next_number(first, TODAY) == 7
    number_paper(paper=first, by=cast.office_staff, version=1, number=7, day=TODAY)
    first.refresh_from_db()
    assert (first.term, first.number, first.paper.head.number) == (current, 7, "07-BC/TĐTN-VP")
    assert next_number(second, TODAY) == 8
    with pytest.raises(NumberTaken, match=r"07\b.*\b08\b") as refused:
        number_paper(paper=second, by=cast.office_staff, version=1, number=7, day=TODAY)
    assert refused.value.free == 8
    second.refresh_from_db()
    assert (second.number, second.version) == (None, 1)


def test_a_new_term_begins_anew(cast: Cast, plan: Plan) -> None:
    first, second = prepared(cast, plan, today=dt.date(2022, 3, 1)), prepared(cast, plan)
    term(cast.province, 2017)
    number_paper(paper=first, by=cast.office_staff, version=1, number=1, day=dt.date(2022, 3, 1))
    term(cast.province, 2022)
    number_paper(paper=second, by=cast.office_staff, version=1, number=1, day=TODAY)
    assert list(OfficialPaper.objects.values_list("number", flat=True)) == [1, 1]


def test_without_a_term_no_number_is_given(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    with pytest.raises(ActionRefused, match="nhiệm kỳ"):
        number_paper(paper=row, by=cast.office_staff, version=1, number=1, day=TODAY)
    assert next_number(row, TODAY) is None


def test_a_numbered_paper_keeps_its_number_and_its_facts(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    term(cast.province)
    number_paper(paper=row, by=cast.office_staff, version=1, number=1, day=TODAY)
    with pytest.raises(ActionRefused):
        number_paper(paper=row, by=cast.office_staff, version=2, number=2, day=TODAY)
    with pytest.raises(ActionRefused):
        gather_again(paper=row, by=cast.office_staff, version=2)


def test_the_second_of_two_at_once_is_told(cast: Cast, plan: Plan) -> None:
    row = prepared(cast, plan)
    edit_paper(paper=row, by=cast.office_staff, version=1, words={"next": "Một."})
    with pytest.raises(Stale):
        edit_paper(paper=row, by=cast.office_staff, version=1, words={"next": "Hai."})
