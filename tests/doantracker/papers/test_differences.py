"""What gathering again would change is told a line a change, with the place it stands in."""

from __future__ import annotations

from doantracker.papers.differences import Change, changes_between
from doantracker.papers.paper import Block, Column, Heading, Level, Table, Text
from tests.doantracker.papers.samples import sample

COLUMNS = (Column("TT", 1, right=True), Column("Đơn vị", 3), Column("Tổng số"), Column("Quá hạn"), Column("Ghi chú"))


def told(figure: int, words: str, *more: str) -> tuple[Block, ...]:
    rows = [(1, "Xã A", 8, figure, ""), *((n, name, 1, 0, "") for n, name in enumerate(more, start=2))]
    return (Heading(Level.SECTION, "I. Kết quả"), Text(words, "whole"), Table("Theo đơn vị", COLUMNS, tuple(rows)))


def test_a_change_stands_under_its_heading_and_a_row_tells_only_its_changed_cells() -> None:
    old, new = sample(blocks=told(2, "Cũ.", "Xã B")), sample(blocks=told(3, "Mới.", "Xã C"))
    assert changes_between(old, new) == [
        Change("I. Kết quả", "Cũ.", "Mới."),
        Change("Theo đơn vị – Xã A", "Quá hạn: 2", "Quá hạn: 3"),
        Change("Theo đơn vị", "Xã B | 1 | 0 | ", ""),
        Change("Theo đơn vị", "", "Xã C | 1 | 0 | "),
    ]
    assert changes_between(old, old) == []
