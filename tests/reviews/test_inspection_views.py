"""Pages of inspections: who sees what, a fixed number of queries, the checklist on a phone, the register."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.actions.conclusions import add_conclusion, issue_conclusions
from reviews.actions.decisions import decide
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce
from reviews.actions.visits import Found, ask_team, end_visit, record_visit
from reviews.checklist_lines import Line, read_lines, write_lines
from reviews.enums import InspectionState
from reviews.models import Checklist, Conclusion, Inspection, InspectionVisit
from reviews.visit_lines import VisitLine, read_visits
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    make_checklist,
    make_inspection,
    make_meeting,
    make_member,
    make_permanent_member,
    make_unit,
)
from units.models import Unit, User

pytestmark = pytest.mark.usefixtures("today")
DAY = dt.date(2026, 3, 16)  # today
DUE = dt.date(2026, 4, 30)
PLANTED = "BÍ MẬT CỦA BÌNH MINH"


@pytest.fixture
def head(cast: Cast) -> User:
    """Return one of the permanent members of the province, who has no right by that."""
    return make_permanent_member(cast.province, full_name="Phan Thường Trực")


def announced(cast: Cast, head: User, *units: Unit) -> Inspection:
    """Return an inspection of `units`, announced a week ago for today."""
    with time_machine.travel(dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC), tick=False):
        if not Checklist.objects.exists():
            make_checklist(cast.province, by=cast.office_staff)
        made = make_inspection(cast.province, *units, by=cast.office_staff, head=head, day=DAY, members=[cast.reader])
        return announce(inspection=made, preparation="Báo cáo", days=3, by=cast.office_staff)


def concluded(cast: Cast, head: User, *units: Unit, text: str = "Lập đủ sổ.") -> Inspection:
    """Return an inspection with a conclusion about each of `units`; that about the first says `text`."""
    row = announced(cast, head, *units)
    visits = list(row.visits.select_related("inspection__programme__unit", "unit").order_by("pk"))
    for visit in visits:
        end_visit(visit=visit, on=DAY, by=head)
    end_visits(inspection=row, by=head, due=DUE)
    hand_in_report(inspection=row, text=f"Báo cáo {text}", by=head)
    for visit in visits:
        values = {"text": text if visit == visits[0] else "Nộp đủ đoàn phí.", "due": DUE, "follower": head}
        add_conclusion(visit=visit, values=values, by=head)
    return issue_conclusions(inspection=row, on=DAY, by=head)


def more_districts(cast: Cast, count: int) -> list[Unit]:
    return [make_unit(f"Huyện đoàn {n}", code=f"H{n}", kind="district", parent=cast.province) for n in range(count)]


def reported(cast: Cast, head: User) -> Inspection:
    """Return an inspection whose report is handed in, with nothing ticked and no conclusion."""
    row = announced(cast, head, cast.district)
    end_visit(visit=row.visits.select_related("inspection__programme__unit", "unit").get(), on=DAY, by=head)
    end_visits(inspection=row, by=head, due=DUE)
    return hand_in_report(inspection=row, text="Đơn vị làm tốt.", by=head)


# --- what pages warn of ---


def test_an_inspection_without_conclusions_ends_only_when_that_is_meant(cast: Cast, head: User, login: Login) -> None:
    row, client = reported(cast, head), login(head)
    address = reverse("reviews:conclusions_issue", args=[row.pk])
    asked = client.get(address)
    assert (asked.context["no_conclusion"], "Không có kết luận phải thực hiện" in asked.text) == (True, True)
    said = {"on": "16/03/2026", "version": row.version}
    assert client.post(address, said).status_code == 422
    told = client.post(address, said | {"nothing": "on"}, follow=True)
    assert "Không đơn vị nào phải thực hiện kết luận" in told.text
    assert "giao các đơn vị thực hiện" not in told.text
    row.refresh_from_db()
    assert row.state == InspectionState.CLOSED


def test_who_ends_the_visits_reads_how_many_items_have_no_finding(cast: Cast, head: User, login: Login) -> None:
    row = announced(cast, head, cast.district, cast.other_district)
    page = login(head).get(reverse("reviews:inspection_end", args=[row.pk]))
    assert page.context["unticked"] == 4
    assert "4 nội dung trong phiếu kiểm tra chưa ghi kết quả" in page.text


# --- who sees what ---


def test_no_inspected_unit_reads_what_concerns_another(cast: Cast, head: User, login: Login) -> None:
    row = announced(cast, head, cast.district, cast.other_district)
    other, own = row.visits.order_by("pk"), row.visits.get(unit=cast.other_district)
    visit = InspectionVisit.objects.select_related("inspection__programme__unit", "unit").get(pk=other[0].pk)
    item = visit.items.all()[0]
    record_visit(visit=visit, found={item.pk: Found("finding_unmet", PLANTED, 1)}, notes=PLANTED, by=head)
    ask_team(visit=visit, text=PLANTED, by=cast.secretary)
    for one in row.visits.select_related("inspection__programme__unit"):
        end_visit(visit=one, on=DAY, by=head)
    end_visits(inspection=row, by=head, due=DUE)
    hand_in_report(inspection=row, text=PLANTED, symbol="31-BC/TĐTN", by=head)
    add_conclusion(visit=visit, values={"text": PLANTED, "due": DUE, "follower": head}, by=head)
    issue_conclusions(inspection=row, on=DAY, by=head)
    visit.refresh_from_db()
    own.refresh_from_db()
    conclusion = Conclusion.objects.get()
    pages = [
        *("/", "/inspections/", "/conclusions/", "/plans/", "/deadlines/", "/notices/", "/meetings/"),
        *("/search/?q=bi+mat+cua", "/deadlines/?q=bi+mat", "/calendar/", "/units/"),
        *(f"/inspections/{row.pk}/", f"/inspections/visits/{own.pk}/", f"/inspections/visits/{visit.pk}/"),
        *(f"/conclusions/{conclusion.pk}/", f"/plans/{own.plan_id}/", f"/plans/{visit.plan_id}/"),
        *(f"/plans/{row.programme.plan_id}/", f"/events/{visit.event_id}/", f"/events/{own.event_id}/"),
    ]
    client = login(cast.sibling_secretary)
    found = {page: client.get(page, follow=True) for page in pages}
    assert [
        page for page, answer in found.items() if PLANTED in answer.text or cast.district.name in answer.text
    ] == []
    assert found[f"/inspections/visits/{own.pk}/"].status_code == 200
    hidden = (f"/inspections/{row.pk}/", f"/inspections/visits/{visit.pk}/", f"/conclusions/{conclusion.pk}/")
    assert [found[page].status_code for page in hidden] == [404, 404, 404]
    shown = login(cast.secretary).get(f"/inspections/visits/{visit.pk}/").text
    assert (shown.count(PLANTED), "BÍ MẬT" in login(cast.secretary).get("/conclusions/").text) == (2, True)


def test_a_unit_sees_nothing_before_it_is_told(cast: Cast, head: User, login: Login) -> None:
    row = make_inspection(cast.province, cast.district, by=cast.office_staff, head=head, day=DAY)
    client = login(cast.secretary)
    assert client.get(f"/inspections/visits/{row.visits.get().pk}/").status_code == 404
    assert "Đợt kiểm tra thử" not in client.get("/inspections/").text


def test_who_is_of_the_team_sees_the_inspection_whatever_the_post(cast: Cast, head: User, login: Login) -> None:
    row = announced(cast, head, cast.district)
    row.members.add(cast.sibling_secretary)
    client = login(cast.sibling_secretary)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.get(f"/inspections/visits/{row.visits.get().pk}/check/").status_code == 200
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 404


def test_conclusions_are_read_after_they_are_issued(cast: Cast, head: User, login: Login) -> None:
    row = announced(cast, head, cast.district)
    visit = row.visits.select_related("inspection__programme__unit", "unit").get()
    end_visit(visit=visit, on=DAY, by=head)
    add_conclusion(visit=visit, values={"text": PLANTED, "due": DUE, "follower": head}, by=head)
    assert PLANTED not in login(cast.secretary).get(f"/inspections/visits/{visit.pk}/").text
    assert PLANTED in login(head).get(f"{row.get_absolute_url()}?tab=conclusions").text


# --- the checklist on a phone ---


def test_the_checklist_is_filled_in_and_a_conflict_keeps_what_was_typed(cast: Cast, head: User, login: Login) -> None:
    row = announced(cast, head, cast.district)
    visit = row.visits.select_related("inspection__programme__unit", "unit").get()
    first, second = visit.items.all()
    address = f"/inspections/visits/{visit.pk}/check/"
    sent = {"notes": "", "notes_version": "1", f"finding_{first.pk}": "finding_met", f"seen_{first.pk}": "1"}
    sent |= {f"seen_{second.pk}": "1", f"note_{second.pk}": "Thiếu sổ thu"}
    record_visit(visit=visit, found={first.pk: Found("finding_unmet", "", 1)}, by=head)
    client = login(cast.reader)
    page = client.post(address, sent)
    assert (page.status_code, "Thiếu sổ thu" in page.text) == (409, True)
    again = client.post(address, sent | {f"seen_{first.pk}": "2"})
    first.refresh_from_db()
    assert (again["Location"], first.finding) == (visit.get_absolute_url(), "finding_met")
    assert client.post(address, {**sent, f"finding_{first.pk}": "x"}).status_code == 422
    assert client.post(address, {}).status_code == 422


# --- forms ---


def test_an_inspection_is_planned_from_the_form(cast: Cast, head: User, login: Login) -> None:
    sent: dict[str, Any] = {
        "year": "2026", "kind": "thematic", "title": "Kiểm tra đoàn phí", "head": str(head.pk), "form_key": "k",
        "report_unit": str(cast.department.pk), "members": [str(cast.reader.pk)],
        "visits": "Huyện đoàn Bình Minh; 26/03/2026\nThị đoàn Cẩm Giang",
    }  # fmt: skip
    office = login(cast.office_staff)
    pages = [office.post("/inspections/new/", sent) for _n in "ab"]
    row = Inspection.objects.get()  # the second click makes nothing more
    assert {page["Location"] for page in pages} == {row.get_absolute_url()}
    visits = row.visits.select_related("unit", "event").order_by("pk")
    assert [(v.unit, v.day) for v in visits] == [(cast.district, dt.date(2026, 3, 26)), (cast.other_district, None)]
    for wrong in ("Huyện đoàn Nào", "Huyện đoàn Bình Minh; 31/02/2026", "", "Thị đoàn Cẩm Giang\nThị đoàn Cẩm Giang"):
        page = office.post("/inspections/new/", sent | {"visits": wrong, "form_key": wrong})
        assert (page.status_code, "Kiểm tra đoàn phí" in page.text) == (422, True)
    assert Inspection.objects.count() == 1


def test_a_checklist_is_written_as_lines(cast: Cast, login: Login) -> None:
    office = login(cast.office_staff)
    address = f"/inspections/checklists/{cast.district.kind_id}/?unit={cast.province.pk}"
    assert office.post(address, {"text": "Tổ chức:\n- Sinh hoạt\n2. Đoàn phí", "version": "0"}).status_code == 302
    row = Checklist.objects.get()
    assert [(i.head, i.text) for i in row.items.all()] == [("Tổ chức", "Sinh hoạt"), ("Tổ chức", "Đoàn phí")]
    assert office.post(address, {"text": "Khác", "version": "0"}).status_code == 409
    assert office.post(address, {"text": "Chỉ có đề mục:", "version": "1"}).status_code == 422
    assert office.get("/inspections/checklists/").status_code == 200


def test_lines_read_back_as_they_were_written() -> None:
    lines = [Line("", "Một"), Line("Đề mục", "Hai"), Line("Đề mục", "Ba")]
    assert read_lines(write_lines(lines)) == lines
    assert list(read_visits("\nA; 1/4/2026\nB;\nC; mai")) == [
        VisitLine(2, "A", dt.date(2026, 4, 1)), VisitLine(3, "B"), VisitLine(4, "C", bad_day="mai"),
    ]  # fmt: skip


# --- the register ---


def test_the_register_shows_conclusions_and_decisions_of_all_sources(cast: Cast, head: User, login: Login) -> None:
    concluded(cast, head, cast.district)
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 12))
    facts: dict[str, Any] = {"meeting": meeting, "by": cast.office_staff, "overseer": make_member(cast.province)}
    decide(**facts, text="Xây dựng đề án.", lead_unit=cast.department, due=dt.date(2026, 3, 14))
    client = login(cast.leader)

    def texts(**query: Any) -> list[str]:
        return [line.text for line in client.get("/conclusions/", query).context["rows"]]

    assert texts() == ["Xây dựng đề án.", "Lập đủ sổ."]
    assert texts(source="inspection") == ["Lập đủ sổ."]
    assert texts(source="meeting") == ["Xây dựng đề án."]
    assert texts(overdue="true") == ["Xây dựng đề án."]
    assert texts(unit=cast.district.pk) == texts(follower=head.pk) == texts(q="lap du so") == ["Lập đủ sổ."]
    assert texts(state="result_closed") == []
    counts = client.get("/conclusions/").context["counts"]
    assert (counts.open, counts.overdue, counts.to_close, counts.closed) == (2, 1, 0, 0)
    own = login(cast.secretary).get("/conclusions/").context["rows"]
    assert [(line.text, line.href) for line in own] == [("Lập đủ sổ.", f"/conclusions/{Conclusion.objects.get().pk}/")]
    ours = login(cast.department_head).get("/conclusions/").context["rows"]
    assert {line.text for line in ours} == {"Xây dựng đề án.", "Lập đủ sổ."}
    assert login(cast.outsider).get("/conclusions/").context["rows"] == []


# --- a fixed number of queries ---


@pytest.mark.parametrize("count", [1, 6])
def test_pages_cost_the_same_for_any_number_of_units(cast: Cast, head: User, login: Login, count: int) -> None:
    row = concluded(cast, head, *more_districts(cast, count))
    client: Client = login(cast.office_staff)
    visit, conclusion = row.visits.order_by("pk")[0], Conclusion.objects.order_by("pk")[0]
    costs = {
        "/inspections/": 16,
        row.get_absolute_url(): 16,
        f"{row.get_absolute_url()}?tab=checklist": 15,
        visit.get_absolute_url(): 11,
        "/conclusions/": 9,
        conclusion.get_absolute_url(): 8,
    }
    client.get("/inspections/")  # the session
    cost = {}
    for address in costs:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        cost[address] = len(captured)
    assert cost == costs
