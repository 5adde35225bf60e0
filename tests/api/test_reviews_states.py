"""Right and state are two questions: who may act on a record, but not as it stands, is told why; others get 404."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reviews.actions.meetings import cancel_meeting
from reviews.models import Conclusion, FieldTrip, Inspection
from tests.api.calls import Program
from tests.cast import Cast
from tests.factories import (
    PlanFactory,
    make_deadline,
    make_feedback_round,
    make_inspection,
    make_meeting,
    make_member,
    make_permanent_member,
    make_proposal,
    make_published_plan,
    make_survey,
    make_trip,
)
from units.models import Post, User

pytestmark = pytest.mark.usefixtures("today")


def refused(person: User, path: str, sent: dict[str, Any], *, form: bool = False) -> bool:
    """Return whether a call is refused with a reason; else it is answered as if nothing were there."""
    program = Program(person)
    answer = (program.post_form if form else program.post)(path, sent, if_match="*")
    assert answer.status_code in {404, 422}, answer.content
    assert answer.json()["code"] in {"refused", "not_found"}
    assert answer.json()["detail"]
    return bool(answer.json()["code"] == "refused")


def test_of_a_meeting_called_off_nothing_is_recorded(cast: Cast) -> None:
    row = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    cancel_meeting(meeting=row, reason="Bão", by=cast.office_staff)
    decision = {"text": "Việc", "lead_unit": cast.commune.pk, "due": "2026-05-05"}
    for act, sent in (("record", {"minutes": "Đã bàn"}), ("decisions", decision), ("change", {"title": "Họp"})):
        assert refused(cast.office_staff, f"/meetings/{row.pk}/{act}", sent)
        assert not refused(cast.outsider, f"/meetings/{row.pk}/{act}", sent)


def test_a_trip_that_is_decided_is_called_off_by_the_office_alone(cast: Cast) -> None:
    days = dt.date(2026, 4, 6), dt.date(2026, 4, 8)
    row = make_trip(cast.province, leader=cast.department_head, days=days, units=[cast.commune])
    FieldTrip.objects.filter(pk=row.pk).update(state="trip_approved", decided_by=cast.leader, decided_on=days[0])
    where, sent = f"/trips/{row.pk}/cancel", {"reason": "Bão"}
    assert refused(cast.department_head, where, sent)
    assert refused(cast.leader, where, sent)
    assert not refused(cast.commune_secretary, where, sent)  # the side visited sees it and has no part in it
    assert Program(cast.office_staff).post(where, sent, if_match="*").status_code == 200


def test_conclusions_follow_the_steps_of_their_inspection(cast: Cast) -> None:
    head, by = make_permanent_member(cast.province), cast.office_staff
    visit = make_inspection(cast.province, cast.commune, by=by, head=head).visits.get()
    at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    made = {"text": "Việc", "due": dt.date(2026, 5, 5), "follower": head, "created_by": by, "created_at": at}
    draft = Conclusion.objects.create(visit=visit, ordinal=1, **made)
    where, sent = f"/conclusions/{draft.pk}", {"words": "Đã thấy"}
    assert refused(head, f"{where}/close", sent)  # it is a draft
    assert not refused(cast.commune_secretary, f"{where}/close", sent)
    assert refused(by, f"/visits/{visit.pk}/requests", {"text": "Đề nghị"})  # the unit is not told yet
    work = make_deadline(cast.commune, plan=make_published_plan(cast.province)).solution
    Conclusion.objects.filter(pk=draft.pk).update(solution=work)
    words = {"text": "Khác", "due": "2026-05-05", "follower": head.pk}
    for act, given in (("change", words), ("drop", {})):
        assert refused(head, f"{where}/{act}", given)  # it is issued
        assert not refused(cast.commune_secretary, f"{where}/{act}", given)
    owed = {"state": "inspection_report_owed", "ended_on": dt.date(2026, 3, 10)}
    Inspection.objects.filter(pk=visit.inspection_id).update(**owed)
    assert refused(head, f"/inspections/{visit.inspection_id}/end-visits", {"due": "2026-05-05"})


def test_a_proposal_is_decided_where_it_lies(cast: Cast) -> None:
    row = make_proposal(cast.commune, by=cast.commune_secretary, level=cast.province)
    where = f"/commendations/{row.pk}"
    assert Program(cast.secretary).post(f"{where}/pass-on", {}, if_match="*").status_code == 200
    assert refused(cast.secretary, f"{where}/refuse", {"reason": "Chưa đủ"})
    assert not refused(cast.commune_secretary, f"{where}/refuse", {"reason": "Chưa đủ"})


def test_no_report_is_taken_before_its_time(cast: Cast) -> None:
    survey = make_survey(cast.province, cast.commune, by=cast.office_staff)
    sent = {"text": "Kết quả", "document_number": "9-BC/TĐTN"}
    assert refused(cast.office_staff, f"/surveys/{survey.pk}/report", sent, form=True)
    assert not refused(cast.commune_secretary, f"/surveys/{survey.pk}/report", sent, form=True)
    owed = make_deadline(cast.commune, plan=make_published_plan(cast.province))
    assert refused(cast.commune_secretary, f"/deadlines/{owed.pk}/periodic-report", {})
    assert not refused(cast.sibling_secretary, f"/deadlines/{owed.pk}/periodic-report", {})


def test_a_round_in_which_contributions_come_in_tells_its_target_nothing(cast: Cast) -> None:
    person = make_member(cast.province, Post.Body.STANDING_COMMITTEE)
    row = make_feedback_round(cast.province, by=cast.office_staff, person=person)
    where, sent = f"/feedback-targets/{row.targets.get(person=person).pk}/report", {"text": "Tự kiểm điểm"}
    assert refused(cast.office_staff, where, sent)
    assert not refused(person, where, sent)
    early = Program(cast.office_staff).get(f"/feedback-rounds/{row.pk}/contributions")
    assert (early.status_code, early.json()["code"]) == (422, "refused")
    assert Program(person).get(f"/feedback-rounds/{row.pk}/contributions").status_code == 404


def test_a_paper_about_what_has_not_come_so_far_says_what_it_waits_for(cast: Cast) -> None:
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    head = make_permanent_member(cast.province)
    inspection = make_inspection(cast.province, cast.commune, by=cast.office_staff, head=head)
    draft = PlanFactory(issuing_unit=cast.province)
    for sent in (
        {"kind": "minutes", "meeting": meeting.pk},
        {"kind": "conclusions", "inspection": inspection.pk},
        {"kind": "progress", "plan": draft.pk},
    ):
        assert refused(cast.office_staff, "/papers", sent)
        assert not refused(cast.reader, "/papers", sent)
        assert not refused(cast.outsider, "/papers", sent)
    early = Program(cast.office_staff).get(f"/imports/deadlines/template?plan={draft.pk}")
    assert (early.status_code, early.json()["code"]) == (422, "refused")
