"""Monthly evaluations of the members of a body. No `__str__` names a person: it goes into the log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.models import Deadline, Schedule, Shortcoming
from plans.validators import limited_text, sane_day
from reviews.enums import BODY_CHOICES, RatingLevel, Recognised, RoundState
from reviews.models.made import Made
from reviews.models.meeting import Meeting
from reviews.models.score_card import PERCENT, ScoreCard, ScoreCriterion
from reviews.querysets import EvaluationQuerySet, EvaluationRoundQuerySet, MonthShortcomingQuerySet
from reviews.scoring import WHOLE
from units.models import Unit

IN_RANGE: dict[str, Any] = {"gte": 0, "lte": WHOLE}


def _mark(label: Any, **more: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=PERCENT, **more)


def _within(field: str) -> Q:
    return Q(**{f"{field}__{rule}": value for rule, value in IN_RANGE.items()})


class EvaluationRound(Made):
    """The evaluation of the members of a body for a month (its first day).

    `work` is the commitment of the register by which the self scores are owed. What counts is read from the register
    until the round goes to the meeting; from then on the terms are kept.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    body = models.CharField(_("body"), max_length=30, choices=BODY_CHOICES)
    month = models.DateField(_("month"))
    card = models.ForeignKey(ScoreCard, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("score card"))
    self_by = models.DateField(_("self scores by"), validators=[sane_day])
    work = models.OneToOneField(Schedule, on_delete=models.PROTECT, related_name="evaluation_round", editable=False)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluation_rounds",
        verbose_name=_("meeting that decides"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=15, choices=RoundState, default=RoundState.SELF)
    reason = models.TextField(_("why it was opened again"), blank=True, validators=[limited_text])
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = EvaluationRoundQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("-month", "unit__path", "body")
        verbose_name = _("monthly evaluation")
        verbose_name_plural = _("monthly evaluations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(fields=("unit", "body", "month"), name="evaluation_round_once_a_month"),
            models.CheckConstraint(name="evaluation_round_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="evaluation_round_decided_in_a_meeting",
                condition=Q(state__in=("round_self", "round_opinions")) | Q(meeting__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluation_round_locked_whole",
                condition=Q(state="round_locked", locked_by__isnull=False, locked_at__isnull=False)
                | ~Q(state="round_locked") & Q(locked_by__isnull=True, locked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()}, {self.month:%m/%Y}"

    def get_absolute_url(self) -> str:
        """Return the page of the round."""
        return reverse("reviews:evaluation_round", args=[self.pk])


class Evaluation(models.Model):
    """One member in one round. `proposed` is what the card made of terms and marks when it went to the meeting."""

    round = models.ForeignKey(EvaluationRound, on_delete=models.PROTECT, related_name="evaluations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evaluations")
    post = models.CharField(_("post"), max_length=120)
    self_at = models.DateTimeField(null=True, blank=True, editable=False)
    self_words = models.TextField(_("words of the person"), blank=True, validators=[limited_text])
    proposed = _mark(_("proposed score"), null=True, blank=True)
    decided = _mark(_("decided score"), null=True, blank=True)
    reason = models.TextField(_("why it differs"), blank=True, validators=[limited_text])
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ("round", "pk")
        verbose_name = _("evaluation of a member")
        verbose_name_plural = _("evaluations of members")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("round", "person"), name="evaluation_once_a_round"),
            models.CheckConstraint(
                name="evaluation_scores_0_100",
                condition=(Q(proposed__isnull=True) | _within("proposed"))
                & (Q(decided__isnull=True) | _within("decided")),
            ),
            models.CheckConstraint(
                name="evaluation_decided_whole",
                condition=Q(decided__isnull=True, decided_by__isnull=True, reason="")
                | Q(decided__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluation_differs_with_reason",
                condition=Q(decided__isnull=True) | Q(decided=F("proposed")) | ~Q(reason=""),
                violation_error_message=_("Say why the decided score differs from the proposed one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round.month:%m/%Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.self_words, self.reason = nfc(self.self_words), nfc(self.reason)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the page of the evaluation."""
        return reverse("reviews:evaluation", args=[self.pk])


class SelfMark(models.Model):
    """The mark a person gave themself by a judged criterion."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="self_marks")
    criterion = models.ForeignKey(ScoreCriterion, on_delete=models.PROTECT, related_name="+")
    mark = _mark(_("mark"))

    class Meta:
        ordering = ("criterion__ordinal",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("evaluation", "criterion"), name="self_mark_once"),
            models.CheckConstraint(name="self_mark_0_100", condition=_within("mark")),
        ]

    def __str__(self) -> str:
        return str(self.criterion_id)


class EvaluationOpinion(models.Model):
    """What one colleague of the body says of a member: marks, words, or both."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="opinions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("opinion"), blank=True, validators=[limited_text])
    at = models.DateTimeField()

    class Meta:
        ordering = ("evaluation", "pk")
        verbose_name = _("opinion of a colleague")
        verbose_name_plural = _("opinions of colleagues")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("evaluation", "author"), name="opinion_once_a_colleague"),
        ]

    def __str__(self) -> str:
        return str(self.evaluation)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.words = nfc(self.words)
        super().save(*args, **kwargs)


class OpinionMark(models.Model):
    """The mark a colleague gave by a judged criterion."""

    opinion = models.ForeignKey(EvaluationOpinion, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(ScoreCriterion, on_delete=models.PROTECT, related_name="+")
    mark = _mark(_("mark"))

    class Meta:
        ordering = ("criterion__ordinal",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("opinion", "criterion"), name="opinion_mark_once"),
            models.CheckConstraint(name="opinion_mark_0_100", condition=_within("mark")),
        ]

    def __str__(self) -> str:
        return str(self.criterion_id)


class MonthShortcoming(models.Model):
    """A shortcoming of a member that the member recognised, or a colleague named, in a month.

    The month after counts whether it was remedied: as somebody found (`remedied`), or as the deadline or the
    shortcoming of the ledger says that it was linked to. Nobody has looked yet: not remedied.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="shortcomings")
    source = models.CharField(_("named by"), max_length=10, choices=Recognised)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("shortcoming"), max_length=500)
    answer = models.CharField(_("what was done about it"), max_length=500, blank=True)
    remedied = models.BooleanField(_("remedied"), null=True, blank=True)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    shortcoming = models.ForeignKey(Shortcoming, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MonthShortcomingQuerySet.as_manager()

    class Meta:
        ordering = ("evaluation", "pk")
        verbose_name = _("shortcoming recognised in a month")
        verbose_name_plural = _("shortcomings recognised in a month")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="month_shortcoming_settled_one_way",
                condition=Q(
                    remedied__isnull=True, deadline__isnull=True, shortcoming__isnull=True, settled_by__isnull=True
                )
                | Q(settled_by__isnull=False)
                & (
                    Q(remedied__isnull=False, deadline__isnull=True, shortcoming__isnull=True)
                    | Q(remedied__isnull=True, deadline__isnull=False, shortcoming__isnull=True)
                    | Q(remedied__isnull=True, deadline__isnull=True, shortcoming__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.evaluation)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.text, self.answer = nfc(self.text), nfc(self.answer)
        super().save(*args, **kwargs)


class EvaluationTerm(models.Model):
    """One piece behind a computed criterion, as it stood when the round went to the meeting."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="terms")
    criterion = models.ForeignKey(ScoreCriterion, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=300)
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    done = models.BooleanField()
    delays = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    excused = models.BooleanField(default=False)

    class Meta:
        ordering = ("evaluation", "criterion__ordinal", "due_on", "pk")

    def __str__(self) -> str:
        return str(self.evaluation)


class YearRating(models.Model):
    """The rating of a member for a year: proposed by the rules, decided by a person."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=30, choices=BODY_CHOICES)
    year = models.PositiveSmallIntegerField(_("year"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    beyond = _mark(_("share done beyond what was asked, in percent"))
    disciplined = models.BooleanField(_("disciplined"), default=False)
    proposed = models.CharField(max_length=15, choices=RatingLevel)
    level = models.CharField(_("rating"), max_length=15, choices=RatingLevel)
    reason = models.TextField(_("why it differs"), blank=True, validators=[limited_text])
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-year", "pk")
        verbose_name = _("rating of a year")
        verbose_name_plural = _("ratings of a year")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("unit", "body", "year", "person"), name="year_rating_once"),
            models.CheckConstraint(name="year_rating_beyond_0_100", condition=_within("beyond")),
            models.CheckConstraint(
                name="year_rating_differs_with_reason",
                condition=Q(level=F("proposed")) | ~Q(reason=""),
                violation_error_message=_("Say why the rating differs from the proposed one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.reason = nfc(self.reason)
        super().save(*args, **kwargs)
