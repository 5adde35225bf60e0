"""Sending a plan down and answering it: who gets it, each answer, the own plan, changes above, pilots, reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from plans.actions import cascade as acts
from plans.actions import own_plans
from plans.actions.compiled import compile_into
from plans.actions.pilots import add_slot, choose_pilots
from plans.actions.plans import publish_plan
from plans.actions.records import change_record, drop_record
from plans.cascade_lineage import plans_above, plans_below
from plans.enums import Deliverable, Dilution, Kind, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import CascadeAnswer, Deadline, PilotChoice, Plan, PlanRecipient, Schedule, Solution
from plans.reminders.sweep import check_deadlines
from tests.cast import Cast
from tests.factories import (
    PlanFactory,
    SolutionGroupFactory,
    make_item,
    make_published_plan,
    make_recipient,
    make_unit,
)
from units.models import AuditEvent, Unit, UnitKind

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 3, 16)
JUNE, JULY, MAY = dt.date(2026, 6, 30), dt.date(2026, 7, 31), dt.date(2026, 5, 31)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a published plan of the province: an item for everybody, one for the communes, one for itself."""
    plan = make_published_plan(cast.province, title="Kế hoạch phát triển đoàn viên")
    make_item(plan)
    make_item(plan, "Rà soát danh sách đoàn viên.", level="grassroots")
    make_item(plan, "Tổng hợp toàn tỉnh.", level="province")
    return plan


@pytest.fixture
def row(cast: Cast, plan: Plan) -> PlanRecipient:
    """Return the district's copy of the plan."""
    return make_recipient(plan, cast.district, by=cast.office_staff)


def items(plan: Plan) -> list[Solution]:
    return list(plan.solutions.order_by("ordinal"))


def answer(row: PlanRecipient, solution: Solution, cast: Cast, how: str = "accepted", **facts: Any) -> CascadeAnswer:
    return acts.answer_item(recipient=row, solution=solution, answer=how, by=cast.secretary, **facts)


def units_of(plan: Plan) -> list[str]:
    return list(plan.sent_to.values_list("unit__code", flat=True))


# --- sending ---


def test_named_units_and_every_unit_in_force_of_a_kind_below_the_issuer_get_the_plan(cast: Cast, plan: Plan) -> None:
    make_unit("Huyện đoàn Cũ", code="ST-CU", kind="district", parent=cast.province, valid_to=dt.date(2026, 1, 1))
    kinds = UnitKind.objects.filter(code="district")
    rows = acts.send_down(plan=plan, by=cast.office_staff, units=[cast.commune], kinds=kinds, due_on=JUNE)
    assert units_of(plan) == ["ST-BM", "ST-BM-AH", "ST-CG"]
    assert {(r.unit_path, r.asked_on, r.due_on) for r in rows} == {
        (u.path, TODAY, JUNE) for u in (cast.district, cast.other_district, cast.commune)
    }
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.unit_id, event.data["units"]) == ("sent_down", cast.province.pk, 3)


def test_sending_again_reaches_only_who_has_it_not_and_then_is_refused(cast: Cast, plan: Plan) -> None:
    acts.send_down(plan=plan, by=cast.office_staff, units=[cast.district])
    kinds = UnitKind.objects.filter(code="district")
    assert [r.unit for r in acts.send_down(plan=plan, by=cast.office_staff, kinds=kinds)] == [cast.other_district]
    with pytest.raises(ActionRefused):
        acts.send_down(plan=plan, by=cast.office_staff, kinds=kinds)
    assert plan.sent_to.count() == 2


@pytest.mark.parametrize("who", ["leader", "department_head", "reader", "administrator", "secretary", "outsider"])
def test_only_who_runs_the_plans_of_the_issuer_sends(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        acts.send_down(plan=plan, by=getattr(cast, who), units=[cast.district])
    assert not PlanRecipient.objects.exists()


def test_drafts_closed_plans_foreign_units_and_past_days_are_refused(cast: Cast, plan: Plan) -> None:
    for status in (PlanStatus.DRAFT, PlanStatus.CLOSED):
        other = make_published_plan(cast.province)
        facts = {"published_at": None} if status == PlanStatus.DRAFT else {"closed_at": other.published_at}
        Plan.objects.filter(pk=other.pk).update(status=status, **facts)
        with pytest.raises(ActionRefused):
            acts.send_down(plan=other, by=cast.office_staff, units=[cast.district])
    for units in ([cast.foreign_commune], [cast.province], []):
        with pytest.raises(ActionRefused):
            acts.send_down(plan=plan, by=cast.office_staff, units=units)
    with pytest.raises(ActionRefused):
        acts.send_down(plan=plan, by=cast.office_staff, units=[cast.district], due_on=dt.date(2026, 3, 15))
    assert not PlanRecipient.objects.exists()


def test_a_unit_founded_later_gets_what_was_sent_to_its_kind_once(cast: Cast, plan: Plan) -> None:
    kinds = UnitKind.objects.filter(code="district")
    acts.send_down(plan=plan, by=cast.office_staff, kinds=kinds, due_on=JUNE)
    new = make_unit("Huyện đoàn Mới", code="ST-MOI", kind="district", parent=cast.province)
    commune = make_unit("Đoàn xã Mới", code="ST-MOI-X", parent=new)
    foreign = make_unit("Huyện đoàn Xa", code="HV-XA", kind="district", parent=cast.foreign_province)
    assert acts.send_to_new_units([new, commune, foreign], today=TODAY) == 1
    assert acts.send_to_new_units([new, commune, foreign], today=TODAY) == 0
    assert plan.sent_to.get(unit=new).due_on == JUNE
    later = make_unit("Huyện đoàn Sau", code="ST-SAU", kind="district", parent=cast.province)
    acts.send_to_new_units([later], today=JULY)
    assert plan.sent_to.get(unit=later).due_on is None  # the day is over: it owes none by it


def test_the_sweep_sends_plans_to_new_units(cast: Cast, plan: Plan) -> None:
    acts.send_down(plan=plan, by=cast.office_staff, kinds=UnitKind.objects.filter(code="district"))
    check_deadlines(today=TODAY)
    make_unit("Huyện đoàn Mới", code="ST-MOI", kind="district", parent=cast.province)
    check_deadlines(today=TODAY)
    check_deadlines(today=TODAY)
    assert units_of(plan) == ["ST-BM", "ST-CG", "ST-MOI"]


def test_the_row_follows_a_unit_that_moves(cast: Cast, row: PlanRecipient) -> None:
    from units.signals import unit_moved  # noqa: PLC0415

    unit_moved.send(sender=Unit, unit=cast.district, old_path=cast.district.path, new_path="0009")
    row.refresh_from_db()
    assert row.unit_path == "0009"


# --- answering ---


def test_an_answer_keeps_what_was_asked_and_writes_the_log(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    made = answer(row, items(plan)[0], cast)
    assert (made.answer, made.version, made.dilution) == ("accepted", 1, "")
    assert (made.asked_text, made.asked_number, made.asked_day) == ("Kết nạp 100 đoàn viên mới.", Decimal(100), JUNE)
    assert made.asked_when == "chậm nhất là ngày 30/06/2026"
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.plan_id, event.unit_id) == ("answered_item", plan.pk, cast.district.pk)
    assert event.data == {"answer": "accepted"}


@pytest.mark.parametrize(
    ("facts", "dilution"),
    [
        ({"last_day": JULY}, Dilution.DAY),
        ({"last_day": MAY}, ""),
        ({"number": Decimal(80)}, Dilution.NUMBER),
        ({"text": "Kết nạp 60 đoàn viên mới.", "last_day": JULY}, Dilution.BOTH),
        ({"text": "Kết nạp 150 đoàn viên mới."}, ""),
    ],
)
def test_adapting_tells_whether_less_is_promised(
    cast: Cast, plan: Plan, row: PlanRecipient, facts: dict[str, Any], dilution: str
) -> None:
    assert answer(row, items(plan)[0], cast, "adapted", **facts).dilution == dilution


@pytest.mark.parametrize(
    ("how", "facts"),
    [
        ("adapted", {}),
        ("adapted", {"text": "Kết nạp 100 đoàn viên mới."}),  # the same words adapt nothing
        ("not_applicable", {}),
        ("not_applicable", {"reason": "  "}),
        ("merged", {}),  # into which plan?
    ],
)
def test_an_answer_without_sense_is_refused(
    cast: Cast, plan: Plan, row: PlanRecipient, how: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(ActionRefused):
        answer(row, items(plan)[0], cast, how, **facts)
    assert not CascadeAnswer.objects.exists()


def test_the_database_holds_the_rules_too(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    made = answer(row, items(plan)[0], cast)
    wrong: tuple[dict[str, Any], ...] = (
        {"answer": "not_applicable"},
        {"answer": "adapted"},
        {"kept_digest": "x"},
    )
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            CascadeAnswer.objects.filter(pk=made.pk).update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanRecipient.objects.filter(pk=row.pk).update(own_plan=plan)


def test_work_of_the_level_above_is_not_asked(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    with pytest.raises(ActionRefused):
        answer(row, items(plan)[2], cast)
    commune = make_recipient(plan, cast.commune, by=cast.office_staff)
    acts.answer_all(recipient=commune, answer="accepted", by=cast.commune_secretary)
    assert list(commune.answers.values_list("solution__ordinal", flat=True)) == [1, 2]


def test_a_version_nobody_sees_any_more_is_refused(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    first = items(plan)[0]
    answer(row, first, cast)
    with pytest.raises(Stale):  # a second form that was opened before
        answer(row, first, cast, "not_applicable", reason="Không có đối tượng.")
    again = answer(row, first, cast, "not_applicable", reason="Không có đối tượng.", version=1)
    assert (again.version, CascadeAnswer.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "who", ["leader", "reader", "administrator", "sibling_secretary", "commune_secretary", "outsider"]
)
def test_only_who_runs_or_reports_for_the_unit_answers(cast: Cast, plan: Plan, row: PlanRecipient, who: str) -> None:
    with pytest.raises(Http404):
        acts.answer_item(recipient=row, solution=items(plan)[0], answer="accepted", by=getattr(cast, who))
    assert not CascadeAnswer.objects.exists()


def test_all_at_once_leaves_what_is_answered_and_answers_nothing_twice(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    answer(row, items(plan)[0], cast, "adapted", number=Decimal(120))
    with pytest.raises(ActionRefused):
        acts.answer_all(recipient=row, answer="not_applicable", by=cast.secretary)  # without a reason
    acts.answer_all(recipient=row, answer="not_applicable", reason="Không có xã.", by=cast.secretary)
    assert list(row.answers.values_list("answer", "reason")) == [("adapted", ""), ("not_applicable", "Không có xã.")]
    with pytest.raises(ActionRefused):
        acts.answer_all(recipient=row, answer="accepted", by=cast.secretary)
    with pytest.raises(ActionRefused):
        acts.answer_all(recipient=row, answer="merged", by=cast.secretary)


def test_a_closed_plan_asks_for_nothing(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.CLOSED, closed_at=plan.published_at)
    with pytest.raises(ActionRefused):
        answer(row, items(plan)[0], cast)
    assert not PlanRecipient.objects.followed().exists()


def test_rows_with_open_items_are_those_not_answered_whole(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    branch = make_recipient(plan, cast.branch, by=cast.office_staff)
    rows = PlanRecipient.objects.with_open_items()
    assert set(rows) == {row, branch}
    answer(row, items(plan)[0], cast)
    acts.answer_item(recipient=branch, solution=items(plan)[0], answer="accepted", by=cast.branch_secretary)
    assert set(rows.all()) == {
        row
    }  # the work of the communes is not asked of the branch, that of nobody of the province
    answer(row, items(plan)[1], cast)
    assert set(rows.all()) == set()


# --- the own plan ---


def test_the_own_plan_is_a_draft_with_what_was_accepted_or_adapted(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    first, second, _own = items(plan)
    group = SolutionGroupFactory(plan=plan, ordinal=1, title="Phát triển đoàn viên", lead_unit=cast.department)
    Solution.objects.filter(pk=first.pk).update(group=group, deliverable=Deliverable.REPORT)
    answer(row, first, cast, "adapted", text="Kết nạp 60 đoàn viên mới.", last_day=JULY)
    answer(row, second, cast)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary, title="Kế hoạch của huyện")
    row.refresh_from_db()
    assert (own.status, own.parent, own.issuing_unit, own.title) == (
        "draft",
        plan,
        cast.district,
        "Kế hoạch của huyện",
    )
    assert (own.period_start, own.period_end, row.own_plan) == (plan.period_start, plan.period_end, own)
    one, two = own.solutions.order_by("ordinal")
    assert (one.ordinal, one.text, one.deliverable, one.lead_unit) == (
        1, "Kết nạp 60 đoàn viên mới.", "report", cast.district,
    )  # fmt: skip
    assert one.group
    assert (one.group.plan, one.group.title, one.group.lead_unit) == (own, "Phát triển đoàn viên", None)
    assert [(s.kind, s.due) for s in (one.schedules.get(), two.schedules.get())] == [
        ("by_date", JULY), ("by_date", JUNE),
    ]  # fmt: skip
    assert list(row.answers.values_list("own_solution_id", flat=True)) == [one.pk, two.pk]


def test_work_of_lower_levels_is_owed_by_every_unit_of_that_level_below(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    answer(row, items(plan)[1], cast)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    schedule = Schedule.objects.get(solution__plan=own)
    assert (schedule.solution.level, [k.code for k in schedule.owner_kinds.all()]) == ("grassroots", ["commune"])
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    assert [(d.unit, d.due_on) for d in Deadline.objects.filter(plan=own)] == [(cast.commune, JUNE)]


def test_work_the_issuer_has_given_to_the_lower_level_itself_is_not_owed_twice(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    schedule = items(plan)[1].schedules.get()
    schedule.owner_kinds.add(UnitKind.objects.get(code="commune"))
    answer(row, items(plan)[1], cast)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    item = own.solutions.get()
    assert (item.level, item.schedules.count()) == ("grassroots", 0)
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    assert not Deadline.objects.filter(plan=own).exists()


def test_starting_twice_makes_one_plan_and_what_is_accepted_later_joins_the_draft(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    with pytest.raises(ActionRefused):
        own_plans.start_own_plan(recipient=row, by=cast.secretary)  # nothing is accepted yet
    answer(row, items(plan)[0], cast)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    with pytest.raises(ActionRefused):
        own_plans.start_own_plan(recipient=row, by=cast.secretary)
    answer(row, items(plan)[1], cast)
    assert own_plans.start_own_plan(recipient=row, by=cast.secretary) == own
    assert list(own.solutions.values_list("ordinal", flat=True)) == [1, 2]
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    with pytest.raises(ActionRefused):
        own_plans.start_own_plan(recipient=row, by=cast.secretary)
    assert Plan.objects.filter(parent=plan).count() == 1


def test_a_number_alone_stands_behind_the_words_of_the_own_item(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    answer(row, items(plan)[0], cast, "adapted", number=Decimal("80.00"))
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    assert own.solutions.get().text.startswith("Kết nạp 100 đoàn viên mới. (")
    assert "80" in own.solutions.get().text


def test_commitments_bound_to_events_and_to_each_other_are_carried(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    first, second, _third = items(plan)
    Schedule.objects.filter(solution=first).update(
        kind=Kind.RELATIVE, due=None, anchor="Hội nghị sơ kết", lead_time="-P7D"
    )
    step = first.schedules.get()
    Schedule.objects.filter(solution=second).update(kind=Kind.RELATIVE, due=None, hangs_on=step, chain="completion")
    acts.answer_all(recipient=row, answer="accepted", by=cast.secretary)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    one, two = Schedule.objects.filter(solution__plan=own).order_by("solution__ordinal")
    assert one.event
    assert (one.event.plan, one.event.unit, one.lead_time) == (own, cast.district, "-P7D")
    assert (two.hangs_on, two.chain, two.event) == (one, "completion", None)


def test_an_item_in_the_draft_follows_a_new_answer_and_is_not_declared_void(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    first = items(plan)[0]
    answer(row, first, cast)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    version = row.answers.get().version
    answer(row, first, cast, "adapted", text="Kết nạp 90 đoàn viên mới.", last_day=MAY, version=version)
    one = own.solutions.get()
    assert (one.text, one.schedules.get().due) == ("Kết nạp 90 đoàn viên mới.", MAY)
    with pytest.raises(ActionRefused):
        answer(row, first, cast, "not_applicable", reason="Thôi.", version=version + 1)
    kept = drop_record(record=one, by=cast.secretary)
    assert kept.label
    assert row.answers.get().own_solution is None
    answer(row, first, cast, "not_applicable", reason="Thôi.", version=version + 1)


def test_what_is_edited_in_the_draft_is_compared_when_it_is_published(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    answer(row, items(plan)[0], cast)
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    change_record(record=own.solutions.get().schedules.get(), values={"due": JULY}, by=cast.secretary)
    assert row.answers.get().dilution == ""
    publish_plan(plan=own, by=cast.secretary, despite_gaps=True)
    assert row.answers.get().dilution == Dilution.DAY


def test_a_plan_the_unit_has_already_is_named_and_takes_the_rest(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    own = make_published_plan(cast.district, title="Kế hoạch năm của huyện")
    into = make_item(own)
    own_plans.link_plan(recipient=row, own_plan=own, by=cast.secretary)
    answer(row, items(plan)[0], cast, "merged", own_solution=into)
    own_plans.merge_into(recipient=row, own_plan=own, by=cast.secretary)
    own.refresh_from_db()
    assert own.parent == plan
    assert list(row.answers.values_list("answer", "own_solution_id")) == [("merged", into.pk), ("merged", None)]
    with pytest.raises(ActionRefused):
        own_plans.merge_into(recipient=row, own_plan=own, by=cast.secretary)


def test_foreign_closed_and_circular_plans_are_no_own_plans(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    closed = make_published_plan(cast.district)
    Plan.objects.filter(pk=closed.pk).update(status=PlanStatus.CLOSED, closed_at=closed.published_at)
    for other in (make_published_plan(cast.commune), closed, plan):
        with pytest.raises(ActionRefused):
            own_plans.link_plan(recipient=row, own_plan=other, by=cast.secretary)
    with pytest.raises(Http404):
        own_plans.link_plan(recipient=row, own_plan=make_published_plan(cast.district), by=cast.sibling_secretary)
    mine = make_item(make_published_plan(cast.commune))
    with pytest.raises(ActionRefused):
        answer(row, items(plan)[0], cast, "merged", own_solution=mine)


def test_lineage_is_found_both_ways_over_any_depth(
    cast: Cast, plan: Plan, row: PlanRecipient, django_assert_num_queries: Any
) -> None:
    acts.answer_all(recipient=row, answer="accepted", by=cast.secretary)
    district = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    publish_plan(plan=district, by=cast.secretary, despite_gaps=True)
    (lower,) = acts.send_down(plan=district, by=cast.secretary, units=[cast.commune])
    acts.answer_all(recipient=lower, answer="accepted", by=cast.commune_secretary)
    commune = own_plans.start_own_plan(recipient=lower, by=cast.commune_secretary)
    with django_assert_num_queries(3):
        assert plans_above(commune) == {district.pk: 1, plan.pk: 2}
    with django_assert_num_queries(3):
        assert plans_below([plan.pk, district.pk]) == {
            plan.pk: {plan.pk, district.pk, commune.pk},
            district.pk: {district.pk, commune.pk},
        }


# --- changes above ---


def test_a_changed_item_is_offered_and_taken_into_the_draft(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    first = items(plan)[0]
    made = answer(row, first, cast, "adapted", number=Decimal(80))
    own = own_plans.start_own_plan(recipient=row, by=cast.secretary)
    version = row.answers.get().version
    with pytest.raises(Stale):
        own_plans.take_change(answer=made, by=cast.secretary, version=version)  # nothing has changed
    Solution.objects.filter(pk=first.pk).update(text="Kết nạp 120 đoàn viên mới.")
    Schedule.objects.filter(solution=first).update(due=MAY)
    with pytest.raises(Stale):
        own_plans.take_change(answer=made, by=cast.secretary, version=version + 7)
    taken = own_plans.take_change(answer=made, by=cast.secretary, version=version)
    assert (taken.answer, taken.number, taken.dilution) == ("accepted", None, "")
    assert (taken.asked_text, taken.asked_day) == ("Kết nạp 120 đoàn viên mới.", MAY)
    one = own.solutions.get()
    assert (one.text, one.schedules.get().due) == ("Kết nạp 120 đoàn viên mới.", MAY)
    assert AuditEvent.objects.filter(action="answered_item").latest("pk").data["change"] == "taken"


def test_keeping_the_answer_needs_a_reason_and_is_asked_again_at_the_next_change(
    cast: Cast, plan: Plan, row: PlanRecipient
) -> None:
    first = items(plan)[0]
    made = answer(row, first, cast)
    Solution.objects.filter(pk=first.pk).update(text="Kết nạp 120 đoàn viên mới.")
    with pytest.raises(ActionRefused):
        acts.keep_answer(answer=made, by=cast.secretary, reason=" ", version=1)
    kept = acts.keep_answer(answer=made, by=cast.secretary, reason="Không đủ nguồn.", version=1)
    assert (kept.answer, kept.kept_reason, kept.asked_text) == (
        "accepted", "Không đủ nguồn.", "Kết nạp 100 đoàn viên mới.",
    )  # fmt: skip
    with pytest.raises(Stale):
        acts.keep_answer(answer=made, by=cast.secretary, reason="Lần nữa.", version=2)
    Solution.objects.filter(pk=first.pk).update(text="Kết nạp 150 đoàn viên mới.")
    acts.keep_answer(answer=made, by=cast.secretary, reason="Vẫn không đủ.", version=2)
    with pytest.raises(Http404):
        acts.keep_answer(answer=made, by=cast.sibling_secretary, reason="Của người khác.", version=3)


# --- pilots ---


def test_each_unit_of_the_kind_chooses_among_the_units_below_it(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    district = UnitKind.objects.get(code="district")
    slot = add_slot(solution=items(plan)[0], words="Một đoàn xã OCOP", kind=district, by=cast.office_staff)
    assert add_slot(solution=items(plan)[0], words="Một đoàn xã  OCOP", kind=district, by=cast.office_staff) == slot
    choose_pilots(slot=slot, recipient=row, chosen=[cast.commune, cast.commune], by=cast.secretary, seen=[])
    assert PilotChoice.objects.get().chosen == cast.commune
    with pytest.raises(Stale):
        choose_pilots(slot=slot, recipient=row, chosen=[], by=cast.secretary, seen=[])
    choose_pilots(slot=slot, recipient=row, chosen=[], by=cast.secretary, seen=[cast.commune.pk])
    assert not PilotChoice.objects.exists()
    assert AuditEvent.objects.latest("pk").data["pilots"] == [[cast.commune.name], []]


def test_pilots_of_others_foreign_units_and_drafts_are_refused(cast: Cast, plan: Plan, row: PlanRecipient) -> None:
    district, commune = UnitKind.objects.get(code="district"), UnitKind.objects.get(code="commune")
    slot = add_slot(solution=items(plan)[0], words="OCOP", kind=district, by=cast.office_staff)
    other = add_slot(solution=items(plan)[0], words="OCOP", kind=commune, by=cast.office_staff)
    for wrong, unit in (
        (slot, cast.foreign_commune),
        (slot, cast.district),
        (slot, cast.other_district),
        (other, cast.commune),
    ):
        with pytest.raises(ActionRefused):
            choose_pilots(slot=wrong, recipient=row, chosen=[unit], by=cast.secretary)
    with pytest.raises(Http404):
        choose_pilots(slot=slot, recipient=row, chosen=[cast.commune], by=cast.sibling_secretary)
    with pytest.raises(Http404):
        add_slot(solution=items(plan)[0], words="Khác", kind=district, by=cast.secretary)
    draft = PlanFactory(issuing_unit=cast.province)
    with pytest.raises(ActionRefused):
        add_slot(solution=make_item(draft), words="OCOP", kind=district, by=cast.office_staff)
    with pytest.raises(ActionRefused):
        add_slot(solution=items(plan)[0], words="Nhiều", kind=district, count=99, by=cast.office_staff)


# --- reports compiled from reports ---


def test_a_report_names_the_report_it_goes_into_without_a_circle(cast: Cast, plan: Plan) -> None:
    reports = []
    for text in ("Chi đoàn báo cáo năm.", "Huyện sơ kết sáu tháng.", "Báo cáo về tỉnh."):
        solution = make_item(plan, text)
        Solution.objects.filter(pk=solution.pk).update(deliverable=Deliverable.REPORT)
        reports.append(solution.schedules.get())
    branch, district, province = reports
    compile_into(part=branch, whole=district, by=cast.office_staff)
    compile_into(part=district, whole=province, by=cast.office_staff)
    assert Schedule.objects.get(pk=branch.pk).compiled_into == district
    for part, whole in ((province, branch), (province, province), (branch, items(plan)[0].schedules.get())):
        with pytest.raises(ActionRefused):
            compile_into(part=part, whole=whole, by=cast.office_staff, seen=None if part == province else district.pk)
    with pytest.raises(Stale):
        compile_into(part=branch, whole=province, by=cast.office_staff)
    compile_into(part=branch, whole=None, by=cast.office_staff, seen=district.pk)
    with pytest.raises(Http404):
        compile_into(part=branch, whole=province, by=cast.secretary)
