"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.checklist import Checklist, ChecklistItem
from reviews.models.commendation import CommendationProposal
from reviews.models.contribution import Contribution, ContributionReply
from reviews.models.decision import Decision
from reviews.models.emulation import (
    EmulationBand,
    EmulationCriterion,
    EmulationDispute,
    EmulationScore,
    EmulationSheet,
)
from reviews.models.evaluation import (
    Evaluation,
    EvaluationOpinion,
    EvaluationRound,
    EvaluationTerm,
    MonthShortcoming,
    OpinionMark,
    SelfMark,
    YearRating,
)
from reviews.models.feedback import FeedbackFile, FeedbackInvitation, FeedbackRound, FeedbackTarget, FeedbackTopic
from reviews.models.inspection import Inspection, InspectionFile, InspectionProgramme, InspectionVisit
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.one_file import OneFile
from reviews.models.periodic_report import Compilation, PeriodicReport, ReportPart
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.report_kind import ReportKind, ReportSection, ReportYear
from reviews.models.score_card import RatingRule, ScoreCard, ScoreCriterion
from reviews.models.stored_file import StoredFile
from reviews.models.survey import Survey, SurveyAnswer, SurveyIndicator, SurveyUnit
from reviews.models.trip import FieldTrip, TripFile, TripMember
from reviews.models.trip_quota import FieldTripQuota
from reviews.models.visit_notes import Conclusion, VisitItem, VisitRequest

__all__ = [
    "AgendaItem",
    "Attendance",
    "Checklist",
    "ChecklistItem",
    "CommendationProposal",
    "Compilation",
    "Conclusion",
    "Contribution",
    "ContributionReply",
    "Decision",
    "EmulationBand",
    "EmulationCriterion",
    "EmulationDispute",
    "EmulationScore",
    "EmulationSheet",
    "Evaluation",
    "EvaluationOpinion",
    "EvaluationRound",
    "EvaluationTerm",
    "FeedbackFile",
    "FeedbackInvitation",
    "FeedbackRound",
    "FeedbackTarget",
    "FeedbackTopic",
    "FieldTrip",
    "FieldTripQuota",
    "Inspection",
    "InspectionFile",
    "InspectionProgramme",
    "InspectionVisit",
    "Made",
    "Meeting",
    "MeetingFile",
    "MonthShortcoming",
    "OneFile",
    "OpinionMark",
    "PeriodicReport",
    "Pledge",
    "RatingRule",
    "ReportKind",
    "ReportPart",
    "ReportSection",
    "ReportYear",
    "ScoreCard",
    "ScoreCriterion",
    "SelfMark",
    "StoredFile",
    "Survey",
    "SurveyAnswer",
    "SurveyIndicator",
    "SurveyUnit",
    "TripFile",
    "TripMember",
    "VisitItem",
    "VisitRequest",
    "WorkProgramme",
    "YearRating",
]
