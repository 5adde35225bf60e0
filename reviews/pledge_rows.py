"""The register of pledges as a page shows it: who owes one, who handed one in, who is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from reviews.enums import PledgeState
from reviews.models import Pledge
from reviews.querysets import who_pledges
from units.models import Appointment, User

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """One person in one leading post, with the pledge for the year or none."""

    appointment: Appointment
    pledge: Pledge | None
    may_hand_in: bool


@dataclass(frozen=True, slots=True)
class PledgeCounts:
    """How many owe a pledge for the year, and how the pledges stand."""

    owed: int
    handed_in: int
    accepted: int
    returned: int

    @property
    def missing(self) -> int:
        """Return how many have handed in nothing."""
        return self.owed - self.handed_in - self.accepted - self.returned


def owing(user: User, year: int, state: str = "") -> QuerySet[Appointment]:
    """Return who owes a pledge for the year as `user` sees it, narrowed to a state; those who are missing first."""
    given = Pledge.objects.filter(appointment=OuterRef("pk"), year=year).order_by()
    rows = who_pledges(user, year).annotate(given=Exists(given)).select_related("user", "post__unit")
    if state == MISSING:
        rows = rows.filter(given=False)
    elif state in PledgeState.values:
        rows = rows.filter(Exists(given.filter(state=state)))
    return rows.order_by(F("given").asc(), "post__unit__path", "post__rank", "pk")


def rows_of(appointments: Iterable[Appointment], year: int, may: Iterable[bool]) -> list[PledgeRow]:
    """Return a page of rows; one query."""
    page = list(appointments)
    pledges = {p.appointment_id: p for p in Pledge.objects.filter(year=year, appointment__in=page)}
    return [PledgeRow(a, pledges.get(a.pk), allowed) for a, allowed in zip(page, may, strict=True)]


def counts_of(user: User, year: int) -> PledgeCounts:
    """Return the counts of all that `user` sees; two queries."""
    owed = who_pledges(user, year)
    states = list(Pledge.objects.filter(year=year, appointment__in=owed).order_by().values_list("state", flat=True))
    named = [states.count(state) for state in (PledgeState.HANDED_IN, PledgeState.ACCEPTED, PledgeState.RETURNED)]
    return PledgeCounts(owed.count(), *named)
