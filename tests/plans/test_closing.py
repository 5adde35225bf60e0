"""Closing a plan with its final report, and opening it again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from plans.actions.amendments import discard_amendment, open_amendment
from plans.actions.closing import FinalReport, close_plan, reopen_plan
from plans.actions.proof import Upload
from plans.enums import NoticeKind, OpenWork, PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Notice, Plan, PlanClosing
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import close, make_deadline, make_published_plan
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

NUMBER = FinalReport(document_number="99-BC/TĐTN", document_day=dt.date(2026, 3, 2))
PDF = b"%PDF-1.4 bao cao"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan with an open, a held and a completed deadline."""
    plan = make_published_plan(cast.province, title="Kế hoạch sắp kết thúc")
    make_deadline(cast.commune, plan=plan, due_on=dt.date(2026, 3, 1))
    make_deadline(cast.commune, plan=plan, status=Status.ON_HOLD)
    done: dict[str, Any] = {"reported_on": dt.date(2026, 3, 1), "reported_by": cast.commune_secretary}
    confirmed: dict[str, Any] = {"confirmed_on": dt.date(2026, 3, 2), "confirmed_by": cast.office_staff}
    make_deadline(cast.commune, plan=plan, status=Status.COMPLETED, **done, **confirmed)
    return plan


def _statuses(plan: Plan) -> list[str]:
    return list(Deadline.objects.filter(plan=plan).order_by("pk").values_list("status", flat=True))


def test_open_work_stays_countable_when_it_is_left(cast: Cast, plan: Plan) -> None:
    closing = close_plan(plan=plan, by=cast.office_staff, report=NUMBER, open_work=OpenWork.LEAVE)
    plan.refresh_from_db()
    assert (plan.status, plan.closed_by, closing.open_count) == (PlanStatus.CLOSED, cast.office_staff, 2)
    assert _statuses(plan) == ["assigned", "on_hold", "completed"]
    data = AuditEvent.objects.get(action="closed").data
    assert data == {"report": "99-BC/TĐTN", "open": 2, "open_work": "leave"}


def test_open_work_is_called_off_with_the_reason_and_the_unit_told(cast: Cast, plan: Plan) -> None:
    with pytest.raises(ActionRefused):
        close_plan(plan=plan, by=cast.office_staff, report=NUMBER, open_work=OpenWork.CANCEL)
    reason = "Chuyển sang kế hoạch năm sau."
    close_plan(plan=plan, by=cast.office_staff, report=NUMBER, open_work=OpenWork.CANCEL, reason=reason)
    assert _statuses(plan) == ["cancelled", "cancelled", "completed"]
    assert set(Deadline.objects.filter(status="cancelled").values_list("reason", "held_on")) == {(reason, None)}
    assert Notice.objects.filter(kind=NoticeKind.CANCELLED).count() == 1
    assert AuditEvent.objects.filter(action="cancelled", object_type="deadline").count() == 2


@pytest.mark.parametrize(
    "report",
    [
        FinalReport(),
        FinalReport(link="https://example.org", document_number="99-BC/TĐTN", document_day=dt.date(2026, 3, 2)),
        FinalReport(document_number="99-BC/TĐTN"),
        FinalReport(document_number="99-BC/TĐTN", document_day=dt.date(2026, 3, 17)),
    ],
)
def test_exactly_one_whole_report_is_needed(cast: Cast, plan: Plan, report: FinalReport) -> None:
    with pytest.raises(ActionRefused):
        close_plan(plan=plan, by=cast.office_staff, report=report, open_work=OpenWork.LEAVE)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.PUBLISHED


def test_open_work_has_to_be_decided_about(cast: Cast, plan: Plan) -> None:
    with pytest.raises(ActionRefused):
        close_plan(plan=plan, by=cast.office_staff, report=NUMBER)
    close_plan(plan=make_published_plan(cast.province), by=cast.office_staff, report=NUMBER)  # nothing is open


def test_results_that_wait_are_answered_first(cast: Cast, plan: Plan) -> None:
    done: dict[str, Any] = {"reported_on": dt.date(2026, 3, 1), "reported_by": cast.commune_secretary}
    make_deadline(cast.commune, plan=plan, status=Status.SUBMITTED, **done)
    with pytest.raises(ActionRefused, match="1 kết quả đang chờ xác nhận"):
        close(plan, by=cast.office_staff)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.PUBLISHED


def test_an_open_amendment_is_issued_or_thrown_away_first(cast: Cast, plan: Plan) -> None:
    amendment = open_amendment(plan=plan, by=cast.office_staff, title="Điều chỉnh lần 1", reason="Sát thực tế hơn.")
    with pytest.raises(ActionRefused, match="Điều chỉnh lần 1"):
        close(plan, by=cast.office_staff)
    discard_amendment(amendment=amendment, by=cast.office_staff)
    close(plan, by=cast.office_staff)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.CLOSED


def test_only_the_issuers_people_close_and_a_closed_plan_is_not_closed_again(cast: Cast, plan: Plan) -> None:
    for person in (cast.secretary, cast.leader, cast.administrator, cast.outsider):
        with pytest.raises(Http404):
            close(plan, by=person)
        with pytest.raises(Http404):
            reopen_plan(plan=plan, by=person, reason="Nhầm.")
    close(plan, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        close(plan, by=cast.office_staff)


def test_a_closed_plan_is_opened_again_with_a_reason(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Stale):
        reopen_plan(plan=plan, by=cast.office_staff, reason="Nhầm.")
    close(plan, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        reopen_plan(plan=plan, by=cast.office_staff, reason=" ")
    reopen_plan(plan=plan, by=cast.office_staff, reason="Còn hai đơn vị chưa báo cáo.")
    plan.refresh_from_db()
    assert (plan.status, plan.closed_at, plan.closed_by) == (PlanStatus.PUBLISHED, None, None)
    assert plan.closings.get().reopen_reason == "Còn hai đơn vị chưa báo cáo."
    assert AuditEvent.objects.get(action="reopened").data == {"reason": "Còn hai đơn vị chưa báo cáo."}
    close(plan, by=cast.office_staff)
    assert plan.closings.count() == 2


def test_no_file_stays_when_closing_comes_to_nothing(cast: Cast, plan: Plan, settings: LazySettings) -> None:
    def report() -> FinalReport:
        return FinalReport(file=Upload.of(ContentFile(PDF, name="Báo cáo cuối.pdf")))

    with pytest.raises(ActionRefused):
        close_plan(plan=plan, by=cast.office_staff, report=report())
    assert [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()] == []
    close_plan(plan=plan, by=cast.office_staff, report=report(), open_work=OpenWork.LEAVE)
    closing = PlanClosing.objects.get()
    assert (closing.original_name, closing.size) == ("Báo cáo cuối.pdf", len(PDF))
    with closing.file.open("rb") as file:
        assert file.read() == PDF


def test_the_page_shows_what_is_open_and_takes_a_file(cast: Cast, plan: Plan, login: Login) -> None:
    office, address = login(cast.office_staff), reverse("plans:close", args=[plan.pk])
    done: dict[str, Any] = {"reported_on": dt.date(2026, 3, 1), "reported_by": cast.commune_secretary}
    waiting = make_deadline(cast.commune, plan=plan, status=Status.SUBMITTED, **done)
    page = office.get(address)
    Deadline.objects.filter(pk=waiting.pk).delete()
    assert {(p.label, p.count) for p in page.context["open_now"].points} == {
        ("quá hạn", 1), ("chưa xong, trong hạn", 1), ("chờ xác nhận", 1),
    }  # fmt: skip
    for wrong in (
        {"open_work": "leave"},
        {"open_work": "leave", "document_number": "99-BC/TĐTN"},
        {"open_work": "leave", "upload": SimpleUploadedFile("virus.exe", b"MZ")},
        {"open_work": "leave", "link": "không phải liên kết"},
        {"document_number": "99-BC/TĐTN", "document_day": "02/03/2026"},
        {"document_number": "99-BC/TĐTN", "document_day": "02/03/2026", "open_work": "cancel"},
    ):
        assert office.post(address, wrong).status_code == 422
    sent = {"open_work": "leave", "upload": SimpleUploadedFile("bao-cao.pdf", PDF)}
    assert office.post(address, sent).status_code == 302
    plan.refresh_from_db()
    assert plan.status == PlanStatus.CLOSED


def test_the_report_leaves_as_a_download_to_who_sees_the_whole_plan(cast: Cast, plan: Plan, login: Login) -> None:
    file = Upload.of(ContentFile(PDF, name="Báo cáo SÔNGTHAO.pdf"))
    close_plan(plan=plan, by=cast.office_staff, report=FinalReport(file=file), open_work=OpenWork.LEAVE)
    address = reverse("plans:final_report", args=[plan.pk, PlanClosing.objects.get().pk])
    life = reverse("plans:life", args=[plan.pk])
    for person in (cast.office_staff, cast.leader, cast.reader):
        answer = login(person).get(address)
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)  # type: ignore[attr-defined]
        assert "SÔNGTHAO" in login(person).get(life).text
    assert login(cast.commune_secretary).get(address).status_code == 404
    assert "SÔNGTHAO" not in login(cast.commune_secretary).get(life).text
    assert login(cast.sibling_secretary).get(life).status_code == 404
    assert AuditEvent.objects.filter(action="downloaded", object_type="planclosing").count() == 3
