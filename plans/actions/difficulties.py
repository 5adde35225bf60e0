"""Acts about a difficulty: the unit raises it, the issuer of the plan answers within its time."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import shortened
from plans.actions.deadlines import locked, locked_request, logged
from plans.actions.raising import enter_difficulty
from plans.enums import Kind, NoticeKind
from plans.errors import ActionRefused
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Difficulty, Schedule
from plans.reminders.requests import tell_unit
from plans.rights import answering_units
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction

PHRASE_LENGTH = 300


def raise_difficulty(
    *, deadline: Deadline, by: User, version: int, text: str, today: dt.date | None = None
) -> Difficulty:
    """Tell the level above what is in the way; it owes an answer within ANSWER_WORKING_DAYS working days."""
    today = today or clock.today()
    if not text.strip():
        raise ActionRefused(_("Say what is in the way and what you ask for."))
    with locked(deadline, AuditAction.DIFFICULTY_RAISED, by=by, version=version) as row:
        if row.difficulties.open().filter(text=text.strip()).exists():
            raise ActionRefused(_("This difficulty is raised already and waits for an answer."))
        difficulty = enter_difficulty(row, by=by, text=text, today=today)
        logged(row, AuditAction.DIFFICULTY_RAISED, by, {"reason": difficulty.text, "due": difficulty.answer_due_on})
    return difficulty


def answer(
    *,
    difficulty: Difficulty,
    by: User,
    state: str,
    words: str,
    unit: Unit | None = None,
    due: dt.date | None = None,
    today: dt.date | None = None,
) -> Difficulty:
    """Answer a difficulty, once. With `unit` and `due` the answer becomes a commitment of the answering side."""
    today = today or clock.today()
    if not words.strip():
        raise ActionRefused(_("Write the answer."))
    if (unit is None) != (due is None):
        raise ActionRefused(_("A new commitment needs both: the unit that owes it and its last day."))
    with locked_request(difficulty, AuditAction.DIFFICULTY_ANSWERED, by=by, state=state) as (row, found):
        if unit is not None and due is not None:
            found.commitment = _commit(row, by=by, unit=unit, due=due, words=words.strip(), today=today)
        found.answer, found.answered_by, found.answered_on = words.strip(), by, today
        found.save()
        tell_unit(row, NoticeKind.ANSWERED, found.raised_by, by=by, today=today)
        data = {"reason": found.answer, "due": found.answer_due_on, "commitment": found.commitment_id}
        logged(row, AuditAction.DIFFICULTY_ANSWERED, by, data, found)
    return found


def _commit(row: Deadline, *, by: User, unit: Unit, due: dt.date, words: str, today: dt.date) -> Schedule:
    """Add a commitment to the same solution, owed by one unit of the issuer, and write its deadline out."""
    require(answering_units(row.plan, today).filter(pk=unit.pk).exists())
    if due < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    schedule = Schedule.objects.create(
        solution=row.solution, phrase=shortened(words, PHRASE_LENGTH), kind=Kind.BY_DATE, due=due
    )
    schedule.owner_units.add(unit)
    write_out(list(with_owners().filter(pk=schedule.pk)), today=today)
    for owed in schedule.deadlines.select_related("unit"):  # one
        tell_unit(owed, NoticeKind.ASSIGNED, by, by=by, today=today)
    return schedule
