"""A column copied from a spreadsheet: Vietnamese numbers, units by code or name, errors that name the cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from plans.pasting import MOST_ROWS, Named, fault_of_text, fits, number_of, pasted, unambiguous

UNITS = [
    Named(1, "LG-AH", ("Đoàn xã An Hòa", "An Hòa")),
    Named(2, "LG-DT", ("Đoàn xã Đá Trắng",)),
    Named(3, "LG-GS", ("Đoàn xã Gò Sim",)),
]
TWINS = [*UNITS, Named(4, "LG-XX", ("Đoàn xã An Hòa",))]
D = Decimal


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", D("1234.5")),
        ("1.234", D(1234)),
        ("1.234.567", D(1234567)),
        ("0,5", D("0.5")),
        ("12", D(12)),
        (" 1 234 ", D(1234)),
        ("1\u00a0234", D(1234)),
        ("95%", D(95)),
        ("95,5 %", D("95.5")),
        ("-3", D(-3)),
        ("\u22123", D(-3)),
        ("12.5", D("12.5")),
        ("1,234.5", D("1234.5")),
        ("1.23", D("1.23")),
        ("007", D(7)),
        ("", None),
        ("chín", None),
        ("1,2,3", None),
        ("1,200", None),
        ("1,200,300", None),
        ("-12,345 %", None),
        ("1,25", D("1.25")),
        ("0,125", D("0.125")),
        ("1,2000", D("1.2")),
        ("1200,125", D("1200.125")),
        ("1.2345,6", None),
        ("12/15", None),
        ("1e5", None),
        ("٣", None),
        ("NaN", None),
        ("1.", None),
    ],
)
def test_numbers(text: str, number: Decimal | None) -> None:
    assert number_of(text) == number


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_every_number_is_read_back_as_it_is_written(number: Decimal) -> None:
    whole, part = f"{number:,.3f}".split(".")
    assert number_of(unambiguous(f"{whole.replace(',', '.')},{part}")) == number


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("1,200", "Số này có thể là hàng nghìn hoặc số thập phân: viết 1200 hoặc 1,2."),
        ("1,000", "Số này có thể là hàng nghìn hoặc số thập phân: viết 1000 hoặc 1."),
        ("12,345", "Số này có thể là hàng nghìn hoặc số thập phân: viết 12345 hoặc 12,3450."),
        ("1,200,300", "Không dùng dấu phẩy để tách hàng nghìn: viết 1200300."),
        ("chín", "Đây không phải là số. Hãy viết dạng 1.234,5."),
    ],
)
def test_what_may_be_thousands_or_a_decimal_is_refused_with_both_ways_to_write_it(text: str, cure: str) -> None:
    with override("vi"):
        found = pasted(f"5\n{text}", units=UNITS, columns=1)
        assert ([e.cure for e in found.errors], fault_of_text(text)) == ([cure], cure)


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    number_of(text)
    pasted(text, units=UNITS, columns=2)
    pasted(text, units=UNITS, columns=1, levels=["Tốt"])


def test_what_a_result_can_keep() -> None:
    assert (fits(D("1.234")), fits(D("1.2345")), fits(D(10) ** 12), fits(D("999999999999.999"))) == (
        True,
        False,
        False,
        True,
    )


def test_a_column_without_names_follows_the_list_and_an_empty_row_is_no_figure() -> None:
    found = pasted("12\r\n\r\n1.000\r\n", units=UNITS, columns=1)
    assert (found.figures, found.errors) == ({1: ("12",), 3: ("1.000",)}, [])


def test_units_are_found_by_code_or_name_with_or_without_accents_in_any_order() -> None:
    text = "STT\tĐơn vị\tĐạt\tTổng\n1\tĐOÀN XÃ GÒ SIM\t7\t8\n2\tlg-ah\t9\t10\n3\tDoan xa Da Trang\t\t\n"
    found = pasted(text, units=UNITS, columns=2)
    assert (found.figures, found.errors) == ({3: ("7", "8"), 1: ("9", "10")}, [])


def test_levels_are_found_by_their_name() -> None:
    found = pasted("tốt\nKHA\nkém", units=UNITS, columns=1, levels=["Tốt", "Khá"])
    assert found.figures == {1: ("tốt",), 2: ("KHA",)}
    assert [(e.row, e.column, e.value) for e in found.errors] == [(3, 1, "kém")]


@pytest.mark.parametrize(
    ("text", "columns", "where"),
    [
        ("1\nhai\n3", 1, [(2, 1, "hai")]),
        ("1\t2\n3\tbốn", 2, [(2, 2, "bốn")]),
        ("1\t2\n3", 2, [(2, 2, "")]),
        ("1\n2\n3\n4", 1, [(4, 1, "4")]),
        ("LG-AH\t1\nLG-ZZ\t2", 1, [(2, 1, "LG-ZZ")]),
        ("LG-AH\t1\nAn Hòa\t2", 1, [(2, 1, "An Hòa")]),
        ("Đơn vị\tSố\nLG-AH\tba", 1, [(2, 2, "ba")]),
    ],
)
def test_an_error_names_row_column_and_value(text: str, columns: int, where: list[tuple[int, int, str]]) -> None:
    found = pasted(text, units=UNITS, columns=columns)
    assert [(e.row, e.column, e.value) for e in found.errors] == where
    assert all(e.cure for e in found.errors)


def test_a_name_that_several_units_have_is_not_guessed() -> None:
    found = pasted("Đoàn xã An Hòa\t5\nLG-XX\t6", units=TWINS, columns=1)
    assert [(e.row, e.value) for e in found.errors] == [(1, "Đoàn xã An Hòa")]
    assert found.figures == {4: ("6",)}


def test_too_many_rows_are_refused_whole() -> None:
    found = pasted("1\n" * (MOST_ROWS + 1), units=UNITS, columns=1)
    assert (found.figures, len(found.errors)) == ({}, 1)
