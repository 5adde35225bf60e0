"""Publishing and the life of a plan: what is given out, to whom, and what is refused."""

import datetime as dt

import pytest
from django.http import Http404

from plans.actions import plans as actions
from plans.enums import Kind, NoticeKind, PlanStatus
from plans.errors import ActionRefused
from plans.gaps import gaps_of
from plans.models import Deadline, Notice, Plan
from plans.symbols import Symbol, parse_symbol
from tests.cast import Cast
from tests.factories import PlanFactory, ScheduleFactory, SolutionFactory, SolutionGroupFactory, close
from units.models import AuditEvent

TODAY = dt.date(2026, 3, 16)


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Return a draft of the province whose group is led by the department."""
    plan: Plan = PlanFactory(issuing_unit=cast.province)
    SolutionGroupFactory(plan=plan, ordinal=1, lead_unit=cast.department)
    return plan


def _solution(plan: Plan, ordinal: int = 1, **facts: object) -> object:
    return SolutionFactory(plan=plan, ordinal=ordinal, group=plan.groups.first(), **facts)


def _given_out() -> list[tuple[str, str]]:
    return sorted(Deadline.objects.values_list("unit__code", "occurrence"))


def test_work_without_named_owners_is_owed_by_the_lead_inherited_from_the_group(cast: Cast, draft: Plan) -> None:
    ScheduleFactory(solution=_solution(draft))
    assert actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY) == 1
    assert _given_out() == [("ST-PT", "once")]
    row = Deadline.objects.get()
    assert (row.unit_path, row.due_on, row.remind_on) == (
        cast.department.path,
        dt.date(2026, 3, 31),
        dt.date(2026, 3, 24),
    )


def test_a_class_of_units_fans_out_to_every_unit_in_force_below_the_issuer(cast: Cast, draft: Plan) -> None:
    gone = cast.other_district
    gone.valid_to = dt.date(2026, 1, 31)
    gone.save()
    schedule = ScheduleFactory(
        solution=_solution(draft), kind=Kind.RECURRING, rule="FREQ=MONTHLY;INTERVAL=3", due=None
    )
    schedule.owner_kinds.add(cast.district.kind, cast.commune.kind)
    actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY)
    assert _given_out() == [
        (code, f"2026-Q{n}") for code in ("ST-BM", "ST-BM-AH") for n in (1, 2, 3)
    ]  # the fourth quarter begins beyond the horizon


def test_named_units_and_a_class_owe_together_each_once(cast: Cast, draft: Plan) -> None:
    schedule = ScheduleFactory(solution=_solution(draft))
    schedule.owner_kinds.add(cast.district.kind)
    schedule.owner_units.add(cast.district, cast.branch)
    actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY)
    assert [code for code, _ in _given_out()] == ["ST-BM", "ST-BM-AH-3", "ST-CG"]


def test_gaps_stop_publishing_until_somebody_answers_for_it(cast: Cast, draft: Plan) -> None:
    draft.groups.update(lead_unit=None)
    _solution(draft)
    assert [g.code for g in gaps_of(draft) if g.blocks] == ["no_commitment", "no_lead"]
    with pytest.raises(ActionRefused):
        actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY)
    draft.refresh_from_db()
    assert draft.status == PlanStatus.DRAFT

    actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY, despite_gaps=True)
    event = AuditEvent.objects.get(action="published_with_gaps")
    assert len(event.data["gaps"]) == 2


def test_a_plan_is_published_once(cast: Cast, draft: Plan) -> None:
    ScheduleFactory(solution=_solution(draft))
    actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY)
    with pytest.raises(ActionRefused):
        actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY)
    assert Deadline.objects.count() == 1


def test_only_the_issuers_people_publish(cast: Cast, draft: Plan) -> None:
    ScheduleFactory(solution=_solution(draft))
    for person in (cast.secretary, cast.leader, cast.administrator, cast.outsider):
        with pytest.raises(Http404):
            actions.publish_plan(plan=draft, by=person, today=TODAY)


def test_a_closed_plan_stays_and_a_draft_can_go(cast: Cast, draft: Plan) -> None:
    with pytest.raises(ActionRefused):
        close(draft, by=cast.office_staff)
    actions.discard_plan(plan=draft, by=cast.office_staff)
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("352-KH/TĐTN-VP", Symbol(352, "KH", "TĐTN", "VP")),
        ("250 KH/TĐTN", Symbol(250, "KH", "TĐTN", "")),
        ("114 KH/TĐTN-TC-KT", Symbol(114, "KH", "TĐTN", "TC-KT")),
        ("Số: 08-KL/TWĐTN-BTC", Symbol(8, "KL", "TWĐTN", "BTC")),
        ("/KH-MTTQ", Symbol()),
        ("-KH/TĐTN-VP", Symbol(None, "KH", "TĐTN", "VP")),
        ("", Symbol()),
    ],
)
def test_symbols(raw: str, expected: Symbol) -> None:
    assert parse_symbol(raw) == expected


def test_who_reports_for_a_unit_is_told_once_of_new_work(cast: Cast, draft: Plan) -> None:
    for ordinal in (1, 2):
        schedule = ScheduleFactory(solution=_solution(draft, ordinal))
        schedule.owner_units.add(cast.district, cast.commune)
    actions.publish_plan(plan=draft, by=cast.office_staff, today=TODAY)
    told = Notice.objects.order_by("recipient__username").values_list("recipient__username", "kind", "deadline__unit")
    assert list(told) == [
        ("bithu", NoticeKind.ASSIGNED, cast.district.pk),
        ("xa", NoticeKind.ASSIGNED, cast.commune.pk),
    ]


def test_the_preview_counts_and_leaves_nothing(cast: Cast, draft: Plan) -> None:
    ScheduleFactory(solution=_solution(draft)).owner_units.add(cast.district, cast.commune)
    assert actions.preview_publishing(plan=draft, today=TODAY) == actions.Preview(2, 2, overdue=0)
    assert actions.preview_publishing(plan=draft, today=dt.date(2027, 1, 1)).overdue == 2
    assert not Deadline.objects.exists()


def test_the_same_paper_twice_and_work_after_the_period_are_gaps(cast: Cast, draft: Plan) -> None:
    other = PlanFactory(issuing_unit=cast.province, symbol="12-KH/TĐTN", issued_on=dt.date(2026, 1, 5))
    draft.symbol, draft.issued_on, draft.period_end = "12-KH/TĐTN", dt.date(2026, 1, 5), dt.date(2026, 6, 30)
    draft.period_start = dt.date(2026, 1, 1)
    draft.save()
    ScheduleFactory(solution=_solution(draft), due=dt.date(2026, 7, 1))
    found = {g.code: g for g in gaps_of(draft)}
    assert (found["same_number"].blocks, other.title in found["same_number"].label) == (False, True)
    assert (found["beyond_period"].blocks, "01/07/2026" in str(found["beyond_period"].message)) == (False, True)
    other.delete()
    draft.period_end = dt.date(2026, 7, 1)
    assert {"same_number", "beyond_period"}.isdisjoint(g.code for g in gaps_of(draft))
