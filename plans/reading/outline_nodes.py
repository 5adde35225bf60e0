"""The paragraphs of a document while its outline is made. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """The part of the page a paragraph stands in."""

    HEADER = "header"
    TITLE = "title"
    PREAMBLE = "preamble"
    BODY = "body"
    CLOSING = "closing"
    END = "end"
    FOOTNOTE = "footnote"


class Section(StrEnum):
    """What a section is for; decides what its paragraphs can be."""

    NONE = "none"
    PURPOSE = "purpose"
    TARGETS = "targets"
    SHORTCOMINGS = "shortcomings"
    WORK = "work"
    ORGANISATION = "organisation"
    ATTRIBUTES = "attributes"


@dataclass(slots=True)
class Node:
    """One paragraph while the outline is made. `parent` is the index of the node it stands under, -1 for none."""

    text: str
    raw: str
    line: int
    line_end: int
    marker: str = ""
    style: str = ""
    heading_style: int = 0
    cell: tuple[int, int, int] | None = None
    gap: bool = False
    zone: Zone = Zone.BODY
    section: Section = Section.NONE
    is_heading: bool = False
    level: int = 0
    parent: int = -1
    children: int = 0
    column: str = ""
    tight: bool = False
    breaks: tuple[tuple[int, int], ...] = ()
