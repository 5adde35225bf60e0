"""The register of commendation proposals of a year: filtered, and counted by state."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from reviews.enums import ProposalState
from reviews.models import CommendationProposal
from units.models import User

RELATED = ("unit", "proposing_unit", "level", "at")


def proposals_of(user: User, year: int) -> QuerySet[CommendationProposal]:
    """Return the proposals of a year as `user` sees them."""
    found: QuerySet[CommendationProposal] = CommendationProposal.objects.visible_to(user).filter(year=year)
    return found


def counts_of(rows: QuerySet[CommendationProposal]) -> list[tuple[ProposalState, int]]:
    """Return how many of `rows` stand in each state, in the order of the states; one query."""
    found = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return [(state, found.get(state.value, 0)) for state in ProposalState]
