"""A plan copied into a later year: days, rules and words moved, what is open carried over, doubts for a person."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from plans.actions.next_year import copy_to_next_year, next_year_header, usual_next_year
from plans.enums import Chain, Kind, PlanStatus, ShortcomingState
from plans.errors import ActionRefused
from plans.models import Event, Plan, PlanReference, Schedule
from plans.next_year import moved_day, moved_rule, with_years, years_named
from tests.cast import Cast
from tests.factories import (
    PlanFactory,
    ScheduleFactory,
    ShortcomingFactory,
    SolutionFactory,
    SolutionGroupFactory,
    close,
    make_event,
    make_indicator,
    make_published_plan,
    make_result,
)
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today")


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        ("2026-03-15", 1, "2027-03-15"),
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2026-02-28", 2, "2028-02-29"),  # the last day of February stays the last
        ("2026-02-27", 2, "2028-02-27"),
        ("2024-02-28", 1, "2025-02-28"),  # not the last of its month
        ("2026-04-30", 1, "2027-04-30"),
        ("2026-12-31", 3, "2029-12-31"),
        ("2026-01-01", 1, "2027-01-01"),
    ],
)
def test_a_day_moves_by_years_and_the_last_of_a_month_stays_the_last(day: str, years: int, expected: str) -> None:
    assert moved_day(dt.date.fromisoformat(day), years) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("", ""),
        ("FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=3"),
        ("FREQ=MONTHLY;COUNT=6", "FREQ=MONTHLY;COUNT=6"),
        ("FREQ=MONTHLY;UNTIL=20240229", "FREQ=MONTHLY;UNTIL=20250228"),
        (
            "RRULE:FREQ=MONTHLY\nEXDATE:20240430\nRDATE:20240229",
            "RRULE:FREQ=MONTHLY\nEXDATE:20250430\nRDATE:20250228",
        ),
    ],
)
def test_a_rule_keeps_its_series_and_moves_its_days(rule: str, expected: str) -> None:
    assert moved_rule(rule, 1) == expected


def test_years_gone_by_are_found_and_those_of_the_period_moved() -> None:
    assert years_named("Báo cáo năm 2026, nghị quyết 2022-2027, số 12026.", before=2027) == [2022, 2026]
    assert (
        with_years("Kế hoạch năm 2026 theo NQ 2022", first=2026, last=2026, years=1)
        == "Kế hoạch năm 2027 theo NQ 2022"
    )
    assert with_years("giai đoạn 2019–2022", first=2019, last=2022, years=4) == "giai đoạn 2023–2026"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a published plan of 2026 with a record of each kind."""
    plan = make_published_plan(
        cast.province,
        title="Kế hoạch khắc phục năm 2026",
        symbol="12-KH/TĐTN",
        issued_on=dt.date(2026, 1, 5),
        coordinating_unit=cast.office,
    )
    group = SolutionGroupFactory(plan=plan, ordinal=1, lead_unit=cast.department)
    first = SolutionFactory(plan=plan, ordinal=1, group=group, text="Gửi báo cáo trước tháng 11/2026.")
    first.supporting_units.add(cast.office)
    second = SolutionFactory(plan=plan, ordinal=2, lead_unit=cast.office)
    dropped = SolutionFactory(plan=plan, ordinal=3, lead_unit=cast.office, dropped_at=dt.datetime.now(dt.UTC))
    anchor = ScheduleFactory(solution=first, phrase="31/10/2026", due=dt.date(2026, 10, 31))
    anchor.owner_units.add(cast.district)
    former = ScheduleFactory(solution=second, kind=Kind.RECURRING, rule="FREQ=MONTHLY", due=dt.date(2026, 6, 30))
    ScheduleFactory(
        solution=second,
        kind=Kind.RECURRING,
        rule="FREQ=MONTHLY;INTERVAL=3",
        start=dt.date(2026, 7, 1),
        due=None,
        continues=former,
    )
    ScheduleFactory(solution=second, kind=Kind.RELATIVE, due=None, hangs_on=anchor, chain=Chain.COMPLETION)
    meeting = make_event(cast.province, plan=plan, day=dt.date(2026, 5, 1))
    ScheduleFactory(solution=second, kind=Kind.RELATIVE, due=None, event=meeting, lead_time="-P7D")
    ScheduleFactory(solution=dropped)
    PlanReference.objects.create(plan=plan, symbol="08-KL/TWĐTN")
    open_one = ShortcomingFactory(plan=plan, ordinal=1, text="Báo cáo chậm.", origin_year=2025)
    ShortcomingFactory(plan=plan, ordinal=2, state=ShortcomingState.REMEDIED)
    partly = ShortcomingFactory(plan=plan, ordinal=3, state=ShortcomingState.PARTLY)
    first.shortcomings.add(open_one, partly)
    open_one.named_units.add(cast.district)
    return plan


def test_the_copy_holds_groups_solutions_and_commitments_a_year_on(cast: Cast, plan: Plan) -> None:
    draft = copy_to_next_year(plan=plan, year=2027, by=cast.office_staff)
    assert (draft.status, draft.copied_from, draft.title, draft.symbol, draft.issued_on) == (
        PlanStatus.DRAFT, plan, "Kế hoạch khắc phục năm 2027", "", None,
    )  # fmt: skip
    assert (draft.period_start, draft.period_end) == (dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    assert draft.coordinating_unit == cast.office
    first, second = draft.solutions.order_by("ordinal")
    assert (first.group.plan, first.lead, list(first.supporting_units.all())) == (
        draft,
        cast.department,
        [cast.office],
    )
    (copied,) = first.schedules.all()
    assert (copied.due, list(copied.owner_units.all())) == (dt.date(2027, 10, 31), [cast.district])
    series, hanging, on_event = second.schedules.order_by("pk")
    assert (series.rule, series.start, series.due, series.continues) == ("FREQ=MONTHLY;INTERVAL=3", None, None, None)
    assert (hanging.hangs_on, hanging.chain) == (copied, Chain.COMPLETION)
    event = Event.objects.get(plan=draft)
    assert (on_event.event, event.name, event.day) == (event, "Họp Ban Thường vụ Tỉnh đoàn", None)
    assert AuditEvent.objects.filter(action="created", object_type="plan", plan_id=draft.pk).get().data == {
        "copied_from": str(plan),
        "year": 2027,
    }


def test_targets_are_copied_without_their_results(cast: Cast, plan: Plan) -> None:
    solution = plan.solutions.get(ordinal=1)
    facts: dict[str, Any] = {"kind": "ratio", "due": dt.date(2026, 12, 31), "solution": solution}
    owed: dict[str, Any] = {"units": [cast.district], "kinds": ["commune"], "conditions": ["một", "hai"]}
    row = make_indicator(plan, **owed, **facts, fed_by=solution.schedules.get())
    make_result(row, cast.commune, by=cast.commune_secretary, numerator=Decimal(1), denominator=Decimal(2))
    draft = copy_to_next_year(plan=plan, year=2027, by=cast.office_staff)
    copy = draft.indicators.get()
    assert (copy.text, copy.value, copy.due, copy.solution) == (
        row.text, row.value, dt.date(2027, 12, 31), draft.solutions.get(ordinal=1),
    )  # fmt: skip
    assert copy.fed_by == draft.solutions.get(ordinal=1).schedules.get()
    assert (list(copy.owner_units.all()), [k.code for k in copy.owner_kinds.all()]) == ([cast.district], ["commune"])
    assert [c.text for c in copy.conditions.all()] == ["một", "hai"]
    assert not copy.results.exists()


def test_words_with_a_year_gone_by_papers_and_events_are_marked_unsure(cast: Cast, plan: Plan) -> None:
    draft = copy_to_next_year(plan=plan, year=2027, by=cast.office_staff)
    first, second = draft.solutions.order_by("ordinal")
    assert "2026" in first.doubt
    assert second.doubt == ""
    doubts = [bool(s.doubt) for s in Schedule.objects.filter(solution__plan=draft).order_by("pk")]
    assert doubts == [True, False, False, True]
    assert draft.references.get().doubt


def test_what_is_not_remedied_is_carried_over_with_its_lineage(cast: Cast, plan: Plan) -> None:
    draft = copy_to_next_year(plan=plan, year=2027, by=cast.office_staff)
    rows = list(draft.shortcomings.order_by("ordinal"))
    formers = [s.carried_over_from and s.carried_over_from.ordinal for s in rows]
    assert formers == [1, 3]
    assert [(s.ordinal, s.origin_year, s.state) for s in rows] == [(1, 2025, "open"), (2, 2026, "open")]
    assert set(draft.solutions.get(ordinal=1).shortcomings.all()) == set(rows)
    assert list(rows[0].named_units.all()) == [cast.district]


def test_a_second_copy_needs_a_word_and_a_form_sent_twice_makes_one(cast: Cast, plan: Plan) -> None:
    first = copy_to_next_year(plan=plan, year=2027, by=cast.office_staff, key="k")
    assert copy_to_next_year(plan=plan, year=2027, by=cast.office_staff, key="k") == first
    with pytest.raises(ActionRefused, match="2027"):
        copy_to_next_year(plan=plan, year=2027, by=cast.office_staff)
    copy_to_next_year(plan=plan, year=2028, by=cast.office_staff)
    copy_to_next_year(plan=plan, year=2027, by=cast.office_staff, again=True)
    assert plan.copies.count() == 3


@pytest.mark.parametrize("year", [2025, 2026, 2100])
def test_a_year_that_can_not_be_meant_is_refused(cast: Cast, plan: Plan, year: int) -> None:
    with pytest.raises(ActionRefused):
        copy_to_next_year(plan=plan, year=year, by=cast.office_staff)
    assert not plan.copies.exists()


def test_only_who_drafts_for_the_issuer_copies_and_no_draft_is_copied(cast: Cast, plan: Plan) -> None:
    for person in (cast.leader, cast.secretary, cast.administrator, cast.outsider, cast.reader):
        with pytest.raises(Http404):
            copy_to_next_year(plan=plan, year=2027, by=person)
    draft: Plan = PlanFactory(issuing_unit=cast.province)
    with pytest.raises(ActionRefused):
        next_year_header(draft, 2027, cast.office_staff)


def test_several_years_an_open_end_and_a_closed_plan(cast: Cast) -> None:
    years = {"period_start": dt.date(2019, 1, 1), "period_end": dt.date(2022, 12, 31)}
    programme = make_published_plan(cast.province, title="Giai đoạn 2019 - 2022", **years)
    assert usual_next_year(programme) == 2023
    draft = copy_to_next_year(plan=programme, year=2023, by=cast.office_staff)
    assert (draft.title, draft.period_start, draft.period_end) == (
        "Giai đoạn 2023 - 2026", dt.date(2023, 1, 1), dt.date(2026, 12, 31),
    )  # fmt: skip
    endless = make_published_plan(cast.province, period_end=None)
    close(endless, by=cast.office_staff)
    copied = copy_to_next_year(plan=Plan.objects.get(pk=endless.pk), year=2027, by=cast.office_staff)
    assert (copied.period_start, copied.period_end) == (dt.date(2027, 1, 1), None)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-09-01", "2027-08-31", 2027),
        ("2026-01-01", "2026-12-31", 2027),
        ("2026-02-01", "2026-06-30", 2027),
        ("2019-01-01", "2022-12-31", 2023),
        ("2024-03-01", "2026-02-28", 2026),
    ],
)
def test_the_usual_year_is_as_far_on_as_the_plan_lasts(first: str, last: str, expected: int) -> None:
    plan = Plan(period_start=dt.date.fromisoformat(first), period_end=dt.date.fromisoformat(last))
    assert usual_next_year(plan) == expected


def test_the_year_that_was_reviewed_moves_in_the_title_too(cast: Cast) -> None:
    plan = make_published_plan(cast.province, title="Khắc phục khuyết điểm năm 2025 theo Nghị quyết 2022")
    draft = copy_to_next_year(plan=plan, year=2027, by=cast.office_staff)
    assert draft.title == "Khắc phục khuyết điểm năm 2026 theo Nghị quyết 2022"


@pytest.mark.parametrize("size", [2, 12])
def test_a_copy_costs_the_same_for_few_and_many(cast: Cast, django_assert_num_queries: Any, size: int) -> None:
    plan = make_published_plan(cast.province)
    for n in range(1, size + 1):
        solution = SolutionFactory(plan=plan, ordinal=n)
        solution.shortcomings.add(ShortcomingFactory(plan=plan, ordinal=n))
        ScheduleFactory(solution=solution).owner_units.add(cast.district)
    by = cast.office_staff
    _ = by.grants
    with django_assert_num_queries(31 + (connection.vendor == "postgresql")):
        copy_to_next_year(plan=plan, year=2027, by=by)
