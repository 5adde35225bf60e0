"""Score cards: written by the office, approved by a leader, never changed afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from doantracker.lib import clock
from plans.errors import ActionRefused, Stale
from reviews.actions.made import made_before
from reviews.bodies import require_body
from reviews.enums import CriterionKind
from reviews.models import ScoreCard, ScoreCriterion
from reviews.rights import may_decide_evaluations, may_run_evaluations
from reviews.scoring import UnbalancedCardError, check_weights
from units import audit
from units.access import require
from units.models import Unit, User
from units.models.audit import AuditAction


@dataclass(frozen=True, slots=True)
class Wanted:
    """One criterion as a person enters it."""

    name: str
    weight: Decimal
    kind: str


def write_card(
    *,
    unit: Unit,
    body: str,
    month: dt.date,
    criteria: Sequence[Wanted],
    by: User,
    names_shown: bool = False,
    key: str = "",
    today: dt.date | None = None,
) -> ScoreCard:
    """Write a card for a body from a month on. Weights that are not 100 in all are refused.

    With the `key` of a form that was sent before, the card it made then is returned.
    """
    require(may_run_evaluations(by, unit))
    made = made_before(ScoreCard, key, by=by)
    if made is not None:
        return made
    require_body(unit, body, today or clock.today())
    _check(criteria)
    with transaction.atomic():
        card = ScoreCard(unit=unit, body=body, created_by=by, created_at=clock.now(), form_key=key)
        _fill(card, month, criteria, names_shown=names_shown)
        audit.record(AuditAction.CREATED, by=by, obj=card, unit_id=unit.pk, data=_told(card, criteria))
    return card


def change_card(
    *,
    card: ScoreCard,
    month: dt.date,
    criteria: Sequence[Wanted],
    by: User,
    version: int,
    names_shown: bool = False,
) -> ScoreCard:
    """Change a card that nobody has approved yet."""
    require(may_run_evaluations(by, card.unit))
    _check(criteria)
    with transaction.atomic():
        row = _open(card, version)
        row.criteria.all().delete()
        row.version += 1
        _fill(row, month, criteria, names_shown=names_shown)
        audit.record(AuditAction.CHANGED, by=by, obj=row, unit_id=row.unit_id, data=_told(row, criteria))
    return row


def approve_card(*, card: ScoreCard, by: User, version: int) -> ScoreCard:
    """Approve a card: it is in force from its month, and stays as it is."""
    require(may_decide_evaluations(by, card.unit))
    with transaction.atomic():
        row = _open(card, version)
        row.approved_by, row.approved_at = by, clock.now()
        row.version += 1
        row.save()
        audit.record(AuditAction.CARD_APPROVED, by=by, obj=row, unit_id=row.unit_id)
    return row


def card_for(unit: Unit, body: str, month: dt.date) -> ScoreCard:
    """Return the approved card in force in a month; without one, what to do first is said."""
    cards = ScoreCard.objects.filter(unit=unit, body=body, month__lte=month, approved_at__isnull=False)
    found: ScoreCard | None = cards.order_by("-month").first()
    if found is None:
        raise ActionRefused(
            _("No approved score card is in force in this month. Write one and let a leader approve it first.")
        )
    return found


def _open(card: ScoreCard, version: int) -> ScoreCard:
    row: ScoreCard = ScoreCard.objects.select_for_update(of=("self",)).select_related("unit").get(pk=card.pk)
    if row.approved_at is not None:
        raise ActionRefused(
            _("This score card is approved and stays as it is. Write a new one that begins with a later month.")
        )
    if row.version != version:
        raise Stale(_("Somebody changed this score card meanwhile. Look at it as it is now, then do it again."))
    return row


def _check(criteria: Sequence[Wanted]) -> None:
    computed = [c.kind for c in criteria if c.kind != CriterionKind.JUDGED]
    if len(computed) != len(set(computed)):
        raise ActionRefused(_("Each computed kind stands on a card once. Join the two criteria."))
    try:
        check_weights(c.weight for c in criteria)
    except UnbalancedCardError as error:
        total = number_format(error.total.normalize() if error.total else 0, use_l10n=True)
        raise ActionRefused(
            _("The weights add up to %(total)s %%. Change them until they are exactly 100 %%.") % {"total": total}
        ) from error


def _fill(card: ScoreCard, month: dt.date, criteria: Sequence[Wanted], *, names_shown: bool) -> None:
    card.month, card.names_shown = month.replace(day=1), names_shown
    later = ScoreCard.objects.filter(unit=card.unit, body=card.body, rounds__month__gte=card.month)
    if later.exclude(pk=card.pk).exists():
        raise ActionRefused(
            _("This month has been evaluated already. Let the new score card begin with a later month.")
        )
    try:
        card.full_clean(exclude=["created_by", "created_at", "approved_by"])
    except ValidationError as error:
        raise ActionRefused(" ".join(error.messages)) from error
    card.save()
    ScoreCriterion.objects.bulk_create(
        ScoreCriterion(card=card, ordinal=n, name=" ".join(c.name.split())[:200], weight=c.weight, kind=c.kind)
        for n, c in enumerate(criteria, start=1)
    )


def _told(card: ScoreCard, criteria: Sequence[Wanted]) -> dict[str, object]:
    weights = {c.name: str(c.weight) for c in criteria}
    return {"month": card.month, "criteria": weights, "names_shown": card.names_shown}
