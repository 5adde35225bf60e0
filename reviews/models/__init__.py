"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.decision import Decision
from reviews.models.emulation import (
    EmulationBand,
    EmulationCriterion,
    EmulationDispute,
    EmulationScore,
    EmulationSheet,
)
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.periodic_report import Compilation, PeriodicReport, ReportPart
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.report_kind import ReportKind, ReportSection, ReportYear
from reviews.models.stored_file import StoredFile
from reviews.models.trip import FieldTrip, TripFile, TripMember
from reviews.models.trip_quota import FieldTripQuota

from reviews.models.commendation import CommendationProposal  # isort: skip
from reviews.models.one_file import OneFile  # isort: skip
from reviews.models.survey import Survey, SurveyAnswer, SurveyIndicator, SurveyUnit  # isort: skip

__all__ = [
    "AgendaItem",
    "Attendance",
    "CommendationProposal",
    "Compilation",
    "Decision",
    "EmulationBand",
    "EmulationCriterion",
    "EmulationDispute",
    "EmulationScore",
    "EmulationSheet",
    "FieldTrip",
    "FieldTripQuota",
    "Made",
    "Meeting",
    "MeetingFile",
    "OneFile",
    "PeriodicReport",
    "Pledge",
    "ReportKind",
    "ReportPart",
    "ReportSection",
    "ReportYear",
    "StoredFile",
    "Survey",
    "SurveyAnswer",
    "SurveyIndicator",
    "SurveyUnit",
    "TripFile",
    "TripMember",
    "WorkProgramme",
]
