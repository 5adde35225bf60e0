"""Acts on a deadline: report progress, submit, withdraw, confirm, return, hold, resume, cancel, give a date.

Each locks the row, checks right and state by the table of `plans.workflow` and that the person saw the row as it is
(`version`), and writes the row, what was said and the audit row in one transaction.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.following import follow_completion, require_step_before
from plans.actions.proof import Proof, Stash, keep, stored
from plans.actions.raising import enter_difficulty
from plans.enums import OPEN, Decision, Deliverable, NoticeKind, Status
from plans.errors import ActionRefused, Stale
from plans.fan_out import Ladders, load_ladders
from plans.models import Deadline, Difficulty, Extension, Notice, ProgressReport
from plans.reminders.requests import tell_reporters
from plans.reminders.rules import first_reminder
from plans.workflow import ACTS, may, refusal, stands_in
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

if TYPE_CHECKING:
    from collections.abc import Iterator

R = TypeVar("R", Extension, Difficulty)

#: What changes the day or the completion that other commitments may hang on.
DATES_OTHERS: Final = frozenset(
    {
        AuditAction.SUBMITTED,
        AuditAction.WITHDRAWN,
        AuditAction.RETURNED,
        AuditAction.RESUMED,
        AuditAction.CANCELLED,
        AuditAction.DATED,
        AuditAction.LATER_GRANTED,
    }
)


def report_progress(
    *,
    deadline: Deadline,
    by: User,
    version: int,
    percent: int,
    text: str = "",
    difficulty: str = "",
    value: Decimal | None = None,
    proof: Proof | None = None,
) -> Deadline:
    """Say how far the work is. `percent` is 0 to 100; the deadline is in progress from then on."""
    with stored(proof) as stash, locked(deadline, AuditAction.REPORTED, by=by, version=version) as row:
        _say(row, by, percent=percent, text=text, difficulty=difficulty, value=value, proof=proof, stash=stash)
        row.status, row.percent = Status.IN_PROGRESS, percent
        saved(row, AuditAction.REPORTED, by, {"percent": percent})
    return row


def submit(
    *,
    deadline: Deadline,
    by: User,
    version: int,
    text: str = "",
    difficulty: str = "",
    value: Decimal | None = None,
    proof: Proof | None = None,
    today: dt.date | None = None,
    entitled: bool = False,
) -> Deadline:
    """Report the work done. The day counts for lateness, however late it is confirmed.

    `entitled`: the act that calls has asked for a right of its own, as that of a team to hand in its report.
    """
    act = locked(deadline, AuditAction.SUBMITTED, by=by, version=version, entitled=entitled)
    with stored(proof) as stash, act as row:
        require_step_before(row)
        _require_deliverable(row, value, proof)
        _say(row, by, percent=100, text=text, difficulty=difficulty, value=value, proof=proof, stash=stash)
        _hand_in(row, by, today)
    return row


def fulfil(*, deadline: Deadline, by: User, text: str, today: dt.date | None = None) -> Deadline:
    """Report work done by the very act that did it, such as entering the report that was owed.

    That act has checked the right. What cannot be reported now (done already, on hold, called off) stays as it is.
    """
    with stored(None) as stash, transaction.atomic():
        row = _lock(deadline.pk)
        if refusal(AuditAction.SUBMITTED, row):
            return row
        _say(row, by, percent=100, text=text, difficulty="", value=None, proof=None, stash=stash)
        _hand_in(row, by, today)
    return row


def _hand_in(row: Deadline, by: User, today: dt.date | None) -> None:
    """Enter that the work is reported done."""
    row.status, row.percent, row.reason = Status.SUBMITTED, 100, ""
    row.reported_on, row.reported_by = today or clock.today(), by
    saved(row, AuditAction.SUBMITTED, by, {"reported_on": row.reported_on}, today=today)


def withdraw(*, deadline: Deadline, by: User, version: int, reason: str = "") -> Deadline:
    """Take back a report that nobody confirmed yet: the unit owes the work again. The log keeps the reported day."""
    with locked(deadline, AuditAction.WITHDRAWN, by=by, version=version) as row:
        data: dict[str, Any] = {"reported_on": row.reported_on, "reported_by": row.reported_by_id}
        row.status, row.reported_on, row.reported_by = Status.IN_PROGRESS, None, None
        row.percent = row.reports.filter(percent__lt=100).values_list("percent", flat=True).first() or 0
        set_reminder(row, clock.today())
        saved(row, AuditAction.WITHDRAWN, by, data | ({"reason": reason.strip()} if reason.strip() else {}))
    return row


def confirm(*, deadline: Deadline, by: User, version: int, today: dt.date | None = None) -> Deadline:
    """Confirm a submitted result: it is completed."""
    with locked(deadline, AuditAction.CONFIRMED, by=by, version=version) as row:
        row.status, row.confirmed_on, row.confirmed_by = Status.COMPLETED, today or clock.today(), by
        saved(row, AuditAction.CONFIRMED, by)
    return row


def return_result(*, deadline: Deadline, by: User, version: int, reason: str) -> Deadline:
    """Send a result back with a reason; the unit owes it again, by the same day."""
    _require_reason(reason)
    with locked(deadline, AuditAction.RETURNED, by=by, version=version) as row:
        reporter = row.reported_by
        row.status, row.reason, row.reported_on, row.reported_by = Status.RETURNED, reason.strip(), None, None
        set_reminder(row, clock.today())
        _notify(row, NoticeKind.RETURNED, reporter)
        saved(row, AuditAction.RETURNED, by, {"reason": row.reason})
    return row


def hold(
    *,
    deadline: Deadline,
    by: User,
    version: int,
    reason: str,
    until: dt.date | None = None,
    today: dt.date | None = None,
) -> Deadline:
    """Put work on hold with a reason; nobody is reminded of it. After the day `until` a sweep resumes it."""
    today = today or clock.today()
    _require_reason(reason)
    if until is not None and until < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    with locked(deadline, AuditAction.HELD, by=by, version=version) as row:
        row.held_on, row.held_until, row.held_status = today, until, row.status
        row.status, row.hold_reason, row.remind_on = Status.ON_HOLD, reason.strip(), None
        tell_reporters(row, NoticeKind.HELD, by=by, today=today)
        saved(row, AuditAction.HELD, by, {"reason": row.hold_reason, "until": until})
    return row


def resume(
    *, deadline: Deadline, by: User, version: int, due_on: dt.date | None = None, today: dt.date | None = None
) -> Deadline:
    """Take work off hold. Its day stays unless `due_on` gives a new one; reminders begin anew."""
    today = today or clock.today()
    with locked(deadline, AuditAction.RESUMED, by=by, version=version) as row:
        data = {"due_on": [row.due_on, due_on]} if due_on and due_on != row.due_on else {}
        if data:
            _move_at_resuming(row, due_on, today)
        take_up_again(row, today, load_ladders())
        tell_reporters(row, NoticeKind.RESUMED, by=by, today=today)
        saved(row, AuditAction.RESUMED, by, data, today=today)
    return row


def take_up_again(row: Deadline, today: dt.date, ladders: Ladders) -> None:
    """Give a row on hold the status from before; the ladders of reminders and escalation begin anew."""
    row.status = row.held_status
    _off_hold(row)
    row.resumed_on, row.escalated, row.escalated_on = today, 0, None
    row.remind_on = first_reminder(row.due_on, today, ladders.of(row.plan))


def cancel(*, deadline: Deadline, by: User, version: int, reason: str) -> Deadline:
    """Call the work off, with a reason. Only the issuer's people can."""
    _require_reason(reason)
    with locked(deadline, AuditAction.CANCELLED, by=by, version=version) as row:
        row.status, row.reason, row.remind_on = Status.CANCELLED, reason.strip(), None
        _off_hold(row)
        _notify(row, NoticeKind.CANCELLED, row.reported_by)
        saved(row, AuditAction.CANCELLED, by, {"reason": row.reason})
    return row


def give_date(*, deadline: Deadline, by: User, version: int, due_on: dt.date) -> Deadline:
    """Give a date to work that has none yet (as directed, ongoing, bound to an event)."""
    with locked(deadline, AuditAction.DATED, by=by, version=version) as row:
        row.due_on = row.original_due_on = due_on
        row.period_start = min(row.period_start, due_on) if row.period_start else None
        if row.status in OPEN:
            set_reminder(row, clock.today())
        saved(row, AuditAction.DATED, by, {"due_on": due_on})
    return row


@contextmanager
def locked(
    deadline: Deadline, action: AuditAction, *, by: User, version: int | None, entitled: bool = False
) -> Iterator[Deadline]:
    """Yield the row, locked until the end of the transaction, when `by` may act on it now and saw it as it is.

    The right comes first: whoever has none learns nothing of the state; `entitled`: it was asked for otherwise. Only
    an act that overwrites nothing needs no `version`.
    """
    with transaction.atomic():
        row = _lock(deadline.pk)
        require(entitled or may(by, action, row))
        if not ACTS[action].adds and row.version != version:
            raise Stale(
                _("This deadline is no longer as you saw it (now: “%(state)s”). Read it again.")
                % {"state": row.get_status_display()}
            )
        _refuse(action, row)
        yield row


@contextmanager
def locked_request(request: R, action: AuditAction, *, by: User, state: str) -> Iterator[tuple[Deadline, R]]:
    """Yield the row, locked, and the request as it stands, when `by` may answer it now and saw it in its `state`."""
    with transaction.atomic():
        row = _lock(request.deadline_id)
        found: R = type(request)._default_manager.get(pk=request.pk)  # noqa: SLF001  # Django documents it
        found.deadline = row
        require(may(by, action, row, found))
        if found.state != state or not found.waits:
            raise Stale(_decided(found))
        _refuse(action, row)
        yield row, found


def _lock(pk: int) -> Deadline:
    related = ("unit", "plan__issuing_unit", "solution")
    row: Deadline = Deadline.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)
    return row


def _refuse(action: AuditAction, row: Deadline) -> None:
    if found := refusal(action, row):
        raise found


def _decided(found: Extension | Difficulty) -> str:
    if isinstance(found, Difficulty):
        return (
            _("This difficulty is answered already.")
            if found.answered_on
            else _("Look at the request as it is now, then decide.")
        )
    if found.status == Decision.ASKED:
        return _("Look at the request as it is now, then decide.")
    return _("%(person)s decided meanwhile: “%(state)s”.") % {
        "person": found.decided_by,
        "state": found.get_status_display(),
    }


def saved(
    row: Deadline,
    action: AuditAction,
    by: User,
    data: dict[str, Any] | None = None,
    about: Extension | Difficulty | None = None,
    *,
    today: dt.date | None = None,
) -> None:
    """Write the row as its next version, date what hangs on it, and write all of it into the log: the last thing.

    The log comes last because its lock is held until the commit: whoever waits for a row must not hold it.
    """
    row.version += 1
    row.save()
    followed = follow_completion(row, by=by, today=today or clock.today()) if action in DATES_OTHERS else []
    audit.record_many([_entry(row, action, by, {**(data or {}), "version": row.version}, about), *followed])


def logged(
    row: Deadline,
    action: AuditAction,
    by: User,
    data: dict[str, Any] | None = None,
    about: Extension | Difficulty | None = None,
) -> None:
    """Write an act into the log which leaves the row itself as it is."""
    audit.record_many([_entry(row, action, by, data, about)])


def _entry(
    row: Deadline, action: AuditAction, by: User, data: dict[str, Any] | None, about: Extension | Difficulty | None
) -> audit.Entry:
    absent = stands_in(by, action, row, about) if action in ACTS else None
    return audit.Entry(action, by, row, plan_id=row.plan_id, unit_id=row.unit_id, data=data, acting_for=absent)


def _say(
    row: Deadline,
    by: User,
    *,
    percent: int,
    text: str,
    difficulty: str,
    value: Decimal | None,
    proof: Proof | None,
    stash: Stash,
) -> None:
    """Write what the unit said, with its evidence; the level above owes an answer to a difficulty it names."""
    report = ProgressReport.objects.create(
        deadline=row,
        percent=percent,
        text=text.strip(),
        difficulty=difficulty.strip(),
        value=value,
        author=by,
        at=clock.now(),
    )
    if difficulty.strip() and not row.difficulties.open().filter(text=report.difficulty).exists():
        enter_difficulty(row, by=by, text=difficulty, today=clock.today())
    keep(proof, stash, row=row, by=by, at=report.at, report=report)


def _require_deliverable(row: Deadline, value: Decimal | None, proof: Proof | None) -> None:
    wanted = row.solution.deliverable
    if wanted == Deliverable.VALUE and value is None:
        raise ActionRefused(_("This commitment owes a figure. Enter it."))
    if wanted == Deliverable.FILE and not (proof and proof.has_file) and not row.evidence.exclude(file="").exists():
        raise ActionRefused(_("This commitment owes a file. Choose it; a link or a number is not enough."))
    if wanted == Deliverable.REPORT and not proof and not row.evidence.exists():
        raise ActionRefused(_("This commitment owes a written report. Add its file, link or document number."))


def _move_at_resuming(row: Deadline, due_on: dt.date | None, today: dt.date) -> None:
    """Give a new day while taking work off hold; the first day a row gets is also its original one."""
    if due_on is None or due_on < today:
        raise ActionRefused(_("This day has passed. Choose today or a later day."))
    if row.due_on is None:
        row.original_due_on = due_on
    row.due_on = due_on
    row.period_start = min(row.period_start, due_on) if row.period_start else None


def _off_hold(row: Deadline) -> None:
    row.held_on, row.held_until, row.held_status, row.hold_reason = None, None, "", ""


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ActionRefused(_("Say why: the unit must know what to do next."))


def set_reminder(row: Deadline, today: dt.date) -> None:
    """Begin the ladder of reminders anew for the day in force."""
    row.remind_on = first_reminder(row.due_on, today, load_ladders().of(row.plan))


def _notify(row: Deadline, kind: NoticeKind, recipient: User | None) -> None:
    """Tell the person who reported; the same thing on the same day only once."""
    if recipient is not None:
        Notice.objects.bulk_create(
            [Notice(recipient=recipient, deadline=row, kind=kind, day=clock.today(), created_at=clock.now())],
            ignore_conflicts=True,
        )
