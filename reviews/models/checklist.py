"""Checklists (đề cương kiểm tra): what a team looks at, by kind of unit. Versions are kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from reviews.models.made import Made
from reviews.querysets import ChecklistQuerySet
from units.models import Unit, UnitKind

LONGEST_HEAD = 200
LONGEST_ITEM = 500


class Checklist(Made):
    """One version of the checklist of a unit for the units of a kind; the latest is in force."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit that inspects"))
    unit_kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of unit"))
    version = models.PositiveSmallIntegerField(_("version"))

    objects = ChecklistQuerySet.as_manager()

    class Meta(Made.Meta):
        ordering = ("unit__path", "unit_kind__rank", "-version")
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Made.Meta.constraints,
            models.UniqueConstraint(fields=("unit", "unit_kind", "version"), name="checklist_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_kind} ({self.version})"


class ChecklistItem(models.Model):
    """One thing to look at, under a heading or none."""

    checklist = models.ForeignKey(Checklist, on_delete=models.CASCADE, related_name="items")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"))
    head = models.CharField(_("heading"), max_length=LONGEST_HEAD, blank=True)
    text = models.CharField(_("what is looked at"), max_length=LONGEST_ITEM)

    class Meta:
        ordering = ("checklist", "ordinal")
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("checklist", "ordinal"), name="checklist_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep text in normal form."""
        self.head, self.text = nfc(self.head), nfc(self.text)
        super().save(*args, **kwargs)
