"""Links between solutions and what they answer: proposed by the reader, confirmed or removed by a person."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse

from plans.actions import answers, records
from plans.actions.cures import give_lead, give_report_day
from plans.actions.restoring import restore_record
from plans.enums import Deliverable, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.importing import LOOK_AT, READER_DOUBTS, doubt_words
from plans.models import Deadline, Notice, Plan, Solution, SolutionTask
from plans.reading.commitments import FROM_ORDER
from plans.reading.phrases import YEAR_INFERRED
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    SolutionFactory,
    link_task,
    make_deadline,
    make_published_plan,
    make_task,
)
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a draft with two tasks and two solutions; the reader proposed both links of the first."""
    found: Plan = PlanFactory(issuing_unit=cast.province)
    first = SolutionFactory(plan=found, ordinal=1, doubt=doubt_words([FROM_ORDER]), lead_unit=cast.district)
    SolutionFactory(plan=found, ordinal=2, lead_unit=cast.district)
    for n in (1, 2):
        link_task(first, make_task(found, n), proposed=True)
    return found


def links(plan: Plan) -> list[SolutionTask]:
    return list(SolutionTask.objects.filter(solution__plan=plan).order_by("prioritytask__ordinal"))


def solution(plan: Plan, ordinal: int = 1) -> Solution:
    found: Solution = plan.solutions.get(ordinal=ordinal)
    return found


def test_the_doubt_of_a_solution_goes_with_its_last_proposal(cast: Cast, plan: Plan) -> None:
    first, second = links(plan)
    answers.confirm_link(link=first, by=cast.office_staff)
    assert solution(plan).doubt
    answers.remove_link(link=second, by=cast.office_staff)
    assert (solution(plan).doubt, solution(plan).settled) == ("", doubt_words([FROM_ORDER]))
    assert [(k.awaits, k.confirmed_by) for k in links(plan)] == [(False, cast.office_staff)]
    log = AuditEvent.objects.filter(action__startswith="link_").order_by("pk")
    assert [(e.action, e.actor, e.plan_id) for e in log] == [
        ("link_confirmed", cast.office_staff, plan.pk), ("link_removed", cast.office_staff, plan.pk),
    ]  # fmt: skip


def test_other_doubts_of_the_solution_stay(cast: Cast, plan: Plan) -> None:
    other = doubt_words([YEAR_INFERRED])
    Solution.objects.filter(pk=solution(plan).pk).update(doubt=f"{other} {doubt_words([FROM_ORDER])}")
    answers.confirm_links(plan=plan, by=cast.office_staff)
    assert solution(plan).doubt == other
    assert str(READER_DOUBTS[FROM_ORDER]) not in other
    assert str(LOOK_AT[FROM_ORDER]) not in other


def test_accepting_the_solution_confirms_what_it_answers_and_reopening_takes_it_back(cast: Cast, plan: Plan) -> None:
    records.accept_record(record=solution(plan), by=cast.office_staff)
    assert [k.awaits for k in links(plan)] == [False, False]
    records.reopen_record(record=solution(plan), by=cast.office_staff)
    assert [k.awaits for k in links(plan)] == [True, True]


def test_what_a_person_leaves_ticked_or_ticks_is_no_proposal(cast: Cast, plan: Plan) -> None:
    kept = [k.prioritytask for k in links(plan)][:1]
    records.change_record(record=solution(plan), values={"priority_tasks": kept}, by=cast.office_staff)
    records.change_record(record=solution(plan, 2), values={"priority_tasks": kept}, by=cast.office_staff)
    assert [(k.solution.ordinal, k.proposed, k.awaits) for k in links(plan)] == [(1, True, False), (2, False, False)]


def test_proposals_survive_split_join_drop_and_restore(cast: Cast, plan: Plan) -> None:
    first = solution(plan)
    Solution.objects.filter(pk=first.pk).update(text="Họp giao ban. Gửi báo cáo.")
    second = records.split_solution(solution=solution(plan), at=len("Họp giao ban. "), by=cast.office_staff)
    assert [k.awaits for k in SolutionTask.objects.filter(solution=second)] == [True, True]
    joined = records.join_solutions(solution=solution(plan), by=cast.office_staff)
    assert [k.awaits for k in links(plan)] == [True, True]
    dropped = records.drop_record(record=joined, by=cast.office_staff)
    assert links(plan) == []
    restore_record(dropped=dropped, by=cast.office_staff)
    assert [k.awaits for k in links(plan)] == [True, True]
    gone = records.drop_record(record=links(plan)[0].prioritytask, by=cast.office_staff)
    restore_record(dropped=gone, by=cast.office_staff)
    assert [k.awaits for k in links(plan)] == [True, True]


def test_a_link_that_is_gone_and_a_closed_plan_are_refused(cast: Cast, plan: Plan) -> None:
    first, second = links(plan)
    answers.remove_link(link=first, by=cast.office_staff)
    with pytest.raises(Stale):
        answers.confirm_link(link=first, by=cast.office_staff)
    now = plan.created_at
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.CLOSED, published_at=now, closed_at=now)
    with pytest.raises(ActionRefused, match="đã kết thúc"):
        answers.confirm_link(link=second, by=cast.office_staff)


def test_nothing_but_the_button_confirms_a_link(cast: Cast, login: Login, plan: Plan) -> None:
    address = reverse("plans:link", args=[plan.pk, "task", links(plan)[0].pk])
    office = login(cast.office_staff)
    for sent in ({}, {"act": "confirmed"}):
        assert "xác nhận hay bỏ liên kết" in office.post(address, sent, follow=True).text
    assert [k.awaits for k in links(plan)] == [True, True]
    office.post(address, {"act": "confirm"})
    assert [k.awaits for k in links(plan)] == [False, True]


@pytest.mark.parametrize("who", ["secretary", "leader", "outsider"])
def test_only_who_runs_the_plan_confirms(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        answers.confirm_link(link=links(plan)[0], by=getattr(cast, who))


def test_solutions_are_chosen_for_a_task_and_what_stays_is_confirmed(cast: Cast, login: Login, plan: Plan) -> None:
    task = links(plan)[0].prioritytask
    address = reverse("plans:links", args=[plan.pk, "task", task.pk])
    client = login(cast.office_staff)
    seen = client.get(address).context["form"]["seen"].value()
    sent: dict[str, Any] = {"solutions": [s.pk for s in plan.solutions.all()], "seen": seen}
    assert client.post(address, sent).status_code == 302
    assert {(k.solution.ordinal, k.awaits) for k in SolutionTask.objects.filter(prioritytask=task)} == {
        (1, False),
        (2, False),
    }
    assert client.post(address, sent | {"solutions": []}).status_code == 409  # seen before the other change
    assert AuditEvent.objects.filter(action="linked").count() == 1


def test_a_solution_of_another_plan_is_refused(cast: Cast, plan: Plan) -> None:
    other = SolutionFactory(plan=make_published_plan(cast.province), ordinal=1)
    task = links(plan)[0].prioritytask
    with pytest.raises(ActionRefused):
        answers.set_solutions(target=task, solutions=[other], by=cast.office_staff, expected=[solution(plan).pk])


def test_after_publishing_the_matrix_shows_whether_links_were_confirmed(cast: Cast, login: Login) -> None:
    plan = make_published_plan(cast.province)
    row = make_deadline(cast.district, plan=plan, due_on=TODAY)
    link_task(row.solution, make_task(plan), proposed=True)
    client, address = login(cast.office_staff), reverse("plans:tasks", args=[plan.pk])
    assert client.get(address).context["proposed"] == 1
    assert "đề xuất, chưa xác nhận" in login(cast.secretary).get(address).text
    assert "links/confirm" not in login(cast.secretary).get(address).text
    client.post(reverse("plans:links_confirm", args=[plan.pk]))
    assert client.get(address).context["proposed"] == 0
    assert f"đã xác nhận: {cast.office_staff.full_name}" in client.get(address).text


# --- a lead given later, the day of the report ---


def test_a_lead_given_later_owes_what_names_nobody_and_is_told(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    led = SolutionFactory(plan=plan, ordinal=1)
    ScheduleFactory(solution=led, due=TODAY)
    assert give_lead(solution=led, lead=cast.district, by=cast.office_staff) == 1
    assert list(Deadline.objects.filter(plan=plan).values_list("unit", "due_on")) == [(cast.district.pk, TODAY)]
    assert list(Notice.objects.values_list("recipient", flat=True)) == [cast.secretary.pk]
    event = AuditEvent.objects.get(action="lead_given")
    assert (event.actor, event.data) == (cast.office_staff, {"lead": cast.district.name, "deadlines": 1})
    with pytest.raises(Stale):
        give_lead(solution=led, lead=cast.other_district, by=cast.office_staff)


def test_a_lead_outside_the_issuer_and_a_stranger_are_refused(cast: Cast) -> None:
    led = SolutionFactory(plan=make_published_plan(cast.province), ordinal=1)
    with pytest.raises(ActionRefused):
        give_lead(solution=led, lead=cast.foreign_commune, by=cast.office_staff)
    with pytest.raises(Http404):
        give_lead(solution=led, lead=cast.district, by=cast.secretary)


def test_the_report_of_a_draft_is_added_where_no_solution_owes_it(cast: Cast) -> None:
    plan: Plan = PlanFactory(issuing_unit=cast.province)
    give_report_day(plan=plan, solution=None, day=TODAY, by=cast.office_staff)
    made = plan.solutions.get()
    assert (made.deliverable, made.schedules.get().due) == (Deliverable.REPORT, TODAY)


def test_a_published_plan_needs_the_solution_that_owes_its_report(cast: Cast) -> None:
    plan = make_published_plan(cast.province)
    owes = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.district)
    for refused in ({"solution": None, "day": TODAY}, {"solution": owes, "day": TODAY.replace(day=1)}):
        with pytest.raises(ActionRefused):
            give_report_day(plan=plan, by=cast.office_staff, **refused)
    give_report_day(plan=plan, solution=owes, day=TODAY, by=cast.office_staff)
    assert solution(plan).deliverable == Deliverable.REPORT
    assert Deadline.objects.get(plan=plan).due_on == TODAY
