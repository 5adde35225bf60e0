"""A paper that was gathered, and what people changed in it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from doantracker.papers.as_data import from_data
from doantracker.papers.enums import PaperKind
from doantracker.papers.models.term import Term
from doantracker.papers.paper import Paper
from doantracker.papers.querysets import OfficialPaperQuerySet
from doantracker.papers.wording import Overtaken, marked_cancelled, overtaken, wordable, worded
from reviews.models import Made
from units.models import Unit
from units.permissions import Permission


class OfficialPaper(Made):
    """A paper of a unit: what was gathered on a day (`gathered`), and the words put in the place of ours (`edits`).

    `subject` says what it is about as the gathering code of its kind reads it ("plan=12"). `right` is what a person
    needs over the unit to see it. `issued_before` papers carry the number of what they are about and get no other.
    `as_of`: up to which day its figures count, where they do: it can't bear an earlier one. `worded_over`: by the keys
    of `edits` the gathered words that people saw when they put in theirs.
    With its number a paper is frozen and its .docx kept (`file`, `sha256`). A number stays in the register when the
    paper is cancelled (hủy) and is never given again.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="papers", verbose_name=_("issuing unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=PaperKind)
    subject = models.CharField(max_length=500)
    title = models.CharField(_("title"), max_length=500)
    day = models.DateField(_("day"))
    code = models.CharField(max_length=5)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("term of office"))
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    right = models.CharField(max_length=30, choices=Permission, default=Permission.MANAGE_PLANS)
    gathered = models.JSONField()
    gathered_at = models.DateTimeField()
    as_of = models.DateField(null=True, blank=True)
    edits = models.JSONField(default=dict, blank=True)
    worded_over = models.JSONField(default=dict, blank=True)
    issued_before = models.BooleanField(default=False)
    file = models.FileField(upload_to="papers/%Y/%m", max_length=200, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    cancelled_on = models.DateField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfficialPaperQuerySet.as_manager()

    class Meta(Made.Meta):
        abstract = False
        ordering = ("-created_at", "-pk")
        verbose_name = _("official paper")
        verbose_name_plural = _("official papers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(
                fields=("term", "code", "number"),
                name="paper_number_once",
                violation_error_message=_("This number is taken. Take another."),
            ),
            models.CheckConstraint(
                name="paper_number_in_a_term",
                condition=Q(number__isnull=True, term__isnull=True) | Q(number__gte=1, term__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_numbered_is_kept", condition=Q(number__isnull=True) | ~Q(file="") & ~Q(sha256="")
            ),
            models.CheckConstraint(
                name="paper_cancelled_with_reason",
                condition=Q(cancelled_on__isnull=True, cancel_reason="")
                | Q(cancelled_on__isnull=False, number__isnull=False) & ~Q(cancel_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page of the paper."""
        return reverse("papers:paper", args=[self.pk])

    @property
    def paper(self) -> Paper:
        """Return the paper as it leaves: what was gathered, with the words people put in."""
        told = worded(from_data(self.gathered), self.edits)
        return marked_cancelled(told, self.cancelled_on) if self.cancelled_on else told

    @property
    def symbol(self) -> str:
        """Return the whole number of a row of `with_symbol`; "" for a draft."""
        if not (self.number or self.issued_before):
            return ""
        told: Any = self
        number, stroke, code = told.told_number.partition("/")
        return f"{number}{stroke}{told.own_code or code}"

    @property
    def plain(self) -> Paper:
        """Return the paper as it was gathered."""
        return from_data(self.gathered)

    @property
    def wordable(self) -> dict[str, str]:
        """Return the words as they stand that a person may change, by key; none once the paper has its number."""
        return {} if self.number else wordable(self.paper, whole=not self.issued_before)

    @property
    def overtaken(self) -> list[Overtaken]:
        """Return the own words of a draft whose gathered text is another by now; a numbered paper is past that."""
        if self.number:
            return []
        return overtaken(self.plain, self.edits, self.worded_over, whole=not self.issued_before)

    @property
    def kept_file(self) -> bytes:
        """Return the .docx as it was when the paper got its number."""
        with self.file.open("rb") as file:
            data: bytes = file.read()
        return data

    @property
    def rows_told(self) -> int:
        """Return how many rows its tables have: what taking it along costs."""
        return sum(len(block.get("rows", ())) for block in self.gathered["blocks"])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the title to its length; in lists it begins with a capital, also that of a letter ("V/v đôn đốc")."""
        self.title = capfirst(self.title)[:500]
        super().save(*args, **kwargs)
