"""What a written report is written in: apps above offer it on the page of its deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plans.enums import Deliverable
from plans.models import Deadline
from units.models import User


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that can be opened from a deadline: its words, and its address; `makes`: a POST makes it first."""

    label: str
    href: str
    makes: bool


Offering = Callable[[Deadline, User], Opening | None]
_offering: list[Offering] = []


def offer(offering: Offering) -> None:
    """Let `offering` say what a deadline opens for a person; None for nothing."""
    if offering not in _offering:
        _offering.append(offering)


def openings_of(deadline: Deadline, user: User) -> list[Opening]:
    """Return what can be opened from a deadline that owes a written report; a query for each app that answers."""
    if deadline.solution.deliverable != Deliverable.REPORT:
        return []
    return [found for offering in _offering if (found := offering(deadline, user))]
