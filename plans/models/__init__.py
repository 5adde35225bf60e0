"""Nouns of the app, one topic a file."""

from plans.models.activity import Activity, ActivityComment
from plans.models.calendar import CalendarDay, CalendarYear, LadderStep, ReminderLadder
from plans.models.cascade import CascadeAnswer, PilotChoice, PilotSlot, PlanRecipient, PlanSending
from plans.models.deadline import Deadline, Evidence, ProgressReport
from plans.models.difficulty import Difficulty, DifficultyPass
from plans.models.directive import Directive, DirectiveRecipient
from plans.models.event import Event
from plans.models.extension import Extension
from plans.models.indicator import Indicator, IndicatorCondition, IndicatorLevel, IndicatorResult, PeriodLock
from plans.models.kept import DroppedRecord, SentForm
from plans.models.ledger import ShortcomingReview
from plans.models.life import PlanAmendment, PlanClosing, RecordVersion, SignOff
from plans.models.notice import ChasingLetter, ChatAddress, ChatDelivery, Notice, QuietDays, ReminderPreference
from plans.models.plan import Field, Plan, PlanDocument, PlanReference
from plans.models.saved_view import BulkRun, SavedView
from plans.models.shortcoming import PriorityTask, Shortcoming
from plans.models.snapshot import Snapshot, UnitSnapshot
from plans.models.solution import Answer, Schedule, Solution, SolutionGroup, SolutionShortcoming, SolutionTask
from plans.models.unmatched import UnmatchedName
from plans.models.uptake import TaskUptake

__all__ = [
    "Activity",
    "ActivityComment",
    "Answer",
    "BulkRun",
    "CalendarDay",
    "CalendarYear",
    "CascadeAnswer",
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
    "Indicator",
    "IndicatorCondition",
    "IndicatorLevel",
    "IndicatorResult",
    "LadderStep",
    "Notice",
    "PeriodLock",
    "PilotChoice",
    "PilotSlot",
    "Plan",
    "PlanAmendment",
    "PlanClosing",
    "PlanDocument",
    "PlanRecipient",
    "PlanReference",
    "PlanSending",
    "PriorityTask",
    "ProgressReport",
    "QuietDays",
    "RecordVersion",
    "ReminderLadder",
    "ReminderPreference",
    "SavedView",
    "Schedule",
    "SentForm",
    "Shortcoming",
    "ShortcomingReview",
    "SignOff",
    "Snapshot",
    "Solution",
    "SolutionGroup",
    "SolutionShortcoming",
    "SolutionTask",
    "TaskUptake",
    "UnitSnapshot",
    "UnmatchedName",
]
