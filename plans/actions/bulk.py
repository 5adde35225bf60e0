"""Acts on many rows: each row its own transaction and its own version; one refusal stops no other."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import OperationalError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.letters import keep_letter, late_rows
from plans.enums import OPEN, PlanStatus
from plans.errors import ActionRefused, Stale
from plans.models import BulkRun, ChasingLetter, Deadline, Notice
from plans.reminders.rules import notice_kind
from plans.rights import may_manage, may_remind
from units import audit
from units.access import require
from units.holders import in_office
from units.models import User
from units.models.audit import AuditAction
from units.permissions import Permission

MOST_ROWS: Final = 500  # of one run
KEPT: Final = dt.timedelta(days=7)  # how long the outcome of a run can be looked at


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row with the version the person saw."""

    row: Deadline
    version: int


@dataclass(slots=True)
class Outcome:
    """What became of an act on many rows: the ids done, the refusals by id, and the ids of letters it made."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    letters: list[int] = field(default_factory=list)


def each(chosen: Sequence[Chosen], act: Callable[[Chosen], object]) -> Outcome:
    """Run an act on each row on its own. `act` opens the row's transaction and checks right, state and version."""
    outcome = Outcome()
    for one in chosen:
        try:
            act(one)
        except ActionRefused as refusal:
            outcome.refused[one.row.pk] = str(refusal.message)
        except Http404:
            outcome.refused[one.row.pk] = _("You may not decide about this one.")
        except Deadline.DoesNotExist:
            outcome.refused[one.row.pk] = _("It does not exist any more.")
        except OperationalError:  # somebody holds the row too long
            outcome.refused[one.row.pk] = _("Somebody else is working on this row. Try again in a moment.")
        else:
            outcome.done.append(one.row.pk)
    return outcome


def begin_run(*, by: User, key: uuid.UUID, act: str, asked: int) -> tuple[BulkRun, bool]:
    """Return the run with this key and whether it is new: a second submit of a form finds the first one.

    No audit row: what the run does with each row is logged there.
    """
    BulkRun.objects.visible_to(by).filter(started_at__lt=clock.now() - KEPT).delete()
    facts = {"owner": by, "act": act, "asked": asked, "started_at": clock.now()}
    run, is_new = BulkRun.objects.get_or_create(key=key, defaults=facts)
    require(run.owner_id == by.pk)
    return run, is_new


def end_run(run: BulkRun, outcome: Outcome, *, facts: dict[str, str], back: str) -> None:
    """Keep what became of a run, with what its form said: the failures can be tried again with the same words."""
    refused = {str(pk): why for pk, why in outcome.refused.items()}
    run.outcome = {"done": outcome.done, "refused": refused, "letters": outcome.letters, "facts": facts, "back": back}
    run.save(update_fields=["outcome"])


def remind(*, deadline: Deadline, by: User, version: int, today: dt.date | None = None) -> int:
    """Remind whoever reports for the unit at once (đôn đốc); return how many people are told.

    The notice stands on their page now and goes out with their next mail; the log of reminders names it. The row
    itself stays as it is.
    """
    today = today or clock.today()
    require(may_remind(by, deadline))
    with transaction.atomic():
        row = _open_row(deadline, version)
        if row.due_on is None:
            raise ActionRefused(_("It has no date yet. Give it a date first."))
        kind = notice_kind(row.due_on, today)
        people = {person for _unit, person in in_office([row.unit_id], Permission.REPORT, today)} - {by.pk}
        if not people:
            raise ActionRefused(_("Nobody reports for this unit. Ask the administrator to appoint somebody."))
        told = set(Notice.objects.filter(deadline=row, kind=kind, day=today).values_list("recipient_id", flat=True))
        if not people - told:
            raise ActionRefused(_("They have been reminded of it today already."))
        notices = [
            Notice(recipient_id=pk, deadline=row, kind=kind, day=today, created_at=clock.now())
            for pk in sorted(people - told)
        ]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        audit.record(
            AuditAction.CREATED,
            by=by,
            label=(_("Reminder: %s") % row)[:250],
            plan_id=row.plan_id,
            unit_id=row.unit_id,
            data={"kind": kind.value, "people": sorted(people - told)},
        )
    return len(people - told)


def letters_about(*, chosen: Sequence[Chosen], by: User, answer_by: dt.date, today: dt.date | None = None) -> Outcome:
    """Prepare one chasing letter a plan about the chosen rows; what a letter can't speak of is refused row by row."""
    today, outcome = today or clock.today(), Outcome()
    plans: dict[int, list[Chosen]] = {}
    for one in chosen:
        plans.setdefault(one.row.plan_id, []).append(one)
    for group in plans.values():
        done = each(group, lambda one: _require_late(one, by, today))
        if not done.done:
            outcome.refused |= done.refused
            continue
        listed, letter = _letter(group[0].row, done.done, by=by, answer_by=answer_by, today=today)
        gone = dict.fromkeys(set(done.done) - set(listed), _("It is not overdue any more."))
        outcome.done += listed
        outcome.letters += [letter.pk] if letter else []
        outcome.refused |= done.refused | gone
    return outcome


def _letter(
    first: Deadline, ids: list[int], *, by: User, answer_by: dt.date, today: dt.date
) -> tuple[list[int], ChasingLetter | None]:
    """Prepare the letter about rows of one plan, to their unit or to several; return the rows it lists, and it."""
    plan, letter = first.plan, None
    with transaction.atomic():
        found = late_rows(plan, by=by, today=today).filter(pk__in=ids)
        rows = list(found.select_related("unit", "solution").order_by("unit_path", "due_on", "pk"))
        units = {row.unit_id for row in rows}
        unit = rows[0].unit if len(units) == 1 else None
        if rows:
            letter = keep_letter(plan=plan, rows=rows, unit=unit, by=by, answer_by=answer_by, today=today)
    return [row.pk for row in rows], letter


def _require_late(one: Chosen, by: User, today: dt.date) -> None:
    """Refuse a row a letter can't list."""
    require(may_manage(by, one.row.plan))
    with transaction.atomic():
        row = _open_row(one.row, one.version)
        if row.due_on is None or row.due_on >= today:
            raise ActionRefused(_("It is not overdue: a chasing letter lists overdue work only."))


def _open_row(deadline: Deadline, version: int) -> Deadline:
    """Return the row, locked, when the unit still owes it and nobody changed it since the person looked."""
    rows = Deadline.objects.select_for_update(of=("self",)).select_related("unit", "plan__issuing_unit", "solution")
    row: Deadline = rows.get(pk=deadline.pk)
    state = {"state": row.get_status_display()}
    if row.version != version:
        raise Stale(_("This deadline is no longer as you saw it (now: “%(state)s”). Read it again.") % state)
    if row.plan.status != PlanStatus.PUBLISHED:
        raise ActionRefused(_("The plan is not being followed up: it is a draft or closed."))
    if row.status not in OPEN:
        raise ActionRefused(_("This is not possible now: the deadline is “%(state)s”.") % state)
    return row
