"""The number of a paper in the record it was made of, on the record's page, and gone again when it is cancelled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from doantracker.papers.actions.papers import cancel_paper, edit_paper, next_number, number_paper, prepare_paper
from doantracker.papers.models import OfficialPaper, Term
from plans.errors import ActionRefused
from plans.models import Plan
from reviews.actions.inspection_reports import end_visits
from reviews.models import Inspection, InspectionProgramme, Meeting
from tests.cast import Cast
from tests.conftest import Login
from tests.doantracker.papers.inspections import DAY, DUE, concluded, head_of, visited
from tests.factories import make_meeting, make_published_plan
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def office(cast: Cast) -> None:
    """The province numbers its papers as TĐTN."""
    make_published_plan(cast.province, symbol="12-KH/TĐTN-VP", symbol_body="TĐTN", place="Sông Thao")
    Term.objects.create(unit=cast.province, start=dt.date(2022, 10, 1))


def numbered(cast: Cast, kind: str, subject: str) -> OfficialPaper:
    row = prepare_paper(kind=kind, subject=subject, by=cast.office_staff)
    free: Any = next_number(row, DAY)
    number_paper(paper=row, by=cast.office_staff, version=1, number=free, day=DAY, with_gaps=True)
    row.refresh_from_db()
    return row


def cancelled(cast: Cast, row: OfficialPaper) -> None:
    cancel_paper(paper=row, by=cast.office_staff, version=row.version, reason="Nhầm.")


def held(cast: Cast) -> Meeting:
    row: Meeting = make_meeting(cast.province, by=cast.office_staff)
    Meeting.objects.filter(pk=row.pk).update(held_on=DAY, recorded_by=cast.office_staff)
    return row


def test_minutes_show_the_number_of_their_paper_until_it_is_cancelled(cast: Cast, login: Login) -> None:
    meeting = held(cast)
    version = Meeting.objects.get(pk=meeting.pk).version
    row = numbered(cast, "minutes", f"meeting={meeting.pk}")
    meeting.refresh_from_db()
    assert (meeting.minutes_symbol, meeting.version) == ("01-BB/TĐTN", version + 1)
    event = AuditEvent.objects.get(object_type="meeting", action="changed")
    assert event.data == {"minutes_symbol": ["", "01-BB/TĐTN"], "paper": row.pk}
    assert (event.actor, event.unit_id) == (cast.office_staff, cast.province.pk)
    client = login(cast.office_staff)
    link = f'<a href="{row.get_absolute_url()}">01-BB/TĐTN</a>'
    assert link in client.get(meeting.get_absolute_url()).text
    cancelled(cast, row)
    meeting.refresh_from_db()
    assert (meeting.minutes_symbol, meeting.version) == ("", version + 2)
    assert "01-BB/TĐTN" not in client.get(meeting.get_absolute_url()).text.partition('class="log"')[0]


def test_minutes_are_given_a_number_on_the_day_of_their_meeting(cast: Cast, login: Login) -> None:
    meeting, day = held(cast), dt.date(2026, 3, 12)
    Meeting.objects.filter(pk=meeting.pk).update(held_on=day)
    row = prepare_paper(kind="minutes", subject=f"meeting={meeting.pk}", by=cast.office_staff)
    page = login(cast.office_staff).get(reverse("papers:number", args=[row.pk]))
    assert page.context["form"].initial["day"] == day


def test_a_programme_takes_number_and_day_and_gives_them_back(cast: Cast) -> None:
    inspection = concluded(cast, head_of(cast), cast.district)
    programme = InspectionProgramme.objects.get(pk=inspection.programme_id)
    row = numbered(cast, "programme", f"programme={programme.pk}")
    programme.refresh_from_db()
    assert (programme.symbol, programme.issued_on) == ("01-CTr/TĐTN", DAY)
    again = prepare_paper(kind="programme", subject=row.subject, by=cast.office_staff)
    assert (again.issued_before, again.paper.head.number) == (True, "01-CTr/TĐTN")
    cancelled(cast, row)
    programme.refresh_from_db()
    assert (programme.symbol, programme.issued_on) == ("", None)


def test_a_number_that_was_typed_into_the_record_stays(cast: Cast) -> None:
    inspection = concluded(cast, head_of(cast), cast.district)  # its report was handed in as 31-BC/TĐTN-PT
    row = prepare_paper(kind="inspection", subject=f"inspection={inspection.pk}", by=cast.office_staff)
    assert (row.issued_before, row.paper.head.number, row.day) == (True, "31-BC/TĐTN-PT", inspection.reported_on)
    with pytest.raises(ActionRefused, match="31-BC/TĐTN-PT"):
        number_paper(paper=row, by=cast.office_staff, version=1, number=1, day=DAY, with_gaps=True)


def test_minutes_recorded_with_a_number_keep_it(cast: Cast) -> None:
    meeting = held(cast)
    draft = prepare_paper(kind="minutes", subject=f"meeting={meeting.pk}", by=cast.office_staff)
    Meeting.objects.filter(pk=meeting.pk).update(minutes_symbol="03-BB/TĐTN-VP")
    with pytest.raises(ActionRefused, match="03-BB/TĐTN-VP"):  # typed after the draft was gathered
        number_paper(paper=draft, by=cast.office_staff, version=1, number=1, day=DAY, with_gaps=True)
    row = prepare_paper(kind="minutes", subject=f"meeting={meeting.pk}", by=cast.office_staff)
    assert (row.issued_before, row.paper.head.number, row.day) == (True, "03-BB/TĐTN-VP", DAY)


def test_a_record_gets_no_second_paper_with_a_number_before_the_first_is_cancelled(cast: Cast) -> None:
    meeting = held(cast)
    second = prepare_paper(kind="minutes", subject=f"meeting={meeting.pk}", by=cast.office_staff)
    first = numbered(cast, "minutes", f"meeting={meeting.pk}")
    given: dict[str, Any] = {"paper": second, "by": cast.office_staff, "version": 1, "day": DAY, "with_gaps": True}
    with pytest.raises(ActionRefused, match=r"01-BB/TĐTN.*hủy|hủy.*01-BB/TĐTN"):
        number_paper(number=2, **given)
    cancelled(cast, first)
    number_paper(number=2, **given)
    meeting.refresh_from_db()
    assert meeting.minutes_symbol == "02-BB/TĐTN"


def test_conclusions_issued_without_a_number_take_that_of_their_paper(cast: Cast) -> None:
    inspection = concluded(cast, head_of(cast), cast.district)
    row = numbered(cast, "conclusions", f"inspection={inspection.pk}")
    inspection.refresh_from_db()
    assert inspection.conclusion_symbol == "01-KL/TĐTN"
    cancelled(cast, row)
    inspection.refresh_from_db()
    assert inspection.conclusion_symbol == ""


def test_a_report_that_is_owed_is_handed_in_with_the_number_of_its_paper(cast: Cast, login: Login) -> None:
    head = head_of(cast)
    inspection = visited(cast, head, cast.district)
    end_visits(inspection=inspection, by=head, due=DUE)
    draft = prepare_paper(kind="inspection", subject=f"inspection={inspection.pk}", by=cast.office_staff)
    edit_paper(paper=draft, by=cast.office_staff, version=1, words={"head-symbol": "TĐTN-KT"})
    number_paper(paper=draft, by=cast.office_staff, version=2, number=1, day=DAY)
    inspection.refresh_from_db()
    assert inspection.report_symbol == ""
    page = login(head).get(reverse("reviews:inspection_report", args=[inspection.pk]))
    assert page.context["form"]["symbol"].value() == "01-BC/TĐTN-KT"
    tab = f"{inspection.get_absolute_url()}?tab=report"
    assert f'<a href="{draft.get_absolute_url()}">01-BC/TĐTN-KT</a>' in login(cast.office_staff).get(tab).text
    assert "01-BC/TĐTN-KT" not in login(cast.secretary).get(tab).text


def test_conclusions_are_issued_with_number_and_day_of_their_paper(cast: Cast, login: Login) -> None:
    inspection = concluded(cast, head_of(cast), cast.district)
    Inspection.objects.filter(pk=inspection.pk).update(concluded_on=None, state="inspection_reported")
    numbered(cast, "conclusions", f"inspection={inspection.pk}")
    page = login(cast.office_staff).get(reverse("reviews:conclusions_issue", args=[inspection.pk]))
    form = page.context["form"]
    assert (form["symbol"].value(), form["on"].value()) == ("01-KL/TĐTN", DAY)


def test_a_plan_without_a_number_takes_that_of_its_paper(cast: Cast) -> None:
    plan = make_published_plan(cast.province, title="Kế hoạch mới")
    row = numbered(cast, "plan", f"plan={plan.pk}")
    plan.refresh_from_db()
    assert (plan.symbol, plan.number, plan.symbol_body) == ("01-KH/TĐTN", 1, "TĐTN")
    assert AuditEvent.objects.get(object_type="plan", action="changed").plan_id == plan.pk
    cancelled(cast, row)
    assert Plan.objects.values_list("symbol", "number").get(pk=plan.pk) == ("", None)


def test_the_day_of_issue_of_a_plan_is_proposed_for_its_paper(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province, title="Kế hoạch mới", issued_on=dt.date(2026, 1, 5))
    row = prepare_paper(kind="plan", subject=f"plan={plan.pk}", by=cast.office_staff)
    page = login(cast.office_staff).get(reverse("papers:number", args=[row.pk]))
    assert 'value="05/01/2026"' in page.text
