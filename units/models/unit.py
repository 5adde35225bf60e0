"""The tree of units. Kind and parent are stored apart: nothing assumes a level."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from doantracker.lib.text import nfc, search_key
from units.querysets import UnitManager


class UnitKind(models.Model):  # type: ignore[django-manager-missing]  # Unit.objects is built on treebeard: no types
    """A kind of unit as data: the charter's names and levels change, the code does not."""

    code = models.SlugField(
        _("code"), max_length=30, unique=True, help_text=_("Short name used by imports, such as commune.")
    )
    name = models.CharField(_("name"), max_length=100, unique=True)
    rank = models.PositiveSmallIntegerField(
        _("rank"), help_text=_("Order in lists: 10 province, 20 department, 30 district …")
    )
    may_lead = models.BooleanField(_("may lead"), default=True, help_text=_("Units of this kind can lead solutions."))
    may_be_assigned = models.BooleanField(
        _("may be assigned"), default=True, help_text=_("Deadlines may be given to units of this kind.")
    )
    has_subtree = models.BooleanField(
        _("territorial"),
        default=True,
        help_text=_("Off for departments: they serve their union and have no area of their own."),
    )

    class Meta:
        ordering = ("rank", "name")
        verbose_name = _("kind of unit")
        verbose_name_plural = _("kinds of unit")

    def __str__(self) -> str:
        return self.name


class Unit(MP_Node):  # type: ignore[misc]  # treebeard ships no types
    """A node of the organisation: province, department, district, commune, branch. Never deleted once used."""

    steplen = 4
    node_order_by: ClassVar[list[str]] = []

    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, related_name="units", verbose_name=_("kind"))
    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9][A-Z0-9.-]*$", _("Capital letters, digits, dots and hyphens only, such as TD-VP.")
            )
        ],
        help_text=_("Stable short code for imports, such as TD-VP."),
    )
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(
        _("short name"), max_length=80, blank=True, help_text=_("Shown in tables; empty: the name.")
    )
    aliases = models.TextField(_("other names"), blank=True, help_text=_("One a line: how plans call this unit."))
    place = models.CharField(
        _("place"), max_length=100, blank=True, help_text=_("Place named beside the date of its documents.")
    )
    is_difficult = models.BooleanField(
        _("difficult unit"), default=False, help_text=_("A unit in a difficult area: visited first.")
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(
        _("in force to"), null=True, blank=True, help_text=_("Last day; empty: still in force.")
    )
    search = models.CharField(max_length=400, editable=False, default="", db_index=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = UnitManager()

    class Meta:
        ordering = ("path",)
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="unit_from_before_to",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("The last day lies before the first. Correct one of the two dates."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the unit with its search column in step."""
        self.keep_in_step()
        super().save(*args, **kwargs)

    def keep_in_step(self) -> None:
        """Keep the text in normal form and the search column in step with it."""
        self.name, self.short_name, self.aliases = nfc(self.name), nfc(self.short_name), nfc(self.aliases)
        self.search = search_key(self.name, self.short_name, self.code, self.code.replace("-", " "), self.aliases)[
            :400
        ]

    def get_absolute_url(self) -> str:
        """Return the unit's page."""
        return reverse("units:unit", args=[self.pk])

    @property
    def label(self) -> str:
        """Return the name for narrow places."""
        return str(self.short_name or self.name)

    @property
    def path_end(self) -> str:
        """Return the upper end of the subtree's path range (paths are upper-case base 36)."""
        return str(self.path) + "Z" * self.steplen

    @classmethod
    def most_levels(cls) -> int:
        """Return how many levels of the tree a path holds."""
        return int(cls._meta.get_field("path").max_length) // cls.steplen

    def covers(self, other: Unit) -> bool:
        """Return whether `other` is this unit or lies below it."""
        return str(other.path).startswith(str(self.path))

    def names(self) -> list[str]:
        """Return every name a document may use for this unit."""
        return [n for n in (self.name, self.short_name, *self.aliases.splitlines()) if n.strip()]
