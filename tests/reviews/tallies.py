"""Counting the facts of reports one by one: what the count in the database must equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from reviews.emulation import COUNTED, Tally
from reviews.enums import Sent


def tally_of(facts: Iterable[tuple[str, Sent]]) -> Tally:
    """Count facts (period, how it was sent); the order of the facts never matters."""
    counted = Counter((period, sent) for period, sent in facts if period in COUNTED)

    def of(*kinds: Sent) -> dict[str, int]:
        return {period: sum(counted[period, kind] for kind in kinds) for period in COUNTED}

    return Tally(of(Sent.ON_TIME, Sent.EXCUSED), of(Sent.LATE), of(Sent.MISSING))
