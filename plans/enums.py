"""Words of the follow-up: what a person did (status) and what time says (computed, never stored)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanKind(models.TextChoices):
    SHORTCOMING_REMEDIATION = "shortcoming_remediation", _("Remediation of shortcomings")
    INSPECTION_FIELD_TRIP = "inspection_field_trip", _("Inspection and field trips")
    PROGRAMME_MULTI_YEAR = "programme_multi_year", _("Programme over several years")
    RESOLUTION_IMPLEMENTATION = "resolution_implementation", _("Carrying out a resolution")
    FOCUS_TASKS = "focus_tasks", _("Priority tasks")
    OTHER = "other", _("Other plan")


class PlanStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")


class SignState(models.TextChoices):
    """What a leader said to a draft. `STALE` is computed, never stored: the draft was changed since."""

    ASKED = "sign_asked", _("Waiting for agreement")
    AGREED = "sign_agreed", _("Agreed to")
    SENT_BACK = "sign_sent_back", _("Sent back")
    STALE = "sign_stale", _("Changed since it was agreed to")


class OpenWork(models.TextChoices):
    """What becomes of work nobody handed in when its plan is closed."""

    LEAVE = "leave", _("Leave it as it is: it stays counted as not done")
    CANCEL = "cancel", _("Call all of it off, with the reason")


class VersionOf(models.TextChoices):
    """What a kept version is about; an occurrence is told under its commitment."""

    PLAN = "plan", _("Plan")
    SOLUTION = "solution", _("Solution")
    SCHEDULE = "schedule", _("Commitment")
    OCCURRENCE = "occurrence", _("Last day of an occurrence")


class Subject(models.TextChoices):
    COLLECTIVE = "collective", _("Collective")
    PERSON = "person", _("Person")


class ShortcomingState(models.TextChoices):
    OPEN = "open", _("Not remedied")
    PARTLY = "partly", _("Partly remedied")
    REMEDIED = "remedied", _("Remedied")


class Origin(models.TextChoices):
    """Whether the review of this plan found a shortcoming first, or an earlier one did. Empty: nobody said yet."""

    NEW = "new", _("New")
    CARRIED_OVER = "carried_over", _("Carried over")


class PriorityList(models.TextChoices):
    FOCUS = "focus", _("Focus task")
    BREAKTHROUGH = "breakthrough", _("Breakthrough task")


class Uptake(models.TextChoices):
    """What a unit chose about a priority task."""

    TAKEN = "taken", _("Taken up")
    NOT_TAKEN = "not_taken", _("Not taken up")


class Level(models.TextChoices):
    """The level that has to act."""

    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District and equal")
    GRASSROOTS = "grassroots", _("Grassroots")
    BRANCH = "branch", _("Branch")


class Deliverable(models.TextChoices):
    RESULT = "result", _("Result")
    REPORT = "report", _("Written report")
    VALUE = "value", _("Figure")
    FILE = "file", _("File")


class Kind(models.TextChoices):
    """How a schedule binds work to time."""

    # values as in plans.reading.drafts.ScheduleKind; the words above stand in the document of the API

    BY_DATE = "by_date", _("By a day")
    WITHIN_MONTH = "within_month", _("Within a month")
    WITHIN_QUARTER = "within_quarter", _("Within a quarter")
    WITHIN_YEAR = "within_year", _("Within a year")
    BY_END_OF_YEAR = "by_end_of_year", _("By the end of a year")
    BETWEEN = "between", _("Between two days")
    RECURRING = "recurring", _("Recurring")
    RELATIVE = "relative", _("Bound to an event")
    ONGOING = "ongoing", _("Ongoing")
    AS_DIRECTED = "as_directed", _("As directed by a higher body")


class EventKind(models.TextChoices):
    """What an event is that commitments hang on."""

    MEETING = "meeting", _("Meeting")
    INSPECTION = "inspection", _("End of an inspection")
    TRIP = "trip", _("End of a field trip")
    ISSUE = "issue", _("Issue of a document")
    COMPLETION = "completion", _("Completion of some work")
    OTHER = "other", _("Other event")


class Chain(models.TextChoices):
    """What of the commitment before it dates a commitment."""

    COMPLETION = "completion", _("its completion")
    LAST_DAY = "last_day", _("its last day")


DATED_KINDS = frozenset(
    {Kind.BY_DATE, Kind.WITHIN_MONTH, Kind.WITHIN_QUARTER, Kind.WITHIN_YEAR, Kind.BY_END_OF_YEAR, Kind.BETWEEN}
)


class Status(models.TextChoices):
    """What a person did with a deadline."""

    ASSIGNED = "assigned", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Waiting for confirmation")
    RETURNED = "returned", _("Returned")
    COMPLETED = "completed", _("Completed")
    ON_HOLD = "on_hold", _("On hold")
    CANCELLED = "cancelled", _("Cancelled")


#: The unit owes something.
OPEN = (Status.ASSIGNED, Status.IN_PROGRESS, Status.RETURNED)
#: Neither confirmed nor called off: counted as live in tables.
LIVE = (*OPEN, Status.SUBMITTED, Status.ON_HOLD)
#: The unit has done its part.
DONE = (Status.SUBMITTED, Status.COMPLETED)


class Outcome(models.IntegerChoices):
    """What a deadline counts as, whatever today is: computed by the database from status and days, for counting.

    Only open work with a day needs one reading of the clock more, to tell what is overdue.
    """

    DONE_ON_TIME = 0
    DONE_LATE = 1
    DONE_NO_DATE = 2
    OPEN_DATED = 3
    OPEN_NO_DATE = 4
    ON_HOLD = 5
    CANCELLED = 6


class TimeState(models.TextChoices):
    """What the dates and one reading of the clock say."""

    NO_DATE = "no_date", _("No date")
    ON_SCHEDULE = "on_schedule", _("On schedule")
    DUE_SOON = "due_soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    ON_TIME = "on_time", _("On time")
    LATE = "late", _("Late")
    STOPPED = "stopped", _("Stopped")


class Decision(models.TextChoices):
    """What became of a request for a later day."""

    ASKED = "asked", _("Waiting for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")


class AnswerState(models.TextChoices):
    """How the level above stands with the answer it owes; computed, never stored."""

    AWAITED = "awaited", _("Waiting for an answer")
    OVERDUE = "answer_overdue", _("Answer overdue")
    IN_TIME = "answered", _("Answered")
    LATE = "answered_late", _("Answered late")


class DirectiveKind(models.TextChoices):
    """What kind of document directs the units."""

    LETTER = "letter", _("Official letter")
    GUIDANCE = "guidance", _("Guidance")
    NOTICE = "notice", _("Announcement")
    PROGRAMME = "programme", _("Programme")
    PLAN = "plan", _("Plan")
    OTHER = "other", _("Other document")


class LeadState(models.TextChoices):
    """Whether a directive came early enough before its roll-out; computed, never stored."""

    KEPT = "lead_kept", _("Notice kept")
    URGENT = "lead_urgent", _("Urgent, with a reason")
    BROKEN = "lead_broken", _("Notice not kept")


class Opinion(models.TextChoices):
    """What the standing body said about a draft."""

    AGREED = "agreed", _("Agreed")
    REVISE = "revise", _("To be revised")


class ActivityState(models.TextChoices):
    """Where an activity stands on its way to being issued; computed, never stored."""

    AWAITED = "opinion_awaited", _("Waiting for the opinion of the standing body")
    REVISE = "opinion_revise", _("To be revised")
    AGREED = "opinion_agreed", _("May be issued")
    ISSUED = "activity_issued", _("Issued")


class IndicatorKind(models.TextChoices):
    """What an indicator measures."""

    NUMBER = "number", _("Number")
    RATIO = "ratio", _("Share in percent")
    LEVEL = "level", _("Level in words")


class Comparator(models.TextChoices):
    """How a result is held against the target."""

    GE = "ge", _("at least")
    GT = "gt", _("more than")
    LE = "le", _("at most")
    LT = "lt", _("less than")
    EQ = "eq", _("exactly")


class Frequency(models.TextChoices):
    """For which periods an indicator wants results."""

    ONCE = "once", _("Once, for the whole time")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    HALF_YEAR = "half_year", _("Every half-year")
    YEAR = "year", _("Every year")


class RollUp(models.TextChoices):
    """How the results of units make one for the unit above."""

    SUM = "sum", _("Sum")
    MEAN = "mean", _("Mean of the units")
    WEIGHTED = "weighted", _("Numerators by denominators")
    MIN = "min", _("Lowest")
    MAX = "max", _("Highest")
    LATEST = "latest", _("Latest")
    COUNT_UNITS = "count_units", _("How many units reach the target")
    NONE = "none", _("They don't add up")


class Outlook(models.TextChoices):
    """How an indicator stands with its target; computed, never stored."""

    REACHED = "target_reached", _("Target reached")
    WILL_REACH = "target_will_reach", _("Will reach the target")
    WILL_MISS = "target_will_miss", _("Will miss the target")
    MISSED = "target_missed", _("Target missed")
    UNKNOWN = "target_unknown", _("Can't be told yet")


class ItemAnswer(models.TextChoices):
    """How a unit answers one item of a plan that was sent down to it."""

    ACCEPTED = "accepted", _("Accepted")
    ADAPTED = "adapted", _("Adapted")
    MERGED = "merged", _("Merged into an own plan")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


#: Answers by which an item becomes part of the unit's own plan as a solution of its own.
CARRIED = (ItemAnswer.ACCEPTED, ItemAnswer.ADAPTED)


class RecipientState(models.TextChoices):
    """How far a unit is with a plan that was sent down to it; computed, never stored."""

    UNANSWERED = "unanswered", _("No answer")
    PARTLY = "partly_answered", _("Answered in part")
    ANSWERED = "all_answered", _("Answered")
    HAS_PLAN = "has_plan", _("Has a plan")


class Dilution(models.TextChoices):
    """In what an own item asks for less than the item above it."""

    DAY = "later_day", _("Later day")
    NUMBER = "smaller_number", _("Smaller number")
    BOTH = "day_and_number", _("Later day and smaller number")


class NoticeKind(models.TextChoices):
    ASSIGNED = "assigned", _("New work")
    DUE_SOON = "due_soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    RETURNED = "returned", _("Returned")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Put on hold")
    RESUMED = "resumed", _("Taken off hold")
    MOVED = "moved", _("Last day moved")
    AMENDED = "amended", _("Plan amended")
    ESCALATED_1 = "escalated_1", _("Late: the unit above is told")
    ESCALATED_2 = "escalated_2", _("Late: the leaders are told")
    LATER_ASKED = "later_asked", _("Later day asked for")
    LATER_GRANTED = "later_grant", _("Later day granted")
    LATER_REFUSED = "later_refuse", _("Later day refused")
    DIFFICULTY = "difficulty", _("Difficulty raised")
    ANSWERED = "answered", _("Difficulty answered")


#: One kind a level of escalation, in order.
ESCALATIONS = (NoticeKind.ESCALATED_1, NoticeKind.ESCALATED_2)
#: What the sweep tells day by day; all of it goes into one mail a person and day.
DAILY = (NoticeKind.DUE_SOON, NoticeKind.OVERDUE, *ESCALATIONS)


class NoticeState(models.TextChoices):
    """Where a notice stands on its way by mail or by chat; the page shows it at once in any case."""

    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent by mail")
    FAILED = "failed", _("Could not be sent")


class Failure(models.TextChoices):
    """Why a notice could not be sent, in words for the office."""

    REFUSED = "refused", _("the receiving server refuses this address for good: correct it")
    ADDRESS = "address", _("the address can't be used: enter it again")
    GIVEN_UP = "given_up", _("the server could not be reached for three days")
