"""A paper as the page draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from doantracker.papers.paper import Heading, Paper, Table, Text, place_and_day, recipient_lines, shown


@dataclass(frozen=True, slots=True)
class Part:
    """One block as drawn: its class, its words, and for a table its heads and rows as text (and whether right)."""

    css: str
    text: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, bool], ...], ...] = ()


def sheet_of(paper: Paper) -> dict[str, Any]:
    """Return what the sheet of a paper is drawn from."""
    return {
        "paper": paper,
        "place_and_day": place_and_day(paper.head),
        "blocks": [_part(block) for block in paper.blocks],
        "recipients": recipient_lines(paper.recipients),
    }


def _part(block: Heading | Text | Table) -> Part:
    if isinstance(block, Heading):
        return Part(f"h{int(block.level)}", block.text)
    if isinstance(block, Text):
        return Part("text", block.text)
    rows = tuple(
        tuple((shown(cell), column.right) for cell, column in zip(row, block.columns, strict=True))
        for row in block.rows
    )
    return Part("table", block.name, tuple(column.name for column in block.columns), rows)
