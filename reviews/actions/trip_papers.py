"""The papers of a field trip: the brief before, the report after. Entering one does the work that it is."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.actions.deadlines import fulfil
from plans.actions.proof import Proof, Stash, Upload, stored
from plans.errors import ActionRefused
from plans.models import Schedule
from reviews.actions.trips import locked_trip, require_state
from reviews.enums import TRIPS_DECIDED, TripPaper, TripState
from reviews.models import FieldTrip, TripFile
from reviews.rights import may_carry
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction

#: What the register is told; the papers themselves stay with the trip, where the rights are narrower.
_TOLD: Final = {
    TripPaper.BRIEF: "Đã có nội dung chuẩn bị trong hồ sơ chuyến đi.",
    TripPaper.REPORT: "Đã có báo cáo trong hồ sơ chuyến đi.",
}


def brief_trip(
    *,
    trip: FieldTrip,
    by: User,
    text: str = "",
    files: tuple[Upload, ...] = (),
    version: int,
    today: dt.date | None = None,
) -> FieldTrip:
    """Enter the brief of an approved trip. After its first day it is taken too, marked as late (`briefed_late`)."""
    today = today or clock.today()
    _require_words(text, files)
    with stored(Proof(files), TripFile) as stash, locked_trip(trip, version) as row:
        require(may_carry(by, row))
        words = _("Only an approved trip is prepared. Have it approved first; one that is called off needs no brief.")
        require_state(row, (*TRIPS_DECIDED, TripState.GONE), words)
        if row.state == TripState.APPROVED:
            row.state = TripState.BRIEFED
        row.brief, row.briefed_on, row.briefed_by = text.strip(), row.briefed_on or today, by
        _enter(row, TripPaper.BRIEF, files, stash, row.brief_work, by=by, today=today)
        late = row.briefed_late
        audit.record(AuditAction.TRIP_BRIEFED, by=by, obj=row, unit_id=row.unit_id, data={"late": late})
    return row


def report_trip(
    *,
    trip: FieldTrip,
    by: User,
    text: str = "",
    files: tuple[Upload, ...] = (),
    version: int,
    today: dt.date | None = None,
) -> FieldTrip:
    """Enter the report of a trip that took place."""
    today = today or clock.today()
    _require_words(text, files)
    with stored(Proof(files), TripFile) as stash, locked_trip(trip, version) as row:
        require(may_carry(by, row))
        words = _("Record first on which days the trip took place; a report is entered once.")
        require_state(row, (TripState.GONE,), words)
        row.state = TripState.REPORTED
        row.report, row.reported_on, row.reported_by = text.strip(), today, by
        _enter(row, TripPaper.REPORT, files, stash, row.report_work, by=by, today=today)
        audit.record(AuditAction.SUBMITTED, by=by, obj=row, unit_id=row.unit_id)
    return row


def note_download(*, file: TripFile, by: User) -> None:
    """Remember who read a paper of a trip."""
    data = {"name": file.original_name, "trip": file.trip_id}
    audit.record(AuditAction.DOWNLOADED, by=by, obj=file, unit_id=file.trip.unit_id, data=data)


def _require_words(text: str, files: tuple[Upload, ...]) -> None:
    if not text.strip() and not files:
        raise ActionRefused(_("Write it down, or attach the paper."))


def _enter(
    row: FieldTrip,
    paper: TripPaper,
    files: tuple[Upload, ...],
    stash: Stash,
    work: Schedule | None,
    *,
    by: User,
    today: dt.date,
) -> None:
    """Write the row and its files, and report the commitment done that asked for the paper."""
    row.version += 1
    row.save()
    known = set(row.files.filter(paper=paper).values_list("sha256", flat=True))
    for upload in files:
        if upload.sha256 not in known:
            known.add(upload.sha256)
            kept = {"file": stash.take(upload), "original_name": upload.name, "sha256": upload.sha256}
            facts = {"size": upload.file.size, "added_by": by, "added_at": clock.now()}
            TripFile.objects.create(trip=row, paper=paper, **kept, **facts)
    for deadline in work.deadlines.all() if work else ():
        fulfil(deadline=deadline, by=by, text=_TOLD[paper], today=today)
