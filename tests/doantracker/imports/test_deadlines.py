"""Deadlines of a published plan from a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404

from doantracker.imports.actions import Faulty
from doantracker.imports.kinds.deadlines import DEADLINES
from doantracker.imports.outcome import Outcome
from plans.enums import NoticeKind, PlanStatus, Status, VersionOf
from plans.models import Deadline, Notice, Plan, RecordVersion, Schedule
from tests.cast import Cast
from tests.doantracker.imports.acts import counts, imported, tried, wrong
from tests.factories import PlanFactory, SolutionFactory, make_deadline, make_published_plan
from units.models import AuditEvent

pytestmark = pytest.mark.usefixtures("today", "in_process")
HEAD = ["number of the solution", "code of the unit", "last day", "reason", "reporting period"]
WHY = "Theo Công văn số 12"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Return a plan with one solution nobody owes yet, and one that the commune owes by 20 March."""
    found = make_published_plan(cast.province)
    SolutionFactory(plan=found, ordinal=1, lead_unit=cast.office)
    owed = SolutionFactory(plan=found, ordinal=2, lead_unit=cast.commune)
    make_deadline(cast.commune, plan=found, solution=owed, due_on=dt.date(2026, 3, 20))
    return found


def done(cast: Cast, plan: Plan, *rows: list[Any]) -> Outcome:
    return imported(DEADLINES, cast.office_staff, HEAD, *rows, plan=plan)


def days(plan: Plan, ordinal: int) -> list[tuple[str, dt.date | None]]:
    rows = Deadline.objects.filter(plan=plan, solution__ordinal=ordinal).order_by("unit__path", "pk")
    return [(row.unit.code, row.due_on) for row in rows.select_related("unit")]


def test_units_with_the_same_day_owe_one_commitment(cast: Cast, plan: Plan) -> None:
    day = dt.date(2026, 6, 30)
    found = done(
        cast,
        plan,
        [1, "ST-BM", day, WHY, None],
        [1, "ST-CG", "30/06/2026", WHY, None],
        [1, "ST-BM-AH", "31/07/2026", WHY, None],
    )
    assert counts(found) == (3, 0, 0, 0)
    assert days(plan, 1) == [("ST-BM", day), ("ST-BM-AH", dt.date(2026, 7, 31)), ("ST-CG", day)]
    made = Schedule.objects.filter(solution__plan=plan, solution__ordinal=1).order_by("due")
    assert [schedule.owner_units.count() for schedule in made] == [2, 1]
    assert AuditEvent.objects.filter(action="imported", plan_id=plan.pk, unit_id=cast.province.pk).exists()


def test_a_unit_that_owes_it_gets_the_new_day_and_no_second_deadline(cast: Cast, plan: Plan) -> None:
    found = done(cast, plan, [2, "ST-BM-AH", "30/04/2026", WHY, None])
    assert counts(found) == (0, 1, 0, 0)
    assert [(d.before, d.after) for d in found.changes[0].differences] == [("20/03/2026", "30/04/2026"), ("", WHY)]
    assert days(plan, 2) == [("ST-BM-AH", dt.date(2026, 4, 30))]
    assert AuditEvent.objects.get(action="rescheduled").data["reason"] == WHY


def test_work_without_a_day_gets_its_first(cast: Cast, plan: Plan) -> None:
    third = SolutionFactory(plan=plan, ordinal=3, lead_unit=cast.commune)
    make_deadline(cast.commune, plan=plan, solution=third)
    assert counts(done(cast, plan, [3, "ST-BM-AH", "30/04/2026", WHY, None])) == (0, 1, 0, 0)
    row = Deadline.objects.get(solution=third)
    assert (row.due_on, row.original_due_on) == (dt.date(2026, 4, 30), dt.date(2026, 4, 30))


def test_the_same_file_twice_changes_nothing(cast: Cast, plan: Plan) -> None:
    rows = ([1, "ST-BM", "30/06/2026", WHY, None], [2, "ST-BM-AH", "30/04/2026", WHY, None])
    done(cast, plan, *rows)
    assert counts(done(cast, plan, *rows)) == (0, 0, 2, 0)


def test_work_that_comes_several_times_asks_for_its_period(cast: Cast, plan: Plan) -> None:
    owed = plan.solutions.get(ordinal=2)
    for month in (4, 5):
        due_on = dt.date(2026, month, 28)
        make_deadline(cast.commune, plan=plan, solution=owed, due_on=due_on, occurrence=f"2026-0{month}")
    outcome = tried(DEADLINES, cast.office_staff, HEAD, [2, "ST-BM-AH", "30/04/2026", WHY, None], plan=plan)
    assert wrong(outcome) == [(2, "Reporting period", "The unit owes this solution several times.")]
    done(cast, plan, [2, "ST-BM-AH", "30/04/2026", WHY, "Month 4/2026"])
    assert dt.date(2026, 4, 30) in [day for _unit, day in days(plan, 2)]


def test_what_is_wrong_is_told(cast: Cast, plan: Plan) -> None:
    done_on = {"status": Status.SUBMITTED, "reported_on": dt.date(2026, 3, 1), "reported_by": cast.secretary}
    make_deadline(
        cast.district, plan=plan, solution=plan.solutions.get(ordinal=2), due_on=dt.date(2026, 3, 20), **done_on
    )
    outcome = tried(
        DEADLINES, cast.office_staff, HEAD,
        [9, "ST-BM", "30/06/2026", WHY, None],
        [1, "HV-LT", "30/06/2026", WHY, None],
        [1, "ST-BM", "01/03/2026", WHY, None],
        [1, "ST-CG", "30/06/2026", None, None],
        [2, "ST-BM", "30/06/2026", WHY, None],
        [2, "ST-BM-AH", "30/06/2026", WHY, "Quý IV/2026"],
        [2, "ST-BM", "01/07/2026", WHY, None],
        plan=plan,
    )  # fmt: skip
    assert wrong(outcome) == [
        (2, "Number of the solution", "The plan has no solution of this number."),
        (3, "Code of the unit", "No unit below the issuing unit has this code."),
        (4, "Last day", "This day has passed."),
        (5, "Reason", "This cell is empty."),
        (6, "Last day", "This work is reported or called off: its day stays."),
        (7, "Reporting period", "The unit owes this solution in no such period."),
        (8, "Code of the unit", "This deadline stands twice."),
    ]


def test_all_that_can_be_checked_is_told_in_one_round(cast: Cast, plan: Plan) -> None:
    outcome = tried(
        DEADLINES, cast.office_staff, HEAD,
        [9, "HV-LT", "hôm nay", WHY, None],
        ["ba", "HV-LT", "01/03/2026", WHY, None],
        [1, "ST-BM", "01/03/2026", None, None],
        plan=plan,
    )  # fmt: skip
    assert sorted(wrong(outcome)) == [
        (2, "Code of the unit", "No unit below the issuing unit has this code."),
        (2, "Last day", "This is no day."),
        (2, "Number of the solution", "The plan has no solution of this number."),
        (3, "Code of the unit", "No unit below the issuing unit has this code."),
        (3, "Last day", "This day has passed."),
        (3, "Number of the solution", "This is no number."),
        (4, "Last day", "This day has passed."),
        (4, "Reason", "This cell is empty."),
    ]
    assert counts(outcome) == (0, 0, 0, 3)


def test_the_preview_names_solution_unit_and_reason_and_warns_of_a_unit_the_plan_does_not_name(
    cast: Cast, plan: Plan
) -> None:
    solution = plan.solutions.get(ordinal=1)
    solution.supporting_units.add(cast.district)
    day = "30/06/2026"
    found = tried(DEADLINES, cast.office_staff, HEAD, [1, "ST-BM", day, WHY], [1, "ST-CG", day, WHY], plan=plan)
    assert [change.label for change in found.changes] == [
        f"1. {solution.text} – {cast.district.name}",
        f"1. {solution.text} – {cast.other_district.name}",
    ]
    assert [(d.label, d.after) for d in found.changes[1].differences] == [("Last day", day), ("Reason", WHY)]
    assert [bool(change.warning) for change in found.changes] == [False, True]


def test_moving_what_is_overdue_keeps_it_late_against_its_first_day(cast: Cast, plan: Plan) -> None:
    missed = dt.date(2026, 3, 1)
    plan.deadlines.update(due_on=missed, original_due_on=missed)
    done(cast, plan, [2, "ST-BM-AH", "30/04/2026", WHY, None])
    row = plan.deadlines.get(due_on=dt.date(2026, 4, 30))
    assert row.original_due_on == missed


def test_work_that_was_called_off_does_not_count_as_standing(cast: Cast, plan: Plan) -> None:
    Deadline.objects.filter(plan=plan).update(status=Status.CANCELLED, reason="Thôi")
    outcome = tried(DEADLINES, cast.office_staff, HEAD, [2, "ST-BM-AH", "20/03/2026", WHY, None], plan=plan)
    assert wrong(outcome) == [(2, "Last day", "This work is reported or called off: its day stays.")]


def test_one_refused_row_keeps_all_days_as_they_are(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Faulty):
        done(cast, plan, [1, "ST-BM", "30/06/2026", WHY, None], [9, "ST-BM", "30/06/2026", WHY, None])
    assert days(plan, 1) == []


@pytest.mark.parametrize("who", ["leader", "administrator", "secretary", "outsider"])
def test_only_who_runs_the_plan_gives_its_days(cast: Cast, plan: Plan, who: str) -> None:
    with pytest.raises(Http404):
        tried(DEADLINES, getattr(cast, who), HEAD, [1, "ST-BM", "30/06/2026", WHY, None], plan=plan)


def test_a_draft_gets_no_days_by_a_file(cast: Cast) -> None:
    draft = PlanFactory(issuing_unit=cast.province, status=PlanStatus.DRAFT)
    with pytest.raises(Http404):
        tried(DEADLINES, cast.office_staff, HEAD, [1, "ST-BM", "30/06/2026", WHY, None], plan=draft)


@pytest.mark.parametrize("size", [1, 40])
def test_checking_asks_the_same_number_of_questions_for_many_rows(
    cast: Cast, plan: Plan, size: int, django_assert_num_queries: Any
) -> None:
    for ordinal in range(3, 3 + size):
        SolutionFactory(plan=plan, ordinal=ordinal, lead_unit=cast.office)
    rows = [[ordinal, "ST-BM", "30/06/2026", WHY, None] for ordinal in range(3, 3 + size)]
    with django_assert_num_queries(6):
        assert tried(DEADLINES, cast.office_staff, HEAD, *rows, plan=plan).new == size


def test_moving_takes_few_statements_for_many_rows(cast: Cast, plan: Plan, django_assert_max_num_queries: Any) -> None:
    size = 20
    for ordinal in range(3, 3 + size):
        SolutionFactory(plan=plan, ordinal=ordinal, lead_unit=cast.office)
    rows = [[ordinal, "ST-BM", "30/06/2026", WHY, None] for ordinal in range(3, 3 + size)]
    imported(DEADLINES, cast.office_staff, HEAD, *rows, plan=plan)
    moved = [[ordinal, unit, "31/07/2026", f"{WHY} {ordinal}", None] for ordinal, unit, *_rest in rows]
    with django_assert_max_num_queries(28):
        assert imported(DEADLINES, cast.office_staff, HEAD, *moved, plan=plan).changed == size
    versions = RecordVersion.objects.filter(plan=plan, kind=VersionOf.OCCURRENCE)
    assert sorted(versions.values_list("reason", "after__due", "effects__moved")) == sorted(
        (f"{WHY} {ordinal}", "2026-07-31", 1) for ordinal in range(3, 3 + size)
    )
    told = Notice.objects.filter(kind=NoticeKind.MOVED, deadline__plan=plan, recipient=cast.secretary)
    assert told.count() == size  # of each by itself: they have nothing to do with one another
