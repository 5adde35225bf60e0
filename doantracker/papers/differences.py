"""What changed in a paper since it was gathered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from doantracker.papers.paper import Block, Heading, Paper, Table, Text, shown

RUNNING = "TT"  # a number that all rows below change when one is gone: it tells no row


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where it stands, what stood there, what stands there now; "" for what is new or gone."""

    where: str
    before: str
    after: str


def changes_between(old: Paper, new: Paper) -> list[Change]:
    """Return the differences in the order of the new paper, those of parts that are gone last."""
    before, after = dict(_named(old.blocks)), dict(_named(new.blocks))
    found = [] if old.abstract == new.abstract else [Change("", old.abstract, new.abstract)]
    for name, block in after.items():
        found += _between(name, before.get(name), block)
    for name, block in before.items():
        if name not in after:
            found += _between(name, block, None)
    return found


def _named(blocks: tuple[Block, ...]) -> Iterator[tuple[str, Block]]:
    """Yield each block with what tells it from the others: tables by name, keyed texts by key, others by place."""
    place: Counter[str] = Counter()
    for block in blocks:
        name = block.name if isinstance(block, Table) else (isinstance(block, Text) and block.key) or "text"
        place[name] += 1
        yield (name if place[name] == 1 else f"{name} {place[name]}"), block


def _between(name: str, old: Block | None, new: Block | None) -> list[Change]:
    if old == new:
        return []
    if isinstance(old, Table) or isinstance(new, Table):
        before = _lines(old)
        after = _lines(new)
        gone, came = list((before - after).elements()), list((after - before).elements())
        return [Change(name, line, "") for line in gone] + [Change(name, "", line) for line in came]
    return [Change("", _words(old), _words(new))]


def _lines(block: Block | None) -> Counter[str]:
    """Return the rows of a table as lines; none for what is no table."""
    if not isinstance(block, Table):
        return Counter()
    first = 1 if block.columns and block.columns[0].name == RUNNING else 0
    return Counter(" | ".join(map(shown, row[first:])) for row in block.rows)


def _words(block: Block | None) -> str:
    return block.text if isinstance(block, Heading | Text) else ""
