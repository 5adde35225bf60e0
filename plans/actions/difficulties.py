"""Acts about a difficulty: the unit raises it, the level above answers within its time or passes it on upwards."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc, shortened
from plans.actions.deadlines import locked, locked_request, logged
from plans.actions.raising import enter_difficulty
from plans.answering import next_level
from plans.calendars import working_days_after
from plans.enums import Kind, NoticeKind
from plans.errors import ActionRefused
from plans.fan_out import with_owners, write_out
from plans.models import Deadline, Difficulty, DifficultyPass, Schedule
from plans.reminders.requests import tell_deciders, tell_unit
from plans.rights import answering_side, units_serving
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
            require(units_serving(_side(by, found), today).filter(pk=unit.pk).exists())
            found.commitment = _commit(row, by=by, unit=unit, due=due, words=words.strip(), today=today)
        found.answer, found.answered_by, found.answered_on = words.strip(), by, today
        found.save()
        tell_unit(row, NoticeKind.ANSWERED, found.raised_by, by=by, today=today)
        data = {"reason": found.answer, "due": found.answer_due_on, "commitment": found.commitment_id}
        logged(row, AuditAction.DIFFICULTY_ANSWERED, by, data, found)
    return found


def pass_on(*, difficulty: Difficulty, by: User, state: str, words: str, today: dt.date | None = None) -> Difficulty:
    """Hand a difficulty on to the next level above, with a word; that level owes the answer, within its own time."""
    today = today or clock.today()
    if not words.strip():
        raise ActionRefused(_("Say why this level cannot answer: the next one decides by it."))
    with locked_request(difficulty, AuditAction.DIFFICULTY_PASSED, by=by, state=state) as (row, found):
        level = next_level(found.answering_unit, row, raised_by=found.raised_by, today=today)
        passed = DifficultyPass.objects.create(
            difficulty=found,
            from_unit=found.answering_unit,
            to_unit=level,
            words=nfc(words.strip()),
            due_on=found.answer_due_on,
            passed_on=today,
            passed_by=by,
        )
        found.answering_unit = level
        found.answer_due_on = working_days_after(today, settings.ANSWER_WORKING_DAYS)
        found.save()
        tell_deciders(row, NoticeKind.DIFFICULTY, at=level, by=by, today=today)
        reason = _("Passed on to %(unit)s: %(words)s") % {"unit": level.label, "words": passed.words}
        data = {"reason": reason, "due": [passed.due_on, found.answer_due_on], "to_unit": level.pk}
        logged(row, AuditAction.DIFFICULTY_PASSED, by, data, found)
    return found


def _side(by: User, difficulty: Difficulty) -> Unit:
    """Return the unit for which `by` answers."""
    side = answering_side(by, difficulty)
    require(side is not None)
    return cast("Unit", side)


def _commit(row: Deadline, *, by: User, unit: Unit, due: dt.date, words: str, today: dt.date) -> Schedule:
    """Add a commitment to the same solution, owed by one unit of the answering side, and write its deadline out."""
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
