"""A paper as JSON and back. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from doantracker.papers.paper import Block, Cell, Column, Head, Heading, Level, Paper, Signature, Table, Text


def to_data(paper: Paper) -> dict[str, Any]:
    """Return what JSON can hold; `from_data` makes the same paper of it."""
    head, sign = paper.head, paper.signature
    return {
        "kind": paper.kind,
        "head": {
            "body": head.body,
            "place": head.place,
            "day": head.day.isoformat(),
            "number": head.number,
            "superior": head.superior,
            "marks": list(head.marks),
            "note": head.note,
        },
        "abstract": paper.abstract,
        "blocks": [_block_data(block) for block in paper.blocks],
        "signature": {
            "authority": sign.authority,
            "post": sign.post,
            "name": sign.name,
            "left": list(sign.left) if sign.left else None,
            "below": list(sign.below) if sign.below else None,
        },
        "recipients": list(paper.recipients),
        "addressees": list(paper.addressees),
        "file_code": paper.file_code,
        "landscape": paper.landscape,
    }


def from_data(data: dict[str, Any]) -> Paper:
    """Return the paper that `to_data` wrote."""
    head = data["head"]
    return Paper(
        kind=data["kind"],
        head=Head(**{**head, "day": dt.date.fromisoformat(head["day"]), "marks": tuple(head["marks"])}),
        abstract=data["abstract"],
        blocks=tuple(_block(entry) for entry in data["blocks"]),
        signature=_signature(data["signature"]),
        recipients=tuple(data["recipients"]),
        addressees=tuple(data["addressees"]),
        file_code=data["file_code"],
        landscape=data["landscape"],
    )


def _signature(data: dict[str, Any]) -> Signature:
    others = {name: tuple(data[name]) if data.get(name) else None for name in ("left", "below")}
    return Signature(**{**data, **others})


def _block_data(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"heading": block.text, "level": int(block.level)}
    if isinstance(block, Text):
        return {"text": block.text, "key": block.key}
    columns = [[column.name, column.share, column.right] for column in block.columns]
    return {"table": block.name, "columns": columns, "rows": [[_cell_data(c) for c in row] for row in block.rows]}


def _block(entry: dict[str, Any]) -> Block:
    if "heading" in entry:
        return Heading(Level(entry["level"]), entry["heading"])
    if "text" in entry:
        return Text(entry["text"], entry["key"])
    rows = tuple(tuple(_cell(cell) for cell in row) for row in entry["rows"])
    return Table(entry["table"], tuple(Column(*column) for column in entry["columns"]), rows)


def _cell_data(cell: Cell) -> Any:
    """Return a cell: days and decimals are marked, for JSON has neither."""
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    return {"number": str(cell)} if isinstance(cell, Decimal) else cell


def _cell(data: Any) -> Cell:
    if isinstance(data, dict):
        return dt.date.fromisoformat(data["day"]) if "day" in data else Decimal(data["number"])
    found: Cell = data
    return found
