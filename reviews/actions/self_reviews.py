"""Reports on the self-review of those whom a feedback round is about, and the log of who read about persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.proof import Proof, Stash, Upload, stored
from plans.errors import ActionRefused, Stale
from reviews.actions.feedback import locked_round
from reviews.enums import FeedbackStep
from reviews.models import FeedbackFile, FeedbackRound, FeedbackTarget
from reviews.rights import may_review
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction


def give_report(
    *,
    target: FeedbackTarget,
    by: User,
    text: str = "",
    files: tuple[Upload, ...] = (),
    version: int | None = None,
    today: dt.date | None = None,
) -> FeedbackTarget:
    """Hand in the self-review report of a target, or a better one while reports are taken. Files are only added."""
    with stored(Proof(files), FeedbackFile) as stash, locked_round(target.round) as feedback:
        rows = FeedbackTarget.objects.select_for_update(of=("self",)).select_related("unit", "person")
        row: FeedbackTarget = rows.get(pk=target.pk)
        row.round = feedback
        require(may_review(by, row))
        if feedback.step != FeedbackStep.REPORTING:
            raise ActionRefused(_("Self-review reports are taken after the contributions and before the meeting."))
        if version is not None and row.version != version:
            raise Stale(_("Somebody handed in a report meanwhile. Look at it, then send yours again."))
        if not text.strip() and not files and not row.files.exists():
            raise ActionRefused(_("Write the report or attach it."))
        row.report, row.report_given_on, row.report_given_by = text.strip(), today or clock.today(), by
        row.version += 1
        row.save()
        _keep(files, stash, row, by)
        audit.record(AuditAction.SELF_REVIEWED, by=by, obj=feedback, unit_id=feedback.unit_id)
    return row


def log_reading(*, by: User, feedback: FeedbackRound, targets: Iterable[FeedbackTarget]) -> None:
    """Write down that `by` read what was said about persons: one row a request, none where no person is among them."""
    read = sorted({t.pk for t in targets if t.person_id is not None})
    if read:
        data = {"targets": read}
        audit.record(AuditAction.READ_FEEDBACK, by=by, obj=feedback, unit_id=feedback.unit_id, data=data)


def note_download(*, file: FeedbackFile, by: User) -> None:
    """Remember who read a file of a report; its name is not told."""
    feedback = file.target.round
    data = {"file": file.pk}
    audit.record(AuditAction.DOWNLOADED, by=by, obj=feedback, unit_id=feedback.unit_id, data=data)


def _keep(files: tuple[Upload, ...], stash: Stash, row: FeedbackTarget, by: User) -> None:
    """Write a row for each file that the report does not have yet."""
    known = set(row.files.values_list("sha256", flat=True))
    for upload in files:
        if upload.sha256 in known:
            continue
        known.add(upload.sha256)
        FeedbackFile.objects.create(
            target=row,
            file=stash.take(upload),
            original_name=upload.name,
            size=upload.file.size,
            sha256=upload.sha256,
            added_by=by,
            added_at=clock.now(),
        )
