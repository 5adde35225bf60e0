"""What changed in a paper since it was gathered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from doantracker.papers.paper import Block, Column, Heading, Paper, Table, Text, shown

RUNNING: Final = "TT"  # a number that all rows below change when one is gone: it tells no row
ABSTRACT: Final = "Trích yếu"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where it stands, what stood there, what stands there now; "" for what is new or gone."""

    where: str
    before: str
    after: str


def changes_between(old: Paper, new: Paper) -> list[Change]:
    """Return the differences in the order of the new paper, those of parts that are gone last."""
    before = {name: (where, block) for name, where, block in _named(old.blocks)}
    found = [] if old.abstract == new.abstract else [Change(ABSTRACT, old.abstract, new.abstract)]
    for name, where, block in _named(new.blocks):
        found += _between(where, before.pop(name, ("", None))[1], block)
    for where, gone in before.values():
        found += _between(where, gone, None)
    return found


def _named(blocks: tuple[Block, ...]) -> Iterator[tuple[str, str, Block]]:
    """Yield each block with what tells it from the others, and the heading or caption it stands under.

    Tables are told by name, keyed texts by key, others by place.
    """
    place: Counter[str] = Counter()
    under = ""
    for block in blocks:
        name = block.name if isinstance(block, Table) else (isinstance(block, Text) and block.key) or "text"
        place[name] += 1
        where = block.name if isinstance(block, Table) else under
        yield (name if place[name] == 1 else f"{name} {place[name]}"), where, block
        under = block.text if isinstance(block, Heading) else under


def _between(where: str, old: Block | None, new: Block | None) -> list[Change]:
    if old == new:
        return []
    if isinstance(old, Table) or isinstance(new, Table):
        return list(_rows_between(where, old, new))
    return [Change(where, _words(old), _words(new))]


def _rows_between(where: str, old: Block | None, new: Block | None) -> Iterator[Change]:
    """Yield the rows that differ: one that is there before and after only with its changed cells."""
    gone, came = _rows(old), _rows(new)
    both = Counter(gone) & Counter(came)
    gone, came = list((Counter(gone) - both).elements()), list((Counter(came) - both).elements())
    columns = _columns(new) or _columns(old)
    same_columns = _columns(old) == _columns(new)
    for row in gone:
        now = _like(row, came) if same_columns else None
        if now is None:
            yield Change(where, " | ".join(row), "")
            continue
        came.remove(now)
        cells = [pair for pair in zip(columns, row, now, strict=True) if pair[1] != pair[2]]
        before, after = ("\n".join(f"{cell[0]}: {cell[n] or '–'}" for cell in cells) for n in (1, 2))
        yield Change(f"{where} – {_label(row)}", before, after)
    for row in came:
        yield Change(where, "", " | ".join(row))


def _like(row: tuple[str, ...], others: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the row that tells of the same: it begins with the same words, and half of its cells are the same."""
    same = [other for other in others if _label(other) == _label(row) and _alike(row, other) * 2 >= len(row)]
    return max(same, key=lambda other: _alike(row, other), default=None)


def _alike(row: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(a == b for a, b in zip(row, other, strict=True))


def _label(row: tuple[str, ...]) -> str:
    return next((cell for cell in row if cell), "")


def _rows(block: Block | None) -> list[tuple[str, ...]]:
    """Return the rows of a table as they are shown, without their running number; none for what is no table."""
    if not isinstance(block, Table):
        return []
    first = _first(block.columns)
    return [tuple(map(shown, row[first:])) for row in block.rows]


def _columns(block: Block | None) -> list[str]:
    if not isinstance(block, Table):
        return []
    return [column.name for column in block.columns[_first(block.columns) :]]


def _first(columns: tuple[Column, ...]) -> int:
    return 1 if columns and columns[0].name == RUNNING else 0


def _words(block: Block | None) -> str:
    return block.text if isinstance(block, Heading | Text) else ""
