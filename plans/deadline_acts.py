"""What the page of a deadline offers a person: what waits for them, what they may need beside it, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plans.models import Deadline, Extension
from units.models.audit import AuditAction


@dataclass(frozen=True, slots=True)
class Offer:
    """One act behind a link: its words, the name of its icon and its address."""

    label: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class Offers:
    """The acts a person has on a deadline. `confirm`: the result can be confirmed on the page itself, before all."""

    confirm: bool
    first: tuple[Offer, ...]
    beside: tuple[Offer, ...]
    rest: tuple[Offer, ...]

    def __bool__(self) -> bool:
        """Return whether anything is offered."""
        return bool(self.confirm or self.first or self.beside or self.rest)

    @property
    def only_rest(self) -> bool:
        """Return whether nothing but the rest is offered: then it is not folded away."""
        return not (self.confirm or self.first or self.beside)


def offers_of(row: Deadline, may: Mapping[str, bool], may_ask: Mapping[str, bool], asked: Extension | None) -> Offers:
    """Return what is offered on `row`. `may`, `may_ask`: what is possible; `asked`: a later day to decide about.

    Who runs the plan also stands above the unit and might act for it: that is rare, so it comes last.
    """
    confirm, moved = may[AuditAction.CONFIRMED], may[AuditAction.RESCHEDULED]
    decide = reverse("plans:decide", args=[asked.pk]) if asked else ""
    first = (
        (confirm, Offer(_("Return with a reason"), "arrow-back-up", _address("return", row))),
        (asked is not None, Offer(_("Decide about a later day"), "calendar-event", decide)),
        (may[AuditAction.RESUMED], Offer(_("Take off hold"), "send", _address("resume", row))),
        (may[AuditAction.DATED], Offer(_("Give a date"), "calendar-event", _address("date", row))),
        (may[AuditAction.REPORTED], Offer(_("Report progress or the result"), "send", _address("report", row))),
    )
    of_unit = _possible(
        (may[AuditAction.WITHDRAWN], Offer(_("Take the report back"), "arrow-back-up", _address("withdraw", row))),
        (may_ask["later"], Offer(_("Ask for a later day"), "calendar-event", _address("later", row))),
        (may_ask["difficulty"], Offer(_("Raise a difficulty"), "alert-triangle", _address("difficulty", row))),
    )
    excuse = Offer(_("Confirm an objective cause"), "check", _address("excuse", row))
    of_office = _possible(
        (moved, Offer(_("Change the day of this one"), "calendar-event", _address("move", row))),
        (moved and bool(row.schedule.rule), Offer(_("Change this and later ones"), "history", _series(row))),
        (may[AuditAction.HELD], Offer(_("Put on hold"), "player-pause", _address("hold", row))),
        (may[AuditAction.CANCELLED], Offer(_("Cancel this deadline"), "circle-x", _address("cancel", row))),
    )
    beside = _possible((may_ask["excuse"], excuse))
    if of_office or confirm:
        return Offers(confirm, _possible(*first), beside, of_office + of_unit)
    return Offers(confirm, _possible(*first), of_unit + beside, ())


def _possible(*offers: tuple[bool, Offer]) -> tuple[Offer, ...]:
    return tuple(offer for possible, offer in offers if possible)


def _address(name: str, row: Deadline) -> str:
    return reverse(f"plans:{name}", args=[row.pk])


def _series(row: Deadline) -> str:
    address = reverse("plans:commitment_change", args=[row.plan_id, row.schedule_id])
    return f"{address}?{urlencode({'from': row.occurrence})}"
