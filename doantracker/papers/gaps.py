"""Which places of a paper are still open: dots that somebody fills in or a pen does, headings left bare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from doantracker.papers.paper import Block, Heading, Level, Paper, Table, Text, place_and_day

#: Dots in the place of words; three that end a word ("v.v…") or a list (", …") are none.
BLANK: Final = re.compile(r"…{2,}|\.{4,}|(?:^|(?<![,;])\s)…")
AROUND: Final = 60  # letters shown on each side


@dataclass(frozen=True, slots=True)
class Gap:
    """One open place: the heading or table it stands under, and the words around it."""

    where: str
    words: str


def gaps_in(paper: Paper) -> list[Gap]:
    """Return the open places in the order in which the paper is read; the number itself is none."""
    return [Gap(where, _around(text, found)) for where, text in _told(paper) if (found := BLANK.search(text))]


def bared(plain: Paper, paper: Paper) -> list[str]:
    """Return the headings of `paper` under which nothing stands any more, of those that had something in `plain`."""
    were_bare = _bare(plain)
    return [text for place, text in _bare(paper).items() if place not in were_bare]


def _bare(paper: Paper) -> dict[int, str]:
    """Return the headings with nothing beneath, by their place; one with headings of a lower rank is none."""
    body = [(n, block) for n, block in enumerate(paper.body) if not isinstance(block, Text) or block.text.strip()]
    following = [block for _n, block in body[1:]]
    return {
        n: block.text
        for (n, block), after in zip_longest(body, following)
        if isinstance(block, Heading) and _ends(block.level, after)
    }


def _ends(level: Level, after: Block | None) -> bool:
    """Return whether what comes `after` stands no more under a heading of a level."""
    return after is None or (isinstance(after, Heading) and after.level <= level)


def places_of(paper: Paper) -> dict[str, str]:
    """Return under which heading each paragraph stands that may be worded anew, by key."""
    places, under = {}, ""
    for block in paper.blocks:
        if isinstance(block, Heading):
            under = block.text
        elif isinstance(block, Text) and block.key:
            places[block.key] = under
    return places


def _told(paper: Paper) -> Iterator[tuple[str, str]]:
    if not paper.head.place:
        yield "", place_and_day(paper.head)
    yield "", paper.abstract
    under = ""
    for block in paper.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield from ((block.name, cell) for cell in row if isinstance(cell, str))
        else:
            under = block.text if isinstance(block, Heading) else under
            yield under, block.text
    sign = paper.signature
    pairs = [pair for pair in (sign.left, sign.below) if pair]
    for text in (*paper.addressees, *paper.recipients, sign.authority, sign.post, sign.name, *sum(pairs, ())):
        yield "", text


def _around(text: str, found: re.Match[str]) -> str:
    """Return a text cut to what stands around a match."""
    start, end = max(found.start() - AROUND, 0), found.end() + AROUND
    cut = " ".join(text[start:end].split())
    return f"{'(…) ' if start else ''}{cut}{' (…)' if end < len(text) else ''}"
