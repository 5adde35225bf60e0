"""Acts about a later day: ask, grant, refuse, and confirm that lateness had an objective cause."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import locked, locked_request, logged, saved, set_reminder
from plans.enums import OPEN, Decision, NoticeKind
from plans.errors import ActionRefused
from plans.models import Deadline, Extension
from plans.reminders.requests import tell_deciders, tell_unit
from plans.time_state import lateness
from units.models import User
from units.models.audit import AuditAction


def ask_later_day(
    *,
    deadline: Deadline,
    by: User,
    version: int,
    day: dt.date,
    reason: str,
    claims_objective: bool = False,
    today: dt.date | None = None,
) -> Extension:
    """Ask for a later day, with a reason. One request waits per deadline; the day moves only when it is granted."""
    today = today or clock.today()
    _require_words(reason, _("Say why you need more time: the level above decides by it."))
    with locked(deadline, AuditAction.LATER_ASKED, by=by, version=version) as row:
        due_on = _require_later(row, day, today)
        if row.extensions.filter(status=Decision.ASKED).exists():
            raise ActionRefused(_("A later day is asked for already. Wait for the decision."))
        extension = Extension.objects.create(
            deadline=row,
            due_on=due_on,
            asked_day=day,
            reason=reason.strip(),
            claims_objective=claims_objective,
            asked_by=by,
            asked_at=clock.now(),
        )
        tell_deciders(row, NoticeKind.LATER_ASKED, by=by, today=today)
        logged(row, AuditAction.LATER_ASKED, by, {"day": day, "due_on": due_on, "reason": extension.reason})
    return extension


def grant(
    *,
    extension: Extension,
    by: User,
    state: str,
    day: dt.date | None = None,
    words: str = "",
    objective: bool = False,
    today: dt.date | None = None,
) -> Extension:
    """Grant the day asked for, or another `day`, with words then. The deadline moves; its original day stays.

    `objective` confirms the cause: lateness against the original day is excused up to the day granted.
    """
    today = today or clock.today()
    with locked_request(extension, AuditAction.LATER_GRANTED, by=by, state=state) as (row, asked):
        day = day or asked.asked_day
        if row.due_on is None or day <= row.due_on:
            raise ActionRefused(_("The day granted must be later than the day in force."))
        if day < min(today, asked.asked_day):
            raise ActionRefused(_("This day has passed. Choose today or a later day."))
        if day != asked.asked_day:
            _require_words(words, _("Say why you grant another day than the one asked for."))
        data: dict[str, Any] = {"day": day, "due_on": row.due_on, "asked": asked.asked_day, "reason": words.strip()}
        row.due_on = day
        if objective:
            row.excused_until, row.excuse, row.excused_by = day, asked.reason, by
            data["objective"] = True
        if row.status in OPEN:
            set_reminder(row, today)
        asked.granted_day, asked.objective = day, objective
        _decide(asked, Decision.GRANTED, by=by, words=words)
        tell_unit(row, NoticeKind.LATER_GRANTED, asked.asked_by, by=by, today=today)
        saved(row, AuditAction.LATER_GRANTED, by, data, asked, today=today)
    return asked


def refuse(*, extension: Extension, by: User, state: str, words: str, today: dt.date | None = None) -> Extension:
    """Refuse a later day, with words; the day in force stays."""
    _require_words(words, _("Say why you refuse: the unit must know what to do next."))
    with locked_request(extension, AuditAction.LATER_REFUSED, by=by, state=state) as (row, asked):
        _decide(asked, Decision.REFUSED, by=by, words=words)
        tell_unit(row, NoticeKind.LATER_REFUSED, asked.asked_by, by=by, today=today or clock.today())
        logged(row, AuditAction.LATER_REFUSED, by, {"day": asked.asked_day, "reason": asked.words}, asked)
    return asked


def excuse(*, deadline: Deadline, by: User, version: int, cause: str) -> Deadline:
    """Confirm that a late result had an objective cause: it is counted apart from then on."""
    _require_words(cause, _("Name the objective cause."))
    with locked(deadline, AuditAction.EXCUSED, by=by, version=version) as row:
        if row.reported_on is None or not is_late(row):
            raise ActionRefused(_("This result is not late: there is nothing to excuse."))
        if row.excused_until is not None and row.reported_on <= row.excused_until:
            raise ActionRefused(_("An objective cause is confirmed already."))
        row.excused_until, row.excuse, row.excused_by = row.reported_on, cause.strip(), by
        saved(row, AuditAction.EXCUSED, by, {"reason": row.excuse, "until": row.excused_until})
    return row


def is_late(row: Deadline) -> bool:
    """Return whether a reported result is late against its original day or the day in force."""
    if row.reported_on is None:
        return False
    found = lateness(
        status=row.status,
        original_due_on=row.original_due_on,
        due_on=row.due_on,
        reported_on=row.reported_on,
        excused_until=row.excused_until,
        today=row.reported_on,
    )
    return bool(found.original or found.current)


def _require_later(row: Deadline, day: dt.date, today: dt.date) -> dt.date:
    """Return the day in force when `day` may be asked for instead of it."""
    assert row.due_on  # noqa: S101  # the table lets only dated work ask
    if day < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    if day <= row.due_on:
        raise ActionRefused(_("Choose a day after %(due)s, the day in force.") % {"due": f"{row.due_on:%d/%m/%Y}"})
    return row.due_on


def _decide(asked: Extension, status: Decision, *, by: User, words: str) -> None:
    asked.status, asked.words = status, words.strip()
    asked.decided_by, asked.decided_at = by, clock.now()
    asked.save()


def _require_words(words: str, cure: str) -> None:
    if not words.strip():
        raise ActionRefused(cure)
