"""Nouns of the app, one topic a file."""

from reviews.models.agenda import AgendaItem
from reviews.models.contribution import Contribution, ContributionReply
from reviews.models.decision import Decision
from reviews.models.feedback import (
    FeedbackFile,
    FeedbackInvitation,
    FeedbackRound,
    FeedbackTarget,
    FeedbackTopic,
)
from reviews.models.made import Made
from reviews.models.meeting import Attendance, Meeting, MeetingFile
from reviews.models.pledge import Pledge
from reviews.models.programme import WorkProgramme
from reviews.models.stored_file import StoredFile

__all__ = [
    "AgendaItem",
    "Attendance",
    "Contribution",
    "ContributionReply",
    "Decision",
    "FeedbackFile",
    "FeedbackInvitation",
    "FeedbackRound",
    "FeedbackTarget",
    "FeedbackTopic",
    "Made",
    "Meeting",
    "MeetingFile",
    "Pledge",
    "StoredFile",
    "WorkProgramme",
]
