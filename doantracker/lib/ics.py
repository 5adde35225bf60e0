"""Calendar text after RFC 5545, as far as all-day entries need it: escaping, folding, stable order. Pure.

A library for the whole of the format would be a dependency for these few lines.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

LINE_OCTETS = 75
PRODUCT = "-//doantracker//deadlines//VI"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
#: A file must hold at least one component: with the time zone it is valid without any entry, too.
_TIME_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class AllDay:
    """One entry of a day. `uid` never changes for the same thing; `sequence` grows with each change of it."""

    uid: str
    day: dt.date
    summary: str
    description: str
    url: str
    sequence: int
    modified: dt.datetime


def calendar_text(name: str, entries: Iterable[AllDay], *, refresh: str) -> str:
    """Return a whole calendar; `refresh` says how often to read it again, as an ISO 8601 duration."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Ho_Chi_Minh"]
    lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}", f"X-PUBLISHED-TTL:{refresh}", *_TIME_ZONE]
    for entry in entries:
        lines += _lines(entry)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _lines(entry: AllDay) -> list[str]:
    modified = f"{entry.modified.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{modified}",
        f"LAST-MODIFIED:{modified}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(entry.summary)}",
        f"DESCRIPTION:{escaped(entry.description)}",
        f"URL:{_CONTROL.sub('', entry.url)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Return `text` as a TEXT value: line ends, commas, semicolons and backslashes escaped, control characters out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _CONTROL.sub("", plain).translate(_ESCAPED)


def folded(line: str) -> str:
    """Return one content line folded to at most 75 octets a row, never inside a character."""
    if len(line.encode()) <= LINE_OCTETS:
        return line
    rows, row, size = [], "", 0
    for c in line:
        width = len(c.encode())
        if size + width > LINE_OCTETS:
            rows.append(row)
            row, size = " ", 1
        row, size = row + c, size + width
    return "\r\n".join([*rows, row])
