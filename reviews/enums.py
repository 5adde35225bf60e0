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
