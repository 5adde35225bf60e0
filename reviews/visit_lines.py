"""The units of an inspection as lines of text: a name, and after a semicolon the day of the visit. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DAY: Final = re.compile(r"^(?P<name>.*?)\s*;\s*(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})\s*$")


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One line: its number from 1, the name as written, the day; `bad_day` is what stands for a day and is none."""

    number: int
    name: str
    day: dt.date | None = None
    bad_day: str = ""


def read_visits(text: str) -> Iterator[VisitLine]:
    """Yield the lines that are not empty."""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = " ".join(raw.split()).rstrip(";").strip()
        if line:
            yield _read(number, line)


def write_visit(name: str, day: dt.date | None) -> str:
    """Return the line of a visit."""
    return f"{name}; {day:%d/%m/%Y}" if day else name


def _read(number: int, line: str) -> VisitLine:
    name, found, day = line.partition(";")
    if not found:
        return VisitLine(number, line)
    match = _DAY.match(line)
    if match is None:
        return VisitLine(number, name.strip(), bad_day=day.strip())
    try:
        return VisitLine(number, match["name"], dt.date(int(match["year"]), int(match["month"]), int(match["day"])))
    except ValueError:
        return VisitLine(number, match["name"], bad_day=day.strip())
