"""The document as the check page shows it: with its own look, and with marks over what was read from it.

Paragraphs are gathered into blocks: the head in its columns, tables, the foot with recipients on the left and who
signed on the right, and every other paragraph by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.spans import Mark, marked_runs

DEEPEST = 6  # levels of indentation the stylesheet knows

#: Marks of the document, in the order of the legend: kind and what it means.
LEGEND: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("shortcoming", gettext_lazy("shortcoming")),
    ("solution", gettext_lazy("solution")),
    ("schedule", gettext_lazy("time")),
    ("party", gettext_lazy("who")),
    ("reference", gettext_lazy("cited document")),
    ("group", gettext_lazy("group of solutions")),
    ("priority_task", gettext_lazy("priority task")),
    ("indicator", gettext_lazy("indicator")),
    ("loose", gettext_lazy("time outside any record")),
)
_ENDS: Final = frozenset({"signature", "recipient"})
#: What stands on the right of the head of a Vietnamese office document, where the file does not say.
_RIGHT = re.compile(
    r"^\W{0,3}(?:CỘNG H(?:ÒA|OÀ)|ĐỘC LẬP|ĐOÀN TNCS|ĐẢNG CỘNG SẢN|Độc lập)|,\s?(?:ngày|tháng)\s.{0,30}(?:tháng|năm)"
)


@dataclass(slots=True)
class Block:
    """Paragraphs shown together. Of a table `rows` holds cells, each a list of paragraphs."""

    kind: str  # head, table, end, text
    paragraphs: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[dict[str, Any]]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)  # of a head or end whose sides are columns of their own
    right: list[dict[str, Any]] = field(default_factory=list)


def blocks_of(
    stored: Sequence[Mapping[str, Any]], marks: Mapping[int, list[Mark]], titles: Mapping[str, str]
) -> list[Block]:
    """Return the whole document; `marks` by paragraph, `titles` of the records by their addresses."""
    numbered = [(i, p, _paragraph(i, p, marks.get(i, []), titles)) for i, p in enumerate(stored)]
    blocks: list[Block] = []
    for key, group in groupby(numbered, key=lambda entry: _block_key(entry[1])):
        entries = list(group)
        if key[0] == "text":
            blocks += [Block("text", [shown]) for _i, _p, shown in entries]
        elif key[0] == "table":
            blocks.append(Block("table", rows=_rows(entries)))
        else:
            blocks.append(_columned(key[0], entries))
    return blocks


def _block_key(paragraph: Mapping[str, Any]) -> tuple[str, int]:
    role = paragraph["role"]
    if role == "header":
        return "head", 0
    if role in _ENDS:
        return "end", 0
    if role == "cell":
        return "table", paragraph.get("cell", (0, 0, 0))[0]
    return "text", 0


def _columned(kind: str, entries: list[tuple[int, Mapping[str, Any], dict[str, Any]]]) -> Block:
    """Return the head or the foot. A line printed in columns keeps them; the others go to their side."""
    block = Block(kind, [shown for _i, _p, shown in entries])
    for _index, stored, shown in entries:
        shown["side"] = _side(stored)
    if not any(p["side"] == "both" for p in block.paragraphs):
        block.left = [p for p in block.paragraphs if p["side"] == "left"]
        block.right = [p for p in block.paragraphs if p["side"] == "right"]
    return block


def _side(stored: Mapping[str, Any]) -> str:
    if stored.get("columns"):
        return "both"
    if "cell" in stored:
        return "right" if stored["cell"][2] else "left"
    if stored["role"] == "header":
        return "right" if _RIGHT.search(stored["text"]) else "left"
    return "right" if stored["role"] == "signature" else "left"


def _rows(entries: list[tuple[int, Mapping[str, Any], dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Return the rows of a table as cells with their paragraphs; a row with one cell spans the table."""
    rows: dict[Any, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for _index, stored, shown in entries:
        cell = stored.get("cell")
        row = rows[cell[1] if cell else ("line", stored["line"])]
        row[cell[2] if cell else len(row)].append(shown)
    width = max((max(row) + 1 for row in rows.values()), default=1)
    table = []
    for number, row in enumerate(rows.values()):
        alone = len(row) == 1 and width > 1
        columns = list(row) if alone else range(width)
        cells = [
            {"paragraphs": row.get(c, []), "span": str(width) if alone else "", "head": number == 0} for c in columns
        ]
        table.append(cells)
    return table


def _paragraph(
    index: int, stored: Mapping[str, Any], marks: Iterable[Mark], titles: Mapping[str, str]
) -> dict[str, Any]:
    text, marker = str(stored["text"]), str(stored["marker"])
    cut = stored.get("columns", [])[-1:]
    marks = list(marks)
    return {
        "number": str(index + 1),
        "label": _("Make a record of paragraph %(number)s") % {"number": index + 1},
        "role": stored["role"],
        "level": str(min(int(stored["level"] or 0), DEEPEST)),
        "marker": "" if text.lstrip().startswith(marker) else marker,
        "side": "",
        "parts": [
            {"start": str(start), "runs": _runs(text[start:end], start, marks, titles)}
            for start, end in zip([0, *cut], [*cut, len(text)], strict=True)
        ],
    }


def _runs(text: str, start: int, marks: list[Mark], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    moved = marks if not start else [Mark(m.start - start, m.end - start, m.kind, m.href) for m in marks]
    return [
        {"text": r.text, "classes": r.classes, "href": r.href, "leads": r.leads, "title": titles.get(r.href, "")}
        for r in marked_runs(text, moved)
    ]
