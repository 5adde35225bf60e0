"""Minutes of meetings: that one was held, who was there, what was written down."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from ninja import File, Router, Schema, UploadedFile
from pydantic import Field

from doantracker.api.v1.acts import FileOut, PaperNumber, acted, changes, file_lines, shows, uploads
from doantracker.api.v1.answers import one, seen_number
from doantracker.api.v1.auth import Call
from doantracker.api.v1.types import Id, PersonRef, Pk, Sent, Text, person_ref
from plans.errors import ActionRefused
from reviews.actions import minutes
from reviews.enums import MeetingState
from reviews.models.meeting import LONGEST_MINUTES
from reviews.rights import may_record
from reviews.views.shared import visible_meeting
from units.access import require

router = Router(tags=["reviews"])
MOST_ABSENT: Final = 200


class SeatOut(Schema):
    """Whether a member was there."""

    person: PersonRef
    present: bool
    reason: str = Field(description="Why the person was not there.")


class MinutesOut(Schema):
    """What was recorded of a meeting."""

    meeting: int
    version: int
    held_on: dt.date | None = Field(description="The day it was held; null: not recorded.")
    minutes: str
    minutes_symbol: str = Field(description="Number and symbol of the minutes.")
    attendance: list[SeatOut]
    files: list[FileOut]


class MeetingAbsence(Sent):
    """Who was not there, and why."""

    person: Id
    reason: Annotated[Text, Field(max_length=300)] = ""


class MeetingRecord(Sent):
    """That a meeting was held on its day; all members that are not named were there."""

    absent: Annotated[list[MeetingAbsence], Field(max_length=MOST_ABSENT)] = Field(
        default_factory=list, description="Members who were not there."
    )
    minutes: Annotated[Text, Field(max_length=LONGEST_MINUTES)] = ""
    symbol: PaperNumber = Field(default="", description="Number and symbol of the minutes.")


@shows(router, "/meetings/{pk}/minutes", MinutesOut, "Show the minutes of a meeting")
def minutes_of(request: Call, pk: Pk) -> Any:
    """Show what was recorded of a meeting: minutes, who was there, files."""
    return _told(request, pk)


@changes(router, "/meetings/{pk}/record", MinutesOut, "Record a meeting")
def record(request: Call, pk: Pk, sent: MeetingRecord) -> Any:
    """Record that a meeting was held on its day; done again, it corrects what was recorded."""

    def act() -> None:
        row = visible_meeting(request.user, pk)
        absent = {missed.person: missed.reason for missed in sent.absent}
        version = seen_number(request, row.version)
        facts: dict[str, Any] = {"minutes": sent.minutes, "symbol": sent.symbol, "version": version}
        minutes.hold_meeting(meeting=row, by=request.user, absent=absent, **facts)

    return acted(request, act, lambda: _told(request, pk))


@changes(router, "/meetings/{pk}/minutes-files", MinutesOut, "Add files to the minutes")
def add_files(request: Call, pk: Pk, files: File[list[UploadedFile]]) -> Any:
    """Add files to what was recorded, as multipart/form-data; the same kinds and sizes as on the page."""

    def act() -> None:
        row = visible_meeting(request.user, pk)
        require(may_record(request.user, row))
        if row.state == MeetingState.PLANNED:
            raise ActionRefused(_("Record the meeting first, then add files to its minutes."))
        absent = dict(row.attendance.filter(present=False).values_list("person_id", "reason"))
        as_before: dict[str, Any] = {"minutes": row.minutes, "symbol": row.minutes_symbol, "files": uploads(files)}
        version = seen_number(request, row.version)
        minutes.hold_meeting(meeting=row, by=request.user, absent=absent, version=version, **as_before)

    return acted(request, act, lambda: _told(request, pk))


def _told(request: Call, pk: int) -> Any:
    row = visible_meeting(request.user, pk)
    seats = row.attendance.select_related("person")
    facts: dict[str, Any] = {
        "meeting": row.pk,
        **{n: getattr(row, n) for n in ("version", "held_on", "minutes", "minutes_symbol")},
        "attendance": [{"person": person_ref(s.person), "present": s.present, "reason": s.reason} for s in seats],
        "files": file_lines(row.files.all()),
    }
    return one(request, MinutesOut, facts, row.version)
