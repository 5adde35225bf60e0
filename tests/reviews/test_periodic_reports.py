"""Periodic reports: asked for, owed in the register, filled, sent, returned, compiled upwards, and who sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.http import Http404
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from plans.actions.closing import FinalReport, close_plan
from plans.actions.deadlines import confirm, report_progress, return_result
from plans.actions.extensions import excuse
from plans.actions.proof import Proof
from plans.enums import OpenWork, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Evidence, Notice, Plan
from plans.reminders.sweep import check_deadlines
from reviews.actions.periodic_reports import introduce, open_report, refill_report, save_report, send_report
from reviews.actions.report_kinds import ask_for_year, change_kind
from reviews.compiling import compiled
from reviews.models import Compilation, PeriodicReport, ReportKind, WorkProgramme
from reviews.report_fill import digest_of, filled_texts
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import (
    SolutionFactory,
    make_deadline,
    make_meeting,
    make_published_plan,
    make_report_kind,
    make_unit,
)
from units.models import AuditEvent, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
NUMBER = Proof(document_numbers=("15-BC/ĐTN",))


@contextmanager
def on(day: dt.date) -> Iterator[None]:
    with time_machine.travel(dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def kind(cast: Cast) -> ReportKind:
    """A monthly report of the districts to the province, through the department, asked for on 16 March 2026."""
    return make_report_kind(
        cast.province, cast.district, cast.other_district, by=cast.office_staff, via_unit=cast.department
    )


def owed(kind: ReportKind, unit: Any, occurrence: str = "2026-03-25") -> Deadline:
    return Deadline.objects.get(schedule__report_year__kind=kind, unit=unit, occurrence=occurrence)


def work(unit: Any, plan: Plan, due_on: dt.date, text: str, **fields: Any) -> Deadline:
    solution = SolutionFactory(plan=plan, ordinal=plan.solutions.count() + 1, text=text, lead_unit=unit)
    return make_deadline(unit, plan=plan, due_on=due_on, solution=solution, **fields)


def written(deadline: Deadline, by: User, text: str = "Đã kết nạp 12 đoàn viên.") -> PeriodicReport:
    report = open_report(deadline=deadline, by=by)
    return save_report(report=report, texts={p.pk: text for p in report.parts.all()}, by=by, version=report.version)


def sent(deadline: Deadline, by: User, text: str = "Đã kết nạp 12 đoàn viên.") -> PeriodicReport:
    report = written(deadline, by, text)
    return send_report(report=report, texts={}, by=by, version=report.version, proof=NUMBER)


# --- asking for reports ---


def test_a_kind_is_one_commitment_in_the_programme_of_the_body(cast: Cast, kind: ReportKind) -> None:
    year = kind.years.get()
    programme = WorkProgramme.objects.get(unit=cast.province, body="executive_committee", year=2026)
    schedule = year.schedule
    assert schedule.solution.plan == programme.plan
    assert schedule.solution.text == (
        "Báo cáo công tác Đoàn hằng tháng, gửi Ban Chấp hành Tỉnh đoàn qua Ban Phong trào"
    )
    assert (schedule.solution.lead_unit, schedule.phrase) == (cast.department, "chậm nhất ngày 25 hằng tháng")
    rows = Deadline.objects.filter(schedule=schedule, unit=cast.district)
    assert [row.due_on for row in rows] == [dt.date(2026, month, 25) for month in range(3, 13)]
    assert Notice.objects.filter(deadline__in=rows, recipient=cast.secretary, kind="assigned").exists()
    event = AuditEvent.objects.get(action=AuditAction.REPORT_ASKED)
    assert (event.object_id, event.unit_id, event.data["year"]) == (kind.pk, cast.province.pk, 2026)


def test_the_sweep_reminds_and_writes_nothing_twice(cast: Cast, kind: ReportKind) -> None:
    with on(dt.date(2026, 9, 1)):
        check_deadlines(today=dt.date(2026, 9, 1))
    assert Deadline.objects.filter(schedule__report_year__kind=kind).count() == 20
    assert Notice.objects.filter(deadline=owed(kind, cast.district), kind="overdue").exists()


def test_kinds_of_units_and_a_unit_founded_later_owe_it_too(cast: Cast) -> None:
    kind = make_report_kind(
        cast.province, by=cast.office_staff, period="quarter", day=15, grace=2, owner_kinds=[cast.commune.kind]
    )
    assert set(Deadline.objects.filter(schedule__report_year__kind=kind).values_list("unit__name", "due_on")) == {
        (cast.commune.name, dt.date(2026, 3, 17)),
        (cast.commune.name, dt.date(2026, 6, 17)),  # Monday and two working days
        (cast.commune.name, dt.date(2026, 9, 17)),
        (cast.commune.name, dt.date(2026, 12, 17)),
    }
    check_deadlines(today=dt.date(2026, 3, 16))
    later = make_unit("Đoàn xã Mới", code="ST-BM-M", parent=cast.district)
    check_deadlines(today=dt.date(2026, 3, 16))
    assert Deadline.objects.filter(schedule__report_year__kind=kind, unit=later).exists()


def test_a_yearly_report_whose_day_has_passed_is_asked_for_from_the_next_year_on(cast: Cast) -> None:
    kind = make_report_kind(cast.province, cast.district, by=cast.office_staff, period="year", day=5, month=1)
    row = Deadline.objects.get(schedule__report_year__kind=kind)
    assert (kind.years.get().year, row.due_on) == (2027, dt.date(2027, 1, 5))
    assert kind.period_of(row.occurrence).key == "2026"


def test_a_thematic_report_is_owed_on_one_day(cast: Cast) -> None:
    kind = make_report_kind(
        cast.province, cast.district, by=cast.office_staff, period="once", day=None, due_on=dt.date(2026, 4, 10)
    )
    row = Deadline.objects.get(schedule__report_year__kind=kind)
    assert (row.occurrence, row.due_on) == ("once", dt.date(2026, 4, 10))
    assert kind.due_words == "chậm nhất ngày 10/04/2026"


def test_the_next_year_is_asked_for_once_and_not_after_the_last_day(cast: Cast, kind: ReportKind) -> None:
    with on(dt.date(2026, 12, 20)):
        made = ask_for_year(kind=kind, year=2027, by=cast.office_staff)
        assert made.deadlines().filter(unit=cast.district).count() == 12
        with pytest.raises(Stale):
            ask_for_year(kind=kind, year=2027, by=cast.office_staff)
        values = {"name": kind.name, "active_until": dt.date(2027, 12, 31), "goes_into": None}
        change_kind(kind=kind, values=values, by=cast.office_staff, version=1)
        with pytest.raises(ActionRefused, match="2028"):
            ask_for_year(kind=kind, year=2028, by=cast.office_staff)


@pytest.mark.parametrize(
    "wrong",
    [
        {"owner_units": []},
        {"day": None},
        {"due_on": dt.date(2026, 4, 1)},
        {"day": 32},
        {"grace": 6},
        {"active_until": dt.date(2025, 12, 31)},
        {"active_from": dt.date(2026, 3, 26), "active_until": dt.date(2026, 4, 20)},
        {"sections": [(" ", "free")]},
        {"body": "standing_committee"},  # nobody sits in one
    ],
)
def test_a_kind_that_can_not_be_owed_is_refused_and_nothing_stays(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(ActionRefused):
        make_report_kind(cast.province, **{"by": cast.office_staff, "owner_units": [cast.district], **wrong})
    assert not ReportKind.objects.exists()
    assert not WorkProgramme.objects.exists()


@pytest.mark.parametrize("who", ["leader", "secretary", "department_head", "reader", "administrator", "outsider"])
def test_who_does_not_run_the_plans_asks_for_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(Http404):
        make_report_kind(cast.province, cast.district, by=getattr(cast, who))


def test_a_changed_kind_is_logged_and_a_stale_change_refused(cast: Cast, kind: ReportKind) -> None:
    values = {"name": "Báo cáo tháng", "active_until": None, "goes_into": None}
    change_kind(kind=kind, values=values, by=cast.office_staff, version=1)
    event = AuditEvent.objects.filter(object_type="reportkind", action=AuditAction.CHANGED).get()
    assert event.data == {"name": ["Báo cáo công tác Đoàn hằng tháng", "Báo cáo tháng"]}
    with pytest.raises(Stale):
        change_kind(kind=kind, values=values, by=cast.second_office_staff, version=1)
    with pytest.raises(Http404):
        change_kind(kind=kind, values=values, by=cast.secretary, version=2)


# --- writing and sending ---


def test_a_report_is_filled_from_the_records_of_its_period(cast: Cast) -> None:
    sources = ("figures", "completed", "overdue", "difficulties", "meetings", "indicators", "below", "free")
    kind = make_report_kind(
        cast.province, cast.district, by=cast.office_staff, sections=[(source, source) for source in sources]
    )
    plan = make_published_plan(cast.province, title="Kế hoạch khác")
    done = {"status": Status.SUBMITTED, "reported_by": cast.secretary, "reported_on": dt.date(2026, 3, 10)}
    work(cast.district, plan, dt.date(2026, 3, 12), "Mở lớp tập huấn", **done)
    late = work(cast.district, plan, dt.date(2026, 3, 5), "Ra quân tháng Thanh niên")
    report_progress(deadline=late, by=cast.secretary, version=late.version, percent=50, difficulty="Mưa lũ kéo dài")
    work(cast.commune, plan, dt.date(2026, 3, 30), "Việc của xã")
    work(cast.district, plan, dt.date(2026, 4, 1), "Việc kỳ sau")
    make_meeting(
        cast.district, by=cast.secretary, day=dt.date(2026, 3, 2), title="Phiên họp tháng 3",
        held_on=dt.date(2026, 3, 2), recorded_by=cast.secretary,
    )  # fmt: skip
    report = open_report(deadline=owed(kind, cast.district), by=cast.secretary)
    found = dict(report.parts.values_list("section__heading", "text"))
    assert found == {
        "figures": "Việc đến hạn trong kỳ (của đơn vị và các đơn vị trực thuộc): 3. Hoàn thành đúng hạn: 1; "
        "hoàn thành trễ hạn: 0; quá hạn: 1; đang thực hiện trong hạn: 1. "
        "Tỷ lệ hoàn thành (số đã hoàn thành trên tổng số đã hoàn thành và quá hạn): 50,0 %.",
        "completed": "- Mở lớp tập huấn (báo cáo ngày 10/03/2026)",
        "overdue": "- Ra quân tháng Thanh niên (hạn 05/03/2026). Nguyên nhân: Mưa lũ kéo dài",
        "difficulties": "- Mưa lũ kéo dài (Chưa được trả lời.)",
        "meetings": "- Ngày 02/03/2026: Phiên họp tháng 3",
        "indicators": "Không có.",
        "below": "Không có.",
        "free": "",
    }
    assert open_report(deadline=report.deadline, by=cast.secretary) == report  # once


def test_sending_submits_the_deadline_with_the_paper(cast: Cast, kind: ReportKind) -> None:
    report = sent(owed(kind, cast.district), cast.secretary)
    row = owed(kind, cast.district)
    assert (row.status, row.reported_on, row.reported_by) == (Status.SUBMITTED, dt.date(2026, 3, 16), cast.secretary)
    assert Evidence.objects.get(deadline=row).document_number == "15-BC/ĐTN"
    assert row.reports.get().text == "Báo cáo công tác Đoàn hằng tháng – tháng 3/2026"
    event = AuditEvent.objects.filter(object_type="deadline", object_id=row.pk).first()
    assert event
    assert (event.action, event.unit_id) == (AuditAction.SUBMITTED, cast.district.pk)
    with pytest.raises(ActionRefused, match="Chờ xác nhận"):  # sent, it stays as it is
        save_report(report=report, texts={}, by=cast.secretary, version=report.version)


def test_a_report_sent_after_its_day_is_late_as_the_register_says(cast: Cast, kind: ReportKind) -> None:
    report = written(owed(kind, cast.district), cast.secretary)
    with on(dt.date(2026, 3, 26)):
        send_report(report=report, texts={}, by=cast.secretary, version=report.version, proof=NUMBER)
    row = owed(kind, cast.district)
    assert (row.reported_on, row.due_on, row.outcome) == (dt.date(2026, 3, 26), dt.date(2026, 3, 25), 1)


def test_a_report_without_a_paper_or_a_word_is_refused_and_keeps_nothing(cast: Cast, kind: ReportKind) -> None:
    report = open_report(deadline=owed(kind, cast.district), by=cast.secretary)
    part = report.parts.get()
    facts: dict[str, Any] = {"report": report, "by": cast.secretary, "version": 1}
    with pytest.raises(ActionRefused, match="trống"):
        send_report(texts={part.pk: " "}, proof=NUMBER, **facts)
    with pytest.raises(ActionRefused, match="văn bản"):
        send_report(texts={part.pk: "Có nội dung"}, **facts)
    report.refresh_from_db()
    part.refresh_from_db()
    assert (report.version, part.text, owed(kind, cast.district).status) == (1, "", Status.ASSIGNED)


def test_the_second_writer_is_told(cast: Cast, kind: ReportKind) -> None:
    report = open_report(deadline=owed(kind, cast.district), by=cast.secretary)
    part = report.parts.get()
    save_report(report=report, texts={part.pk: "Một"}, by=cast.secretary, version=1)
    with pytest.raises(Stale):
        save_report(report=report, texts={part.pk: "Hai"}, by=cast.office_staff, version=1)
    part.refresh_from_db()
    assert part.text == "Một"


def test_returned_it_is_owed_again_and_then_accepted(cast: Cast, kind: ReportKind) -> None:
    report = sent(owed(kind, cast.district), cast.secretary)
    row = owed(kind, cast.district)
    return_result(deadline=row, by=cast.office_staff, version=row.version, reason="Thiếu số liệu.")
    again = save_report(report=report, texts={}, by=cast.secretary, version=2 + 1)
    send_report(report=again, texts={}, by=cast.secretary, version=again.version)  # its number stands already
    row.refresh_from_db()
    confirm(deadline=row, by=cast.leader, version=row.version)
    assert owed(kind, cast.district).status == Status.COMPLETED


def test_filled_again_it_takes_only_what_is_ticked(cast: Cast) -> None:
    sections = [("Đã xong", "completed"), ("Chậm", "overdue")]
    kind = make_report_kind(cast.province, cast.district, by=cast.office_staff, sections=sections)
    report = open_report(deadline=owed(kind, cast.district), by=cast.secretary)
    first, second = report.parts.all()
    save_report(report=report, texts={second.pk: "Không chậm."}, by=cast.secretary, version=1)
    plan = make_published_plan(cast.province, title="Kế hoạch khác")
    done = {"status": Status.SUBMITTED, "reported_by": cast.secretary, "reported_on": dt.date(2026, 3, 10)}
    work(cast.district, plan, dt.date(2026, 3, 9), "Việc chậm", **done)
    texts = filled_texts(report, user=cast.secretary, today=dt.date(2026, 3, 16))
    facts: dict[str, Any] = {"report": report, "take": {first.pk}, "by": cast.secretary, "version": 2}
    with pytest.raises(Stale):
        refill_report(seen="", **facts)
    refill_report(seen=digest_of(texts.values()), **facts)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.text == first.filled == "- Việc chậm (báo cáo ngày 10/03/2026)"
    assert (second.text, second.filled[:11]) == ("Không chậm.", "- Việc chậm")


@pytest.mark.parametrize("who", ["sibling_secretary", "leader", "department_head", "reader", "outsider"])
def test_others_write_nothing_for_the_unit(cast: Cast, kind: ReportKind, who: str) -> None:
    report = written(owed(kind, cast.district), cast.secretary)
    person = getattr(cast, who)
    with pytest.raises(Http404):
        open_report(deadline=report.deadline, by=person)
    with pytest.raises(Http404):
        save_report(report=report, texts={}, by=person, version=report.version)
    with pytest.raises(Http404):
        send_report(report=report, texts={}, by=person, version=report.version, proof=NUMBER)
    with pytest.raises(Http404):
        refill_report(report=report, take=(), seen="", by=person, version=report.version)


def test_work_that_is_no_report_opens_none(cast: Cast) -> None:
    row = make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=dt.date(2026, 3, 20))
    with pytest.raises(ActionRefused):
        open_report(deadline=row, by=cast.secretary)
    with pytest.raises(Http404):
        open_report(deadline=row, by=cast.outsider)


def test_of_a_closed_programme_no_report_is_opened(cast: Cast, kind: ReportKind) -> None:
    row = owed(kind, cast.district)
    final = FinalReport(document_number="99-BC/TĐTN", document_day=dt.date(2026, 3, 2))
    close_plan(plan=row.plan, by=cast.office_staff, report=final, open_work=OpenWork.LEAVE)
    with pytest.raises(ActionRefused):
        open_report(deadline=row, by=cast.secretary)
    assert not PeriodicReport.objects.exists()


# --- compiled upwards ---


def test_the_parts_of_all_units_stand_by_section_and_who_is_missing(cast: Cast, kind: ReportKind) -> None:
    sent(owed(kind, cast.district), cast.secretary, "Bình Minh xong.")
    written(owed(kind, cast.other_district), cast.sibling_secretary, "Chưa gửi nên chưa hiện.")
    found = compiled(kind.years.get(), "2026-03-25", user=cast.department_head, today=dt.date(2026, 3, 16))
    (section,) = found.sections
    assert [(part.unit, part.text) for part in section.parts] == [(cast.district.name, "Bình Minh xong.")]
    assert [one.unit for one in found.sent] == [cast.district.name]
    assert [one.unit for one in found.not_sent] == [cast.other_district.name]


def test_the_department_introduces_what_it_compiles(cast: Cast, kind: ReportKind) -> None:
    year = kind.years.get()
    facts: dict[str, Any] = {"year": year, "occurrence": "2026-03-25"}
    made = introduce(text=" Nhìn chung tốt. ", by=cast.department_head, version=0, **facts)
    assert (made.introduction, made.version) == ("Nhìn chung tốt.", 1)
    with pytest.raises(Stale):
        introduce(text="Khác", by=cast.office_staff, version=0, **facts)
    introduce(text="Khác", by=cast.office_staff, version=1, **facts)
    assert Compilation.objects.get().introduction == "Khác"
    for person in (cast.secretary, cast.leader, cast.reader, cast.outsider):
        with pytest.raises(Http404):
            introduce(text="Sai", by=person, version=2, **facts)


def test_the_compiled_report_is_the_one_owed_upwards(cast: Cast) -> None:
    sections = [("Kết quả", "below")]
    whole = make_report_kind(cast.province, cast.district, by=cast.office_staff, period="quarter", sections=sections)
    part = make_report_kind(cast.district, cast.commune, by=cast.secretary, goes_into=whole)
    assert part.years.get().schedule.compiled_into == whole.years.get().schedule
    sent(owed(part, cast.commune), cast.commune_secretary, "Xã đã xong.")
    report = open_report(deadline=owed(whole, cast.district), by=cast.secretary)
    assert report.parts.get().text == f"{cast.commune.name}:\nXã đã xong."


def test_a_report_goes_only_into_one_owed_to_a_level_above(cast: Cast, kind: ReportKind) -> None:
    with pytest.raises(ActionRefused, match="đơn vị mình"):
        make_report_kind(cast.province, cast.district, by=cast.office_staff, goes_into=kind)


# --- pages ---


def test_from_the_deadline_to_the_sent_report(cast: Cast, kind: ReportKind, login: Login) -> None:
    secretary, row = login(cast.secretary), owed(kind, cast.district)
    assert reverse("reviews:report_open", args=[row.pk]) in secretary.get(row.get_absolute_url()).text
    opened = secretary.post(reverse("reviews:report_open", args=[row.pk]))
    report = PeriodicReport.objects.get()
    assert opened.headers["Location"] == report.get_absolute_url()
    name = f"part_{report.parts.get().pk}"
    page = report.get_absolute_url()
    saved = {"version": "1", name: "Dòng một\r\nDòng hai", "act": "save"}
    assert secretary.post(page, saved).status_code == 302
    assert report.parts.get().text == "Dòng một\nDòng hai"
    stale = secretary.post(page, {**saved, name: "Của tôi"})
    assert (stale.status_code, "Của tôi" in stale.text, "Dòng hai" in stale.text) == (409, True, True)
    refused = secretary.post(page, {"version": "2", name: "Có", "act": "send"})
    assert refused.status_code == 422
    assert (
        secretary.post(page, {"version": "2", name: "Có", "act": "send", "document_numbers": "sai số"}).status_code
        == 422
    )
    right = {"version": "2", name: "Có", "act": "send", "document_numbers": "15-BC/ĐTN"}
    assert secretary.post(page, right).status_code == 302
    assert owed(kind, cast.district).status == Status.SUBMITTED
    office = login(cast.office_staff)
    shown = office.get(page)
    assert "15-BC/ĐTN" in shown.text
    accept = {"version": owed(kind, cast.district).version, "next": page}
    accepted = office.post(reverse("plans:confirm", args=[row.pk]), accept)
    assert accepted.headers["Location"] == page
    assert office.post(page, right).status_code == 409  # accepted, it stays


def test_the_office_asks_by_the_form_once(cast: Cast, login: Login) -> None:
    office = login(cast.office_staff)
    page = reverse("reviews:report_kind_new")
    form = office.get(page).context["form"]
    data = {f.html_name: f.value() for f in form if f.value() is not None}
    data |= {"name": "Báo cáo quý", "period": "quarter", "day": "15", "grace": "2", "form_key": "k" * 22}
    data |= {"owner_units": cast.district.name, "active_from": "16/03/2026", "owner_kinds": []}
    data["body"] = "executive_committee"
    wrong = office.post(page, {**data, "day": "", "owner_units": "Không có"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"day", "owner_units"}
    for _twice in range(2):
        assert office.post(page, data).status_code == 302
    kind = ReportKind.objects.get()
    assert (kind.rule.period, kind.rule.day, kind.rule.grace, kind.sections.count()) == ("quarter", 15, 2, 6)
    assert Deadline.objects.get(due_on=dt.date(2026, 3, 17)).unit == cast.district


def test_the_matrix_says_who_has_sent_and_who_has_not(cast: Cast, kind: ReportKind, login: Login) -> None:
    report = sent(owed(kind, cast.district), cast.secretary)
    with on(dt.date(2026, 3, 27)):
        page = login(cast.department_head).get(kind.get_absolute_url())
    rows = {row.unit: [cell.state if cell else "" for cell in row.cells] for row in page.context["rows"]}
    assert rows[cast.district.name][:2] == ["report_on_time", "report_awaited"]
    assert rows[cast.other_district.name][:2] == ["report_missing", "report_awaited"]
    assert page.context["rows"][0].cells[0].href == report.get_absolute_url()
    counts = page.context["counts"]
    assert (counts.owed, counts.on_time, counts.late, counts.missing) == (20, 1, 0, 1)
    assert [c.label for c in page.context["columns"]][:2] == ["Tháng 3/2026", "Tháng 4/2026"]
    assert len(page.context["columns"]) == 10


def test_a_unit_sees_its_own_row_and_nothing_of_others(cast: Cast, kind: ReportKind, login: Login) -> None:
    report = sent(owed(kind, cast.other_district), cast.sibling_secretary, "Chỉ của Cẩm Giang")
    client = login(cast.secretary)
    page = client.get(kind.get_absolute_url())
    assert [row.unit for row in page.context["rows"]] == [cast.district.name]
    assert page.context["counts"].on_time == 0
    assert cast.other_district.name not in page.text
    assert cast.other_district.name not in client.get(reverse("reviews:report_kinds")).text
    year = kind.years.get()
    for name, args in (
        ("report", [report.pk]),
        ("report_refill", [report.pk]),
        ("compilation", [year.pk, "2026-03-25"]),
    ):
        assert client.get(reverse(f"reviews:{name}", args=args)).status_code == 404
    assert login(cast.outsider).get(kind.get_absolute_url()).status_code == 404


def test_the_leader_reads_what_is_compiled_and_writes_nothing(cast: Cast, kind: ReportKind, login: Login) -> None:
    sent(owed(kind, cast.district), cast.secretary, "Bình Minh xong.")
    address = reverse("reviews:compilation", args=[kind.years.get().pk, "2026-03-25"])
    leader, department = login(cast.leader), login(cast.department_head)
    assert "Bình Minh xong." in leader.get(address).text
    data = {"introduction": "Tốt.", "version": "0"}
    assert leader.post(address, data).status_code == 404
    assert department.post(address, data).status_code == 302
    assert department.post(address, data).status_code == 409
    assert "Tốt." in leader.get(address).text
    assert leader.get(address.replace("2026-03-25", "2026-03-26")).status_code == 404


def test_another_year_is_asked_for_once_the_units_are_agreed_to(cast: Cast, kind: ReportKind, login: Login) -> None:
    address = reverse("reviews:report_kind_ask", args=[kind.pk])
    office = login(cast.office_staff)
    page = office.get(kind.get_absolute_url())
    assert page.context["ask_for"] == 2027
    assert f"Đồng ý giao {kind.years.get().schedule.deadlines.values('unit').distinct().count()} đơn vị" in page.text
    assert office.post(address, {"year": "2027"}).status_code == 422
    assert office.post(address, {"year": "2027", "sure": "on"}).status_code == 302
    assert office.post(address, {"year": "2027", "sure": "on"}).status_code == 409
    assert office.post(address, {"year": "9999", "sure": "on"}).status_code == 422
    assert login(cast.secretary).post(address, {"year": "2028", "sure": "on"}).status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_pages_cost_the_same_for_few_and_many_units(
    cast: Cast, login: Login, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    units = [make_unit(f"Đoàn xã {n}", code=f"ST-X{n}", parent=cast.district) for n in range(many)]
    kind = make_report_kind(cast.province, *units, by=cast.office_staff)
    for unit in units:
        sent(owed(kind, unit), cast.office_staff)
    office, year, report = login(cast.office_staff), kind.years.get(), PeriodicReport.objects.all()[0]
    assert office.get(kind.get_absolute_url()).status_code == 200
    with django_assert_num_queries(MATRIX):
        office.get(kind.get_absolute_url())
    with django_assert_num_queries(COMPILED):
        office.get(reverse("reviews:compilation", args=[year.pk, "2026-03-25"]))
    with django_assert_num_queries(KINDS):
        office.get(reverse("reviews:report_kinds"))
    with django_assert_num_queries(REPORT):
        office.get(report.get_absolute_url())


MATRIX, COMPILED, KINDS, REPORT = 12, 9, 9, 9


def test_a_late_report_with_an_objective_cause_stands_as_excused(cast: Cast, kind: ReportKind, login: Login) -> None:
    with on(dt.date(2026, 3, 27)):
        sent(owed(kind, cast.district), cast.secretary)
        row = owed(kind, cast.district)
        excuse(deadline=row, by=cast.office_staff, version=row.version, cause="Bão lũ")
        page = login(cast.office_staff).get(kind.get_absolute_url())
    assert page.context["rows"][0].cells[0].state == "report_excused"
