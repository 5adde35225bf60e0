"""Compares what the reader makes of an invented plan with the answer key somebody else wrote for it.

A row of a key marked `optional` may be found or not. Rows are matched one to one, the nearest line first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from doantracker.lib.text import fold
from plans.reading.as_json import draft_as_json
from plans.reading.reader import read_bytes

FOLDER = Path(__file__).parents[2] / "documents" / "plans"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))

Row = dict[str, Any]
Alike = Callable[[Row, Row], bool]

_PERIODS = {"YEARLY": 12, "MONTHLY": 1}


def differences(name: str) -> list[str]:
    """Return one line for each thing the reader missed, misread or added, in the order of the key."""
    text = FOLDER / f"{name}.txt"
    key: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(draft_as_json(read_bytes(text.read_bytes(), text.name)), default=str))
    return [
        *_header(key["header"], found["header"]),
        *_rows("reference", key["references"], found["references"], _same_reference),
        *_rows("shortcoming", key["shortcomings"], found["shortcomings"], _same_line),
        *_rows("solution", key["solutions"], found["solutions"], _same_line),
        *_rows("deadline", key["deadlines"], found["deadlines"], _same_time),
        *_rows("indicator", key["indicators"], found["indicators"], _same_value),
        *_rows("assignment", key["assignments"], found["assignments"], _same_duty),
    ]


def _header(key: Row, found: Row) -> Iterator[str]:
    for field, value in key.items():
        given = found[field]
        if field.startswith("period"):
            value, given = str(value or "")[:4], str(given or "")[:4]  # noqa: PLW2901  # a key gives the year only
        if _words(value) != _words(given):
            yield f"header {field}: {given}"


def _rows(kind: str, expected: list[Row], found: list[Row], alike: Alike) -> Iterator[str]:
    left = list(found)
    for row in sorted(expected, key=lambda r: bool(r.get("optional"))):
        partner = next((f for f in left if alike(row, f)), None)
        if partner is not None:
            left.remove(partner)
        elif not row.get("optional"):
            yield f"{kind} {row['line']} missed: {_label(row)}"
    for row in left:
        yield f"{kind} {row['line']} added: {_label(row)}"


def _label(row: Row) -> str:
    what = row.get("phrase") or row.get("number") or row.get("unit") or row.get("value") or ""
    return f"{what} {row.get('role', '')}".strip() or row.get("text", "")[:40]


def _near(a: Row, b: Row) -> bool:
    return bool(abs(a["line"] - b["line"]) <= 1)


def _same_line(a: Row, b: Row) -> bool:
    return bool(a["line"] == b["line"])


def _same_reference(a: Row, b: Row) -> bool:
    return _words(a["number"]) == _words(b["number"]) and a.get("date") in {None, b.get("date")}


def _same_value(a: Row, b: Row) -> bool:
    return _near(a, b) and a.get("value") == b.get("value")


def _same_duty(a: Row, b: Row) -> bool:
    return _near(a, b) and a["role"] == b["role"] and _share(a["unit"], b["unit"])


def _same_time(a: Row, b: Row) -> bool:
    return _near(a, b) and _share(a["phrase"], b["phrase"]) and _when(a) == _when(b)


def _when(row: Row) -> tuple[Any, ...]:
    """Return what a row obliges to: two phrases that oblige to the same are one, whatever their kind is called."""
    if row["kind"] == "recurring":
        return ("recurring", _every(row.get("rrule")))
    if row["kind"] == "relative":
        return ("relative", row.get("lead_time"))
    if row.get("due"):
        return ("by", row["due"], row.get("start") if row["kind"] == "between" else None)
    return (row["kind"],)


def _every(rule: str | None) -> tuple[str, int] | None:
    parts = dict(part.split("=") for part in (rule or "").split(";") if part)
    every, unit = int(parts.get("INTERVAL", 1)), parts.get("FREQ", "")
    if not unit:
        return None
    return ("MONTHLY", every * _PERIODS[unit]) if unit in _PERIODS else (unit, every)


def _words(text: str | None) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text or "")).split())


def _share(a: str, b: str) -> bool:
    """Say whether one holds the other, or they have half of their words in common."""
    first, second = _words(a), _words(b)
    if f" {first} " in f" {second} " or f" {second} " in f" {first} ":
        return True
    one, other = set(first.split()), set(second.split())
    return 2 * len(one & other) >= len(one | other) > 0
