"""A checklist as lines of text: how a clerk writes one, and back. Pure.

A line that ends with a colon is a heading; every other line is one thing to look at under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from doantracker.lib.text import nfc

_BULLET: Final = re.compile(r"^(?:[-–+•*]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at and the heading it stands under, which may be empty."""

    head: str
    text: str


def read_lines(text: str) -> list[Line]:
    """Return the items in order; bullets and numbers at the beginning of a line are left out."""
    head, found = "", []
    for raw in nfc(text).splitlines():
        line = _BULLET.sub("", " ".join(raw.split()))
        if line.endswith(":"):
            head = line[:-1].strip()
        elif line:
            found.append(Line(head, line))
    return found


def write_lines(lines: Iterable[Line]) -> str:
    """Return the text that `read_lines` reads back as the same items."""
    head, rows = "", []
    for line in lines:
        if line.head != head:
            head = line.head
            rows.append(f"{head}:")
        rows.append(f"- {line.text}")
    return "\n".join(rows)
