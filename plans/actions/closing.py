"""A plan is closed with its final report, and opened again with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.imports import stored_file
from plans.actions.moving import cancel_rows
from plans.actions.plans import locked_as_is
from plans.actions.proof import Upload
from plans.changes import Change
from plans.enums import OPEN, OpenWork, PlanStatus, Status
from plans.errors import ActionRefused, Stale
from plans.models import Deadline, Plan, PlanClosing
from plans.rights import may_manage
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

#: What nobody has handed in: what closing has to decide about.
UNDONE = (*OPEN, Status.ON_HOLD)


@dataclass(frozen=True, slots=True)
class FinalReport:
    """The final report of a plan: exactly one of a file, a link, and a document's number with its day."""

    file: Upload | None = None
    link: str = ""
    document_number: str = ""
    document_day: dt.date | None = None


def close_plan(
    *,
    plan: Plan,
    by: User,
    report: FinalReport,
    open_work: str = "",
    reason: str = "",
    today: dt.date | None = None,
) -> PlanClosing:
    """Close a published plan: nothing more is reminded; its history stays.

    `open_work` says what becomes of work that nobody handed in; calling it off needs a `reason`, which the units read.
    """
    require(may_manage(by, plan))
    today = today or clock.today()
    _require_report(report, today)
    closing = PlanClosing(plan=plan, closed_by=by, closed_at=clock.now(), reason=reason.strip())
    closing.link, closing.document_day = report.link, report.document_day
    closing.document_number = nfc(report.document_number.strip())
    with _file_of(closing, report.file), transaction.atomic():
        locked = locked_as_is(plan)
        if locked.status != PlanStatus.PUBLISHED:
            raise ActionRefused(_("Only a published plan can be closed."))
        _require_settled(locked)
        entries = _settle_open_work(closing, locked, open_work, by, today)
        closing.save()
        locked.status, locked.closed_at, locked.closed_by = PlanStatus.CLOSED, closing.closed_at, by
        locked.save(update_fields=["status", "closed_at", "closed_by"])
        told = {"report": str(closing), "open": closing.open_count, "open_work": closing.open_work}
        about = audit.Entry(
            AuditAction.CLOSED,
            by,
            obj=locked,
            plan_id=locked.pk,
            unit_id=locked.issuing_unit_id,
            data=told | ({"reason": closing.reason} if closing.reason else {}),
        )
        audit.record_many([*entries, about])
    return closing


def reopen_plan(*, plan: Plan, by: User, reason: str) -> None:
    """Open a closed plan again: it is followed up as before. What was called off at its closing stays so."""
    require(may_manage(by, plan))
    if not reason.strip():
        raise ActionRefused(_("Say why the plan is opened again."))
    with transaction.atomic():
        locked = locked_as_is(plan)
        if locked.status != PlanStatus.CLOSED:
            raise Stale(_("This plan is not closed."))
        locked.status, locked.closed_at, locked.closed_by = PlanStatus.PUBLISHED, None, None
        locked.save(update_fields=["status", "closed_at", "closed_by"])
        undone = {"reopened_at": clock.now(), "reopened_by": by, "reopen_reason": reason.strip()}
        locked.closings.filter(reopened_at__isnull=True).update(**undone)
        audit.record(
            AuditAction.REOPENED,
            by=by,
            obj=locked,
            plan_id=locked.pk,
            unit_id=locked.issuing_unit_id,
            data={"reason": reason.strip()},
        )


def undone_rows(plan: Plan) -> list[Deadline]:
    """Return the deadlines of a plan that nobody handed in, locked."""
    rows = Deadline.objects.filter(plan=plan, status__in=UNDONE).select_for_update(of=("self",))
    return list(rows.select_related("unit", "solution", "schedule").order_by("pk"))


def _require_settled(plan: Plan) -> None:
    """Refuse to close a plan that is being amended, or in which results wait for an answer."""
    amendment = plan.amendments.filter(issued_at__isnull=True).first()
    if amendment is not None:
        words = _("The amendment “%(amendment)s” is still open. Issue it or throw it away, then close the plan.")
        raise ActionRefused(words % {"amendment": amendment})
    waiting = Deadline.objects.filter(plan=plan, status=Status.SUBMITTED).count()
    if waiting:
        words = ngettext(
            "%(count)d result waits for confirmation. Confirm or return it, then close the plan.",
            "%(count)d results wait for confirmation. Confirm or return them, then close the plan.",
            waiting,
        )
        raise ActionRefused(words % {"count": waiting})


def _settle_open_work(closing: PlanClosing, plan: Plan, open_work: str, by: User, today: dt.date) -> list[audit.Entry]:
    """Note what is left, and call it off where that was chosen; return the log entries still to write."""
    rows = undone_rows(plan)
    closing.open_count = len(rows)
    if not rows:
        closing.open_work = ""
        return []
    if open_work not in OpenWork.values:
        raise ActionRefused(_("Work is still open. Say whether it stays as it is or is called off."))
    closing.open_work = open_work
    if open_work == OpenWork.LEAVE:
        return []
    if not closing.reason:
        raise ActionRefused(_("Say why the open work is called off: the units will read it."))
    return cancel_rows(rows, Change(), by=by, reason=closing.reason, today=today)


def _require_report(report: FinalReport, today: dt.date) -> None:
    given = [bool(report.file), bool(report.link), bool(report.document_number.strip())]
    if sum(given) != 1:
        raise ActionRefused(_("Give the final report as one thing: a file, a link, or the number of the document."))
    if report.document_number.strip() and report.document_day is None:
        raise ActionRefused(_("Give the day of the document as well."))
    if report.document_day and report.document_day > today:
        raise ActionRefused(_("The day of the document lies ahead. Close the plan once the report is issued."))


@contextmanager
def _file_of(closing: PlanClosing, upload: Upload | None) -> Iterator[None]:
    """Store the file of the report; none stays when closing comes to nothing."""
    if upload is None:
        yield
        return
    closing.original_name, closing.size, closing.sha256 = upload.name, upload.file.size, upload.sha256
    with stored_file(closing, upload.file.read()):
        yield
