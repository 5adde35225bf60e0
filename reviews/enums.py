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
