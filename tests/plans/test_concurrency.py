"""Two at once, on a real PostgreSQL: nothing is lost, nothing is doubled."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db.models import QuerySet

from plans.actions import deadlines as actions
from plans.enums import ESCALATIONS, Kind, Status
from plans.errors import ActionRefused
from plans.models import Deadline, Notice
from plans.reminders import sweep
from tests.cast import Cast, make_cast
from tests.factories import ScheduleFactory, SolutionFactory, make_deadline, make_published_plan, version_of
from tests.together import at_once
from units import audit
from units.models import AuditEvent
from units.models.audit import AuditAction

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TODAY = dt.date(2026, 3, 16)


def _owed(cast: Cast, many: int) -> None:
    plan = make_published_plan(cast.province)
    template = make_deadline(cast.district, plan=plan, due_on=TODAY, remind_on=TODAY)
    ScheduleFactory(
        solution=SolutionFactory(plan=plan, ordinal=50, lead_unit=cast.department),
        kind=Kind.RECURRING,
        rule="FREQ=MONTHLY",
        due=None,
        next_from=dt.date(2026, 1, 1),
    )
    Deadline.objects.bulk_create(
        Deadline(
            schedule=template.schedule,
            solution=template.solution,
            plan=plan,
            unit=cast.district,
            unit_path=cast.district.path,
            occurrence=str(n),
            due_on=TODAY,
            remind_on=TODAY,
        )
        for n in range(many)
    )


def reminders() -> QuerySet[Notice]:
    """Return the notices to those who owe; escalations go to others besides."""
    rows: QuerySet[Notice] = Notice.objects.exclude(kind__in=ESCALATIONS)
    return rows


def test_two_sweeps_at_once_lose_and_double_nothing() -> None:
    _owed(make_cast(), 500)
    results = at_once(*[lambda: sweep.check_deadlines(today=TODAY)] * 3)
    assert all(isinstance(r, sweep.SweepResult) for r in results), results
    assert (
        sum(r.notices for r in results if isinstance(r, sweep.SweepResult)) == reminders().count() == 503
    )  # and two months of the department
    assert Deadline.objects.filter(occurrence__startswith="2026-").count() == 7
    assert list(audit.broken_links()) == []


def test_a_sweep_beside_people_at_work_tells_of_every_open_row_once() -> None:
    cast = make_cast()
    _owed(cast, 50)
    rows = list(Deadline.objects.filter(unit=cast.district))

    def report() -> None:
        for row in rows[:10]:
            actions.submit(deadline=row, version=version_of(row), by=cast.secretary, today=TODAY)

    results = at_once(lambda: sweep.check_deadlines(today=TODAY), report)
    assert [r for r in results if isinstance(r, Exception)] == []
    sweep.check_deadlines(today=TODAY)
    told = set(Notice.objects.values_list("deadline", flat=True))
    still_open = set(Deadline.objects.filter(unit=cast.district, status=Status.ASSIGNED).values_list("pk", flat=True))
    assert still_open <= told
    assert reminders().count() == len(told)


def test_one_of_two_officers_wins_and_the_other_sees_the_state() -> None:
    cast = make_cast()
    plan = make_published_plan(cast.province)
    for _ in range(20):
        row = make_deadline(
            cast.district, plan=plan, status=Status.SUBMITTED, reported_on=TODAY, reported_by=cast.secretary
        )
        results = at_once(
            partial(actions.confirm, deadline=row, version=1, by=cast.office_staff),
            partial(actions.return_result, deadline=row, version=1, by=cast.second_office_staff, reason="Thiếu"),
        )
        refusals = [r for r in results if isinstance(r, ActionRefused)]
        assert len(refusals) == 1, results
        row.refresh_from_db()
        assert row.version == 2
    assert list(audit.broken_links()) == []
    assert AuditEvent.objects.filter(object_type="deadline").count() == 20


def test_the_database_refuses_to_change_the_log() -> None:
    cast = make_cast()
    audit.record(AuditAction.CREATED, by=cast.office_staff, label="x")
    for act in (lambda: AuditEvent.objects.update(object_label="y"), lambda: AuditEvent.objects.all().delete()):
        with pytest.raises(Exception, match="append-only"):
            act()
