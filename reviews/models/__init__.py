"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.decision import Decision
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.stored_file import StoredFile
from reviews.models.trip import FieldTrip, TripFile, TripMember
from reviews.models.trip_quota import FieldTripQuota

__all__ = [
    "AgendaItem",
    "Attendance",
    "Decision",
    "FieldTrip",
    "FieldTripQuota",
    "Made",
    "Meeting",
    "MeetingFile",
    "Pledge",
    "StoredFile",
    "TripFile",
    "TripMember",
    "WorkProgramme",
]
