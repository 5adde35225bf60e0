"""Feedback rounds: prepared, opened, stepped through in order; who contributes how; what is answered."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import Http404

from plans.actions.events import cancel_event, move_event
from plans.actions.proof import Upload
from plans.errors import ActionRefused, Stale
from plans.models import Deadline
from plans.origins import origins_of
from reviews.actions.contributions import contribute, give_links, give_result, invite_guest, reply_to, revoke_link
from reviews.actions.feedback import Asked, change_round, close_step, open_round, plan_round
from reviews.actions.minutes import hold_meeting
from reviews.actions.self_reviews import give_report
from reviews.enums import FeedbackStep, ReplyKind
from reviews.feedback_steps import out_of_order, step_after, too_few
from reviews.models import Contribution, FeedbackInvitation, FeedbackRound, FeedbackTarget, Meeting
from tests.cast import Cast
from tests.factories import FEEDBACK_DAYS, AppointmentFactory, UserFactory, make_feedback_round, make_member
from tests.files import office
from units.models import AuditEvent, Post, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
BODY = Post.Body.STANDING_COMMITTEE
AFTER = dt.date(2026, 4, 1)  # the day after the contributions
MET = dt.date(2026, 4, 15)


@pytest.fixture
def member(cast: Cast) -> User:
    """Somebody who sits in the standing committee of the province."""
    return make_member(cast.province, full_name="Vũ Ủy Viên", username="uyvien")


@pytest.fixture
def named(cast: Cast, member: User) -> FeedbackRound:
    """A named round about the committee and the member, in which both districts and a guest are asked."""
    asked: dict[str, Any] = {"units": [cast.district, cast.other_district], "guests": ["Trần Nguyên Bí Thư"]}
    return make_feedback_round(cast.province, by=cast.office_staff, person=member, anonymous=False, **asked)


@pytest.fixture
def hidden(cast: Cast, member: User) -> FeedbackRound:
    """An anonymous round about the same, in which the same are asked."""
    asked: dict[str, Any] = {"units": [cast.district, cast.other_district], "guests": ["Trần Nguyên Bí Thư"]}
    return make_feedback_round(cast.province, by=cast.office_staff, person=member, **asked)


def of_unit(row: FeedbackRound, unit: Any) -> FeedbackInvitation:
    return row.invitations.get(unit=unit)


def texts(row: FeedbackRound, *said: str) -> dict[tuple[int, int], str]:
    """Say something about the first places of the round in order."""
    places = [(t.pk, topic.pk) for t in row.targets.all() for topic in row.topics.all()]
    return dict(zip(places, said, strict=False))


def told(row: FeedbackRound) -> list[tuple[str, dict[str, Any]]]:
    rows = AuditEvent.objects.filter(object_type="feedbackround", object_id=row.pk).order_by("pk")
    return list(rows.values_list("action", "data"))


def at(row: FeedbackRound, step: FeedbackStep) -> FeedbackRound:
    FeedbackRound.objects.filter(pk=row.pk).update(step=step)
    row.refresh_from_db()
    return row


# --- preparing and opening ---


@pytest.mark.parametrize(
    ("days", "place"), [((1, 2, 3, 4), None), ((1, 1, 1, 1), None), ((2, 1, 3, 4), 1), ((1, 2, 4, 3), 3)]
)
def test_days_are_in_order_or_the_first_that_is_not_is_named(days: tuple[int, ...], place: int | None) -> None:
    assert out_of_order([dt.date(2026, 1, day) for day in days]) == place


def test_steps_follow_each_other_and_three_are_enough_to_stay_unknown() -> None:
    assert [step_after(step) for step in list(FeedbackStep)[:-1]] == list(FeedbackStep)[1:]
    assert [too_few(n) for n in (0, 2, 3)] == [True, True, False]


def test_a_round_keeps_whom_it_is_about_who_is_asked_and_under_which_topics(cast: Cast, named: FeedbackRound) -> None:
    assert [t.label for t in named.targets.all()] == ["Ban Thường vụ Tỉnh đoàn", "Vũ Ủy Viên – Ủy viên"]
    assert [topic.text for topic in named.topics.all()] == ["Tư tưởng, đạo đức", "Công tác cán bộ"]
    assert {i.label for i in named.invitations.all()} == {
        cast.district.name, cast.other_district.name, "Trần Nguyên Bí Thư",
    }  # fmt: skip
    assert told(named) == [(AuditAction.CREATED, {}), (AuditAction.ISSUED, {})]


@pytest.mark.parametrize("who", ["leader", "secretary", "department_head", "administrator", "reader", "outsider"])
def test_who_does_not_run_the_rounds_of_a_unit_prepares_none(cast: Cast, member: User, who: str) -> None:
    with pytest.raises(Http404):
        make_feedback_round(cast.province, by=getattr(cast, who), opened=False)
    assert not FeedbackRound.objects.exists()


def test_days_out_of_order_are_refused_by_the_act_and_by_the_database(cast: Cast, member: User) -> None:
    with pytest.raises(ActionRefused, match="Hội nghị kiểm điểm"):
        make_feedback_round(cast.province, by=cast.office_staff, meeting_on=dt.date(2026, 4, 9))
    assert not FeedbackRound.objects.exists()
    row = make_feedback_round(cast.province, by=cast.office_staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackRound.objects.filter(pk=row.pk).update(report_by=dt.date(2026, 3, 30))


def test_an_anonymous_round_never_shows_names_to_those_spoken_of(cast: Cast, member: User) -> None:
    row = make_feedback_round(cast.province, by=cast.office_staff, anonymous=True, names_to_targets=True)
    assert row.names_to_targets is False


def test_the_same_form_sent_twice_makes_one_round(cast: Cast, member: User) -> None:
    facts = {"title": "Đợt một", "body": BODY, "year": 2026, "consolidated_by": cast.province, **FEEDBACK_DAYS}
    made = [
        plan_round(unit=cast.province, values=facts, asked=Asked(), by=cast.office_staff, key="k")
        for _time in range(2)
    ]
    assert made[0].pk == made[1].pk


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"targets": ()}, "góp ý về ai"),
        ({"topics": ()}, "ít nhất một nội dung"),
        ({"guests": ()}, "mời ai góp ý"),
    ],
)
def test_a_round_that_is_not_whole_is_not_opened(cast: Cast, member: User, asked: dict[str, Any], words: str) -> None:
    whole: dict[str, Any] = {
        "targets": ((cast.province, BODY, None, ""),), "topics": ("Chung",), "guests": ("Ông Ba",)
    }  # fmt: skip
    facts = {"title": "Đợt một", "body": BODY, "year": 2026, "consolidated_by": cast.province, **FEEDBACK_DAYS}
    row = plan_round(unit=cast.province, values=facts, asked=Asked(**(whole | asked)), by=cast.office_staff)
    with pytest.raises(ActionRefused, match=words):
        open_round(feedback=row, by=cast.office_staff)


def test_a_unit_without_a_standing_committee_is_told_to_take_the_executive_one(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="Ban Chấp hành"):
        make_feedback_round(cast.province, by=cast.office_staff)


def test_opening_puts_what_is_owed_into_the_register_and_the_meeting_into_the_calendar(
    cast: Cast, named: FeedbackRound, member: User
) -> None:
    owed = [(d.unit, d.due_on, d.solution.text) for d in Deadline.objects.order_by("due_on", "unit__path")]
    title = named.title
    assert owed == [
        (cast.district, dt.date(2026, 3, 31), f"Góp ý kiến theo đợt lấy ý kiến: {title}"),
        (cast.other_district, dt.date(2026, 3, 31), f"Góp ý kiến theo đợt lấy ý kiến: {title}"),
        (
            cast.province, dt.date(2026, 4, 10),
            f"Tiếp thu ý kiến, hoàn thành báo cáo kiểm điểm của tập thể, cá nhân: {title}",
        ),
        (cast.province, dt.date(2026, 4, 20), f"Báo cáo kết quả kiểm điểm, thông báo tiếp thu ý kiến góp ý: {title}"),
    ]  # fmt: skip
    meeting = Meeting.objects.get()
    assert (meeting, meeting.planned_on) == (named.meeting, dt.date(2026, 4, 15))
    with pytest.raises(Stale):
        open_round(feedback=named, by=cast.office_staff)


def test_a_deadline_leads_to_the_round_or_to_where_one_contributes(cast: Cast, named: FeedbackRound) -> None:
    assert named.contribution_work
    solution = named.contribution_work.solution
    mine = of_unit(named, cast.district)
    shown = {
        who: [o.href for o in origins_of(solution, getattr(cast, who))]
        for who in ("office_staff", "secretary", "commune_secretary", "reader")
    }
    assert shown == {
        "office_staff": [f"/feedback/{named.pk}/"],
        "secretary": [f"/feedback/contribute/{mine.pk}/"],
        "commune_secretary": [],
        "reader": [],
    }


def test_it_is_changed_until_it_is_opened(cast: Cast, member: User) -> None:
    row = make_feedback_round(cast.province, by=cast.office_staff, opened=False)
    facts: dict[str, Any] = {"feedback": row, "values": {"title": "Đợt hai"}, "by": cast.office_staff}
    with pytest.raises(Stale):
        change_round(**facts, asked=Asked(), version=7)
    whole = Asked(targets=((cast.province, BODY, None, ""),), topics=("Chung", "Chung", " "), guests=("A", "A", "B"))
    changed = change_round(**facts, asked=whole, version=1)
    assert (changed.title, changed.version) == ("Đợt hai", 2)
    assert [t.text for t in row.topics.all()] == ["Chung"]
    assert sorted(i.name for i in row.invitations.all()) == ["A", "B"]
    open_round(feedback=row, by=cast.office_staff)
    with pytest.raises(ActionRefused, match="đã mở"):
        change_round(**facts, asked=whole)


# --- steps ---


def test_a_step_is_closed_after_the_one_before_it_and_says_what_is_missing(cast: Cast, named: FeedbackRound) -> None:
    by, today = cast.office_staff, AFTER
    for step in (FeedbackStep.REPORTING, FeedbackStep.REVIEWING, FeedbackStep.REPLYING):
        with pytest.raises(ActionRefused, match="Lấy ý kiến góp ý"):
            close_step(feedback=named, step=step, by=by, today=today)
    with pytest.raises(ActionRefused, match="31/03/2026"):
        close_step(feedback=named, step=FeedbackStep.CONTRIBUTING, by=by)
    contribute(
        invitation=of_unit(named, cast.district), texts=texts(named, "Cần sâu sát.", "", "Nói đi đôi với làm."),
        by=cast.secretary,
    )  # fmt: skip
    close_step(feedback=named, step=FeedbackStep.CONTRIBUTING, by=by, today=today)
    with pytest.raises(Stale):
        close_step(feedback=named, step=FeedbackStep.CONTRIBUTING, by=by, today=today)
    with pytest.raises(ActionRefused, match="Ban Thường vụ Tỉnh đoàn; Vũ Ủy Viên"):
        close_step(feedback=named, step=FeedbackStep.REPORTING, by=by, today=today)
    for target in named.targets.all():
        give_report(target=target, by=by, text="Đã kiểm điểm.")
    close_step(feedback=named, step=FeedbackStep.REPORTING, by=by, today=today)
    with pytest.raises(ActionRefused, match="chưa diễn ra"):
        close_step(feedback=named, step=FeedbackStep.REVIEWING, by=by, today=today)
    with pytest.raises(ActionRefused, match="ghi nhận hội nghị"):
        close_step(feedback=named, step=FeedbackStep.REVIEWING, by=by, today=MET)
    hold_meeting(meeting=Meeting.objects.get(feedback_round=named), by=by, absent={}, today=MET)
    close_step(feedback=named, step=FeedbackStep.REVIEWING, by=by, today=MET)
    with pytest.raises(ActionRefused, match=r"2 ý kiến .*Ban Thường vụ Tỉnh đoàn .*1.*Vũ Ủy Viên"):
        close_step(feedback=named, step=FeedbackStep.REPLYING, by=by, today=MET)
    for row in named.contributions.all():
        reply_to(contribution=row, kind=ReplyKind.ACCEPTED, text="Tiếp thu.", by=by)
    with pytest.raises(ActionRefused, match="kết quả"):
        close_step(feedback=named, step=FeedbackStep.REPLYING, by=by, today=MET)
    give_result(feedback=named, text="Đã tiếp thu hai ý kiến.", by=by)
    closed = close_step(feedback=named, step=FeedbackStep.REPLYING, by=by, today=MET)
    assert closed.step == FeedbackStep.CLOSED
    assert [data["step"] for action, data in told(named) if action == AuditAction.STEP_CLOSED] == [
        "feedback_open", "feedback_report", "feedback_review", "feedback_reply",
    ]  # fmt: skip
    with pytest.raises(Stale):
        close_step(feedback=named, step=FeedbackStep.CLOSED, by=by)


def test_before_its_day_a_step_is_closed_only_by_who_says_so(cast: Cast, member: User) -> None:
    row = make_feedback_round(cast.province, by=cast.office_staff, units=[cast.district])
    contribute(invitation=of_unit(row, cast.district), texts=texts(row, "Tốt."), by=cast.secretary)
    facts: dict[str, Any] = {"feedback": row, "step": FeedbackStep.CONTRIBUTING, "by": cast.office_staff}
    with pytest.raises(ActionRefused, match="31/03/2026"):
        close_step(**facts, confirmed=False, today=dt.date(2026, 3, 31))  # the links work on this day
    assert close_step(**facts, confirmed=True, today=dt.date(2026, 3, 31)).step == FeedbackStep.REPORTING


def test_so_few_that_they_cannot_stay_unknown_are_asked_only_by_who_says_so(cast: Cast, member: User) -> None:
    few = make_feedback_round(cast.province, by=cast.office_staff, opened=False)
    with pytest.raises(ActionRefused, match="dưới ba nơi"):
        open_round(feedback=few, by=cast.office_staff, confirmed=False)
    assert open_round(feedback=few, by=cast.office_staff, confirmed=True).step == FeedbackStep.CONTRIBUTING
    named = make_feedback_round(cast.province, by=cast.office_staff, opened=False, anonymous=False)
    assert open_round(feedback=named, by=cast.office_staff, confirmed=False).step == FeedbackStep.CONTRIBUTING


def test_the_review_meeting_stays_after_the_reports_and_is_not_called_off(cast: Cast, named: FeedbackRound) -> None:
    meeting = Meeting.objects.select_related("event").get(feedback_round=named)
    assert named.title in meeting.title
    for day in (dt.date(2026, 3, 25), dt.date(2026, 4, 9)):
        with pytest.raises(ActionRefused, match="10/04/2026"):
            move_event(event=meeting.event, day=day, by=cast.office_staff)
    with pytest.raises(ActionRefused, match="dời sang ngày khác"):
        cancel_event(event=meeting.event, reason="Hoãn", by=cast.office_staff)
    move_event(event=meeting.event, day=dt.date(2026, 4, 10), by=cast.office_staff)
    meeting.event.refresh_from_db()
    assert meeting.event.day == dt.date(2026, 4, 10)


@pytest.mark.parametrize("who", ["leader", "secretary", "administrator", "outsider"])
def test_who_does_not_run_it_closes_no_step(cast: Cast, named: FeedbackRound, who: str) -> None:
    with pytest.raises(Http404):
        close_step(feedback=named, step=FeedbackStep.CONTRIBUTING, by=getattr(cast, who), today=AFTER)


def test_when_everybody_has_contributed_the_step_is_closed_before_its_day(cast: Cast, member: User) -> None:
    row = make_feedback_round(cast.province, by=cast.office_staff, units=[cast.district])
    contribute(invitation=of_unit(row, cast.district), texts=texts(row, "Tốt."), by=cast.secretary)
    assert close_step(feedback=row, step=FeedbackStep.CONTRIBUTING, by=cast.office_staff).step == "feedback_report"


# --- contributing ---


def test_in_a_named_round_the_unit_changes_what_it_said_until_the_day(cast: Cast, named: FeedbackRound) -> None:
    mine = of_unit(named, cast.district)
    contribute(invitation=mine, texts=texts(named, "Một.", "Hai."), by=cast.secretary)
    contribute(invitation=mine, texts=texts(named, "Một, sửa.", " "), by=cast.secretary)
    assert [(c.text, c.invitation, c.anonymous) for c in mine.contributions.all()] == [("Một, sửa.", mine, False)]
    with pytest.raises(ActionRefused, match="không nhận"):
        contribute(invitation=mine, texts=texts(named, "Trễ."), by=cast.secretary, today=AFTER)
    assert told(named)[2:] == [(AuditAction.FEEDBACK_GIVEN, {})] * 2


@pytest.mark.parametrize("who", ["office_staff", "leader", "sibling_secretary", "commune_secretary", "administrator"])
def test_nobody_contributes_in_the_name_of_another_unit_not_even_the_one_above(
    cast: Cast, named: FeedbackRound, who: str
) -> None:
    with pytest.raises(Http404):
        contribute(invitation=of_unit(named, cast.district), texts=texts(named, "Hộ."), by=getattr(cast, who))
    assert not Contribution.objects.exists()


def test_a_member_of_a_body_and_a_person_contribute_where_they_are_asked(cast: Cast, member: User) -> None:
    row = make_feedback_round(
        cast.province, by=cast.office_staff, bodies=[(cast.province, BODY)], people=[cast.leader], anonymous=False
    )
    body, person = row.invitations.get(kind="body"), row.invitations.get(kind="person")
    contribute(invitation=body, texts=texts(row, "Của tập thể."), by=member)
    contribute(invitation=person, texts=texts(row, "Của tôi."), by=cast.leader)
    with pytest.raises(Http404):
        contribute(invitation=person, texts=texts(row, "Của người khác."), by=member)
    with pytest.raises(Http404):
        contribute(invitation=body, texts=texts(row, "Ngoài tập thể."), by=cast.reader)
    assert {c.text: c.invitation for c in row.contributions.all()} == {"Của tập thể.": body, "Của tôi.": person}


def test_nothing_said_and_places_of_another_round_are_refused(cast: Cast, named: FeedbackRound) -> None:
    mine = of_unit(named, cast.district)
    other = make_feedback_round(cast.province, by=cast.office_staff, title="Đợt khác")
    for said, words in ((texts(named, " "), "ít nhất một"), (texts(other, "Lạc."), "mở lại trang")):
        with pytest.raises(ActionRefused, match=words):
            contribute(invitation=mine, texts=said, by=cast.secretary)
    assert not Contribution.objects.exists()


def test_an_anonymous_contribution_is_given_once_and_bears_no_giver(cast: Cast, hidden: FeedbackRound) -> None:
    mine = of_unit(hidden, cast.district)
    contribute(invitation=mine, texts=texts(hidden, "Một.", "Hai."), by=cast.secretary)
    with pytest.raises(Stale):
        contribute(invitation=mine, texts=texts(hidden, "Ba."), by=cast.secretary)
    assert [(c.anonymous, c.invitation) for c in hidden.contributions.all()] == [(True, None)] * 2
    with pytest.raises(IntegrityError), transaction.atomic():
        hidden.contributions.update(invitation=mine)


def test_each_anonymous_contribution_writes_all_of_them_anew_under_new_keys(cast: Cast, hidden: FeedbackRound) -> None:
    contribute(invitation=of_unit(hidden, cast.district), texts=texts(hidden, *"ABCD"), by=cast.secretary)
    before = set(hidden.contributions.values_list("pk", flat=True))
    contribute(invitation=of_unit(hidden, cast.other_district), texts=texts(hidden, "E"), by=cast.sibling_secretary)
    after = {c.text: c.pk for c in hidden.contributions.all()}
    assert sorted(after) == list("ABCDE")
    assert not before & set(after.values())
    columns = {f.name for f in Contribution._meta.get_fields()}
    assert columns == {
        "id",
        "round",
        "target",
        "topic",
        "text",
        "anonymous",
        "invitation",
        "reply",
    }  # no time, no order


def test_the_log_of_an_anonymous_round_says_only_that_something_was_handed_in(
    cast: Cast, hidden: FeedbackRound
) -> None:
    contribute(invitation=of_unit(hidden, cast.district), texts=texts(hidden, "Kín."), by=cast.secretary)
    event = AuditEvent.objects.get(action=AuditAction.FEEDBACK_GIVEN)
    assert (event.object_type, event.object_id, event.object_label) == ("feedbackround", hidden.pk, hidden.title)
    assert (event.actor, event.data, event.address, event.request_id) == (None, {}, None, "")


# --- links ---


def key_of(row: FeedbackRound, by: User) -> tuple[FeedbackInvitation, str]:
    ((guest, key),) = give_links(feedback=row, invitations=row.invitations.filter(kind="guest"), by=by)
    return guest, key


def test_a_link_of_an_anonymous_round_tells_nobody_whether_it_was_used(cast: Cast, hidden: FeedbackRound) -> None:
    guest, key = key_of(hidden, cast.office_staff)
    for said in ("Một.", "Một.", "Hai."):  # the same words again are no second contribution
        contribute(invitation=guest, texts=texts(hidden, said), by=None, key=key)
    assert sorted(hidden.contributions.values_list("text", flat=True)) == ["Hai.", "Một."]
    with pytest.raises(ActionRefused, match="ít nhất một"):
        contribute(invitation=guest, texts={}, by=None, key=key)


def test_who_is_spoken_of_has_no_part_in_what_a_body_says(cast: Cast, member: User) -> None:
    body: dict[str, Any] = {"by": cast.office_staff, "bodies": [(cast.province, BODY)], "anonymous": False}
    colleague: User = UserFactory()
    AppointmentFactory(user=colleague, post=Post.objects.get(appointments__user=member))
    row = make_feedback_round(cast.province, person=member, **body)
    invited = row.invitations.get(kind="body")
    with pytest.raises(Http404):
        contribute(invitation=invited, texts=texts(row, "Về tôi."), by=member)
    contribute(invitation=invited, texts=texts(row, "Về đồng chí ấy."), by=colleague)
    assert row.contributions.get().text == "Về đồng chí ấy."


def test_a_guest_contributes_with_the_key_of_the_link_and_of_no_other(cast: Cast, hidden: FeedbackRound) -> None:
    guest, key = key_of(hidden, cast.office_staff)
    assert len(key) == 43  # 256 random bits
    assert key not in str(list(FeedbackInvitation.objects.values_list()))
    for wrong in ("", "x" * 43, guest.key_hash):
        with pytest.raises(Http404):
            contribute(invitation=guest, texts=texts(hidden, "Lạ."), by=None, key=wrong)
    with pytest.raises(Http404):  # the invitation of a unit has no key: none fits
        contribute(invitation=of_unit(hidden, cast.district), texts=texts(hidden, "Lạ."), by=None, key="")
    contribute(invitation=guest, texts=texts(hidden, "Từng trải."), by=None, key=key)
    assert [c.text for c in hidden.contributions.all()] == ["Từng trải."]


def test_a_new_link_ends_the_former_and_a_revoked_one_works_no_more(cast: Cast, hidden: FeedbackRound) -> None:
    guest, first = key_of(hidden, cast.office_staff)
    guest, second = key_of(hidden, cast.office_staff)
    assert first != second
    with pytest.raises(Http404):
        contribute(invitation=guest, texts=texts(hidden, "Cũ."), by=None, key=first)
    revoke_link(invitation=guest, by=cast.office_staff)
    with pytest.raises(Http404):
        contribute(invitation=guest, texts=texts(hidden, "Thu hồi."), by=None, key=second)
    with pytest.raises(Stale):
        revoke_link(invitation=guest, by=cast.office_staff)
    assert [a for a, _data in told(hidden)][2:] == [
        AuditAction.LINK_MADE, AuditAction.LINK_MADE, AuditAction.LINK_REVOKED,
    ]  # fmt: skip


def test_links_are_made_by_who_runs_the_round_while_contributions_are_taken(cast: Cast, hidden: FeedbackRound) -> None:
    guests = list(hidden.invitations.filter(kind="guest"))
    for who in (cast.leader, cast.secretary, cast.administrator):
        with pytest.raises(Http404):
            give_links(feedback=hidden, invitations=guests, by=who)
        with pytest.raises(Http404):
            invite_guest(feedback=hidden, name="Ông Tư", by=who)
    for refused in (
        lambda: give_links(feedback=hidden, invitations=guests, by=cast.office_staff, today=AFTER),
        lambda: invite_guest(feedback=hidden, name="Ông Tư", by=cast.office_staff, today=AFTER),
        lambda: give_links(feedback=hidden, invitations=[of_unit(hidden, cast.district)], by=cast.office_staff),
        lambda: invite_guest(feedback=hidden, name="Trần  Nguyên Bí Thư", by=cast.office_staff),
        lambda: invite_guest(feedback=hidden, name=" ", by=cast.office_staff),
    ):
        with pytest.raises(ActionRefused):
            refused()
    assert invite_guest(feedback=hidden, name="Ông Tư", by=cast.office_staff).label == "Ông Tư"


# --- reports and replies ---


def test_the_report_is_given_by_the_person_or_the_office_while_reports_are_taken(
    cast: Cast, named: FeedbackRound, member: User, settings: LazySettings
) -> None:
    own = named.targets.get(person=member)
    with pytest.raises(ActionRefused, match="sau khi"):
        give_report(target=own, by=member, text="Sớm.")
    at(named, FeedbackStep.REPORTING)
    for who in (cast.leader, cast.secretary, cast.reader):
        with pytest.raises(Http404):
            give_report(target=own, by=who, text="Hộ.")
    with pytest.raises(ActionRefused, match="đính kèm"):
        give_report(target=own, by=member)
    paper = Upload.of(ContentFile(office(), name="Kiểm điểm.docx"))
    given = give_report(target=own, by=member, files=(paper,), version=1)
    assert (given.report_given_on, given.report_given_by, given.version) == (dt.date(2026, 3, 16), member, 2)
    assert [p.name for p in (Path(settings.MEDIA_ROOT) / "feedback").rglob("*") if p.is_file()] == [
        Path(str(own.files.get().file.name)).name
    ]
    with pytest.raises(Stale):
        give_report(target=own, by=cast.office_staff, text="Cùng lúc.", version=1)
    give_report(target=own, by=cast.office_staff, text="Thay.", files=(paper,), version=2)
    assert (own.files.count(), FeedbackTarget.objects.get(pk=own.pk).report) == (1, "Thay.")
    assert told(named)[-1] == (AuditAction.SELF_REVIEWED, {})


def test_a_contribution_is_answered_after_the_meeting_by_who_runs_the_round(cast: Cast, named: FeedbackRound) -> None:
    contribute(invitation=of_unit(named, cast.district), texts=texts(named, "Cần sâu sát."), by=cast.secretary)
    row = named.contributions.get()
    facts: dict[str, Any] = {"contribution": row, "kind": ReplyKind.EXPLAINED, "text": "Do thiếu người."}
    with pytest.raises(ActionRefused, match="sau hội nghị"):
        reply_to(**facts, by=cast.office_staff)
    at(named, FeedbackStep.REPLYING)
    for who in (cast.leader, cast.secretary, cast.administrator):
        with pytest.raises(Http404):
            reply_to(**facts, by=who)
    with pytest.raises(ActionRefused, match="vì sao"):
        reply_to(**facts | {"text": " "}, by=cast.office_staff)
    reply = reply_to(**facts, by=cast.office_staff)
    with pytest.raises(Stale):
        reply_to(**facts, by=cast.second_office_staff)
    changed = reply_to(**facts | {"kind": ReplyKind.DECLINED}, by=cast.second_office_staff, version=reply.version)
    assert (changed.pk, changed.kind, changed.replied_by) == (reply.pk, ReplyKind.DECLINED, cast.second_office_staff)
    assert told(named)[-2:] == [
        (AuditAction.FEEDBACK_REPLIED, {"kind": "reply_explained"}),
        (AuditAction.FEEDBACK_REPLIED, {"kind": "reply_declined"}),
    ]


def test_the_result_is_written_after_the_meeting(cast: Cast, named: FeedbackRound) -> None:
    with pytest.raises(ActionRefused, match="sau hội nghị"):
        give_result(feedback=named, text="Sớm.", by=cast.office_staff)
    at(named, FeedbackStep.REPLYING)
    with pytest.raises(Http404):
        give_result(feedback=named, text="Hộ.", by=cast.leader)
    with pytest.raises(Stale):
        give_result(feedback=named, text="Cũ.", by=cast.office_staff, version=1)
    with pytest.raises(ActionRefused):
        give_result(feedback=named, text=" ", by=cast.office_staff)
    assert give_result(feedback=named, text="Tiếp thu.", by=cast.office_staff, version=2).result == "Tiếp thu."
