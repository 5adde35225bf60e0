"""Widths of columns: by their shares, and no narrower than their longest word."""

from __future__ import annotations

import datetime as dt

import pytest

from doantracker.papers.paper import Column, Table
from doantracker.papers.widths import LONGEST_WORD, SIDES, fractions

DAY = dt.date(2026, 12, 31)


def widths(*columns: Column, row: tuple[object, ...] = (), width: float = 160) -> list[float]:
    rows = (row,) if row else ()
    return [round(part * width, 1) for part in fractions(Table("Bảng", columns, rows), width)]  # type: ignore[arg-type]


def test_columns_are_as_wide_as_their_shares() -> None:
    assert widths(Column("A", 1), Column("B", 3)) == [40, 120]


def test_a_day_is_not_broken_however_small_its_share() -> None:
    narrow, wide = widths(Column("A", 1), Column("B", 30), row=(DAY, "chữ"))
    assert (narrow, wide) == (26.4, 133.6)


def test_the_word_of_a_head_is_not_broken() -> None:
    first, second, _ = widths(Column("TT", 1), Column("Không áp dụng", 1), Column("B", 60))
    assert (first, second) == (10.4, 16.9)


def test_a_word_without_end_takes_no_more_than_the_longest() -> None:
    assert widths(Column("A", 1), Column("B", 60), row=("x" * 500, ""))[0] == pytest.approx(SIDES + LONGEST_WORD)


def test_columns_that_all_need_more_share_what_there_is() -> None:
    found = widths(*(Column("x" * 40, 1) for _ in range(8)))
    assert found == [20.0] * 8
