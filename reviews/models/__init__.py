"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.decision import Decision
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.stored_file import StoredFile

__all__ = [
    "AgendaItem",
    "Attendance",
    "Decision",
    "Made",
    "Meeting",
    "MeetingFile",
    "Pledge",
    "StoredFile",
    "WorkProgramme",
]
