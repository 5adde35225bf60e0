"""Task tables: their columns, and the forms plain text gives them. Pure.

A table copied from a page comes with one cell to a line, from Markdown with bars, from a sheet with tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from plans.reading.labels import LabelKind, column_kind, is_ordinal_column
from plans.reading.outline_nodes import Node

_ORDINAL = re.compile(r"(?:\d{1,3}(?:\.\d{1,2}){0,2}|[IVX]{1,5}|[A-E])[.)]?")
_SECTION_ORDINAL = re.compile(r"(?:[IVX]{1,5}|[A-E])[.)]?")
_BAR_RULE = re.compile(r"[\s|:–-]{3,}")
_MAX_HEAD = 60
_MIN_COLUMNS = 3
_MAX_COLUMNS = 9
_KNOWN = {LabelKind.TASK, LabelKind.LEAD, LabelKind.COORDINATE, LabelKind.TIME}


@dataclass(slots=True)
class Row:
    """One row of a task table: indexes of its nodes by what their column holds."""

    cells: dict[LabelKind, list[int]] = field(default_factory=dict)


def split_cells(raw: str, columns: int = 0) -> list[str]:
    """Return the cells of a line that is a table row (bars or tabs), [] for any other line.

    Without an ordinal in front a row is known by its number of cells, that of the table it goes on: `columns`. The
    rule between head and body of a Markdown table has empty cells only.
    """
    text = raw.strip()
    if text.startswith("|") and text.endswith("|") and text.count("|") >= _MIN_COLUMNS:
        return [""] if _BAR_RULE.fullmatch(text) else [cell.strip() for cell in text.strip("|").split("|")]
    for mark, line in ((" | ", text), ("\t", raw.strip("\r\n "))):
        if line.count(mark) < _MIN_COLUMNS - 1:
            continue
        cells = [cell.strip() for cell in line.split(mark.strip(" "))]
        if (
            _ORDINAL.fullmatch(cells[0])
            or is_ordinal_column(cells[0])
            or len(cells) == columns
            or _names_columns(cells)
        ):
            return cells
    return []


def _names_columns(cells: Sequence[str]) -> bool:
    """Say whether `cells` head a task table whose rows have no ordinals: "Tháng", "Nội dung", "Người phụ trách"."""
    kinds = [column_kind(cell) for cell in cells if len(cell) < _MAX_HEAD]
    return LabelKind.TASK in kinds and len(_KNOWN.union({LabelKind.OVERSEE}).intersection(kinds)) > 1


def mark_listed_cells(nodes: Sequence[Node]) -> None:
    """Give the nodes of tables that stand one cell to a line their place (table, row, column)."""
    index, table = 0, 1000  # beyond the tables a document numbers itself
    while index < len(nodes):
        columns = _listed_head(nodes, index)
        if not columns:
            index += 1
            continue
        table += 1
        for column in range(columns):
            nodes[index + column].cell = (table, 0, column)
        index = _mark_rows(nodes, index + columns, columns, table)


def _listed_head(nodes: Sequence[Node], index: int) -> int:
    """Return how many columns a head that begins at `index` has, 0 if none begins there."""
    if nodes[index].cell is not None or not is_ordinal_column(nodes[index].raw):
        return 0
    kinds: list[LabelKind] = []
    for node in nodes[index + 1 : index + _MAX_COLUMNS]:
        kind = column_kind(node.raw) if len(node.raw) < _MAX_HEAD else None
        if kind is None or _ORDINAL.fullmatch(node.raw.strip()):
            break
        kinds.append(kind)
    return len(kinds) + 1 if len(_KNOWN.intersection(kinds)) >= 2 else 0  # noqa: PLR2004 - task and one more


def _mark_rows(nodes: Sequence[Node], index: int, columns: int, table: int) -> int:
    """Place the rows after a head; return where the table ends."""
    row = 0
    while index < len(nodes) and _ORDINAL.fullmatch(nodes[index].raw.strip()):
        stop = index + 1
        while stop < len(nodes) and stop - index < columns + 6 and not _ends_row(nodes[stop]):
            stop += 1
        cells = stop - index
        last_row = stop >= len(nodes) or not _ORDINAL.fullmatch(nodes[stop].raw.strip())
        if last_row:
            cells = min(cells, columns)
        row += 1
        extra = max(0, cells - columns)  # further paragraphs of the task
        for offset in range(cells):
            column = offset if offset <= 1 else max(1, offset - extra)
            nodes[index + offset].cell = (table, row, column)
        index += cells
        if last_row:
            break
    return index


def _ends_row(node: Node) -> bool:
    """Say whether `node` opens the next row or the section after the table."""
    return _ORDINAL.fullmatch(node.raw.strip()) is not None or node.style in {"part", "roman", "upper"}


def task_rows(nodes: Sequence[Node], members: Sequence[int]) -> Iterator[Row]:
    """Yield the rows below the head of the table made of the nodes `members`; none if its head names no tasks."""
    rows: dict[int, dict[int, list[int]]] = {}
    for index in members:
        cell = nodes[index].cell
        if cell is not None:
            rows.setdefault(cell[1], {}).setdefault(cell[2], []).append(index)
    head: dict[int, LabelKind] = {}
    time: list[int] = []
    for number in sorted(rows):
        texts = {column: " ".join(nodes[i].raw for i in cells) for column, cells in rows[number].items()}
        if not head:
            head = _head(texts)
            continue
        row = Row()
        if head.get(0) is LabelKind.TIME and 0 not in rows[number]:
            row.cells[LabelKind.TIME] = list(time)  # one month for several rows
        for column, cells in sorted(rows[number].items()):
            kind = head.get(column)
            if kind is not None:
                row.cells.setdefault(kind, []).extend(cells)
        time = row.cells.get(LabelKind.TIME, [])
        if row.cells.get(LabelKind.TASK) and len([k for k in row.cells if row.cells[k]]) > 1:
            yield row


def _head(texts: dict[int, str]) -> dict[int, LabelKind]:
    """Return what each column holds if `texts` is the head of a task table."""
    kinds = {column: column_kind(text) for column, text in texts.items()}
    known = {column: kind for column, kind in kinds.items() if kind is not None}
    if LabelKind.TASK not in known.values():
        others = [column for column, kind in known.items() if kind is LabelKind.OTHER]
        if others and _KNOWN.intersection(known.values()):
            known[min(others)] = LabelKind.TASK
    if LabelKind.LEAD not in known.values():  # "Người phụ trách" leads where no column says "Chủ trì"
        known = {column: LabelKind.LEAD if kind is LabelKind.OVERSEE else kind for column, kind in known.items()}
    return known if len(_KNOWN.intersection(known.values())) >= 2 else {}  # noqa: PLR2004 - task and one more
