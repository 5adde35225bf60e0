"""Acts on a deadline: report progress, submit, confirm, return, cancel, give a date.

Each locks the row, checks right and state, and writes the row, what was said and the audit row in one transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.raising import enter_difficulty
from plans.enums import DONE, LIVE, OPEN, Deliverable, NoticeKind, PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.fan_out import load_ladders
from plans.models import Deadline, Evidence, Notice, ProgressReport
from plans.reminders.rules import first_reminder
from plans.rights import may_confirm, may_manage, may_report
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

if TYPE_CHECKING:
    from collections.abc import Iterator

#: From which statuses an act starts. Anything else is refused with the present state.
ALLOWED: dict[AuditAction, tuple[str, ...]] = {
    AuditAction.REPORTED: OPEN,
    AuditAction.SUBMITTED: OPEN,
    AuditAction.CONFIRMED: (Status.SUBMITTED,),
    AuditAction.RETURNED: (Status.SUBMITTED,),
    AuditAction.CANCELLED: LIVE,
    AuditAction.DATED: (*OPEN, Status.ON_HOLD),
    AuditAction.LATER_ASKED: OPEN,
    AuditAction.LATER_GRANTED: (*LIVE, Status.COMPLETED),  # asked in time and decided late: the unit must not pay
    AuditAction.LATER_REFUSED: (*LIVE, Status.COMPLETED),
    AuditAction.EXCUSED: DONE,
    AuditAction.DIFFICULTY_RAISED: LIVE,
    AuditAction.DIFFICULTY_ANSWERED: tuple(Status),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence handed in with a report: files, a link, the number of a document."""

    files: tuple[File[bytes], ...] = ()
    link: str = ""
    document_number: str = ""

    def __bool__(self) -> bool:
        return bool(self.files or self.link or self.document_number)


def report_progress(
    *,
    deadline: Deadline,
    by: User,
    percent: int,
    text: str = "",
    difficulty: str = "",
    value: Decimal | None = None,
    proof: Proof | None = None,
    version: int | None = None,
) -> Deadline:
    """Say how far the work is. `percent` is 0 to 100; the deadline is in progress from then on."""
    with locked(deadline, AuditAction.REPORTED, version) as row:
        require(may_report(by, row))
        _say(row, by, percent=percent, text=text, difficulty=difficulty, value=value, proof=proof)
        row.status, row.percent = Status.IN_PROGRESS, percent
        saved(row, AuditAction.REPORTED, by, {"percent": percent})
    return row


def submit(
    *,
    deadline: Deadline,
    by: User,
    text: str = "",
    difficulty: str = "",
    value: Decimal | None = None,
    proof: Proof | None = None,
    version: int | None = None,
    today: dt.date | None = None,
) -> Deadline:
    """Report the work done. The day counts for lateness, however late it is confirmed."""
    with locked(deadline, AuditAction.SUBMITTED, version) as row:
        require(may_report(by, row))
        _require_deliverable(row, value, proof)
        _say(row, by, percent=100, text=text, difficulty=difficulty, value=value, proof=proof)
        row.status, row.percent, row.reason = Status.SUBMITTED, 100, ""
        row.reported_on, row.reported_by = today or clock.today(), by
        saved(row, AuditAction.SUBMITTED, by, {"reported_on": row.reported_on})
    return row


def confirm(*, deadline: Deadline, by: User, version: int | None = None, today: dt.date | None = None) -> Deadline:
    """Confirm a submitted result: it is completed."""
    with locked(deadline, AuditAction.CONFIRMED, version) as row:
        require(may_confirm(by, row))
        row.status, row.confirmed_on, row.confirmed_by = Status.COMPLETED, today or clock.today(), by
        saved(row, AuditAction.CONFIRMED, by)
    return row


def return_result(*, deadline: Deadline, by: User, reason: str, version: int | None = None) -> Deadline:
    """Send a result back with a reason; the unit owes it again, by the same day."""
    _require_reason(reason)
    with locked(deadline, AuditAction.RETURNED, version) as row:
        require(may_confirm(by, row))
        reporter = row.reported_by
        row.status, row.reason, row.reported_on, row.reported_by = Status.RETURNED, reason.strip(), None, None
        set_reminder(row, clock.today())
        _notify(row, NoticeKind.RETURNED, reporter)
        saved(row, AuditAction.RETURNED, by, {"reason": row.reason})
    return row


def cancel(*, deadline: Deadline, by: User, reason: str, version: int | None = None) -> Deadline:
    """Call the work off, with a reason. Only the issuer's people can."""
    _require_reason(reason)
    with locked(deadline, AuditAction.CANCELLED, version) as row:
        require(may_manage(by, row.plan))
        row.status, row.reason, row.remind_on = Status.CANCELLED, reason.strip(), None
        _notify(row, NoticeKind.CANCELLED, row.reported_by)
        saved(row, AuditAction.CANCELLED, by, {"reason": row.reason})
    return row


def give_date(*, deadline: Deadline, by: User, due_on: dt.date, version: int | None = None) -> Deadline:
    """Give a date to work that has none yet (as directed, ongoing, bound to an event)."""
    with locked(deadline, AuditAction.DATED, version) as row:
        require(may_manage(by, row.plan))
        if row.due_on is not None:
            raise ActionRefused(_("This deadline has a date already."))
        row.due_on = row.original_due_on = due_on
        row.period_start = min(row.period_start, due_on) if row.period_start else None
        set_reminder(row, clock.today())
        saved(row, AuditAction.DATED, by, {"due_on": due_on})
    return row


@contextmanager
def locked(deadline: Deadline, action: AuditAction, version: int | None) -> Iterator[Deadline]:
    """Yield the row, locked until the end of the transaction, when the act is allowed in its present state."""
    with transaction.atomic():
        row = (
            Deadline.objects.select_for_update(of=("self",))
            .select_related("unit", "plan__issuing_unit", "solution")
            .get(pk=deadline.pk)
        )
        if version is not None and row.version != version:
            raise Stale(
                _("Somebody changed this deadline meanwhile: it is now “%(state)s”. Look at it and try again.")
                % {"state": row.get_status_display()}
            )
        if row.plan.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("The plan is not being followed up: it is a draft or closed."))
        if row.status not in ALLOWED[action]:
            raise ActionRefused(
                _("This is not possible now: the deadline is “%(state)s”.") % {"state": row.get_status_display()}
            )
        yield row


def saved(row: Deadline, action: AuditAction, by: User, data: dict[str, Any] | None = None) -> None:
    """Write the row as its next version, and the act into the log: the last thing an act does."""
    row.version += 1
    row.save()
    logged(row, action, by, data)


def logged(row: Deadline, action: AuditAction, by: User, data: dict[str, Any] | None = None) -> None:
    """Write an act into the log which leaves the row itself as it is."""
    audit.record(action, by=by, obj=row, plan_id=row.plan_id, unit_id=row.unit_id, data=data)


def _say(
    row: Deadline,
    by: User,
    *,
    percent: int,
    text: str,
    difficulty: str,
    value: Decimal | None,
    proof: Proof | None,
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
    if not proof:
        return
    common: dict[str, Any] = {"deadline": row, "report": report, "added_by": by, "added_at": report.at}
    for upload in proof.files:
        _keep_file(upload, common)
    if proof.link:
        Evidence.objects.create(link=proof.link, **common)
    if proof.document_number:
        Evidence.objects.create(document_number=proof.document_number, **common)


def _keep_file(upload: File[bytes], common: dict[str, Any]) -> None:
    """Store a file under a random name; the name it came with is kept as text only."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    evidence = Evidence(original_name=str(upload.name)[:255], size=upload.size, sha256=digest.hexdigest(), **common)
    upload.seek(0)
    evidence.file.save(get_random_string(32), upload, save=True)


def _require_deliverable(row: Deadline, value: Decimal | None, proof: Proof | None) -> None:
    wanted = row.solution.deliverable
    if wanted == Deliverable.VALUE and value is None:
        raise ActionRefused(_("This commitment owes a figure. Enter it."))
    if wanted == Deliverable.REPORT and not proof and not row.evidence.exists():
        raise ActionRefused(_("This commitment owes a written report. Add its file, link or document number."))


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
