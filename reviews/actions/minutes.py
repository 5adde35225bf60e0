"""Recording a meeting: that it was held, who was there, its minutes and their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from doantracker.lib import clock
from doantracker.lib.text import nfc
from plans.actions.proof import Proof, Stash, Upload, stored
from plans.errors import ActionRefused
from plans.secrecy import secrecy_mark
from reviews.actions.locking import locked_meeting
from reviews.bodies import members_of
from reviews.enums import MeetingState
from reviews.models import Attendance, Meeting, MeetingFile
from reviews.rights import may_record
from units import audit
from units.access import require
from units.models import User
from units.models.audit import AuditAction


def hold_meeting(
    *,
    meeting: Meeting,
    by: User,
    absent: Mapping[int, str],
    minutes: str = "",
    symbol: str = "",
    files: tuple[Upload, ...] = (),
    version: int | None = None,
    today: dt.date | None = None,
) -> Meeting:
    """Record that a meeting was held on its day; done again, it corrects what was recorded. Files are only added.

    `absent` are members of the body by id, each with the reason, which may be empty; all others were there. A meeting
    held on another day is moved there first, so that what hangs on it moves along.
    """
    today = today or clock.today()
    if secrecy_mark(symbol):
        raise ActionRefused(_("The number carries a mark of secrecy. Such minutes must not be kept here."))
    with stored(Proof(files), MeetingFile) as stash, locked_meeting(meeting, version) as row:
        require(may_record(by, row))
        day = _held_on(row, today)
        was_held, before = row.state == MeetingState.HELD, _worded(row)
        row.held_on, row.recorded_by = day, by
        row.minutes, row.minutes_symbol = nfc(minutes.strip()), nfc(symbol.strip())
        row.version += 1
        row.save()
        _attend(row, absent, day)
        added = _keep(files, stash, row, by)
        changed = audit.changes(before, _worded(row)) | ({"files": added} if added else {})
        data: dict[str, Any] = {"on": day, "absent": len(absent), **changed}
        audit.record(
            AuditAction.CHANGED if was_held else AuditAction.MEETING_HELD,
            by=by,
            obj=row,
            unit_id=row.unit_id,
            data=data,
        )
    return row


def note_download(*, file: MeetingFile, by: User) -> None:
    """Remember who read a file of the minutes."""
    data = {"name": file.original_name, "meeting": file.meeting_id}
    audit.record(AuditAction.DOWNLOADED, by=by, obj=file, unit_id=file.meeting.unit_id, data=data)


def _held_on(row: Meeting, today: dt.date) -> dt.date:
    """Return the day a meeting was held: the one it is planned on."""
    if row.held_on is not None:
        return row.held_on
    if row.event.day is None:
        raise ActionRefused(_("The meeting has no day yet. Give it the day on which it was held, then record it."))
    if row.event.day > today:
        raise ActionRefused(
            _("The meeting is planned for %(day)s. If it was held earlier, move it to that day first.")
            % {"day": f"{row.event.day:%d/%m/%Y}"}
        )
    return row.event.day


def _attend(row: Meeting, absent: Mapping[int, str], day: dt.date) -> None:
    """Write down who was there: of those who sat in the body on that day, and who was written down before."""
    members = {person.pk for person in members_of(row.unit, row.body, day)}
    members |= set(row.attendance.values_list("person_id", flat=True))
    if set(absent) - members:
        raise ActionRefused(_("Somebody who does not sit in this body was named as absent. Look at the list again."))
    row.attendance.all().delete()
    Attendance.objects.bulk_create(
        Attendance(
            meeting=row,
            person_id=pk,
            present=pk not in absent,
            reason=nfc(" ".join(absent.get(pk, "").split()))[:300],
        )
        for pk in sorted(members)
    )


def _keep(files: tuple[Upload, ...], stash: Stash, row: Meeting, by: User) -> list[str]:
    """Write a row for each file that the meeting does not have yet; return their names."""
    known = set(row.files.values_list("sha256", flat=True))
    added = []
    for upload in files:
        if upload.sha256 in known:
            continue
        known.add(upload.sha256)
        MeetingFile.objects.create(
            meeting=row,
            file=stash.take(upload),
            original_name=upload.name,
            size=upload.file.size,
            sha256=upload.sha256,
            added_by=by,
            added_at=clock.now(),
        )
        added.append(upload.name)
    return added


def _worded(row: Meeting) -> dict[str, Any]:
    return {"minutes": row.minutes, "minutes_symbol": row.minutes_symbol}
