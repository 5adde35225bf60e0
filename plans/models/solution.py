"""What will be done, by whom, and how it is bound to time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc, search_key, shortened
from plans.enums import Chain, Deliverable, Kind, Level
from plans.models.event import Event
from plans.models.plan import Plan, Sourced
from plans.models.shortcoming import PriorityTask, Shortcoming
from plans.querysets import SolutionQuerySet
from plans.rules import LONGEST_RULE
from plans.validators import limited_text, sane_day
from units.models import Unit, UnitKind


class SolutionGroup(Sourced):
    """Solutions under one heading; its lead leads each of them that names no other."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="groups")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    title = models.CharField(_("title"), max_length=500)
    lead_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="led_groups", verbose_name=_("lead unit")
    )

    class Meta(Sourced.Meta):
        ordering = ("plan", "ordinal")
        verbose_name = _("group of solutions")
        verbose_name_plural = _("groups of solutions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=("plan", "ordinal"), name="group_ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.title}"


class Solution(Sourced):
    """A solution (giải pháp): one paragraph of the plan that commits to work.

    One that a published plan drops stays, with `dropped_at` and why: what was reported under it does too.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="solutions")
    group = models.ForeignKey(
        SolutionGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="solutions",
        verbose_name=_("group"),
    )
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    text = models.TextField(_("text"), validators=[limited_text])
    level = models.CharField(_("level that acts"), max_length=12, choices=Level, blank=True)
    lead_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_solutions",
        verbose_name=_("lead unit"),
        help_text=_("Empty: the lead of the group."),
    )
    supporting_units = models.ManyToManyField(
        Unit, blank=True, related_name="supported_solutions", verbose_name=_("supporting units")
    )
    overseer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="overseen_solutions",
        verbose_name=_("leader in charge"),
    )
    shortcomings = models.ManyToManyField(
        Shortcoming,
        blank=True,
        through="SolutionShortcoming",
        related_name="solutions",
        verbose_name=_("shortcomings answered"),
    )
    priority_tasks = models.ManyToManyField(
        PriorityTask,
        blank=True,
        through="SolutionTask",
        related_name="solutions",
        verbose_name=_("priority tasks answered"),
    )
    deliverable = models.CharField(
        _("what is handed in"), max_length=10, choices=Deliverable, default=Deliverable.RESULT
    )

    dropped_at = models.DateTimeField(null=True, blank=True, editable=False)
    dropped_reason = models.CharField(max_length=500, blank=True, editable=False)
    search = models.TextField(editable=False, default="")

    objects = SolutionQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ("plan", "ordinal")
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(fields=("plan", "ordinal"), name="solution_ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {shortened(self.text)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the text in normal form and the search column in step."""
        self.text = nfc(self.text)
        self.search = search_key(self.text)
        super().save(*args, **kwargs)

    @property
    def lead(self) -> Unit | None:
        """Return who leads: the solution's own lead, else the group's."""
        return self.lead_unit or (self.group.lead_unit if self.group else None)


class Answer(models.Model):
    """That a solution answers a shortcoming or a priority task.

    `proposed`: the text doesn't say it, the reader took it from the order of the lists; it is a proposal until a
    person has confirmed it (`confirmed_by`). What the text says, or a person linked, needs no confirmation. The state
    stands in the link itself and not beside it (as a row of its own, or as the doubt of the solution, which speaks of
    all its values): so it goes where the link goes, and each link is confirmed or removed alone.
    """

    proposed = models.BooleanField(default=False, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="%(class)s_confirmed_whole",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(proposed=True, confirmed_at__isnull=False),
            )
        ]

    @property
    def awaits(self) -> bool:
        """Return whether nobody has looked at this proposal of the reader."""
        return self.proposed and self.confirmed_at is None


class SolutionShortcoming(Answer):
    """A solution answers a shortcoming."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="+")
    shortcoming = models.ForeignKey(Shortcoming, on_delete=models.CASCADE, related_name="+")

    class Meta(Answer.Meta):
        db_table = "plans_solution_shortcomings"
        unique_together = (("solution", "shortcoming"),)
        verbose_name = _("answer to a shortcoming")
        verbose_name_plural = _("answers to shortcomings")

    def __str__(self) -> str:
        return f"{self.solution} → {self.shortcoming}"


class SolutionTask(Answer):
    """A solution answers a priority task."""

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="+")
    prioritytask = models.ForeignKey(PriorityTask, on_delete=models.CASCADE, related_name="+")

    class Meta(Answer.Meta):
        db_table = "plans_solution_priority_tasks"
        unique_together = (("solution", "prioritytask"),)
        verbose_name = _("answer to a priority task")
        verbose_name_plural = _("answers to priority tasks")

    def __str__(self) -> str:
        return f"{self.solution} → {self.prioritytask}"


class Schedule(Sourced):
    """One commitment of a solution in time: the phrase as written, what it means, and who owes it.

    Who owes it: the named units and every unit in force of the named kinds below the issuer; none named: the lead.
    Work bound to an event hangs on an `event`, or on another commitment of the plan (`hangs_on`) whose completion or
    last day dates it (`chain`); `lead_time` says how long before or after. `in_order`: the later of both can't be
    submitted before the earlier one.
    A report names the one report that is compiled from it and others (`compiled_into`), in this plan or one above.
    `next_from` is the first day of the first occurrence not written out yet; none once all are. `continues` is the
    commitment that this one goes on with since the office changed "this and later ones": the former ends before.
    """

    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="schedules")
    phrase = models.CharField(_("phrase"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.BY_DATE)
    start = models.DateField(_("first day"), null=True, blank=True, validators=[sane_day])
    due = models.DateField(_("last day"), null=True, blank=True, validators=[sane_day])
    rule = models.CharField(
        _("rule"), max_length=LONGEST_RULE, blank=True, help_text=_("RFC 5545, such as FREQ=MONTHLY;INTERVAL=3.")
    )
    lead_time = models.CharField(
        _("lead time"), max_length=20, blank=True, help_text=_("ISO 8601, such as -P7D: a week before the event.")
    )
    anchor = models.CharField(_("event"), max_length=300, blank=True)
    in_working_days = models.BooleanField(_("the lead time counts working days"), default=False)
    event = models.ForeignKey(
        Event, on_delete=models.RESTRICT, null=True, blank=True, related_name="schedules", verbose_name=_("event")
    )
    hangs_on = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("commitment it hangs on"),
    )
    chain = models.CharField(_("dated by"), max_length=12, choices=Chain, blank=True)
    in_order = models.BooleanField(_("in this order"), default=False)
    exception = models.CharField(_("exception"), max_length=300, blank=True)
    exclusive = models.BooleanField(_("the day named is excluded"), default=False)
    owner_units = models.ManyToManyField(
        Unit, blank=True, related_name="owed_schedules", verbose_name=_("units that owe it")
    )
    owner_kinds = models.ManyToManyField(
        UnitKind, blank=True, related_name="owed_schedules", verbose_name=_("every unit of these kinds")
    )
    compiled_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="parts",
        verbose_name=_("report it goes into"),
    )
    next_from = models.DateField(null=True, blank=True, editable=False)
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="continued_by"
    )

    class Meta(Sourced.Meta):
        ordering = ("solution", "pk")
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=("next_from",), name="schedule_next", condition=Q(next_from__isnull=False))
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                name="schedule_start_before_due",
                condition=Q(start__isnull=True) | Q(due__isnull=True) | Q(start__lte=F("due")),
                violation_error_message=_("The last day lies before the first. Correct one of the two days."),
            ),
            models.CheckConstraint(
                name="schedule_one_anchor",
                condition=Q(event__isnull=True) | Q(hangs_on__isnull=True, chain=""),
                violation_error_message=_("Choose an event or another commitment, not both."),
            ),
            models.CheckConstraint(
                name="schedule_anchor_only_when_relative",
                condition=Q(event__isnull=True, chain="") | Q(kind="relative"),
                violation_error_message=_("Only work bound to an event takes its day from one."),
            ),
            models.CheckConstraint(
                name="schedule_not_on_itself",
                condition=Q(hangs_on__isnull=True) | (~Q(hangs_on=F("id")) & ~Q(kind="recurring")),
                violation_error_message=_("Work that recurs hangs on nothing, and nothing hangs on itself."),
            ),
            models.CheckConstraint(
                name="schedule_not_compiled_into_itself",
                condition=Q(compiled_into__isnull=True) | ~Q(compiled_into=F("id")),
                violation_error_message=_("A report is not compiled from itself. Choose another one."),
            ),
            models.CheckConstraint(
                name="schedule_rule_only_when_recurring",
                condition=Q(rule="") | Q(kind="recurring"),
                violation_error_message=_(
                    "A rule belongs to recurring work only. Choose the kind “Recurring” or empty the rule."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.phrase or self.get_kind_display()
