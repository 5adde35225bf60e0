"""Nouns of the app, one topic a file."""

from plans.models.activity import Activity, ActivityComment
from plans.models.calendar import CalendarDay, CalendarYear, LadderStep, ReminderLadder
from plans.models.deadline import Deadline, Evidence, ProgressReport
from plans.models.difficulty import Difficulty, DifficultyPass
from plans.models.directive import Directive, DirectiveRecipient
from plans.models.event import Event
from plans.models.extension import Extension
from plans.models.kept import DroppedRecord, SentForm
from plans.models.notice import ChasingLetter, ChatAddress, ChatDelivery, Notice, QuietDays, ReminderPreference
from plans.models.plan import Field, Plan, PlanDocument, PlanReference
from plans.models.saved_view import BulkRun, SavedView
from plans.models.shortcoming import PriorityTask, Shortcoming
from plans.models.snapshot import Snapshot, UnitSnapshot
from plans.models.solution import Schedule, Solution, SolutionGroup
from plans.models.unmatched import UnmatchedName

__all__ = [
    "Activity",
    "ActivityComment",
    "BulkRun",
    "CalendarDay",
    "CalendarYear",
    "ChasingLetter",
    "ChatAddress",
    "ChatDelivery",
    "Deadline",
    "Difficulty",
    "DifficultyPass",
    "Directive",
    "DirectiveRecipient",
    "DroppedRecord",
    "Event",
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
    "QuietDays",
    "ReminderLadder",
    "ReminderPreference",
    "SavedView",
    "Schedule",
    "SentForm",
    "Shortcoming",
    "Snapshot",
    "Solution",
    "SolutionGroup",
    "UnitSnapshot",
    "UnmatchedName",
]
