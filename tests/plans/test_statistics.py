"""The figures of leaders, against published numbers and against the time state of each row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from plans.enums import Status, TimeState
from plans.models import Deadline
from plans.statistics import Figures, figures_below, figures_of
from plans.time_state import lateness, time_state
from tests.cast import Cast
from tests.factories import make_deadline, make_published_plan
from units.models import Unit


def test_the_published_rate_of_2017() -> None:
    figures = Figures(total=21_914, done_on_time=14_068, done_late=1_983, on_schedule=5_640, overdue=223)
    assert figures.done == 16_051
    assert figures.open_in_time == 5_640
    assert figures.rate == pytest.approx(98.63, abs=0.005)


def test_nothing_due_is_no_rate() -> None:
    assert Figures(total=5, on_schedule=5).rate is None


def test_figures_add_up() -> None:
    assert Figures(total=2, overdue=2) + Figures(total=3, done_late=3) == Figures(total=5, overdue=2, done_late=3)


def make_every_state(cast: Cast, today: dt.date) -> list[Deadline]:
    """Make one deadline of the commune in each status with each kind of day; every sixth one for the branch."""
    plan = make_published_plan(cast.province)
    days = (today - dt.timedelta(5), today, today + dt.timedelta(7), today + dt.timedelta(8), None)
    rows = []
    for number, (status, day) in enumerate((s, d) for s in Status for d in days):
        facts: dict[str, Any] = {"reason": "Lý do"} if status in {Status.RETURNED, Status.CANCELLED} else {}
        if status in {Status.SUBMITTED, Status.COMPLETED}:
            facts = {"reported_on": today, "reported_by": cast.commune_secretary}
        if status == Status.COMPLETED:
            facts |= {"confirmed_on": today, "confirmed_by": cast.office_staff}
        unit = cast.branch if number % 6 == 0 else cast.commune
        rows.append(make_deadline(unit, plan=plan, due_on=day, status=status, **facts))
    return rows


def test_counts_agree_with_the_time_state_of_each_row(cast: Cast, today: dt.date) -> None:
    rows = [r for r in make_every_state(cast, today) if r.status != Status.CANCELLED]
    states = [
        time_state(status=r.status, due_on=r.due_on, reported_on=r.reported_on, today=today, soon_days=7) for r in rows
    ]
    figures = figures_of(Deadline.objects.all(), today=today)
    assert figures.total == len(rows)
    assert figures.done_on_time == states.count(TimeState.ON_TIME)
    assert figures.done_late == states.count(TimeState.LATE)
    assert figures.on_schedule == states.count(TimeState.ON_SCHEDULE)
    assert figures.due_soon == states.count(TimeState.DUE_SOON)
    assert figures.overdue == states.count(TimeState.OVERDUE)
    assert figures.no_date + figures.done_no_date == states.count(TimeState.NO_DATE)
    assert figures.on_hold == states.count(TimeState.STOPPED)


def test_late_and_excused_agree_with_the_lateness_of_each_row(cast: Cast, today: dt.date) -> None:
    rows = make_every_state(cast, today)
    for number, row in enumerate(rows):
        if row.due_on:
            row.original_due_on = row.due_on - dt.timedelta(6 * (number % 2))
        if number % 3:
            row.excused_until, row.excuse, row.excused_by = today - dt.timedelta(number % 3 - 1), "Bão", cast.leader
        row.save()
    late = [
        lateness(
            status=r.status,
            original_due_on=r.original_due_on,
            due_on=r.due_on,
            reported_on=r.reported_on,
            excused_until=r.excused_until,
            today=today,
        )
        for r in rows
    ]
    figures = figures_of(Deadline.objects.all(), today=today)
    assert figures.late_original == sum(found.original > 0 for found in late) > 0
    assert figures.late == sum(found.current > 0 for found in late) > 0
    assert figures.excused == sum(found.excused for found in late) > 0
    assert figures.late_original > figures.late > figures.excused


def test_each_child_is_counted_with_all_below_it_in_one_query(
    cast: Cast, today: dt.date, django_assert_num_queries: object
) -> None:
    make_every_state(cast, today)
    make_deadline(cast.province, plan=make_published_plan(cast.province))
    province = Unit.objects.get(pk=cast.province.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        found = figures_below(Deadline.objects.all(), province, today=today)
    assert {path: f.total for path, f in found.items()} == {cast.province.path: 1, cast.district.path: 30}
    below = figures_below(Deadline.objects.all(), Unit.objects.get(pk=cast.commune.pk), today=today)
    assert set(below) == {cast.commune.path, cast.branch.path}
    assert sum(f.total for f in below.values()) == 30
