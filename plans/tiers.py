"""Which kinds of unit make up the level that a solution names, and what of a plan a unit is asked about.

The tree is data: kinds are told by the codes of the installation, a kind without a level is asked about everything.
"""

from __future__ import annotations

from typing import Final

from plans.enums import Level
from plans.resolving import CLASS_KINDS

#: Codes of the kinds at each level, the highest first.
TIER_KINDS: Final[dict[str, tuple[str, ...]]] = {
    Level.PROVINCE: ("province",),
    Level.DISTRICT: (*CLASS_KINDS["district"], *CLASS_KINDS["affiliated"]),
    Level.GRASSROOTS: CLASS_KINDS["grassroots"],
    Level.BRANCH: CLASS_KINDS["branch"],
}
_ORDER: Final = list(TIER_KINDS)


def tier_of(kind: str) -> str:
    """Return the level that units of this kind code belong to; empty for kinds that stand in no line of levels."""
    return next((level for level, codes in TIER_KINDS.items() if kind in codes), "")


def levels_above(kind: str) -> tuple[str, ...]:
    """Return the levels whose work is not asked of a unit of this kind; the work of the province of nobody below."""
    tier = tier_of(kind)
    return tuple(_ORDER[: max(_ORDER.index(tier), 1)]) if tier else (Level.PROVINCE.value,)


def is_asked(level: str, kind: str) -> bool:
    """Return whether a unit of this kind answers an item that `level` acts on; one without a level asks everybody."""
    return level not in levels_above(kind)


def acts_below(level: str, kind: str) -> bool:
    """Return whether the units that act on an item stand on a level below that of `kind`."""
    tier = tier_of(kind)
    return bool(level and tier) and _ORDER.index(level) > _ORDER.index(tier)
