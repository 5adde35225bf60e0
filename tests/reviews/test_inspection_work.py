"""From the visits to the last closed conclusion: findings, requests, the report to the next meeting, follow-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.http import Http404

from plans.actions.deadlines import confirm, submit
from plans.actions.proof import Upload
from plans.enums import Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline
from plans.origins import origins_of
from reviews.actions.agenda import add_proposed
from reviews.actions.conclusions import (
    add_conclusion,
    change_conclusion,
    close_conclusion,
    drop_conclusion,
    issue_conclusions,
)
from reviews.actions.inspection_reports import end_visits, hand_in_report
from reviews.actions.inspections import announce, cancel_inspection
from reviews.actions.visits import Found, answer_request, ask_team, end_visit, record_visit
from reviews.enums import InspectionState, Why
from reviews.models import Conclusion, Inspection, InspectionFile, InspectionVisit, VisitRequest
from reviews.proposals import chosen, proposals_of
from tests.cast import Cast
from tests.factories import (
    make_checklist,
    make_inspection,
    make_meeting,
    make_member,
    make_permanent_member,
    version_of,
)
from units.models import AuditEvent, User

DAY = dt.date(2026, 3, 16)  # today
DUE = dt.date(2026, 4, 30)

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def head(cast: Cast) -> User:
    """Return one of the permanent members of the province, who has no right by that."""
    return make_permanent_member(cast.province, full_name="Phan Thường Trực")


@pytest.fixture
def follower(cast: Cast) -> User:
    """Return a member of the standing committee, who has no right by that."""
    return make_member(cast.province, full_name="Lê Ủy Viên")


@pytest.fixture
def inspection(cast: Cast, head: User) -> Inspection:
    """Return an inspection of both districts, announced a week ago, with the reader in its team; visits are today."""
    with time_machine.travel(dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC), tick=False):
        make_checklist(cast.province, by=cast.office_staff)
        made = make_inspection(
            cast.province, cast.district, cast.other_district, by=cast.office_staff, head=head, day=DAY,
            report_unit=cast.department, members=[cast.reader],
        )  # fmt: skip
        return announce(inspection=made, preparation="Báo cáo", days=3, by=cast.office_staff)


@pytest.fixture
def visit(cast: Cast, inspection: Inspection) -> InspectionVisit:
    """Return the visit to the district."""
    found: InspectionVisit = inspection.visits.select_related("inspection__programme__unit", "unit").get(
        unit=cast.district
    )
    return found


def ended(inspection: Inspection, by: User, **facts: Any) -> Inspection:
    """Record both visits and end them."""
    for visit in inspection.visits.select_related("inspection__programme__unit"):
        end_visit(visit=visit, on=DAY, by=by)
    return end_visits(inspection=inspection, by=by, **facts)


def reported(inspection: Inspection, by: User) -> Inspection:
    """Bring an inspection up to its report."""
    ended(inspection, by, due=DUE)
    return hand_in_report(inspection=inspection, text="Báo cáo kết quả.", by=by)


def drafted(visit: InspectionVisit, followed_by: User, by: User, **facts: Any) -> Conclusion:
    values = {"text": "Củng cố hồ sơ đoàn viên.", "due": DUE, "follower": followed_by, **facts}
    return add_conclusion(visit=visit, values=values, by=by)


def done(conclusion: Conclusion, by: User, confirmed_by: User) -> None:
    """Let the unit report the work of a conclusion and have it confirmed."""
    row = Deadline.objects.get(solution=conclusion.solution)
    submit(deadline=row, by=by, version=row.version)
    confirm(deadline=row, by=confirmed_by, version=version_of(row))


# --- the visit ---


@pytest.mark.parametrize("who", ["reader", "office_staff"])
def test_the_team_records_what_it_found(cast: Cast, visit: InspectionVisit, who: str) -> None:
    first, second = visit.items.all()
    found = {first.pk: Found("finding_met", "", 1), second.pk: Found("finding_unmet", "Thiếu  sổ", 1)}
    changed = record_visit(visit=visit, found=found, notes="Làm việc buổi sáng", by=getattr(cast, who))
    assert [i.pk for i in changed] == [first.pk, second.pk]
    first.refresh_from_db()
    second.refresh_from_db()
    visit.refresh_from_db()
    assert (first.finding, second.finding, second.note, visit.notes) == (
        "finding_met", "finding_unmet", "Thiếu sổ", "Làm việc buổi sáng",
    )  # fmt: skip
    assert Inspection.objects.get().state == InspectionState.VISITING
    entry = AuditEvent.objects.filter(object_type="inspection").latest("pk")
    assert (entry.action, entry.unit_id) == ("changed", cast.province.pk)
    assert entry.data == {"visit": "Huyện đoàn Bình Minh", "items": [1, 2], "notes": True}


def test_two_of_the_team_fill_in_different_items_at_once_but_not_the_same(
    cast: Cast, visit: InspectionVisit, head: User
) -> None:
    first, second = visit.items.all()
    as_seen = {i.pk: Found("", "", 1) for i in (first, second)}
    record_visit(visit=visit, found=as_seen | {first.pk: Found("finding_met", "", 1)}, by=cast.reader)
    with pytest.raises(Stale, match="1"):
        record_visit(visit=visit, found={first.pk: Found("finding_unmet", "", 1)}, by=head)
    changed = record_visit(visit=visit, found={second.pk: Found("finding_partly", "", 1)}, by=head)
    assert [i.pk for i in changed] == [second.pk]
    with pytest.raises(Stale):  # notes that somebody changed meanwhile
        record_visit(visit=visit, found={}, notes="A", notes_version=visit.version + 1, by=head)
    with pytest.raises(ActionRefused):
        record_visit(visit=visit, found={second.pk: Found("met", "", 2)}, by=head)


@pytest.mark.parametrize("who", ["department_head", "leader", "secretary", "sibling_secretary", "outsider"])
def test_who_is_not_of_the_team_records_nothing(cast: Cast, visit: InspectionVisit, who: str) -> None:
    with pytest.raises(Http404):
        record_visit(visit=visit, found={}, by=getattr(cast, who))
    with pytest.raises(Http404):
        end_visit(visit=visit, on=DAY, by=getattr(cast, who))


def test_nothing_is_found_before_the_day(cast: Cast, visit: InspectionVisit) -> None:
    item = visit.items.all()[0]
    with (
        time_machine.travel(dt.datetime(2026, 3, 13, 2, 0, tzinfo=dt.UTC), tick=False),
        pytest.raises(ActionRefused),
    ):
        record_visit(visit=visit, found={item.pk: Found("finding_met", "", 1)}, by=cast.reader)
    with pytest.raises(ActionRefused):
        end_visit(visit=visit, on=DAY + dt.timedelta(days=1), by=cast.reader)
    end_visit(visit=visit, on=DAY, by=cast.reader)
    with pytest.raises(Stale):
        end_visit(visit=visit, on=DAY, by=cast.reader)


# --- requests ---


def test_the_unit_asks_and_the_team_answers_once(cast: Cast, visit: InspectionVisit, head: User) -> None:
    made = ask_team(visit=visit, text="Xin lùi giờ làm việc.", by=cast.secretary, key="k")
    assert ask_team(visit=visit, text="Xin lùi giờ làm việc.", by=cast.secretary, key="k") == made
    for refused in (" ", ""):
        with pytest.raises(ActionRefused):
            ask_team(visit=visit, text=refused, by=cast.secretary)
        with pytest.raises(ActionRefused):
            answer_request(request=made, words=refused, by=head)
    answered = answer_request(request=made, words="Đồng ý, 14 giờ.", by=head)
    assert (answered.answer, answered.answered_by, answered.answered_on) == ("Đồng ý, 14 giờ.", head, DAY)
    with pytest.raises(Stale):
        answer_request(request=made, words="Khác", by=cast.reader)
    assert AuditEvent.objects.filter(object_type="visitrequest").count() == 2
    assert VisitRequest.objects.count() == 1


@pytest.mark.parametrize("who", ["sibling_secretary", "commune_secretary", "reader", "outsider"])
def test_others_ask_nothing_for_the_unit(cast: Cast, visit: InspectionVisit, who: str) -> None:
    with pytest.raises(Http404):
        ask_team(visit=visit, text="x", by=getattr(cast, who))


def test_the_unit_answers_nothing_itself(cast: Cast, visit: InspectionVisit) -> None:
    made = ask_team(visit=visit, text="x", by=cast.secretary)
    for who in (cast.secretary, cast.leader, cast.department_head):
        with pytest.raises(Http404):
            answer_request(request=made, words="x", by=who)


# --- the report ---


def test_the_report_is_owed_to_the_next_meeting_and_proposed_for_it(
    cast: Cast, inspection: Inspection, head: User
) -> None:
    facts: dict[str, Any] = {"by": cast.office_staff, "body": "permanent_members", "title": "Kỳ họp Thường trực"}
    later = make_meeting(cast.province, day=DAY + dt.timedelta(days=40), **facts)
    coming = make_meeting(cast.province, day=DAY + dt.timedelta(days=10), **facts)
    make_meeting(cast.province, day=DAY + dt.timedelta(days=3), by=cast.office_staff)  # of the standing committee
    make_meeting(cast.province, day=DAY - dt.timedelta(days=3), **facts)
    row = ended(inspection, head)
    assert (row.state, row.report_meeting, row.ended_on) == (InspectionState.REPORT_OWED, coming, DAY)
    owed = Deadline.objects.select_related("solution").get(schedule=row.report_task)
    assert (owed.unit, owed.due_on) == (cast.department, DAY + dt.timedelta(days=10))
    assert owed.solution.text == "Báo cáo Thường trực kết quả Đợt kiểm tra thử"
    proposed = {p.pk: p.why for p in proposals_of(coming, user=cast.office_staff)}
    assert proposed == {owed.pk: Why.HANGS}
    assert proposals_of(later, user=cast.office_staff) == []
    add_proposed(meeting=coming, deadlines=chosen(coming, [owed.pk], user=cast.office_staff), by=cast.office_staff)
    assert [o.href for o in origins_of(owed.solution, head)] == [row.get_absolute_url()]


def test_without_a_meeting_of_the_permanent_members_the_standing_committee_hears_it(
    cast: Cast, inspection: Inspection, head: User
) -> None:
    coming = make_meeting(cast.province, day=DAY + dt.timedelta(days=3), by=cast.office_staff)
    assert ended(inspection, head).report_meeting == coming


def test_without_any_meeting_a_day_is_asked_for(cast: Cast, inspection: Inspection, head: User) -> None:
    with pytest.raises(ActionRefused):
        ended(inspection, head)
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.VISITING
    with pytest.raises(ActionRefused):
        end_visits(inspection=inspection, by=head, due=DAY - dt.timedelta(days=1))
    row = end_visits(inspection=inspection, by=head, due=DUE)
    assert Deadline.objects.get(schedule=row.report_task).due_on == DUE
    assert row.report_meeting is None


def test_every_visit_is_recorded_first(cast: Cast, inspection: Inspection, visit: InspectionVisit, head: User) -> None:
    end_visit(visit=visit, on=DAY, by=head)
    with pytest.raises(ActionRefused, match="Thị đoàn Cẩm Giang"):
        end_visits(inspection=inspection, by=head, due=DUE)
    for who in (cast.reader, cast.leader, cast.department_head, cast.secretary):  # the team's members neither
        with pytest.raises(Http404):
            end_visits(inspection=inspection, by=who, due=DUE)


def test_a_report_owed_to_a_meeting_that_is_called_off_goes_to_another(
    cast: Cast, inspection: Inspection, head: User
) -> None:
    first = ended(inspection, head, due=DUE)
    task = first.report_task
    coming = make_meeting(cast.province, day=DAY + dt.timedelta(days=3), by=cast.office_staff)
    with pytest.raises(ActionRefused):  # that is for who runs the inspection
        end_visits(inspection=inspection, by=head, meeting=coming)
    row = end_visits(inspection=inspection, by=cast.office_staff, meeting=coming)
    assert Deadline.objects.get(schedule=task).status == Status.CANCELLED
    assert Deadline.objects.get(schedule=row.report_task).due_on == DAY + dt.timedelta(days=3)


def test_the_head_hands_the_report_in_with_its_file(cast: Cast, inspection: Inspection, head: User) -> None:
    ended(inspection, head, due=DUE)
    upload = Upload.of(ContentFile(b"abc", name="Báo cáo.pdf"))
    with pytest.raises(ActionRefused):
        hand_in_report(inspection=inspection, by=head)
    row = hand_in_report(inspection=inspection, text="Tốt.", symbol="31-BC/TĐTN", files=(upload,), by=head)
    assert (row.state, row.reported_by, row.reported_on) == (InspectionState.REPORTED, head, DAY)
    owed = Deadline.objects.get(schedule=row.report_task)
    assert (owed.status, owed.reported_by) == (Status.SUBMITTED, head)
    assert [f.original_name for f in InspectionFile.objects.all()] == ["Báo cáo.pdf"]
    assert AuditEvent.objects.filter(object_type="inspection").latest("pk").action == "submitted"
    hand_in_report(inspection=inspection, text="Tốt hơn.", files=(upload,), by=cast.office_staff)  # corrected
    assert InspectionFile.objects.count() == 1
    for who in (cast.reader, cast.department_head, cast.secretary):
        with pytest.raises(Http404):
            hand_in_report(inspection=inspection, text="x", by=who)
    with pytest.raises(ActionRefused):
        hand_in_report(inspection=inspection, text="x", symbol="MẬT 31-BC", by=head)


# --- conclusions ---


def test_a_conclusion_becomes_work_of_its_unit_when_it_is_issued(
    cast: Cast, inspection: Inspection, visit: InspectionVisit, head: User, follower: User
) -> None:
    reported(inspection, head)
    draft = drafted(visit, follower, head)
    assert not Deadline.objects.filter(solution__text=draft.text).exists()
    row = issue_conclusions(inspection=inspection, on=DAY, symbol="08-KL/TĐTN", by=head)
    draft.refresh_from_db()
    owed = Deadline.objects.select_related("solution").get(solution=draft.solution)
    assert (owed.unit, owed.due_on, owed.solution.overseer, owed.plan) == (cast.district, DUE, follower, visit.plan)
    assert (row.state, row.conclusion_symbol) == (InspectionState.CONCLUDED, "08-KL/TĐTN")
    assert list(owed.notices.values_list("recipient", flat=True)) == [cast.secretary.pk]
    entry = AuditEvent.objects.filter(object_type="inspection").latest("pk")
    assert (entry.action, entry.data["conclusions"]) == ("issued", 1)
    with pytest.raises(Stale):
        change_conclusion(conclusion=draft, values={"text": "x"}, by=head)
    with pytest.raises(Stale):
        drop_conclusion(conclusion=draft, by=head)
    with pytest.raises(Stale):
        cancel_inspection(inspection=inspection, reason="x", by=cast.office_staff)


def test_it_stays_open_until_the_work_is_confirmed_and_the_follower_closes_it(
    cast: Cast, inspection: Inspection, visit: InspectionVisit, head: User, follower: User
) -> None:
    reported(inspection, head)
    first, second = drafted(visit, follower, head), drafted(visit, follower, head, text="Thu đủ đoàn phí.")
    issue_conclusions(inspection=inspection, on=DAY, by=head)
    first.refresh_from_db()
    second.refresh_from_db()

    def close(row: Conclusion, by: User = follower, words: str = "Đã xem hồ sơ.") -> Callable[[], object]:
        return lambda: close_conclusion(conclusion=row, words=words, by=by)

    for refused in (close(first), close(first, words=" ")):  # it is still owed
        with pytest.raises(ActionRefused):
            refused()
    row = Deadline.objects.get(solution=first.solution)
    submit(deadline=row, by=cast.secretary, version=row.version)
    with pytest.raises(ActionRefused):  # nobody has confirmed it
        close(first)()
    confirm(deadline=row, by=cast.office_staff, version=version_of(row))
    for who in (cast.reader, head, cast.secretary, cast.leader):
        with pytest.raises(Http404):
            close(first, by=who)()
    assert close(first)().closed_by == follower  # type: ignore[attr-defined]  # a conclusion
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CONCLUDED
    with pytest.raises(Stale):
        close(first)()
    done(second, cast.secretary, cast.office_staff)
    close(second, by=cast.office_staff)()
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CLOSED
    assert AuditEvent.objects.filter(object_type="inspection").latest("pk").action == "closed"


def test_drafts_are_changed_dropped_and_renumbered(
    cast: Cast, inspection: Inspection, visit: InspectionVisit, head: User, follower: User
) -> None:
    ended(inspection, head, due=DUE)
    first, second = drafted(visit, follower, head), drafted(visit, follower, head, text="Hai.")
    change_conclusion(conclusion=second, values={"text": "Ba.", "due": DUE, "follower": follower}, by=head)
    drop_conclusion(conclusion=first, by=head)
    assert list(Conclusion.objects.values_list("ordinal", "text")) == [(1, "Ba.")]
    with pytest.raises(Stale):
        drop_conclusion(conclusion=first, by=head)
    with pytest.raises(ActionRefused):  # the report comes first
        issue_conclusions(inspection=inspection, on=DAY, by=head)
    for facts in ({"text": " "}, {"due": DAY - dt.timedelta(days=1)}, {"follower": cast.reader}):
        with pytest.raises(ActionRefused):
            drafted(visit, follower, head, **facts)
    for who in (cast.reader, cast.leader, cast.secretary, follower):
        with pytest.raises(Http404):
            drafted(visit, follower, who)
        with pytest.raises(Http404):
            issue_conclusions(inspection=inspection, on=DAY, by=who)


def test_an_inspection_that_concludes_nothing_is_closed_at_once(
    cast: Cast, inspection: Inspection, head: User
) -> None:
    reported(inspection, head)
    with pytest.raises(ActionRefused):
        issue_conclusions(inspection=inspection, on=DAY + dt.timedelta(days=1), by=head)
    assert issue_conclusions(inspection=inspection, on=DAY, by=head).state == InspectionState.CLOSED
