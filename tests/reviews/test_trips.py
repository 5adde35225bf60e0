"""Field trips: registering, approving, the papers that are owed, the days, calling off, who sees what."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import translation

from doantracker.lib import clock
from plans.actions.proof import Upload
from plans.enums import PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Plan
from plans.origins import origins_of
from reviews import rights
from reviews.actions.trip_papers import brief_trip, report_trip
from reviews.actions.trips import approve_trip, cancel_trip, change_trip, end_trip, register_trip
from reviews.enums import TripKind, TripState
from reviews.models import FieldTrip, TripFile, TripMember
from tests.cast import Cast
from tests.factories import make_officer, make_quota, make_substitution, make_trip
from tests.files import office
from units.models import AuditEvent, User
from units.models.audit import AuditAction
from units.roles import Role

pytestmark = pytest.mark.usefixtures("today")  # 16 March 2026
APRIL = dt.date(2026, 4, 6), dt.date(2026, 4, 10)
MARCH = dt.date(2026, 3, 9), dt.date(2026, 3, 13)


def values(leader: User, days: tuple[dt.date, dt.date] = APRIL, **more: Any) -> dict[str, Any]:
    facts = {"kind": TripKind.GRASSROOTS, "planned_from": days[0], "planned_to": days[1], "leader": leader}
    return {**facts, "purpose": "Nắm tình hình sinh hoạt chi đoàn.", **more}


def registered(cast: Cast, *, by: User | None = None, **more: Any) -> FieldTrip:
    """Register a trip of the head of the department and a member of the office to the commune."""
    facts: dict[str, Any] = {"party": [cast.department_head, cast.second_office_staff], "units": [cast.commune]}
    facts["values"] = values(more.pop("leader", cast.department_head), **more)
    return register_trip(unit=cast.province, by=by or cast.department_head, **facts)


def approved(cast: Cast, days: tuple[dt.date, dt.date] = APRIL) -> FieldTrip:
    made = registered(cast, planned_from=days[0], planned_to=days[1])
    return approve_trip(trip=made, by=cast.leader, version=made.version)


def gone(cast: Cast) -> FieldTrip:
    made = approved(cast, MARCH)
    days = {"actual_from": MARCH[0], "actual_to": dt.date(2026, 3, 12)}
    return end_trip(trip=made, by=cast.department_head, version=made.version, **days)


def owed(schedule: Any) -> Deadline:
    found: Deadline = Deadline.objects.select_related("unit", "plan", "solution").get(schedule=schedule)
    return found


def test_a_trip_is_registered_with_its_party_and_in_its_quarter(cast: Cast) -> None:
    made = registered(cast)
    assert (made.state, made.year, made.quarter) == (TripState.REGISTERED, 2026, 2)
    assert made.register_by == dt.date(2026, 3, 31)
    assert (made.leader, made.created_by, made.registered_late) == (cast.department_head, cast.department_head, False)
    assert {m.person for m in made.members.all()} == {cast.department_head, cast.second_office_staff}
    assert list(made.units.all()) == [cast.commune]
    event = AuditEvent.objects.first()
    assert event
    assert (event.action, event.object_type, event.unit_id) == (AuditAction.CREATED, "fieldtrip", cast.province.pk)
    assert event.data["late"] is False


def test_a_trip_registered_after_the_last_day_for_its_quarter_is_marked(cast: Cast) -> None:
    assert registered(cast, planned_from=dt.date(2026, 3, 30), planned_to=dt.date(2026, 3, 31)).registered_late
    make_quota(cast.province, by=cast.office_staff, register_ahead=20)  # by 12 March for the second quarter
    late = registered(cast)
    assert (late.register_by, late.registered_late) == (dt.date(2026, 3, 12), True)


def test_who_runs_the_plans_registers_for_others_and_a_traveller_only_the_own(cast: Cast) -> None:
    assert registered(cast, by=cast.office_staff).created_by == cast.office_staff
    with pytest.raises(ActionRefused, match="đưa mình vào"):
        registered(cast, by=cast.leader)


@pytest.mark.parametrize("who", ["secretary", "commune_secretary", "outsider", "administrator"])
def test_who_has_no_post_in_the_union_registers_none_of_its_trips(cast: Cast, who: str) -> None:
    with pytest.raises(Http404):
        registered(cast, by=getattr(cast, who))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"values": {"planned_to": dt.date(2026, 4, 1)}}, "trước ngày đầu"),
        ({"values": {"planned_to": dt.date(2026, 9, 1)}}, "dài hơn 92 ngày"),
        ({"values": {"purpose": "  "}}, "mục đích"),
        ({"units": []}, "đơn vị đến"),
        ({"party": "sibling_secretary"}, "không giữ chức vụ"),
    ],
)
def test_what_can_not_be_registered_is_refused_with_its_cure(cast: Cast, changed: dict[str, Any], words: str) -> None:
    facts: dict[str, Any] = {"party": [cast.department_head], "units": [cast.commune]}
    facts |= {k: v for k, v in changed.items() if k == "units"}
    if "party" in changed:
        facts["party"] = [getattr(cast, changed["party"])]
    said = values(cast.department_head) | changed.get("values", {})
    with pytest.raises(ActionRefused, match=words):
        register_trip(unit=cast.province, by=cast.department_head, values=said, **facts)
    assert not FieldTrip.objects.exists()


def test_a_form_sent_twice_registers_one_trip(cast: Cast) -> None:
    facts: dict[str, Any] = {"values": values(cast.department_head), "party": [], "units": [cast.commune]}
    two = [register_trip(unit=cast.province, by=cast.department_head, key="abc", **facts) for _ in range(2)]
    assert two[0] == two[1]
    assert FieldTrip.objects.count() == 1


def test_the_registration_changes_until_it_is_approved(cast: Cast) -> None:
    made = registered(cast)
    facts: dict[str, Any] = {"party": [cast.reader], "units": [cast.district], "by": cast.department_head}
    said = values(cast.department_head, purpose="Dự đại hội chi đoàn.")
    changed = change_trip(trip=made, values=said, version=1, **facts)
    assert {m.person for m in changed.members.all()} == {cast.department_head, cast.reader}
    assert (changed.purpose, changed.version) == ("Dự đại hội chi đoàn.", 2)
    assert list(changed.units.all()) == [cast.district]
    with pytest.raises(Stale):
        change_trip(trip=made, values=said, version=1, **facts)
    approve_trip(trip=changed, by=cast.leader, version=2)
    with pytest.raises(ActionRefused, match="đã được duyệt"):
        change_trip(trip=made, values=said, version=3, **facts)


def test_approving_opens_the_brief_for_the_department_of_the_leader(cast: Cast) -> None:
    made = approved(cast)
    assert (made.state, made.decided_by, made.decided_on) == (TripState.APPROVED, cast.leader, clock.today())
    brief = owed(made.brief_work)
    assert (brief.unit, brief.due_on, brief.status) == (cast.department, dt.date(2026, 4, 5), Status.ASSIGNED)
    assert brief.solution.text == "Chuẩn bị nội dung chuyến đi cơ sở từ ngày 06/04/2026 đến ngày 10/04/2026"
    assert brief.plan.title == "Chương trình công tác năm 2026 của Ban Chấp hành Tỉnh đoàn"
    assert [(o.word, o.href) for o in origins_of(brief.solution, cast.department_head)] == [
        ("Chuyến đi cơ sở", made.get_absolute_url())
    ]
    assert AuditEvent.objects.filter(action=AuditAction.TRIP_APPROVED, object_id=made.pk).count() == 1


def test_the_brief_of_a_trip_that_begins_at_once_is_owed_today(cast: Cast) -> None:
    assert owed(approved(cast, MARCH).brief_work).due_on == clock.today()


def test_nobody_approves_an_own_trip_nor_what_they_registered(cast: Cast) -> None:
    own = registered(cast, by=cast.office_staff, leader=cast.leader)
    for who in (cast.leader, cast.office_staff, cast.second_office_staff, cast.department_head):
        with pytest.raises(Http404):
            approve_trip(trip=own, by=who, version=1)
    make_substitution(cast.leader, cast.reader)
    with pytest.raises(Http404):  # in the place of who goes
        approve_trip(trip=own, by=User.objects.get(pk=cast.reader.pk), version=1)


@pytest.mark.parametrize("who", ["reader", "secretary", "commune_secretary", "outsider", "administrator"])
def test_who_does_not_decide_in_the_union_approves_nothing(cast: Cast, who: str) -> None:
    made = registered(cast)
    with pytest.raises(Http404):
        approve_trip(trip=made, by=getattr(cast, who), version=1)


def test_a_second_approval_is_refused(cast: Cast) -> None:
    made = approved(cast)
    with pytest.raises(Stale):
        approve_trip(trip=made, by=cast.second_office_staff, version=1)
    with pytest.raises(Http404):  # of the party
        approve_trip(trip=made, by=cast.second_office_staff, version=2)
    with pytest.raises(ActionRefused, match="được duyệt hoặc đã hủy"):
        approve_trip(trip=made, by=cast.office_staff, version=2)


def test_a_brief_does_the_work_that_it_is(cast: Cast) -> None:
    made = approved(cast)
    paper = Upload.of(ContentFile(office(), name="Đề cương.docx"))
    done = brief_trip(trip=made, by=cast.second_office_staff, text="Gặp chi đoàn ấp 3.", files=(paper,), version=2)
    assert (done.state, done.briefed_on, done.briefed_late) == (TripState.BRIEFED, clock.today(), False)
    brief = owed(made.brief_work)
    assert (brief.status, brief.reported_by) == (Status.SUBMITTED, cast.second_office_staff)
    assert TripFile.objects.get().original_name == "Đề cương.docx"
    again = brief_trip(trip=made, by=cast.department_head, text="Thêm một chi đoàn.", files=(paper,), version=3)
    assert (again.brief, TripFile.objects.count()) == ("Thêm một chi đoàn.", 1)


def test_a_brief_after_the_start_is_taken_and_marked(cast: Cast) -> None:
    made = approved(cast, (dt.date(2026, 3, 16), dt.date(2026, 3, 18)))
    late = brief_trip(trip=made, by=cast.department_head, text="Nội dung làm việc.", version=2)
    assert (late.state, late.briefed_late) == (TripState.BRIEFED, True)
    event = AuditEvent.objects.filter(action=AuditAction.TRIP_BRIEFED).get()
    assert event.data["late"] is True


def test_a_trip_without_a_brief_takes_place_and_may_be_briefed_afterwards(cast: Cast) -> None:
    made = gone(cast)
    late = brief_trip(trip=made, by=cast.department_head, text="Nội dung đã làm.", version=made.version)
    assert (late.state, late.briefed_late) == (TripState.GONE, True)


def test_an_empty_brief_and_one_before_the_approval_are_refused(cast: Cast) -> None:
    made = registered(cast)
    with pytest.raises(ActionRefused, match="đính kèm"):
        brief_trip(trip=made, by=cast.department_head, text=" ", version=1)
    with pytest.raises(ActionRefused, match="đã được duyệt mới"):
        brief_trip(trip=made, by=cast.department_head, text="Nội dung.", version=1)
    with pytest.raises(Http404):
        brief_trip(trip=made, by=cast.leader, text="Nội dung.", version=1)


def test_ending_a_trip_opens_its_report_by_whoever_went(cast: Cast) -> None:
    made = gone(cast)
    assert (made.state, made.actual_to, made.days) == (TripState.GONE, dt.date(2026, 3, 12), 4)
    report = owed(made.report_work)
    assert (report.unit, report.due_on) == (cast.department, dt.date(2026, 3, 17))  # five days after
    assert report.solution.text.startswith("Báo cáo Ban Chấp hành kết quả chuyến đi cơ sở từ ngày 09/03/2026")
    done = report_trip(trip=made, by=cast.department_head, text="Ba chi đoàn sinh hoạt đều.", version=made.version)
    assert (done.state, done.reported_on) == (TripState.REPORTED, clock.today())
    report.refresh_from_db()
    assert (report.status, report.reported_on) == (Status.SUBMITTED, clock.today())
    with pytest.raises(ActionRefused, match="một lần"):
        report_trip(trip=made, by=cast.department_head, text="Lần nữa.", version=done.version)


def test_the_days_are_corrected_until_the_report_is_in(cast: Cast) -> None:
    made = gone(cast)
    due = owed(made.report_work).due_on
    facts: dict[str, Any] = {"by": cast.department_head, "actual_from": MARCH[0]}
    again = end_trip(trip=made, actual_to=MARCH[1], version=made.version, **facts)
    assert (again.actual_to, owed(made.report_work).due_on) == (MARCH[1], due)
    assert AuditEvent.objects.filter(action=AuditAction.TRIP_ENDED).count() == 1
    done = report_trip(trip=made, by=cast.department_head, text="Báo cáo.", version=again.version)
    with pytest.raises(ActionRefused, match="trước khi báo cáo"):
        end_trip(trip=made, actual_to=MARCH[0], version=done.version, **facts)


def test_a_trip_does_not_end_in_the_future_nor_before_it_is_approved(cast: Cast) -> None:
    made = registered(cast)
    facts: dict[str, Any] = {"by": cast.department_head, "actual_from": MARCH[0]}
    with pytest.raises(ActionRefused, match="đã được duyệt"):
        end_trip(trip=made, actual_to=MARCH[1], version=1, **facts)
    approve_trip(trip=made, by=cast.leader, version=1)
    with pytest.raises(ActionRefused, match="chưa đến"):
        end_trip(trip=made, actual_to=dt.date(2026, 3, 17), version=2, **facts)
    with pytest.raises(Http404):
        end_trip(trip=made, by=cast.secretary, actual_from=MARCH[0], actual_to=MARCH[1], version=2)


def test_the_quota_says_when_the_report_is_owed(cast: Cast) -> None:
    make_quota(cast.province, by=cast.office_staff, report_days=10)
    assert owed(gone(cast).report_work).due_on == dt.date(2026, 3, 22)


def test_who_leads_from_the_union_itself_owes_the_papers_there(cast: Cast) -> None:
    made = registered(cast, by=cast.office_staff, leader=cast.leader)
    second = make_officer(cast.province, Role.LEADER, full_name="Đinh Thứ Hai")
    done = approve_trip(trip=made, by=second, version=1)
    assert owed(done.brief_work).unit == cast.province


def test_calling_off_takes_the_brief_back(cast: Cast) -> None:
    made = approved(cast)
    for who in (cast.department_head, cast.leader):  # after the approval it is the office's
        with pytest.raises(ActionRefused):
            cancel_trip(trip=made, by=who, reason="Bận họp.", version=2)
    with pytest.raises(Http404):
        cancel_trip(trip=made, by=cast.secretary, reason="Không.", version=2)
    with pytest.raises(ActionRefused, match="lý do"):
        cancel_trip(trip=made, by=cast.office_staff, reason=" ", version=2)
    done = cancel_trip(trip=made, by=cast.office_staff, reason="Bão số 4.", version=2)
    assert (done.state, done.cancel_reason) == (TripState.CANCELLED, "Bão số 4.")
    assert owed(made.brief_work).status == Status.CANCELLED
    with pytest.raises(ActionRefused, match="đã diễn ra hoặc đã hủy"):
        cancel_trip(trip=made, by=cast.office_staff, reason="Lần nữa.", version=3)


def test_a_registered_trip_is_called_off_by_who_goes_or_decides(cast: Cast) -> None:
    for who in (cast.department_head, cast.leader):
        made = registered(cast)
        cancel_trip(trip=made, by=who, reason="Trùng lịch.", version=1)
        made.refresh_from_db()
        assert made.state == TripState.CANCELLED
    with pytest.raises(Http404):
        cancel_trip(trip=registered(cast), by=cast.secretary, reason="Không.", version=1)


def test_travellers_unions_and_visited_units_see_a_trip_but_not_its_papers_alike(cast: Cast) -> None:
    made = registered(cast)
    seen = {
        name
        for name in ("office_staff", "leader", "department_head", "reader", "secretary", "commune_secretary")
        if FieldTrip.objects.visible_to(getattr(cast, name)).filter(pk=made.pk).exists()
    }
    assert seen == {"office_staff", "leader", "department_head", "reader", "secretary", "commune_secretary"}
    reading = {name for name in seen if rights.may_read_papers(getattr(cast, name), made)}
    assert reading == {"office_staff", "leader", "department_head", "reader"}
    for stranger in (cast.sibling_secretary, cast.branch_secretary, cast.outsider):
        assert not FieldTrip.objects.visible_to(stranger).exists()
    own = make_trip(cast.foreign_province, leader=cast.branch_secretary, days=APRIL)
    assert FieldTrip.objects.visible_to(cast.branch_secretary).get() == own  # a traveller from elsewhere
    assert FieldTrip.objects.visible_to(cast.commune_secretary).count() == 1  # once, however many ways lead to it


def test_the_database_keeps_a_trip_whole(cast: Cast) -> None:
    made = make_trip(cast.province, leader=cast.leader, days=APRIL)
    for wrong in (
        {"state": TripState.GONE},
        {"state": TripState.APPROVED},
        {"planned_to": dt.date(2026, 4, 1)},
        {"cancel_reason": "Không hủy"},
        {"briefed_on": dt.date(2026, 4, 1)},
        {"quarter": 5},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FieldTrip.objects.filter(pk=made.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        TripMember.objects.create(trip=made, person=cast.leader)


def test_the_words_of_a_trip(cast: Cast) -> None:
    with translation.override("vi"):
        assert str(make_trip(cast.province, leader=cast.leader, days=APRIL)) == "Đi cơ sở, 06/04–10/04/2026"


def test_a_closed_programme_refuses_with_words_and_nothing_is_half_done(cast: Cast) -> None:
    made = approved(cast, MARCH)
    brief_trip(trip=made, by=cast.department_head, text="Nội dung.", version=2)
    plan = owed(made.brief_work).plan
    closed = {"status": PlanStatus.CLOSED, "closed_at": clock.now(), "closed_by": cast.office_staff}
    Plan.objects.filter(pk=plan.pk).update(**closed)
    with pytest.raises(ActionRefused, match="đã kết thúc"):
        end_trip(trip=made, by=cast.department_head, actual_from=MARCH[0], actual_to=MARCH[1], version=3)
    made.refresh_from_db()
    assert (made.state, made.report_work) == (TripState.BRIEFED, None)
