"""Acts of the monthly evaluation: cards, rounds and their steps, what counts, ratings; who may, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from plans.actions.deadlines import return_result, submit
from plans.actions.extensions import excuse
from plans.enums import Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Extension
from reviews.actions.evaluation_words import give_opinion, score_self, settle
from reviews.actions.evaluations import (
    ask_opinions,
    decide_scores,
    lock_round,
    open_round,
    put_before_meeting,
    reopen_round,
)
from reviews.actions.ratings import rate_year
from reviews.actions.score_cards import Wanted, approve_card, change_card, write_card
from reviews.enums import CriterionKind, RoundState
from reviews.evaluation_scores import sheets_of
from reviews.models import Evaluation, EvaluationRound, EvaluationTerm, MonthShortcoming, ScoreCard, WorkProgramme
from reviews.ratings import too_many_best, year_lines
from tests.cast import Cast
from tests.evaluation_scene import BODY, CRITERIA, MONTH, Committee, committee
from tests.factories import (
    ShortcomingFactory,
    make_agenda_item,
    make_deadline,
    make_extension,
    make_hanging,
    make_meeting,
    make_published_plan,
    make_review,
    make_substitution,
)
from units.models import Appointment, AuditEvent, Post, User
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["committee"]


def mark(text: str) -> Decimal:
    return Decimal(text)


# --- score cards ---


@pytest.mark.parametrize(("weight", "told"), [("59", "99 %"), ("61", "101 %"), ("60.5", "100,5 %")])
def test_weights_other_than_100_are_refused_and_nothing_is_kept(cast: Cast, weight: str, told: str) -> None:
    criteria = (Wanted("Khắc phục", Decimal(40), "remediation"), Wanted("Sáng kiến", Decimal(weight), "judged"))
    with pytest.raises(ActionRefused, match=told):
        write_card(
            unit=cast.province, body="executive_committee", month=MONTH, criteria=criteria, by=cast.office_staff
        )
    assert not ScoreCard.objects.exists()


def test_a_computed_kind_stands_on_a_card_once(cast: Cast) -> None:
    criteria = (Wanted("Một", Decimal(40), "work"), Wanted("Hai", Decimal(60), "work"))
    with pytest.raises(ActionRefused, match="một lần"):
        write_card(
            unit=cast.province, body="executive_committee", month=MONTH, criteria=criteria, by=cast.office_staff
        )


def test_an_approved_card_is_never_changed_and_a_new_one_begins_later(committee: Committee) -> None:
    card, cast = committee.card, committee.cast
    with pytest.raises(ActionRefused, match="đã được phê duyệt"):
        change_card(card=card, month=MONTH, criteria=CRITERIA, by=cast.office_staff, version=card.version)
    facts: dict[str, Any] = {"unit": cast.province, "body": BODY, "criteria": CRITERIA, "by": cast.office_staff}
    with pytest.raises(ActionRefused, match="tháng này rồi"):
        write_card(month=dt.date(2026, 1, 9), **facts)
    committee.open()
    with pytest.raises(ActionRefused, match="đã đánh giá"):
        write_card(month=dt.date(2025, 12, 1), **facts)
    later = write_card(month=dt.date(2026, 4, 9), **facts)
    assert (later.month, later.approved_at) == (dt.date(2026, 4, 1), None)
    changed = change_card(card=later, month=later.month, criteria=CRITERIA, by=cast.office_staff, version=1)
    with pytest.raises(Stale):
        approve_card(card=later, by=cast.leader, version=1)
    approve_card(card=changed, by=cast.leader, version=2)
    assert AuditEvent.objects.first().action == AuditAction.CARD_APPROVED  # type: ignore[union-attr]


@pytest.mark.parametrize("who", ["administrator", "department_head", "secretary", "reader", "outsider", "leader"])
def test_who_does_not_run_evaluations_writes_no_card_and_opens_no_month(committee: Committee, who: str) -> None:
    by = getattr(committee.cast, who)
    facts: dict[str, Any] = {"unit": committee.cast.province, "body": BODY, "by": by}
    with pytest.raises(Http404):
        write_card(month=dt.date(2026, 5, 1), criteria=CRITERIA, **facts)
    with pytest.raises(Http404):
        open_round(month=MONTH, self_by=dt.date(2026, 3, 20), **facts)


def test_only_leaders_approve(committee: Committee) -> None:
    cast = committee.cast
    facts: dict[str, Any] = {"unit": cast.province, "body": BODY, "criteria": CRITERIA}
    card = write_card(month=dt.date(2026, 4, 1), by=cast.office_staff, **facts)
    for who in (cast.office_staff, cast.administrator, cast.reader, committee.member):
        with pytest.raises(Http404):
            approve_card(card=card, by=who, version=1)


# --- opening a month ---


def test_opening_a_month_makes_one_commitment_of_the_unit_that_names_nobody(committee: Committee) -> None:
    row = committee.open(key="k")
    assert committee.open(key="k") == row
    owed = Deadline.objects.get(schedule=row.work)
    programme = WorkProgramme.objects.get()
    assert (owed.plan, owed.unit, owed.due_on) == (programme.plan, committee.cast.province, dt.date(2026, 3, 20))
    assert owed.solution.text == "Tự chấm điểm tháng 2/2026 của các ủy viên Ban Thường vụ"
    assert {e.person for e in row.evaluations.all()} == {committee.member, committee.colleague, committee.cast.leader}
    event = AuditEvent.objects.first()
    assert event
    assert (event.action, event.object_label, event.data) == (
        AuditAction.CREATED,
        "Ban Thường vụ, 02/2026",
        {"members": 3},
    )


def test_a_month_is_opened_once_with_a_card_and_not_before_it_begins(committee: Committee) -> None:
    with pytest.raises(ActionRefused, match="chưa bắt đầu"):
        committee.open(month=dt.date(2026, 4, 1))
    with pytest.raises(ActionRefused, match="đã qua"):
        committee.open(self_by=dt.date(2026, 3, 15))
    with pytest.raises(ActionRefused, match="phiếu chấm điểm"):
        committee.open(month=dt.date(2025, 12, 1))
    committee.open()
    with pytest.raises(ActionRefused, match="đã được mở"):
        committee.open()
    assert EvaluationRound.objects.count() == 1


# --- members speak ---


def test_a_member_scores_themself_whatever_their_role(committee: Committee) -> None:
    row = committee.open()
    own = committee.of(row, committee.member)
    scored = committee.score(own, "61.37", shortcomings=["Chậm trả lời cơ sở"])
    assert (scored.self_at is not None, [m.mark for m in scored.self_marks.all()]) == (True, [mark("61.37")])
    assert [(n.text, n.source) for n in scored.shortcomings.all()] == [("Chậm trả lời cơ sở", "self")]
    again = committee.score(scored, "70")
    assert [m.mark for m in again.self_marks.all()] == [mark("70")]
    assert not again.shortcomings.exists()
    with pytest.raises(Stale):
        committee.score(own, "80")
    event = AuditEvent.objects.first()
    assert event
    assert (event.action, event.actor, event.data) == (AuditAction.SELF_SCORED, committee.member, {})


def test_nobody_scores_in_another_s_name_or_after_leaving_the_body(committee: Committee) -> None:
    own = committee.of(committee.open(), committee.member)
    for who in (committee.colleague, committee.cast.office_staff, committee.cast.leader):
        with pytest.raises(Http404):
            score_self(evaluation=own, marks={}, by=who, version=1)
    Appointment.objects.filter(user=committee.member).update(end=dt.date(2026, 3, 10))
    with pytest.raises(Http404):
        committee.score(own, "80")


@pytest.mark.parametrize("given", ["-1", "100.01"])
def test_a_mark_outside_0_to_100_is_refused(committee: Committee, given: str) -> None:
    own = committee.of(committee.open(), committee.member)
    with pytest.raises(ActionRefused, match="từ 0 đến 100"):
        committee.score(own, given)
    with pytest.raises(ActionRefused, match="từng tiêu chí"):
        score_self(evaluation=own, marks={}, by=committee.member, version=own.version)


def test_steps_are_taken_one_after_the_other(committee: Committee) -> None:
    row, cast = committee.open(), committee.cast
    own = committee.of(row, committee.member)
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 3, 16))
    with pytest.raises(ActionRefused, match="chưa phải lúc góp ý"):
        give_opinion(evaluation=own, by=committee.colleague, words="Tốt.")
    with pytest.raises(ActionRefused, match="lần lượt"):
        put_before_meeting(row=row, meeting=meeting, by=cast.office_staff, version=row.version)
    with pytest.raises(ActionRefused, match="lần lượt"):
        decide_scores(row=row, scores={own.pk: (mark("80"), "")}, by=cast.leader, version=row.version)
    with pytest.raises(ActionRefused, match="lần lượt"):
        lock_round(row=row, by=cast.leader, version=row.version)
    with pytest.raises(ActionRefused, match="lần lượt"):
        reopen_round(row=row, by=cast.leader, version=row.version, reason="Nhầm")
    with pytest.raises(ActionRefused, match="chưa tự chấm điểm"):
        ask_opinions(row=row, by=cast.office_staff, version=row.version)
    row = ask_opinions(row=row, by=cast.office_staff, version=row.version, today=dt.date(2026, 3, 21))
    assert row.state == RoundState.OPINIONS
    assert Deadline.objects.get(schedule=row.work).status == Status.SUBMITTED  # nobody is reminded any more
    with pytest.raises(ActionRefused, match="hết thời gian"):
        committee.score(own, "80")
    with pytest.raises(Stale):
        put_before_meeting(row=row, meeting=meeting, by=cast.office_staff, version=1)


def test_colleagues_speak_once_each_and_never_of_themselves(committee: Committee) -> None:
    row = committee.to_opinions()
    own = committee.of(row, committee.member)
    (judged,) = committee.judged
    said = give_opinion(evaluation=own, by=committee.colleague, marks={judged.pk: mark("70")}, words="Khá.")
    again = give_opinion(
        evaluation=own, by=committee.colleague, marks={judged.pk: mark("90")}, shortcomings=["Ít đi cơ sở"]
    )
    assert (again.pk, again.words, [m.mark for m in again.marks.all()]) == (said.pk, "", [mark("90")])
    assert [(n.text, n.source) for n in own.shortcomings.all()] == [("Ít đi cơ sở", "colleague")]
    event = AuditEvent.objects.first()
    assert event
    assert (event.object_type, event.object_label, event.data) == ("evaluationround", "Ban Thường vụ, 02/2026", {})
    with pytest.raises(ActionRefused, match="Cho điểm"):
        give_opinion(evaluation=own, by=committee.colleague)
    for who in (committee.member, committee.cast.office_staff, committee.cast.reader, committee.cast.administrator):
        with pytest.raises(Http404):
            give_opinion(evaluation=own, by=who, words="Tốt.")


# --- what counts ---


def totals(row: EvaluationRound, person: User) -> tuple[Decimal | None, dict[str, Decimal | None]]:
    found = Evaluation.objects.select_related("round__unit", "round__card").get(round=row, person=person)
    (sheet,) = sheets_of(row, [found], today=dt.date(2026, 3, 16))
    return sheet.total, {line.criterion.kind: line.points for line in sheet.lines}


def done(by: User, day: dt.date) -> dict[str, Any]:
    return {"status": Status.COMPLETED, "reported_on": day, "reported_by": by, "confirmed_on": day, "confirmed_by": by}


def test_nothing_owed_leaves_the_judged_criterion_for_100(committee: Committee) -> None:
    row = committee.open()
    committee.score(committee.of(row, committee.member), "61.37")
    total, points = totals(row, committee.member)
    assert total == mark("61.4")
    assert points == {"remediation": None, "papers": None, "work": None, "judged": mark("12.3")}


def test_papers_work_and_remedies_of_the_month_count(committee: Committee) -> None:
    cast, who = committee.cast, committee.member
    plan = make_published_plan(cast.province)
    february = dt.date(2026, 2, 20)
    work = [make_deadline(cast.district, plan=plan, due_on=february, **done(cast.secretary, february)) for _n in "ab"]
    for owed in work:
        owed.solution.overseer = who
        owed.solution.save()
    Deadline.objects.filter(pk=work[1].pk).update(reported_on=dt.date(2026, 2, 23))  # late
    later = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 20))
    later.solution.overseer = who
    later.solution.save()  # of another month
    meeting = make_meeting(cast.province, by=cast.office_staff, day=dt.date(2026, 2, 27))
    paper = make_hanging(cast.office, plan=plan, event=meeting.event, text="Tài liệu")
    make_agenda_item(meeting, by=cast.office_staff, presenter=who, paper=paper)
    day = dt.date(2026, 2, 25)
    paper.deadlines.update(due_on=day, original_due_on=day)  # never handed in
    own = ShortcomingFactory(plan=plan, subject="person", person=who)
    remedy = make_deadline(cast.office, plan=plan, due_on=february, **done(cast.office_staff, february))
    remedy.solution.shortcomings.add(own)
    row = committee.open()
    total, points = totals(row, who)
    assert points == {"remediation": mark("40.0"), "papers": mark("0.0"), "work": mark("17.5"), "judged": None}
    assert total == mark("71.9")  # 57,5 of 80
    assert totals(row, committee.colleague) == (None, dict.fromkeys(points))


def test_delays_returns_and_confirmed_causes_of_work(committee: Committee) -> None:
    cast, who = committee.cast, committee.member
    plan = make_published_plan(cast.province)
    day = dt.date(2026, 2, 20)
    owed = make_deadline(cast.district, plan=plan, due_on=day)
    owed.solution.overseer = who
    owed.solution.save()
    row = committee.open()
    assert totals(row, who)[1]["work"] == 0  # its day has passed
    sent = submit(deadline=owed, by=cast.secretary, version=owed.version)
    assert totals(row, who)[1]["work"] == mark("15.0")  # one delay of 20
    back = return_result(deadline=sent, by=cast.office_staff, version=sent.version, reason="Thiếu")
    sent = submit(deadline=back, by=cast.secretary, version=back.version)
    assert totals(row, who)[1]["work"] == mark("10.0")  # and one return
    excuse(deadline=sent, by=cast.office_staff, version=sent.version, cause="Bão")
    assert totals(row, who)[1]["work"] == mark("15.0")
    facts = {
        "status": "granted",
        "granted_day": day + dt.timedelta(1),
        "decided_by": cast.leader,
        "decided_at": dt.datetime(2026, 2, 9, tzinfo=dt.UTC),
    }
    asked = make_extension(owed, by=cast.secretary, **facts)
    Extension.objects.filter(pk=asked.pk).update(due_on=dt.date(2026, 2, 10))
    Deadline.objects.filter(pk=owed.pk).update(excused_until=None, excuse="", excused_by=None)
    assert totals(row, who)[1]["work"] == mark("5.0")  # two days missed, one return


def test_the_head_of_a_unit_answers_for_its_work(committee: Committee) -> None:
    cast = committee.cast
    head = Appointment.objects.get(user=cast.department_head)
    Post.objects.filter(pk=head.post_id).update(rank=10)
    Appointment.objects.create(user=cast.department_head, post=committee.post, start=dt.date(2025, 1, 1))
    make_deadline(cast.department, plan=make_published_plan(cast.province), due_on=dt.date(2026, 2, 20))
    row = committee.open()
    assert totals(row, cast.department_head)[1]["work"] == 0


def test_shortcomings_of_last_month_count_as_somebody_settled_them(committee: Committee) -> None:
    cast, who = committee.cast, committee.member
    january = committee.open(month=dt.date(2026, 1, 1))
    committee.score(committee.of(january, who), "80", shortcomings=["Chậm báo cáo", "Ít đi cơ sở", "Họp muộn"])
    row = committee.open()
    notes = list(MonthShortcoming.objects.order_by("pk"))
    assert totals(row, who)[1]["remediation"] == 0  # nobody has looked yet
    for by in (who, committee.colleague, cast.administrator, cast.secretary):
        with pytest.raises(Http404):
            settle(note=notes[0], by=by, remedied=True)
    with pytest.raises(ActionRefused, match="một cách"):
        settle(note=notes[0], by=cast.office_staff)
    settle(note=notes[0], by=cast.office_staff, remedied=True)
    assert totals(row, who)[1]["remediation"] == mark("13.3")  # a third of 40
    owed = make_deadline(
        cast.office, plan=make_published_plan(cast.province), due_on=dt.date(2026, 2, 20), **done(cast.leader, MONTH)
    )
    settle(note=notes[1], by=cast.office_staff, deadline=owed)
    ledger = ShortcomingFactory(plan=owed.plan, ordinal=1, subject="person", person=who)
    settle(note=notes[2], by=cast.office_staff, shortcoming=ledger)
    assert totals(row, who)[1]["remediation"] == mark("26.7")
    make_review(ledger, by=cast.office_staff, day=dt.date(2026, 2, 28))
    assert totals(row, who)[1]["remediation"] == mark("40.0")
    other = ShortcomingFactory(plan=owed.plan, ordinal=2, subject="person", person=committee.colleague)
    with pytest.raises(ActionRefused, match="không phải"):
        settle(note=notes[0], by=cast.office_staff, shortcoming=other)


def test_what_was_done_about_last_month_is_answered_in_the_self_score(committee: Committee) -> None:
    january = committee.open(month=dt.date(2026, 1, 1))
    committee.score(committee.of(january, committee.member), "80", shortcomings=["Chậm báo cáo"])
    row = committee.open()
    note = MonthShortcoming.objects.get()
    committee.score(committee.of(row, committee.member), "80", answers={note.pk: "Đã gửi đủ."})
    note.refresh_from_db()
    assert (note.answer, note.remedied) == ("Đã gửi đủ.", None)


# --- decision, lock, rating ---


def test_the_meeting_decides_and_the_month_is_locked(committee: Committee) -> None:
    row, cast = committee.to_decision(), committee.cast
    own = committee.of(row, committee.member)
    assert own.proposed == mark("80.00")  # the colleague's mark, not the 90 of the person
    facts: dict[str, Any] = {"row": row, "by": cast.leader}
    for who in (cast.office_staff, cast.administrator, committee.member, cast.secretary, cast.reader):
        with pytest.raises(Http404):
            decide_scores(row=row, scores={own.pk: (mark("80"), "")}, by=who, version=row.version)
    with pytest.raises(ActionRefused, match="vì sao"):
        decide_scores(scores={own.pk: (mark("75"), " ")}, version=row.version, **facts)
    row = decide_scores(scores={own.pk: (mark("75"), "Vắng họp.")}, version=row.version, **facts)
    with pytest.raises(ActionRefused, match="chưa có điểm"):
        lock_round(row=row, by=cast.leader, version=row.version)
    rest = {e.pk: (e.proposed or mark("0"), "Chưa tự chấm.") for e in row.evaluations.exclude(person=committee.member)}
    row = decide_scores(row=row, scores=rest, by=committee.second_leader, version=row.version)
    row = lock_round(row=row, by=cast.leader, version=row.version)
    assert (row.state, row.locked_by) == (RoundState.LOCKED, cast.leader)
    told = [(e.action, e.data) for e in AuditEvent.objects.filter(object_type="evaluationround")[:3]]
    assert told == [
        ("evaluation_step", {"state": "round_locked"}),
        ("evaluation_decided", {"members": 2}),
        ("evaluation_decided", {"members": 1}),
    ]
    with pytest.raises(ActionRefused, match="lần lượt"):
        decide_scores(row=row, scores={own.pk: (mark("1"), "x")}, by=cast.leader, version=row.version)
    with pytest.raises(ActionRefused, match="vì sao"):
        reopen_round(row=row, by=cast.leader, version=row.version, reason=" ")
    with pytest.raises(Http404):
        reopen_round(row=row, by=cast.office_staff, version=row.version, reason="Nhầm")
    row = reopen_round(row=row, by=cast.leader, version=row.version, reason="Nhầm người")
    assert (row.state, row.reason, row.locked_by) == (RoundState.DECISION, "Nhầm người", None)


def test_about_oneself_only_the_proposed_score_is_recorded(committee: Committee) -> None:
    row, cast = committee.to_decision(), committee.cast
    own = committee.of(row, cast.leader)
    assert own.proposed is not None
    with pytest.raises(ActionRefused, match="đề xuất"):
        decide_scores(row=row, scores={own.pk: (mark("100"), "Tốt")}, by=cast.leader, version=row.version)
    make_substitution(cast.leader, committee.colleague)
    stands_in = User.objects.get(pk=committee.colleague.pk)
    with pytest.raises(ActionRefused, match="đề xuất"):  # with the post of who is rated
        decide_scores(row=row, scores={own.pk: (mark("100"), "Tốt")}, by=stands_in, version=row.version)
    decide_scores(row=row, scores={own.pk: (own.proposed, "")}, by=cast.leader, version=row.version)


def test_nothing_is_decided_before_the_meeting(committee: Committee) -> None:
    row = committee.to_decision(day=dt.date(2026, 3, 30))
    own = committee.of(row, committee.member)
    with pytest.raises(ActionRefused, match="chưa diễn ra"):
        decide_scores(row=row, scores={own.pk: (mark("80"), "")}, by=committee.cast.leader, version=row.version)


def test_what_counted_is_kept_when_it_went_to_the_meeting(committee: Committee) -> None:
    cast = committee.cast
    owed = make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=dt.date(2026, 2, 20))
    owed.solution.overseer = committee.member
    owed.solution.save()
    row = committee.to_decision()
    before = totals(row, committee.member)
    submit(deadline=owed, by=cast.secretary, version=owed.version)
    assert totals(row, committee.member) == before
    term = EvaluationTerm.objects.get()
    assert (term.deadline, term.done, term.criterion.kind) == (owed, False, CriterionKind.WORK)


def test_the_year_counts_what_has_fallen_due_and_what_was_done_since(committee: Committee) -> None:
    cast, plan = committee.cast, make_published_plan(committee.cast.province)
    owed = [make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 2, day)) for day in (19, 20)]
    for deadline in owed:
        deadline.solution.overseer = committee.member
        deadline.solution.save()
    committee.to_locked()

    def done() -> tuple[int | None, int | None]:
        line = next(r for r in year_lines(cast.province, BODY, 2026) if r.person == committee.member)
        measure = next(m for m in line.measures if m.name == "done")
        return measure.part, measure.whole

    assert done() == (0, 2)
    submit(deadline=owed[0], by=cast.secretary, version=owed[0].version)
    assert done() == (1, 2)
    Deadline.objects.filter(pk=owed[1].pk).update(due_on=dt.date(2026, 6, 30))  # as an extension granted does
    assert done() == (1, 1)


def test_the_year_is_rated_by_the_rules_and_by_a_person(committee: Committee) -> None:
    row, cast = committee.to_locked(), committee.cast
    line = next(r for r in year_lines(cast.province, BODY, 2026) if r.person == committee.member)
    assert (line.mean, line.proposed and line.proposed.code, line.short_of) == (
        mark("80.0"),
        "rated_good",
        ("total", "beyond"),
    )
    facts: dict[str, Any] = {"unit": cast.province, "body": BODY, "year": 2026, "person": committee.member}
    with pytest.raises(ActionRefused, match="vì sao"):
        rate_year(level="rated_excellent", by=cast.leader, **facts)
    with pytest.raises(Http404):
        rate_year(level="rated_good", by=cast.office_staff, **facts)
    with pytest.raises(ActionRefused, match="chưa có tháng nào"):
        rate_year(level="rated_good", by=cast.leader, **{**facts, "year": 2025})
    made = rate_year(level="rated_excellent", reason="Thành tích đặc biệt.", by=cast.leader, **facts)
    assert (made.proposed, made.level, made.version) == ("rated_good", "rated_excellent", 1)
    with pytest.raises(Stale):
        rate_year(level="rated_good", by=cast.leader, **facts)
    assert too_many_best(year_lines(cast.province, BODY, 2026))  # told, and not barred
    own: dict[str, Any] = {**facts, "person": cast.leader}
    with pytest.raises(ActionRefused, match="đề xuất"):
        rate_year(level="rated_not_done", reason="Tự nhận.", by=cast.leader, **own)
    proposed = next(r.proposed for r in year_lines(cast.province, BODY, 2026) if r.person == cast.leader)
    assert proposed is not None
    for level, typed in (("rated_excellent", {"beyond": mark("100")}), (proposed.code, {"disciplined": True})):
        with pytest.raises(ActionRefused, match="đề xuất"):  # nor lift or change the proposal first
            rate_year(level=level, by=cast.leader, **typed, **own)
    event = AuditEvent.objects.filter(action=AuditAction.YEAR_RATED).get()
    assert (event.object_label, event.data) == ("2026", {"body": BODY, "year": 2026})
    assert row.state == RoundState.LOCKED
