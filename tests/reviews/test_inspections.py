"""The programme of inspections of a year, planning, announcing, moving and calling off; who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404

from plans.enums import PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Event, Plan
from plans.origins import origins_of
from reviews.actions.checklists import save_checklist
from reviews.actions.inspections import (
    announce,
    cancel_inspection,
    change_inspection,
    issue_programme,
    move_visit,
    plan_inspection,
)
from reviews.checklist_lines import Line
from reviews.enums import InspectionState
from reviews.models import Inspection, InspectionProgramme, InspectionVisit
from tests.cast import Cast
from tests.factories import make_checklist, make_inspection, make_member, make_permanent_member
from units.models import AuditEvent, User

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 26)
WANTED = "Báo cáo công tác Đoàn\n- Sổ đoàn viên"


@pytest.fixture
def head(cast: Cast) -> User:
    """Return one of the permanent members of the province, who has no right by that."""
    return make_permanent_member(cast.province, full_name="Phan Thường Trực")


@pytest.fixture
def inspection(cast: Cast, head: User) -> Inspection:
    """Return an inspection of both districts in ten days."""
    make_checklist(cast.province, by=cast.office_staff)
    return make_inspection(
        cast.province, cast.district, cast.other_district, by=cast.office_staff, head=head, day=DAY,
        report_unit=cast.department,
    )  # fmt: skip


def announced(inspection: Inspection, by: User, **facts: Any) -> Inspection:
    return announce(inspection=inspection, by=by, **{"preparation": WANTED, "days": 3, **facts})


# --- planning ---


def test_an_inspection_enters_the_programme_of_its_year(cast: Cast, inspection: Inspection, head: User) -> None:
    programme = InspectionProgramme.objects.select_related("plan").get()
    assert (programme.unit, programme.year, programme.plan.status) == (cast.province, 2026, PlanStatus.PUBLISHED)
    assert programme.plan.title == "Chương trình kiểm tra, giám sát năm 2026 của Tỉnh đoàn"
    assert (inspection.state, inspection.head, inspection.report_unit) == (
        InspectionState.PLANNED, head, cast.department,
    )  # fmt: skip
    visits = inspection.visits.select_related("event", "unit").order_by("pk")
    assert [(v.unit, v.day) for v in visits] == [(cast.district, DAY), (cast.other_district, DAY)]
    assert not Deadline.objects.exists()
    entry = AuditEvent.objects.filter(object_type="inspection").latest("pk")
    assert (entry.action, entry.actor, entry.data) == ("created", cast.office_staff, {"visits": 2})
    other = make_inspection(cast.province, cast.commune, by=cast.office_staff, head=head)
    assert other.programme == programme


def test_the_same_form_twice_makes_one_inspection(cast: Cast, head: User) -> None:
    values = {"title": "Một đợt", "head": head, "report_unit": cast.province}
    facts: dict[str, Any] = {"unit": cast.province, "year": 2026, "values": values, "visits": [(cast.district, None)]}
    made = [plan_inspection(**facts, by=cast.office_staff, key="k") for _n in "ab"]
    assert (made[0], Inspection.objects.count()) == (made[1], 1)


@pytest.mark.parametrize("who", ["department_head", "leader", "reader", "administrator", "secretary", "outsider"])
def test_others_plan_nothing(cast: Cast, head: User, who: str) -> None:
    with pytest.raises(Http404):
        make_inspection(cast.province, cast.district, by=getattr(cast, who), head=head)
    assert not InspectionProgramme.objects.exists()


def test_who_heads_it_sits_among_the_permanent_members(cast: Cast, head: User) -> None:
    member = make_member(cast.province, full_name="Lê Ủy Viên")
    with pytest.raises(ActionRefused, match="Lê Ủy Viên"):
        make_inspection(cast.province, cast.district, by=cast.office_staff, head=member)
    assert not Inspection.objects.exists()


def test_a_unit_without_permanent_members_lets_its_executive_committee_head(cast: Cast) -> None:
    member = make_member(cast.district, "executive_committee")
    made = make_inspection(cast.district, cast.commune, by=cast.secretary, head=member)
    assert made.head == member


def test_only_units_below_are_inspected(cast: Cast, head: User) -> None:
    for unit in (cast.province, cast.foreign_commune):
        with pytest.raises(ActionRefused):
            make_inspection(cast.province, unit, by=cast.office_staff, head=head)
    with pytest.raises(ActionRefused):
        make_inspection(cast.province, by=cast.office_staff, head=head)
    assert not Event.objects.exists()


def test_the_programme_carries_its_document(cast: Cast) -> None:
    facts: dict[str, Any] = {"unit": cast.province, "year": 2026, "by": cast.office_staff}
    row = issue_programme(**facts, symbol="12-CTr/TĐTN", issued_on=dt.date(2026, 1, 20))
    assert (row.symbol, row.issued_on) == ("12-CTr/TĐTN", dt.date(2026, 1, 20))
    assert AuditEvent.objects.filter(object_type="inspectionprogramme").latest("pk").action == "issued"
    with pytest.raises(Http404):
        issue_programme(unit=cast.province, year=2026, symbol="", issued_on=None, by=cast.leader)


def test_a_change_keeps_the_visits_that_stay(cast: Cast, inspection: Inspection, head: User) -> None:
    kept = inspection.visits.get(unit=cast.district)
    later = DAY + dt.timedelta(days=5)
    change_inspection(
        inspection=inspection, values={"title": "Đợt khác"}, members=[cast.reader, head], by=cast.office_staff,
        visits=[(cast.district, later), (cast.commune, None)], version=inspection.version,
    )  # fmt: skip
    inspection.refresh_from_db()
    visits = {v.unit: v for v in inspection.visits.select_related("event", "unit")}
    assert {unit: v.day for unit, v in visits.items()} == {cast.district: later, cast.commune: None}
    assert (visits[cast.district].pk, Event.objects.count()) == (kept.pk, 2)
    assert "Đợt khác" in visits[cast.district].event.name
    assert list(inspection.members.all()) == [cast.reader]  # the head is no member besides
    with pytest.raises(Stale):
        change_inspection(inspection=inspection, values={}, members=[], by=cast.office_staff, version=1)


# --- announcing ---


def test_announcing_gives_each_unit_its_preparation_and_checklist(cast: Cast, inspection: Inspection) -> None:
    announced(inspection, cast.office_staff)
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.ANNOUNCED
    rows = {row.unit: row for row in Deadline.objects.select_related("unit", "plan", "solution")}
    assert {u: r.due_on for u, r in rows.items()} == dict.fromkeys(
        (cast.district, cast.other_district), dt.date(2026, 3, 23)
    )
    assert rows[cast.district].solution.text.splitlines() == [
        "Chuẩn bị phục vụ Đợt kiểm tra thử:", "- Báo cáo công tác Đoàn", "- Sổ đoàn viên",
    ]  # fmt: skip
    assert rows[cast.district].plan != rows[cast.other_district].plan
    visit = inspection.visits.get(unit=cast.district)
    assert [item.text for item in visit.items.all()] == ["Hồ sơ đoàn viên", "Đoàn phí"]
    assert visit.checklist
    assert (visit.checklist.version, visit.plan) == (1, rows[cast.district].plan)
    told = set(rows[cast.district].notices.values_list("recipient", flat=True))
    assert told == {cast.secretary.pk}
    assert AuditEvent.objects.filter(object_type="inspection").latest("pk").action == "issued"
    assert [o.href for o in origins_of(rows[cast.district].solution, cast.secretary)] == [visit.get_absolute_url()]
    assert origins_of(rows[cast.district].solution, cast.sibling_secretary) == []


def test_what_was_copied_stays_when_the_checklist_changes(cast: Cast, inspection: Inspection) -> None:
    announced(inspection, cast.office_staff)
    facts: dict[str, Any] = {"unit": cast.province, "unit_kind": cast.district.kind, "by": cast.office_staff}
    second = save_checklist(**facts, lines=[Line("", "Mục mới")], version=1)
    visit = inspection.visits.get(unit=cast.district)
    assert visit.checklist
    assert (second.version, visit.checklist.version, visit.items.count()) == (2, 1, 2)
    assert save_checklist(**facts, lines=[Line("", "Mục mới")], version=2) == second  # nothing changed
    with pytest.raises(Stale):
        save_checklist(**facts, lines=[Line("", "Mục khác")], version=1)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"preparation": " \n- "}, "chuẩn bị"),
        ({"days": 11}, "ngày"),
        ({"days": 61}, "60"),
    ],
)
def test_an_announcement_that_cannot_work_is_refused(
    cast: Cast, inspection: Inspection, facts: dict[str, Any], words: str
) -> None:
    with pytest.raises(ActionRefused, match=words):
        announced(inspection, cast.office_staff, **facts)
    assert (Deadline.objects.count(), Plan.objects.count()) == (0, 1)


def test_a_visit_needs_its_day_and_a_checklist_of_its_kind(cast: Cast, head: User) -> None:
    made = make_inspection(cast.province, cast.district, by=cast.office_staff, head=head)
    with pytest.raises(ActionRefused, match="Huyện đoàn Bình Minh"):
        announced(made, cast.office_staff)
    move_visit(visit=made.visits.get(), day=DAY, by=cast.office_staff)
    with pytest.raises(ActionRefused, match="District"):
        announced(made, cast.office_staff)
    make_checklist(cast.province, by=cast.office_staff)
    assert announced(made, cast.office_staff).state == InspectionState.ANNOUNCED
    with pytest.raises(Stale):
        announced(made, cast.office_staff)


@pytest.mark.parametrize("who", ["department_head", "leader", "reader", "secretary", "outsider"])
def test_others_announce_move_and_cancel_nothing(cast: Cast, inspection: Inspection, who: str) -> None:
    by, visit = getattr(cast, who), inspection.visits.order_by("pk")[0]
    for act in (
        lambda: announced(inspection, by),
        lambda: move_visit(visit=visit, day=DAY, by=by),
        lambda: cancel_inspection(inspection=inspection, reason="x", by=by),
        lambda: change_inspection(inspection=inspection, values={}, members=[], by=by),
    ):
        with pytest.raises(Http404):
            act()
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.PLANNED


def test_the_preparation_moves_with_the_visit(cast: Cast, inspection: Inspection) -> None:
    announced(inspection, cast.office_staff)
    visit = inspection.visits.get(unit=cast.district)
    move_visit(visit=visit, day=DAY + dt.timedelta(days=7), by=cast.office_staff)
    assert Deadline.objects.get(unit=cast.district).due_on == dt.date(2026, 3, 30)
    assert Deadline.objects.get(unit=cast.other_district).due_on == dt.date(2026, 3, 23)


def test_calling_it_off_calls_off_what_is_owed(cast: Cast, inspection: Inspection) -> None:
    announced(inspection, cast.office_staff)
    with pytest.raises(ActionRefused):
        cancel_inspection(inspection=inspection, reason=" ", by=cast.office_staff)
    cancel_inspection(inspection=inspection, reason="Sáp nhập đơn vị", by=cast.office_staff)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.cancel_reason) == (InspectionState.CANCELLED, "Sáp nhập đơn vị")
    assert set(Deadline.objects.values_list("status", flat=True)) == {Status.CANCELLED}
    assert set(InspectionVisit.objects.values_list("event__cancelled", flat=True)) == {True}
    with pytest.raises(Stale):
        cancel_inspection(inspection=inspection, reason="x", by=cast.office_staff)
