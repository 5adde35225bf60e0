"""Nouns of the app, one topic a file."""

from plans.models.calendar import CalendarDay, LadderStep, ReminderLadder
from plans.models.deadline import Deadline, Evidence, ProgressReport
from plans.models.difficulty import Difficulty
from plans.models.extension import Extension
from plans.models.kept import DroppedRecord, SentForm
from plans.models.notice import ChasingLetter, Notice, ReminderPreference
from plans.models.plan import Field, Plan, PlanDocument, PlanReference
from plans.models.shortcoming import PriorityTask, Shortcoming
from plans.models.snapshot import Snapshot
from plans.models.solution import Schedule, Solution, SolutionGroup
from plans.models.unmatched import UnmatchedName

__all__ = [
    "CalendarDay",
    "ChasingLetter",
    "Deadline",
    "Difficulty",
    "DroppedRecord",
    "Evidence",
    "Extension",
    "Field",
    "LadderStep",
    "Notice",
    "Plan",
    "PlanDocument",
    "PlanReference",
    "PriorityTask",
    "ProgressReport",
    "ReminderLadder",
    "ReminderPreference",
    "Schedule",
    "SentForm",
    "Shortcoming",
    "Snapshot",
    "Solution",
    "SolutionGroup",
    "UnmatchedName",
]
