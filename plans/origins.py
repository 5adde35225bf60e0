"""Where work comes from besides the text of a plan: apps above answer for a solution, pages show the link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plans.models import Solution
from units.models import User


@dataclass(frozen=True, slots=True)
class Origin:
    """What a solution comes from: a word for it, its name, and its page."""

    word: str
    label: str
    href: str


Asked = Callable[[Solution, User], Origin | None]
_asked: list[Asked] = []


def ask(answering: Asked) -> None:
    """Let `answering` say where a solution comes from; None where it knows nothing or the person sees nothing."""
    if answering not in _asked:
        _asked.append(answering)


def origins_of(solution: Solution, user: User) -> list[Origin]:
    """Return what a solution comes from, as far as `user` sees it; a query for each that may answer.

    What stands in a plan with a document comes from its text: nobody is asked.
    """
    if not solution.plan.is_programme:
        return []
    return [found for answering in _asked if (found := answering(solution, user))]
