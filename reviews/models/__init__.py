"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.checklist import Checklist, ChecklistItem
from reviews.models.decision import Decision
from reviews.models.inspection import Inspection, InspectionFile, InspectionProgramme, InspectionVisit
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.stored_file import StoredFile
from reviews.models.visit_notes import Conclusion, VisitItem, VisitRequest

__all__ = [
    "AgendaItem",
    "Attendance",
    "Checklist",
    "ChecklistItem",
    "Conclusion",
    "Decision",
    "Inspection",
    "InspectionFile",
    "InspectionProgramme",
    "InspectionVisit",
    "Made",
    "Meeting",
    "MeetingFile",
    "Pledge",
    "StoredFile",
    "VisitItem",
    "VisitRequest",
    "WorkProgramme",
]
