"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.decision import Decision
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
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.score_card import RatingRule, ScoreCard, ScoreCriterion
from reviews.models.stored_file import StoredFile

__all__ = [
    "AgendaItem",
    "Attendance",
    "Decision",
    "Evaluation",
    "EvaluationOpinion",
    "EvaluationRound",
    "EvaluationTerm",
    "Made",
    "Meeting",
    "MeetingFile",
    "MonthShortcoming",
    "OpinionMark",
    "Pledge",
    "RatingRule",
    "ScoreCard",
    "ScoreCriterion",
    "SelfMark",
    "StoredFile",
    "WorkProgramme",
    "YearRating",
]
