"""Which papers a person may see."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

from doantracker.lib import clock
from doantracker.papers.wording import SYMBOL
from units.access import paths_with, within
from units.permissions import Permission

#: The rights a paper may ask for.
RIGHTS: Final = (Permission.MANAGE_PLANS, Permission.VIEW_EVALUATIONS, Permission.VIEW_FEEDBACK)

if TYPE_CHECKING:
    from units.models import User


class OfficialPaperQuerySet(models.QuerySet[Any]):
    """Papers."""

    def with_symbol(self) -> OfficialPaperQuerySet:
        """Return them with their number as `symbol` tells it; what they tell may be long and need not be read."""
        told = {"told_number": KT("gathered__head__number"), "own_code": KT(f"edits__{SYMBOL}")}
        found: OfficialPaperQuerySet = self.annotate(**told).defer("gathered", "edits", "worded_over")
        return found

    def visible_to(self, user: User) -> OfficialPaperQuerySet:
        """Return the papers that `user` may see by the right that each asks for over its unit.

        Leaders read what they sign: they need not run the plans of the unit. About persons only the paper's own
        right counts.
        """
        seen = [Q(right=right) & within("unit__path", paths_with(user, right)) for right in RIGHTS]
        signs = within("unit__path", paths_with(user, Permission.SIGN_OFF))
        seen.append(Q(right=Permission.MANAGE_PLANS) & signs)
        return self.filter(reduce(or_, seen))


class ExportQuerySet(models.QuerySet[Any]):
    """Exports."""

    def visible_to(self, user: User) -> ExportQuerySet:
        """Return the exports of `user` that are still kept: what they hold is what their author sees."""
        return self.filter(created_by=user.pk, expires_at__gt=clock.now())
