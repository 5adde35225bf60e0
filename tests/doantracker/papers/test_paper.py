"""The words of a paper's parts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from doantracker.papers.paper import Column, Table, count_word, fractions, long_day, recipient_lines, shown, symbol


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (dt.date(2026, 1, 10), "ngày 10 tháng 01 năm 2026"),
        (dt.date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: dt.date, words: str) -> None:
    assert long_day(day) == words


@pytest.mark.parametrize(
    ("number", "kind", "body", "department", "words"),
    [
        (245, "BC", "TĐTN", "TCKT", "245-BC/TĐTN-TCKT"),
        (7, "KH", "TĐTN", "", "07-KH/TĐTN"),
        (None, "CV", "", "VP", "……-CV/……-VP"),
    ],
)
def test_symbol_has_number_kind_body_and_department(
    number: int | None, kind: str, body: str, department: str, words: str
) -> None:
    assert symbol(number, kind, body, department) == words


def test_recipients_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    given = ["Tỉnh ủy (để báo cáo);", "- Như trên", "Lưu VT, VP."]
    assert recipient_lines(given) == ["- Tỉnh ủy (để báo cáo);", "- Như trên;", "- Lưu VT, VP."]


@pytest.mark.parametrize(("number", "word"), [(0, "00"), (7, "07"), (10, "10"), (120, "120")])
def test_counts_below_ten_have_a_zero(number: int, word: str) -> None:
    assert count_word(number) == word


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, ""),
        (0, "0"),
        (1234567, "1.234.567"),
        (Decimal("1234.50"), "1.234,50"),
        (dt.date(2026, 3, 1), "01/03/2026"),
    ],
)
def test_cells_are_shown_as_vietnamese_papers_write_them(cell: int | Decimal | dt.date | None, words: str) -> None:
    assert shown(cell) == words


def test_a_row_that_does_not_fit_its_columns_is_a_fault() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table("Bảng", (Column("A"), Column("B")), ((1,),))


def test_columns_have_room_for_their_longest_word_and_the_rest_by_share() -> None:
    table = Table("Bảng", (Column("TT"), Column("Nội dung", 3), Column("Hạn")), ((1, "Một", dt.date(2026, 12, 31)),))
    parts = fractions(table, 60)
    assert sum(parts) == pytest.approx(1)
    assert [part * 60 >= least for part, least in zip(parts, (4, 6, 12), strict=True)] == [True] * 3
    assert sum(fractions(table, 10)) == pytest.approx(1)  # narrower than its words
