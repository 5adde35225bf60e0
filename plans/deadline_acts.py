"""What the page of a deadline offers a person: what waits for them first, what they may need beside it, the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """Return what is offered on `row`; `may`, `may_ask`: acts that are possible; `asked`: a later day to decide."""
    confirm = may[AuditAction.CONFIRMED]
    decide = reverse("plans:decide", args=[asked.pk]) if asked else ""
    first = (
        (confirm, Offer(_("Return with a reason"), "arrow-back-up", _address("return", row))),
        (asked is not None, Offer(_("Decide about a later day"), "calendar-event", decide)),
        (may[AuditAction.RESUMED], Offer(_("Take off hold"), "send", _address("resume", row))),
        (may[AuditAction.REPORTED], Offer(_("Report progress or the result"), "send", _address("report", row))),
        (may[AuditAction.DATED], Offer(_("Give a date"), "calendar-event", _address("date", row))),
    )
    beside = (
        (may[AuditAction.WITHDRAWN], Offer(_("Take the report back"), "arrow-back-up", _address("withdraw", row))),
        (may_ask["later"], Offer(_("Ask for a later day"), "calendar-event", _address("later", row))),
        (may_ask["difficulty"], Offer(_("Raise a difficulty"), "alert-triangle", _address("difficulty", row))),
        (may_ask["excuse"], Offer(_("Confirm an objective cause"), "check", _address("excuse", row))),
    )
    moved = may[AuditAction.RESCHEDULED]
    series = moved and bool(row.schedule.rule)
    rest = (
        (moved, Offer(_("Change the day of this one"), "calendar-event", _address("move", row))),
        (series, Offer(_("Change this and later ones"), "history", _series(row))),
        (may[AuditAction.HELD], Offer(_("Put on hold"), "player-pause", _address("hold", row))),
        (may[AuditAction.CANCELLED], Offer(_("Cancel this deadline"), "circle-x", _address("cancel", row))),
    )
    return Offers(confirm, _possible(first), _possible(beside), _possible(rest))


def _possible(offers: Iterable[tuple[bool, Offer]]) -> tuple[Offer, ...]:
    return tuple(offer for possible, offer in offers if possible)


def _address(name: str, row: Deadline) -> str:
    return reverse(f"plans:{name}", args=[row.pk])


def _series(row: Deadline) -> str:
    address = reverse("plans:commitment_change", args=[row.plan_id, row.schedule_id])
    return f"{address}?{urlencode({'from': row.occurrence})}"
