"""Words of reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

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
