"""Words of reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.enums import Outlook
from units.models import Post

#: Bodies that meet, the widest last.
MEETING_BODIES = (Post.Body.STANDING_COMMITTEE, Post.Body.PERMANENT_MEMBERS, Post.Body.EXECUTIVE_COMMITTEE)
BODY_CHOICES = [(body.value, body.label) for body in MEETING_BODIES]


class PledgeState(models.TextChoices):
    """How a pledge stands; a missing one has no row. The values are no other state's: one tag draws them all."""

    HANDED_IN = "pledge_given", _("Given in")
    ACCEPTED = "pledge_kept", _("Accepted")
    RETURNED = "pledge_back", _("Returned")


class MeetingKind(models.TextChoices):
    REGULAR = "regular", _("Regular meeting")
    EXTRAORDINARY = "extraordinary", _("Extraordinary meeting")


class MeetingState(models.TextChoices):
    """Where a meeting stands; computed, never stored."""

    PLANNED = "meeting_planned", _("Planned")
    HELD = "meeting_held", _("Held")
    CANCELLED = "meeting_cancelled", _("Called off")


class ItemTopic(models.TextChoices):
    """What an item of an agenda is about."""

    FREE = "free", _("Free item")
    DEADLINE = "deadline", _("From the register of deadlines")
    REQUESTS = "requests", _("Open requests")


class Why(models.TextChoices):
    """Why something is proposed for an agenda."""

    HANGS = "hangs", _("Hangs on this meeting")
    REPORT = "report", _("Report due since the last meeting")
    NAMED = "named", _("Its text says that it goes to this body")


# --- periodic reports and the emulation score sheet ---


class ReportPeriod(models.TextChoices):
    """For which periods a report is owed."""

    MONTH = "month", _("Monthly report")
    QUARTER = "quarter", _("Quarterly report")
    HALF_YEAR = "half_year", _("Half-year report")
    YEAR = "year", _("Yearly report")
    ONCE = "once", _("Thematic report, once")


class DueMonth(models.IntegerChoices):
    """In which month a report is due, told from the last month of its period."""

    BEFORE = -1, _("The month before the last month of the period")
    LAST = 0, _("The last month of the period")
    AFTER = 1, _("The month after the period")


class SectionSource(models.TextChoices):
    """What a section of a report is filled from."""

    FIGURES = "figures", _("Figures of the deadlines of the period")
    COMPLETED = "completed", _("Completed work")
    OVERDUE = "overdue", _("Overdue and late work with reasons")
    INDICATORS = "indicators", _("Results of indicators")
    MEETINGS = "meetings", _("Meetings held")
    DIFFICULTIES = "difficulties", _("Difficulties raised")
    BELOW = "below", _("The same section of the reports from below")
    FREE = "free", _("Free text")


class Sent(models.TextChoices):
    """How a unit stands with one report; computed from its deadline, never stored."""

    ON_TIME = "report_on_time", _("Sent on time")
    LATE = "report_late", _("Sent late")
    EXCUSED = "report_excused", _("Late, excused")
    MISSING = "report_missing", _("Missing")
    RETURNED = "report_returned", _("Returned")
    AWAITED = "report_awaited", _("Not due yet")
    STOPPED = "report_stopped", _("Not owed now")


class EmulationCriterionKind(models.TextChoices):
    """How the points of a criterion of emulation come about."""

    REPORTS = "reports", _("Computed: reports complete and on time")
    JUDGED = "judged", _("Judged: own points, then checked")


class SurveyState(models.TextChoices):
    """Where a survey stands; computed, never stored."""

    PLANNED = "survey_planned", _("Being prepared")
    RUNNING = "survey_running", _("Units answer")
    FINISHED = "survey_finished", _("Finished, report owed")
    REPORTED = "survey_reported", _("Reported on")


#: What a unit may say of an indicator: the outlook itself is the word of indicators.
SAID_OUTLOOK = (Outlook.WILL_REACH, Outlook.WILL_MISS, Outlook.UNKNOWN)


class ProposalState(models.TextChoices):
    """How a commendation proposal stands."""

    PROPOSED = "award_proposed", _("Proposed")
    PASSED_ON = "award_passed_on", _("Passed on")
    GRANTED = "award_granted", _("Commended")
    REFUSED = "award_refused", _("Not commended")
    WITHDRAWN = "award_withdrawn", _("Withdrawn")


#: Somebody still has to decide.
WAITING_PROPOSALS = (ProposalState.PROPOSED, ProposalState.PASSED_ON)


class TripKind(models.TextChoices):
    """What a field trip is for."""

    GRASSROOTS = "grassroots_stay", _("Working at the grassroots")
    TOPIC = "topic_trip", _("Trip on one topic")
    SURVEY = "survey_trip", _("Survey")
    BRANCH_MEETING = "branch_meeting", _("Attending a branch meeting")
    INSPECTION = "inspection_trip", _("Inspection and supervision")


class TripState(models.TextChoices):
    """How far a field trip has come."""

    REGISTERED = "trip_registered", _("Registered")
    APPROVED = "trip_approved", _("Approved")
    BRIEFED = "trip_briefed", _("Brief entered")
    GONE = "trip_gone", _("Gone, report owed")
    REPORTED = "trip_reported", _("Reported on")
    CANCELLED = "trip_cancelled", _("Trip called off")


#: Of these the days count; these are still to come.
TRIPS_GONE = (TripState.GONE, TripState.REPORTED)
TRIPS_COMING = (TripState.REGISTERED, TripState.APPROVED, TripState.BRIEFED)
#: In these a trip can begin.
TRIPS_DECIDED = (TripState.APPROVED, TripState.BRIEFED)


class TripPaper(models.TextChoices):
    """Which paper of a trip a file belongs to."""

    BRIEF = "brief", _("Brief")
    REPORT = "report", _("Report")


class QuotaScope(models.TextChoices):
    """Whom a quota of days holds for."""

    STAFF = "staff", _("Everybody with a post in the unit or its departments")
    BODY = "body", _("Who holds a post of one body")
    PEOPLE = "people", _("Persons by name")


class QuotaMeasure(models.TextChoices):
    """In what a plan states a quota."""

    DAYS = "days", _("days")
    MONTHS = "months", _("months of 30 days")


class InspectionKind(models.TextChoices):
    """Kinds of inspections by the rules of the Union's inspection work."""

    REGULAR = "regular", _("Regular inspection")
    THEMATIC = "thematic", _("Thematic inspection")
    SUPERVISION = "supervision", _("Supervision")
    THEMATIC_SUPERVISION = "thematic_supervision", _("Thematic supervision")


class InspectionState(models.TextChoices):
    """How far an inspection is."""

    PLANNED = "inspection_planned", _("In the programme")
    ANNOUNCED = "inspection_announced", _("Announced")
    VISITING = "inspection_visiting", _("Being carried out")
    REPORT_OWED = "inspection_report_owed", _("Report owed")
    REPORTED = "inspection_reported", _("Report handed in")
    CONCLUDED = "inspection_concluded", _("Conclusions issued")
    CLOSED = "inspection_closed", _("All conclusions closed")
    CANCELLED = "inspection_cancelled", _("Not carried out")


class Finding(models.TextChoices):
    """What the team found about one item of a checklist; none yet: empty."""

    MET = "finding_met", _("Satisfied")
    PARTLY = "finding_partly", _("Partly satisfied")
    UNMET = "finding_unmet", _("Not satisfied")
    NOT_APPLICABLE = "finding_not_applicable", _("Does not apply")


class ResultState(models.TextChoices):
    """Where a conclusion or decision stands; computed from its deadlines and its closing, never stored."""

    OPEN = "result_open", _("Not carried out yet")
    TO_CLOSE = "result_to_close", _("Carried out, to be closed")
    CLOSED = "result_closed", _("Closed")


class ResultSource(models.TextChoices):
    """What a conclusion in the common register comes from."""

    INSPECTION = "inspection", _("Inspection or supervision")
    MEETING = "meeting", _("Meeting")


#: States in which the units have been told of an inspection and its team may work.
AT_WORK = (InspectionState.ANNOUNCED, InspectionState.VISITING)
#: States in which conclusions can still be drafted.
BEFORE_CONCLUSIONS = (InspectionState.VISITING, InspectionState.REPORT_OWED, InspectionState.REPORTED)


class CriterionKind(models.TextChoices):
    """How a criterion of a score card gets its points: three are computed from the register, one is judged."""

    REMEDIATION = "remediation", _("Remediation of the shortcomings recognised last month")
    PAPERS = "papers", _("Papers for meetings on time")
    WORK = "work", _("Assigned work")
    JUDGED = "judged", _("Judged: a mark of 0 to 100")


class RoundState(models.TextChoices):
    """The steps of a monthly evaluation, in order; none is left out."""

    SELF = "round_self", _("Members score themselves")
    OPINIONS = "round_opinions", _("Opinions of colleagues")
    DECISION = "round_decision", _("Decision in the meeting")
    LOCKED = "round_locked", _("Locked")


class Recognised(models.TextChoices):
    """Who named a shortcoming of the month."""

    SELF = "self", _("Recognised by the person")
    COLLEAGUE = "colleague", _("Named by a colleague")


class RatingLevel(models.TextChoices):
    """The four levels of a year (Quy định 366-QĐ/TW), from the best."""

    EXCELLENT = "rated_excellent", _("Tasks completed excellently")
    GOOD = "rated_good", _("Tasks completed well")
    DONE = "rated_done", _("Tasks completed")
    NOT_DONE = "rated_not_done", _("Tasks not completed")


class FeedbackStep(models.TextChoices):
    """Where a feedback round stands, in this order: each step begins when the one before it is closed."""

    DRAFT = "feedback_draft", _("Being prepared")
    CONTRIBUTING = "feedback_open", _("Contributions")
    REPORTING = "feedback_report", _("Self-review reports")
    REVIEWING = "feedback_review", _("Review meeting")
    REPLYING = "feedback_reply", _("Result and reply")
    CLOSED = "feedback_closed", _("Ended")


class InvitationKind(models.TextChoices):
    """Who is asked to contribute."""

    UNIT = "unit", _("Unit")
    BODY = "body", _("Body")
    PERSON = "person", _("Person")
    GUEST = "guest", _("By a link, without a log-in")


class ReplyKind(models.TextChoices):
    """What becomes of a contribution."""

    ACCEPTED = "reply_accepted", _("Contribution taken up")
    EXPLAINED = "reply_explained", _("Contribution explained")
    DECLINED = "reply_declined", _("Contribution not taken up")
