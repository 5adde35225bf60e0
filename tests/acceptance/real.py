"""What the product makes of the real plans; a test that asks for one skips, with the reason, where they are absent."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from plans.actions.imports import import_plan
from plans.models import Plan
from plans.reading.drafts import DraftPlan, DraftSchedule, ScheduleKind
from plans.reading.reader import read_bytes
from tests import real_plans
from tests.cast import Cast


def real_file(number: str) -> Path:
    """Return the real plan whose file name begins with `number`; skip the test without it."""
    if not real_plans.PLANS.is_dir():
        pytest.skip(real_plans.absence())
    (file,) = real_plans.PLANS.glob(f"{number}_*.txt")
    return file


@cache
def real_plan(number: str) -> DraftPlan:
    """Return the draft the reader makes of a real plan."""
    file = real_file(number)
    return read_bytes(file.read_bytes(), file.name)


def imported_plan(number: str, cast: Cast) -> Plan:
    """Return a real plan as the office of the province imports it."""
    file = real_file(number)
    return import_plan(data=file.read_bytes(), name=file.name, issuing_unit=cast.province, by=cast.office_staff)


def line_of(plan: DraftPlan, schedule: DraftSchedule) -> int:
    """Return the line of the document a time phrase stands on."""
    return plan.paragraphs[schedule.span.paragraph].line_at(schedule.span.start)


def solution_lines(plan: DraftPlan) -> list[int]:
    """Return the line each solution begins on."""
    return [plan.paragraphs[s.span.paragraph].line for s in plan.solutions]


def dated(plan: DraftPlan) -> list[tuple[int, ScheduleKind, dt.date | None, dt.date]]:
    """Return every schedule with a last day: line, kind, first and last day."""
    return [(line_of(plan, s), s.kind, s.start, s.due) for s in plan.schedules if s.due]


def days(plan: DraftPlan) -> set[dt.date]:
    """Return every day some schedule begins or ends on."""
    return {day for s in plan.schedules for day in (s.start, s.due) if day}
