"""Ratings of a year: proposed by the rules, decided by a person."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from reviews.models import YearRating
from reviews.ratings import year_line
from reviews.rights import may_decide_evaluations, may_depart
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


def rate_year(
    *,
    unit: Unit,
    body: str,
    year: int,
    person: User,
    level: str,
    by: User,
    version: int = 0,
    beyond: Decimal = Decimal(0),
    disciplined: bool = False,
    reason: str = "",
) -> YearRating:
    """Record the rating of a member. `beyond` (percent) and `disciplined` are what the register does not know.

    `version` is the one seen, 0: none yet. A rating other than the proposed one needs a reason. About oneself, or one
    stood in for, only what the register alone proposes is recorded, and never over what another leader recorded.
    """
    require(may_decide_evaluations(by, unit))
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        proposed = year_line(unit, body, year, person, beyond=beyond, disciplined=disciplined).proposed
        if proposed is None:
            raise ActionRefused(_("No month of this year is locked for this member: there is nothing to rate."))
        differs, departs = level != proposed.code, may_depart(by, unit, person.pk)
        if not departs and (differs or beyond or disciplined):
            raise ActionRefused(
                _(
                    "About yourself you can only record the rating that the register proposes, without figures of "
                    "your own. Another leader records a different one."
                )
            )
        if differs and not reason.strip():
            raise ActionRefused(_("Say why the rating differs from the proposed one."))
        facts = {"unit": unit, "body": body, "year": year, "person": person}
        row = YearRating.objects.select_for_update().filter(**facts).first() or YearRating(**facts, version=0)
        if row.version != version:
            raise Stale(_("Somebody has rated this member meanwhile. Look at the rating, then do it again."))
        if not departs and row.pk and row.decided_by_id != by.pk:
            raise ActionRefused(
                _("Another leader recorded this rating. Only a leader other than the person rated changes it.")
            )
        row.beyond, row.disciplined, row.proposed, row.level = beyond, disciplined, proposed.code, level
        row.reason, row.decided_by, row.decided_at = reason.strip() if differs else "", by, clock.now()
        row.version += 1
        row.save()
        label = f"{year}"
        audit.record(AuditAction.YEAR_RATED, by=by, label=label, unit_id=unit.pk, data={"body": body, "year": year})
    return row
