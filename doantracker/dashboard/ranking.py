"""Ranks among peers. Pure: counts in, places out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def ranks(counts: Mapping[Key, tuple[int, int]]) -> dict[Key, int]:
    """Return the place of each key by its rate, given as (done, done + overdue): the best is 1.

    Compared exactly, not as rounded for the page. Equal rates share a place and the next one is left out (1, 2, 2, 4).
    Where nothing is done or overdue there is no rate, so no place.
    """
    rates = {key: Fraction(done, due) for key, (done, due) in counts.items() if due}
    ordered = sorted(rates.values(), reverse=True)
    first: dict[Fraction, int] = {}
    for place, rate in enumerate(ordered, start=1):
        first.setdefault(rate, place)
    return {key: first[rate] for key, rate in rates.items()}
