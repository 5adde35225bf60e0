"""Cutting text for the check page: what was read, marked in its paragraph, and where a record can be split. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from doantracker.lib.text import search_key

_BOUNDARY = re.compile(r"[.!?…;][”\"’)\]*]{0,4}(?=\s+\S)")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:TM|KT|TL|TUQ|Q|UV|TP|Tp|TX|P|GS|PGS|TS|ThS)\.$|^\d{1,2}\.$")


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` (exclusive) hold something of a kind; `href` leads to the record made from them."""

    start: int
    end: int
    kind: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text over which the same marks lie.

    `kinds` names them from the widest to the narrowest; `href` is that of the narrowest with an address. `leads` is
    true where that mark begins: the one piece of it that the keyboard stops at. `begins` is the narrowest kind that
    begins here: its sign stands in front of the piece, so that colour alone never tells.
    """

    text: str
    kinds: tuple[str, ...] = ()
    href: str = ""
    leads: bool = False
    begins: str = ""

    @property
    def classes(self) -> str:
        """Return the classes of the <mark> element."""
        begins = (f"begins-{self.begins}",) if self.begins else ()
        return " ".join((*(f"mark-{kind}" for kind in self.kinds), *begins))


def marked_runs(text: str, marks: Iterable[Mark]) -> list[Run]:
    """Return `text` cut where marks begin and end, so that the pieces joined are the text again.

    Marks may lie in one another, cross, repeat or reach beyond the text; empty ones are left out.
    """
    inside = sorted(
        (Mark(max(m.start, 0), min(m.end, len(text)), m.kind, m.href) for m in marks if m.start < m.end),
        key=lambda m: (m.start, m.start - m.end),
    )
    inside = [m for m in inside if m.start < m.end]
    cuts = sorted({0, len(text), *(m.start for m in inside), *(m.end for m in inside)})
    runs: list[Run] = []
    active: list[Mark] = []
    waiting = inside
    for start, end in pairwise(cuts):
        begun = 0
        while begun < len(waiting) and waiting[begun].start <= start:
            begun += 1
        active = [m for m in [*active, *waiting[:begun]] if m.end > start]
        waiting = waiting[begun:]
        runs.append(_run(text[start:end], start, active))
    return runs


def _run(text: str, start: int, active: list[Mark]) -> Run:
    by_width = sorted(active, key=lambda m: m.start - m.end)
    linked = [m for m in by_width if m.href]
    kinds = tuple(dict.fromkeys(m.kind for m in by_width))
    begins = next((m.kind for m in reversed(by_width) if m.start == start), "")
    if not linked:
        return Run(text, kinds, begins=begins)
    return Run(text, kinds, linked[-1].href, linked[-1].start == start, begins)


def split_points(text: str) -> list[int]:
    """Return where the second and later sentences of `text` begin: the places a record can be split at."""
    points = []
    for found in _BOUNDARY.finditer(text):
        if found.group().startswith(".") and _ABBREVIATION.search(text[max(0, found.start() - 5) : found.start() + 1]):
            continue
        points.append(found.end() + len(text[found.end() :]) - len(text[found.end() :].lstrip()))
    return points


def pieces(text: str) -> list[str]:
    """Return the sentences of `text` between its split points."""
    cuts = [0, *split_points(text), len(text)]
    return [text[a:b].strip() for a, b in pairwise(cuts)]


def belongs_to_second(phrase: str, first: str, second: str) -> bool:
    """Return whether the words of a commitment stand in the second half of a split text and not in the first."""
    words = search_key(phrase)
    return bool(words) and words in search_key(second) and words not in search_key(first)
