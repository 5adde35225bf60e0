"""Cells read as what their columns ask for; what can't be read is told with its place and the cure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from doantracker.imports.sheet import ERROR, FORMULA, NUMBER, Cell, Sheet
from doantracker.imports.table import Column, Table, choice, code, day, number, read_table, text, whole, yes
from tests.doantracker.imports.files import sheet

COLUMNS = (
    Column("code", "Code of the unit", "", "", code, required=True, length=10),
    Column("name", "Name of the unit", "", "", text, length=12, clears=True),
    Column("due", "Last day", "", "", day, clears=True),
    Column("figure", "Figure", "", "", number),
    Column("rank", "Rank", "", "", whole),
    Column("signs", "Signs documents", "", "", yes),
    Column("body", "Body", "", "", choice, choices=(("office", "Văn phòng"), ("board", "Ban Chấp hành"))),
)
HEAD = [str(column.heading) for column in COLUMNS]


def read(*rows: list[Any]) -> Table:
    return read_table(sheet(*rows), COLUMNS)


def of(name: str, value: Any) -> Any:
    """Return what a value in a column is read as, or what is wrong with it and what to do."""
    heading = next(str(column.heading) for column in COLUMNS if column.name == name)
    table = read(["code", heading], ["A", value])
    if table.findings:
        return table.findings[0].wrong, table.findings[0].cure
    return table.rows[0][name]


def test_rows_are_read_by_the_header_whatever_its_order_case_and_accents() -> None:
    table = read(["Danh sách đơn vị"], [None, "LAST DAY", "code_of the unit *"], [None, dt.date(2026, 3, 1), "st-1"])
    assert table.findings == []
    assert [(row.number, dict(row.values)) for row in table.rows] == [
        (3, {"code": "ST-1", "due": dt.date(2026, 3, 1)})
    ]


def test_codes_keep_their_zeros_and_words_come_in_normal_form() -> None:
    table = read(["code", "name"], ["007", "  Đoa\u0300n   xã "], [7, 2026])
    assert [dict(row.values) for row in table.rows] == [
        {"code": "007", "name": "Đoàn xã"},
        {"code": "7", "name": "2026"},
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("due", "31/3/2026", dt.date(2026, 3, 31)),
        ("due", "31-03-2026", dt.date(2026, 3, 31)),
        ("due", "2026-03-31", dt.date(2026, 3, 31)),
        ("due", "31/03/2026 00:00:00", dt.date(2026, 3, 31)),
        ("due", "'31/03/2026\u00a0", dt.date(2026, 3, 31)),
        ("due", "(xóa)", None),
        ("name", "(CLEAR)", ""),
        ("name", "\u200bĐoàn\u00a0xã\ufeff", "Đoàn xã"),
        ("figure", "1.234,5", Decimal("1234.5")),
        ("figure", "1,234.5", Decimal("1234.5")),
        ("figure", 0.3, Decimal("0.3")),
        ("rank", 10, 10),
        ("signs", "Có", True),
        ("signs", False, False),
        ("signs", "x", True),
        ("body", "van phong", "office"),
        ("body", "BOARD", "board"),
    ],
)
def test_what_a_column_asks_for(name: str, value: Any, expected: Any) -> None:
    assert of(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value", "wrong", "cure"),
    [
        ("due", "31/02/2026", "There is no such day.", "Correct the day, such as 31/03/2026."),
        ("due", "hôm nay", "This is no day.", "Write it as dd/mm/yyyy, such as 31/03/2026."),
        ("due", 12, "This is no day.", "Write it as dd/mm/yyyy, such as 31/03/2026."),
        (
            "due",
            46112,
            "This is a number, not a day.",
            "If 31/03/2026 is meant, give the column the format Date, or write 31/03/2026.",
        ),
        ("due", "01/01/0206", "This year can't be meant.", "Write a year from 1975 to 2100."),
        ("figure", "mười", "This is no number.", "Write it like 1.234,5."),
        ("figure", "1,200", "This may mean thousands or a decimal number.", "Write 1200 or 1,2."),
        ("figure", Cell(NUMBER, "Infinity"), "This is no number.", "Write it like 1.234,5."),
        ("rank", 1.5, "This is no whole number.", "Write a whole number from 0 to 9999."),
        ("signs", "có lẽ", "This is neither yes nor no.", "Write Yes or No."),
        ("body", "Khác", "This is not in the list.", "Choose one of: Văn phòng; Ban Chấp hành."),
        ("name", "Đoàn phường Tân Lập", "This is too long.", "Shorten it to 12 characters."),
        ("name", "a\u202eb", "There are characters here that nobody sees.", "Delete the cell and type it anew."),
        ("name", True, "This is no text.", "Write it as text."),
        (
            "name",
            Cell(FORMULA),
            "A formula stands here, not a value.",
            "Copy the cells and paste them as values (Paste special, Values).",
        ),
        (
            "name",
            "=VLOOKUP(A2;Sheet2!A:B;2;0)",
            "A formula stands here, not a value.",
            "Copy the cells and paste them as values (Paste special, Values).",
        ),
        ("name", Cell(ERROR, "#N/A"), "The spreadsheet shows an error here.", "Correct the cell or empty it."),
        ("name", "#REF!", "The spreadsheet shows an error here.", "Correct the cell or empty it."),
        (
            "rank",
            "(xóa)",
            "This can't be cleared.",
            "Write a value, or leave the cell empty: what stands stays.",
        ),
    ],
)
def test_what_can_not_be_read_says_what_to_do(name: str, value: Any, wrong: str, cure: str) -> None:
    assert of(name, value) == (wrong, cure)


def test_a_finding_names_row_column_and_value_and_its_row_says_which_cells_it_lacks() -> None:
    table = read(HEAD[:3], ["A", "Tên", "hôm nay"], [None, "Tên", "01/03/2026"], ["B", "Tên", None])
    assert [(f.row, f.column, f.value) for f in table.findings] == [
        (2, "Last day", "hôm nay"),
        (3, "Code of the unit", ""),
    ]
    assert [(row.number, set(row.faulty)) for row in table.rows] == [(2, {"due"}), (3, {"code"}), (4, set())]
    assert (table.rows[0]["code"], table.rows[0]["due"]) == ("A", None)
    assert table.total == 3


def test_lists_of_offices_are_read_as_they_are() -> None:
    table = read(
        ["STT", "CODE (*)", "Name  of\nthe unit:", "Fault"], ["(1)", "(2)", "(3)"], [1, "A", "Tên", "thiếu gì đó"]
    )
    assert table.findings == []
    assert [(row.number, dict(row.values)) for row in table.rows] == [(3, {"code": "A", "name": "Tên"})]
    assert table.total == 1


def test_headers_that_are_unknown_double_or_missing_are_told() -> None:
    table = read(["Name of the unit", "name", "Ghi chú lạ"], ["Tên", None, None])
    assert [(f.row, f.column, f.value, f.wrong) for f in table.findings] == [
        (1, "Name of the unit", "name", "This column stands twice."),
        (1, "", "Ghi chú lạ", "This column is not known."),
        (1, "Code of the unit", "", "This column is missing."),
    ]


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (Sheet((), name="Bìa"), "No header was found in the sheet “Bìa”."),
        (sheet(["x"], ["y"]), "No header was found in the sheet “”."),
        (sheet(HEAD), "The file holds no rows."),
        (Sheet((), too_many=True), "The file has too many rows."),
    ],
)
def test_a_file_without_header_or_rows_is_told(found: Sheet, wrong: str) -> None:
    assert [(f.row, f.wrong) for f in read_table(found, COLUMNS).findings] == [(0, wrong)]


def test_an_empty_cell_says_nothing() -> None:
    table = read(HEAD, ["A", *[None] * 6])
    assert [dict(row.values) for row in table.rows] == [{"code": "A"}]
