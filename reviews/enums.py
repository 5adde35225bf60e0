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
