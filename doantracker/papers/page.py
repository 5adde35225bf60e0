"""A paper as the page draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doantracker.papers.paper import (
    Block,
    Heading,
    Paper,
    Text,
    captioned,
    place_and_day,
    recipient_lines,
    shown,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One block as drawn: its class, its words, and for a table its heads and rows as text, each with its side."""

    css: str
    text: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    caption: str = ""
    number: str = ""  # of an annex


def sheet_of(paper: Paper) -> dict[str, Any]:
    """Return what the sheet of a paper is drawn from."""
    return {
        "paper": paper,
        "place_and_day": place_and_day(paper.head),
        "blocks": [_part(block, caption) for block, caption in captioned(paper.body)],
        "annexes": [_part(table, table.annex_head[1]) for table in paper.annexes],
        "recipients": recipient_lines(paper.recipients),
    }


def _part(block: Block, caption: str) -> Part:
    if isinstance(block, Heading):
        return Part(f"h{int(block.level)}", block.text)
    if isinstance(block, Text):
        return Part("text", block.text)
    sides = [side.value for side in block.sides]
    rows = tuple(tuple((shown(cell), side) for cell, side in zip(row, sides, strict=True)) for row in block.rows)
    heads = tuple(column.name for column in block.columns)
    return Part("table", block.name, heads, rows, caption, block.annex_head[0])
