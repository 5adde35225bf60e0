"""Amending a published plan: what each act changes, what follows for deadlines, who is told, what is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.urls import reverse

from doantracker.lib import clock
from plans.actions.amendments import (
    add_solution,
    amend_period,
    amend_solution,
    discard_amendment,
    drop_solution,
    issue_amendment,
    open_amendment,
    preview_amended_period,
    preview_amended_solution,
    preview_dropped_solution,
)
from plans.actions.closing import reopen_plan
from plans.actions.plans import publish_plan
from plans.actions.rescheduling import reschedule
from plans.actions.series import add_commitment, change_commitment
from plans.enums import Kind, NoticeKind, PlanStatus, Status, VersionOf
from plans.errors import ActionRefused, Stale
from plans.life_page import changes_of, collapsed
from plans.models import Deadline, Notice, Plan, PlanAmendment, RecordVersion, Schedule, Solution
from plans.reminders.sweep import check_deadlines
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import PlanFactory, ScheduleFactory, SolutionFactory, close, make_hanging, make_published_plan
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")

WHY = "Theo chỉ đạo của Thường trực."


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a published plan: one piece of work by a day of two units, one monthly of the lead."""
    plan: Plan = PlanFactory(issuing_unit=cast.province, title="Kế hoạch sẽ điều chỉnh")
    once = SolutionFactory(plan=plan, ordinal=1, text="Rà soát danh sách đoàn viên.", lead_unit=cast.office)
    ScheduleFactory(solution=once, due=dt.date(2026, 6, 30)).owner_units.add(cast.district, cast.other_district)
    monthly = SolutionFactory(plan=plan, ordinal=2, text="Giao ban hằng tháng.", lead_unit=cast.department)
    ScheduleFactory(solution=monthly, kind=Kind.RECURRING, rule="FREQ=MONTHLY", due=None)
    with clock.stopped_at(dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)):
        publish_plan(plan=plan, by=cast.office_staff)
    return Plan.objects.get(pk=plan.pk)


@pytest.fixture
def amendment(cast: Cast, plan: Plan) -> PlanAmendment:
    """Return an open amendment."""
    return open_amendment(plan=plan, by=cast.office_staff, title="Điều chỉnh lần 1", reason=WHY)


def _solution(plan: Plan, ordinal: int = 1) -> Solution:
    return Solution.objects.get(plan=plan, ordinal=ordinal)


def _days(plan: Plan, unit: Any, ordinal: int = 2) -> list[dt.date | None]:
    rows = Deadline.objects.filter(plan=plan, unit=unit, solution__ordinal=ordinal).exclude(status="cancelled")
    return list(rows.order_by("due_on").values_list("due_on", flat=True))


def test_one_amendment_is_open_at_a_time_and_a_form_sent_twice_opens_one(cast: Cast, plan: Plan) -> None:
    facts: dict[str, Any] = {"plan": plan, "by": cast.office_staff, "title": "Lần 1", "reason": WHY}
    first = open_amendment(**facts, key="k")
    assert open_amendment(**facts, key="k") == first
    with pytest.raises(Stale):
        open_amendment(**facts)
    discard_amendment(amendment=first, by=cast.office_staff)
    assert open_amendment(**facts).ordinal == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanAmendment.objects.create(
            plan=plan, ordinal=9, title="Thứ hai", reason=WHY, made_by=cast.office_staff, made_at=first.made_at
        )


def test_only_the_issuers_people_amend_a_published_plan(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    for person in (cast.secretary, cast.leader, cast.administrator, cast.reader, cast.outsider):
        with pytest.raises(Http404):
            open_amendment(plan=plan, by=person, title="Lần 2", reason=WHY)
        with pytest.raises(Http404):
            drop_solution(solution=_solution(plan), by=person, amendment=amendment, reason=WHY)
        with pytest.raises(Http404):
            issue_amendment(amendment=amendment, by=person, symbol="1-KH/TĐTN", issued_on=TODAY)
    draft: Plan = PlanFactory(issuing_unit=cast.province)
    with pytest.raises(ActionRefused):
        open_amendment(plan=draft, by=cast.office_staff, title="Lần 1", reason=WHY)
    with pytest.raises(ActionRefused):
        open_amendment(plan=make_published_plan(cast.province), by=cast.office_staff, title="Lần 1", reason=" ")


def test_another_text_is_kept_before_and_after_and_told_to_the_units(
    cast: Cast, plan: Plan, amendment: PlanAmendment
) -> None:
    values = {"text": "Rà soát, bổ sung danh sách đoàn viên."}
    facts: dict[str, Any] = {"solution": _solution(plan), "by": cast.office_staff, "amendment": amendment}
    shown = preview_amended_solution(**facts, values=values)
    assert not shown
    assert _solution(plan).text == "Rà soát danh sách đoàn viên."
    amend_solution(**facts, values=values, reason=WHY, expected=shown.digest)
    assert _solution(plan).text == "Rà soát, bổ sung danh sách đoàn viên."
    version = RecordVersion.objects.get()
    assert (version.kind, version.before, version.after, version.amendment, version.reason) == (
        VersionOf.SOLUTION,
        {"text": "Rà soát danh sách đoàn viên."},
        {"text": "Rà soát, bổ sung danh sách đoàn viên."},
        amendment,
        WHY,
    )
    told = Notice.objects.filter(kind=NoticeKind.AMENDED).values_list("recipient__username", flat=True)
    assert sorted(told) == ["bithu", "bithu2"]
    assert AuditEvent.objects.get(action="changed", object_type="solution").data["amendment"] == amendment.pk
    (change,) = changes_of([version], whole=True)
    assert [(p.kind, p.text) for p in change.values[0].pieces] == [
        ("same", "Rà "), ("gone", "soát "), ("new", "soát, bổ sung "), ("same", "danh sách đoàn viên."),
    ]  # fmt: skip


def test_nothing_changed_and_a_change_that_was_not_shown_are_refused(
    cast: Cast, plan: Plan, amendment: PlanAmendment
) -> None:
    facts: dict[str, Any] = {"by": cast.office_staff, "amendment": amendment, "solution": _solution(plan)}
    with pytest.raises(ActionRefused):
        amend_solution(**facts, values={"text": "Rà soát danh sách đoàn viên."}, reason=WHY)
    shown = preview_amended_solution(**facts, values={"text": "Một câu khác."})
    amend_solution(**facts, values={"text": "Người khác đã sửa."}, reason=WHY)
    with pytest.raises(Stale):
        amend_solution(**facts, values={"text": "Một câu khác."}, reason=WHY, expected=shown.digest)
    assert _solution(plan).text == "Người khác đã sửa."


def test_a_new_lead_takes_over_what_has_not_begun(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    march = Deadline.objects.get(plan=plan, unit=cast.department, occurrence="2026-03")
    Deadline.objects.filter(pk=march.pk).update(status=Status.IN_PROGRESS)
    before = _days(plan, cast.department)
    assert before[:3] == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 31)]
    facts: dict[str, Any] = {"by": cast.office_staff, "amendment": amendment, "solution": _solution(plan, 2)}
    shown = preview_amended_solution(**facts, values={"lead_unit": cast.office})
    amend_solution(**facts, values={"lead_unit": cast.office}, reason=WHY, expected=shown.digest)
    later = [*before[3:], dt.date(2026, 7, 31)]  # as far as the register looks ahead by now
    assert (_days(plan, cast.department), _days(plan, cast.office)) == (before[:3], later)
    assert (len(shown.new), len(shown.cancelled) + len(shown.removed)) == (4, 3)
    check_deadlines(today=dt.date(2026, 5, 16))
    assert _days(plan, cast.department) == before[:3]
    assert _days(plan, cast.office) == [*later, dt.date(2026, 8, 31), dt.date(2026, 9, 30)]


def test_named_units_keep_their_work_when_the_lead_changes(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    change = amend_solution(
        solution=_solution(plan),
        by=cast.office_staff,
        amendment=amendment,
        values={"lead_unit": cast.department},
        reason=WHY,
    )
    assert not change
    assert _days(plan, cast.district, 1) == [dt.date(2026, 6, 30)]


def test_a_solution_is_added_at_the_end_with_its_commitment(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    facts: dict[str, Any] = {"plan": plan, "by": cast.office_staff, "amendment": amendment, "reason": WHY}
    made = add_solution(**facts, values={"text": "Tổ chức tập huấn.", "lead_unit": cast.office}, key="k")
    assert add_solution(**facts, values={"text": "Tổ chức tập huấn.", "lead_unit": cast.office}, key="k") == made
    assert (made.ordinal, made.plan) == (3, plan)
    values = {"kind": Kind.BY_DATE, "due": dt.date(2026, 9, 30)}
    add_commitment(solution=made, by=cast.office_staff, values=values, reason=WHY, amendment=amendment)
    assert _days(plan, cast.office, 3) == [dt.date(2026, 9, 30)]
    kinds = RecordVersion.objects.filter(amendment=amendment).values_list("kind", "before")
    assert list(kinds) == [("solution", {}), ("schedule", {})]


def test_a_dropped_solution_calls_off_what_is_open_and_owes_nothing_more(
    cast: Cast, plan: Plan, amendment: PlanAmendment
) -> None:
    first = Deadline.objects.filter(plan=plan, solution__ordinal=2).order_by("due_on").first()
    assert first
    done = {"status": Status.SUBMITTED, "reported_on": TODAY, "reported_by": cast.department_head}
    Deadline.objects.filter(pk=first.pk).update(**done)
    facts: dict[str, Any] = {"by": cast.office_staff, "amendment": amendment, "solution": _solution(plan, 2)}
    shown = preview_dropped_solution(**facts)
    assert (len(shown.kept), len(shown.cancelled)) == (1, 5)
    drop_solution(**facts, reason=WHY, expected=shown.digest)
    rows = Deadline.objects.filter(plan=plan, solution__ordinal=2)
    assert rows.filter(status=Status.CANCELLED, reason=WHY).count() == 5
    assert rows.get(status=Status.SUBMITTED) == first
    check_deadlines(today=dt.date(2027, 1, 5))
    assert rows.count() == 6
    with pytest.raises(Stale):
        drop_solution(**facts, reason=WHY)
    with pytest.raises(Stale):
        amend_solution(**facts, values={"text": "Khác."}, reason=WHY)
    schedule = Schedule.objects.get(solution__plan=plan, solution__ordinal=2)
    with pytest.raises(ActionRefused):
        change_commitment(schedule=schedule, by=cast.office_staff, values={}, reason=WHY)
    with pytest.raises(ActionRefused):
        add_commitment(solution=_solution(plan, 2), by=cast.office_staff, values={"kind": Kind.ONGOING}, reason=WHY)


def test_work_on_hold_of_a_dropped_solution_is_called_off_too(
    cast: Cast, plan: Plan, amendment: PlanAmendment
) -> None:
    row = Deadline.objects.get(plan=plan, unit=cast.district)
    held = {"status": Status.ON_HOLD, "held_on": TODAY, "held_status": Status.ASSIGNED, "hold_reason": "Chờ."}
    Deadline.objects.filter(pk=row.pk).update(**held)
    drop_solution(solution=_solution(plan), by=cast.office_staff, amendment=amendment, reason=WHY)
    row.refresh_from_db()
    assert (row.status, row.held_on, row.hold_reason) == (Status.CANCELLED, None, "")


def test_what_hangs_on_a_dropped_solution_follows(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    anchor = Schedule.objects.get(solution__plan=plan, solution__ordinal=1)
    make_hanging(cast.commune, plan=plan, hangs_on=anchor, chain="last_day", lead_time="P7D")
    change = drop_solution(solution=_solution(plan), by=cast.office_staff, amendment=amendment, reason=WHY)
    assert len(change.cancelled) == 2
    assert Deadline.objects.get(unit=cast.commune).status == Status.ASSIGNED


@pytest.mark.parametrize(
    ("ends", "last", "effects"),
    [
        ([dt.date(2026, 5, 31)], dt.date(2026, 5, 31), {"removed": 1}),
        ([dt.date(2026, 5, 31), dt.date(2026, 6, 30)], dt.date(2026, 6, 30), {"new": 1}),
        ([dt.date(2026, 5, 31), None], dt.date(2026, 7, 31), {"new": 2}),  # as far as the register looks ahead
    ],
)
def test_recurring_work_follows_another_end_of_the_period(
    cast: Cast,
    plan: Plan,
    amendment: PlanAmendment,
    ends: list[dt.date | None],
    last: dt.date,
    effects: dict[str, int],
) -> None:
    for end in ends:
        facts: dict[str, Any] = {"plan": plan, "by": cast.office_staff, "amendment": amendment, "period_end": end}
        shown = preview_amended_period(**facts)
        amend_period(**facts, reason=WHY, expected=shown.digest)
        plan.refresh_from_db()
    assert plan.period_end == ends[-1]
    assert _days(plan, cast.department)[-1] == last
    version = RecordVersion.objects.order_by("-pk")[0]
    before = "2026-12-31" if len(ends) == 1 else "2026-05-31"
    assert (version.kind, version.before, version.effects) == (VersionOf.PLAN, {"period_end": before}, effects)


def test_an_end_that_can_not_be_meant_is_refused(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    for end in (plan.period_end, dt.date(2026, 3, 15), dt.date(2025, 1, 1)):
        with pytest.raises(ActionRefused):
            amend_period(plan=plan, by=cast.office_staff, amendment=amendment, period_end=end, reason=WHY)


def test_other_changes_become_part_of_the_amendment(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    row = Deadline.objects.get(plan=plan, unit=cast.district)
    moved: dict[str, Any] = {"deadline": row, "by": cast.office_staff, "reason": WHY, "amendment": amendment}
    reschedule(**moved, due_on=dt.date(2026, 7, 15))
    reschedule(**moved, due_on=dt.date(2026, 7, 31), all_units=True)
    change_commitment(
        schedule=row.schedule,
        by=cast.office_staff,
        values={"due": dt.date(2026, 8, 31), "kind": Kind.BY_DATE},
        reason=WHY,
        amendment=amendment,
    )
    versions = list(RecordVersion.objects.filter(amendment=amendment).order_by("pk"))
    assert [(v.kind, v.unit, v.after["due"]) for v in versions] == [
        ("occurrence", cast.district, "2026-07-15"),
        ("occurrence", None, "2026-07-31"),
        ("schedule", None, "2026-08-31"),
    ]
    assert versions[1].effects == {"moved": 2}


def test_issuing_fixes_an_amendment_by_its_document(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    issue: dict[str, Any] = {"amendment": amendment, "by": cast.office_staff, "symbol": "45-KH/TĐTN"}
    with pytest.raises(ActionRefused):  # nothing was changed
        issue_amendment(**issue, issued_on=TODAY)
    facts: dict[str, Any] = {"solution": _solution(plan), "by": cast.office_staff, "reason": WHY}
    amend_solution(**facts, amendment=amendment, values={"text": "Câu mới."})
    with pytest.raises(ActionRefused):
        issue_amendment(**issue, issued_on=dt.date(2026, 3, 17))
    with pytest.raises(ActionRefused):
        discard_amendment(amendment=amendment, by=cast.office_staff)
    issued = issue_amendment(**issue, issued_on=TODAY)
    assert (issued.symbol, issued.issued_on, issued.issued_by) == ("45-KH/TĐTN", TODAY, cast.office_staff)
    assert AuditEvent.objects.get(action="issued").data == {"symbol": "45-KH/TĐTN", "changes": 1}
    with pytest.raises(Stale):
        amend_solution(**facts, amendment=amendment, values={"text": "Thêm nữa."})
    with pytest.raises(Stale):
        issue_amendment(**issue, issued_on=TODAY)
    second = open_amendment(plan=plan, by=cast.office_staff, title="Lần 2", reason=WHY)
    assert second.ordinal == 2


def test_an_amendment_of_another_plan_is_of_no_use(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    other = make_published_plan(cast.province)
    foreign = SolutionFactory(plan=other, ordinal=1, lead_unit=cast.office)
    with pytest.raises(ActionRefused):
        add_solution(plan=other, by=cast.office_staff, amendment=amendment, values={"text": "Việc."}, reason=WHY)
    with pytest.raises(Stale):
        drop_solution(solution=foreign, by=cast.office_staff, amendment=amendment, reason=WHY)
    with pytest.raises(ActionRefused):
        add_commitment(
            solution=foreign, by=cast.office_staff, values={"kind": Kind.ONGOING}, reason=WHY, amendment=amendment
        )


def test_a_closed_plan_is_not_amended_until_it_is_open_again(cast: Cast, plan: Plan) -> None:
    close(plan, by=cast.office_staff)
    facts: dict[str, Any] = {"plan": plan, "by": cast.office_staff, "title": "Lần 1", "reason": WHY}
    with pytest.raises(ActionRefused):
        open_amendment(**facts)
    reopen_plan(plan=plan, by=cast.office_staff, reason="Đóng nhầm.")
    amendment = open_amendment(**facts)
    drop_solution(solution=_solution(plan), by=cast.office_staff, amendment=amendment, reason=WHY)
    assert _solution(plan).dropped_reason == WHY


def test_several_changes_of_one_record_are_told_as_one(cast: Cast, plan: Plan, amendment: PlanAmendment) -> None:
    facts: dict[str, Any] = {"solution": _solution(plan), "by": cast.office_staff, "amendment": amendment}
    for text in ("Câu hai.", "Câu ba."):
        amend_solution(**facts, values={"text": text}, reason=WHY)
    (change,) = collapsed(RecordVersion.objects.select_related("by", "amendment"))
    assert [(v.before, v.after) for v in change.values] == [("Rà soát danh sách đoàn viên.", "Câu ba.")]
    amend_solution(**facts, values={"text": "Rà soát danh sách đoàn viên."}, reason=WHY)
    assert collapsed(RecordVersion.objects.select_related("by", "amendment")) == []
    added = add_solution(plan=plan, by=cast.office_staff, amendment=amendment, values={"text": "Việc."}, reason=WHY)
    drop_solution(solution=added, by=cast.office_staff, amendment=amendment, reason=WHY)
    assert collapsed(RecordVersion.objects.select_related("by", "amendment")) == []


# --- pages ---


def test_the_office_amends_and_issues_on_the_pages(cast: Cast, plan: Plan, login: Login) -> None:
    office = login(cast.office_staff)
    opened = office.post(
        reverse("plans:amendment_open", args=[plan.pk]), {"title": "Điều chỉnh", "reason": WHY, "form_key": "a"}
    )
    amendment = PlanAmendment.objects.get()
    assert opened.headers["Location"] == amendment.get_absolute_url()
    change = reverse("plans:amendment_solution", args=[amendment.pk, _solution(plan).pk])
    form = office.get(change).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"text": "Rà soát lại toàn bộ.", "reason": WHY, "supporting_units": "Ban Phong trào"}
    shown = office.post(change, {**sent, "act": "look"})
    assert shown.status_code == 200
    digest = shown.context["change"].digest
    assert office.post(change, {**sent, "act": "apply", "digest": "cũ"}).status_code == 409
    assert office.post(change, {**sent, "act": "apply", "digest": digest}).status_code == 302
    assert list(_solution(plan).supporting_units.all()) == [cast.department]
    page = office.get(amendment.get_absolute_url())
    assert "<ins>lại toàn bộ.</ins>" in page.text
    issue = reverse("plans:amendment_issue", args=[amendment.pk])
    for wrong in ({}, {"symbol": "không số", "issued_on": "16/03/2026"}, {"symbol": "45-KH/TĐTN", "issued_on": "x"}):
        assert office.post(issue, wrong).status_code == 422
    assert office.post(issue, {"symbol": "45-KH/TĐTN", "issued_on": "16/03/2026"}).status_code == 302
    assert office.get(issue).status_code == 404
    assert "45-KH/TĐTN" in login(cast.secretary).get(reverse("plans:life", args=[plan.pk])).text


def test_a_commitment_changed_while_an_amendment_is_open_becomes_part_of_it(
    cast: Cast, plan: Plan, amendment: PlanAmendment, login: Login
) -> None:
    office = login(cast.office_staff)
    row = Deadline.objects.get(plan=plan, unit=cast.district)
    address = reverse("plans:move", args=[row.pk])
    sent = {"due_on": "31/07/2026", "scope": "one", "reason": WHY}
    shown = office.post(address, {**sent, "act": "look"})
    assert amendment.title in shown.text
    office.post(address, {**sent, "act": "apply", "digest": shown.context["change"].digest})
    assert RecordVersion.objects.get().amendment == amendment


def test_what_moved_for_one_unit_is_no_matter_of_its_sibling(
    cast: Cast, plan: Plan, amendment: PlanAmendment, login: Login
) -> None:
    row = Deadline.objects.get(plan=plan, unit=cast.district)
    reschedule(
        deadline=row, by=cast.office_staff, due_on=dt.date(2026, 7, 15), reason="Bão SÔNGTHAO.", amendment=amendment
    )
    reschedule(deadline=row, by=cast.office_staff, due_on=dt.date(2026, 7, 20), reason="Lũ SÔNGTHAO.")
    issue_amendment(amendment=amendment, by=cast.office_staff, symbol="45-KH/TĐTN", issued_on=TODAY)
    addresses = [
        amendment.get_absolute_url(),
        reverse("plans:life", args=[plan.pk]),
        reverse("plans:compare", args=[plan.pk]) + "?day=10/03/2026",
    ]
    for person, sees in ((cast.secretary, True), (cast.office_staff, True), (cast.sibling_secretary, False)):
        texts = [login(person).get(address).text for address in addresses]
        assert [("SÔNGTHAO" in text) for text in texts] == [sees] * 3


def test_an_open_amendment_is_no_matter_of_the_units(
    cast: Cast, plan: Plan, amendment: PlanAmendment, login: Login
) -> None:
    assert login(cast.secretary).get(amendment.get_absolute_url()).status_code == 404
    assert login(cast.leader).get(amendment.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("units", [1, 6])
def test_a_drop_costs_the_same_for_one_unit_and_for_many(
    cast: Cast, django_assert_num_queries: Any, units: int
) -> None:
    plan = make_published_plan(cast.province)
    solution = SolutionFactory(plan=plan, ordinal=1, lead_unit=cast.office)
    schedule = ScheduleFactory(solution=solution, due=dt.date(2026, 6, 30))
    for unit in (cast.district, cast.other_district, cast.commune, cast.branch, cast.office, cast.department)[:units]:
        facts: dict[str, Any] = {"unit": unit, "unit_path": unit.path, "occurrence": "once"}
        Deadline.objects.create(schedule=schedule, solution=solution, plan=plan, due_on=schedule.due, **facts)
    amendment = open_amendment(plan=plan, by=cast.office_staff, title="Lần 1", reason=WHY)
    with django_assert_num_queries(28 + 2 * (connection.vendor == "postgresql")):  # the lock of the log's chain
        drop_solution(solution=solution, by=cast.office_staff, amendment=amendment, reason=WHY)


def test_the_plan_page_shows_what_was_dropped_and_why(
    cast: Cast, plan: Plan, amendment: PlanAmendment, login: Login
) -> None:
    drop_solution(solution=_solution(plan), by=cast.office_staff, amendment=amendment, reason=WHY)
    page = login(cast.secretary).get(plan.get_absolute_url())
    assert "is-dropped" in page.text
    assert WHY in page.text
    assert plan.status == PlanStatus.PUBLISHED
