"""The audit log: who did what, when, from where. Append-only and chained by hashes."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from units.querysets import AuditEventQuerySet


class AuditAction(models.TextChoices):
    """Every act the log knows. The label completes the sentence "<person> …"."""

    LOGGED_IN = "logged_in", _("logged in")
    LOGIN_FAILED = "login_failed", _("failed to log in")
    LOGGED_OUT = "logged_out", _("logged out")
    PASSWORD_CHANGED = "password_changed", _("changed the password")  # an act, not a password
    PASSWORD_RESET_ASKED = "password_reset_asked", _("asked for a new password")
    REFUSED = "refused", _("was refused")
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    DROPPED = "dropped", _("dropped")
    JOINED = "joined", _("joined")
    SPLIT = "split", _("split")
    MOVED = "moved", _("moved in the tree")
    PUBLISHED = "published", _("published")
    PUBLISHED_WITH_GAPS = "published_with_gaps", _("published in spite of gaps")
    SIGN_ASKED = "sign_asked", _("asked for agreement to the draft")
    SIGNED = "signed", _("agreed to the draft")
    SENT_BACK = "sent_back", _("sent the draft back")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("opened again")
    REPORTED = "reported", _("reported progress")
    SUBMITTED = "submitted", _("submitted the result")
    CONFIRMED = "confirmed", _("confirmed the result")
    RETURNED = "returned", _("returned the result")
    CANCELLED = "cancelled", _("cancelled")
    DATED = "dated", _("gave a date")
    HELD = "held", _("put on hold")
    RESUMED = "resumed", _("took off hold")
    WITHDRAWN = "withdrawn", _("took the report back")
    RESCHEDULED = "rescheduled", _("moved the last day")
    RULE_CHANGED = "rule_changed", _("changed the rule")
    EVENT_DATED = "event_dated", _("gave the day of an event")
    OPINION_GIVEN = "opinion_given", _("recorded an opinion")
    ISSUED = "issued", _("issued")
    SENT_DOWN = "sent_down", _("sent down")
    ANSWERED_ITEM = "answered_item", _("answered an item of a plan from above")
    MEETING_HELD = "meeting_held", _("recorded the meeting")
    DECIDED = "decided", _("recorded a decision of the meeting")
    EVIDENCE_REPLACED = "evidence_replaced", _("replaced evidence")
    EVIDENCE_SHARED = "evidence_shared", _("used evidence for another deadline")
    LATER_ASKED = "later_asked", _("asked for a later day")
    LATER_GRANTED = "later_granted", _("granted a later day")
    LATER_REFUSED = "later_refused", _("refused a later day")
    EXCUSED = "excused", _("confirmed an objective cause")
    DIFFICULTY_RAISED = "difficulty_raised", _("raised a difficulty")
    DIFFICULTY_PASSED = "difficulty_passed", _("passed a difficulty on")
    DIFFICULTY_ANSWERED = "difficulty_answered", _("answered a difficulty")
    TARGET_CHANGED = "target_changed", _("changed a target")
    RESULTS_ENTERED = "results_entered", _("entered results")
    PERIOD_LOCKED = "period_locked", _("closed a period")
    PERIOD_REOPENED = "period_reopened", _("reopened a period")
    EVIDENCE_ADDED = "evidence_added", _("handed in evidence afterwards")
    LINK_CONFIRMED = "link_confirmed", _("confirmed a proposed link")
    LINK_REMOVED = "link_removed", _("removed a link")
    LINKED = "linked", _("said which solutions answer it")
    LEAD_GIVEN = "lead_given", _("gave a lead")
    TASKS_CHOSEN = "tasks_chosen", _("chose priority tasks")
    ORIGIN_MARKED = "origin_marked", _("marked the origin")
    LINEAGE_SET = "lineage_set", _("said what it was carried over from")
    MERGED = "merged", _("merged into another")
    UNMERGED = "unmerged", _("took the merging back")
    REVIEWED = "reviewed", _("recorded a review")
    LEDGER_CONTINUED = "ledger_continued", _("carried the open shortcomings into the next year")
    REPORT_ASKED = "report_asked", _("asked for reports")
    EMULATION_OWN = "emulation_own", _("gave own points")
    EMULATION_CHECKED = "emulation_checked", _("checked the points of a unit")
    DISPUTE_RAISED = "dispute_raised", _("objected to points")
    DISPUTE_SETTLED = "dispute_settled", _("settled an objection to points")
    READ_SENSITIVE = "read_sensitive", _("read shortcomings of persons")
    FEEDBACK_GIVEN = "feedback_given", _("handed in a contribution")
    STEP_CLOSED = "step_closed", _("closed a step of the round")
    SELF_REVIEWED = "self_reviewed", _("handed in a self-review report")
    FEEDBACK_REPLIED = "feedback_replied", _("replied to a contribution")
    LINK_MADE = "link_made", _("made links for contributors")
    LINK_REVOKED = "link_revoked", _("revoked the link of a contributor")
    READ_FEEDBACK = "read_feedback", _("read contributions about persons")
    DOWNLOADED = "downloaded", _("downloaded")
    CHECKED = "checked", _("checked the deadlines")
    SURVEY_STARTED = "survey_started", _("started the survey")
    SURVEY_ANSWERED = "survey_answered", _("answered the survey")
    SURVEY_FINISHED = "survey_finished", _("finished the survey")
    AWARD_PASSED_ON = "award_passed_on", _("passed the proposal on")
    AWARD_GRANTED = "award_granted", _("entered the decision to commend")
    AWARD_REFUSED = "award_refused", _("refused the commendation")
    AWARD_WITHDRAWN = "award_withdrawn", _("took the proposal back")
    TRIP_APPROVED = "trip_approved", _("approved the trip")
    TRIP_BRIEFED = "trip_briefed", _("entered the brief of the trip")
    TRIP_ENDED = "trip_ended", _("recorded that the trip took place")
    SELF_SCORED = "self_scored", _("scored themselves")
    COLLEAGUE_OPINION = "colleague_opinion", _("gave opinions on colleagues")
    EVALUATION_STEP = "evaluation_step", _("took the evaluation one step on")
    EVALUATION_DECIDED = "evaluation_decided", _("recorded decided scores")
    EVALUATION_READ = "evaluation_read", _("read evaluations of members")
    YEAR_RATED = "year_rated", _("recorded a rating of the year")
    REMEDY_SETTLED = "remedy_settled", _("settled whether shortcomings of members were remedied")
    CARD_APPROVED = "card_approved", _("approved the score card")
    IMPORTED = "imported", _("imported a table")


class AuditEvent(models.Model):
    """One act. `hash` covers the row and the hash before it: a changed or missing row breaks the chain."""

    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        "units.User", on_delete=models.PROTECT, null=True, related_name="audit_events", verbose_name=_("person")
    )
    action = models.CharField(_("act"), max_length=30, choices=AuditAction)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    object_label = models.CharField(_("of what"), max_length=250, blank=True)
    plan_id = models.BigIntegerField(null=True)  # no foreign key: the log outlives what it speaks of
    unit_id = models.BigIntegerField(null=True, db_index=True)  # a path would not do: it changes and is given again
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(max_length=32, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("audit event")
        verbose_name_plural = _("audit log")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("plan_id", "-id")),
            models.Index(fields=("object_type", "object_id", "-id")),
            models.Index(fields=("actor", "-id")),
        ]

    def __str__(self) -> str:
        return f"{self.actor or '–'} {self.get_action_display()} {self.object_label}".strip()

    def computed_hash(self) -> str:
        """Return the SHA-256 (hex) over the row's facts and the hash before it."""
        facts: dict[str, Any] = {
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "action": self.action,
            "object": [self.object_type, self.object_id, self.object_label],
            "plan": self.plan_id,
            "unit": self.unit_id,
            "data": self.data,
            "address": self.address,
            "request": self.request_id,
            "previous": self.previous_hash,
        }
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()
