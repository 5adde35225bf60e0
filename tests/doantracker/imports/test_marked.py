"""The file that is given back: its rows with what is wrong beside them, mended and taken again."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from doantracker.imports.actions import mark_faults
from doantracker.imports.kinds.base import Scope
from doantracker.imports.kinds.units import UNITS
from doantracker.lib import clock
from plans.actions.uploads import Upload
from tests.cast import Cast
from tests.doantracker.imports.acts import counts, tried
from tests.doantracker.imports.files import workbook

pytestmark = pytest.mark.usefixtures("today", "in_process")
HEAD = ["code", "name", "kind", "parent", "in force from"]
SOUND = ["ST-CG-TL", "Đoàn phường Tân Lập", "commune", "ST-CG", "01/07/2025"]
WRONG = (["ST-A", "Đoàn xã A", "khác", "ST-CG"], SOUND, ["ST-B", "=1+1", "commune", "ST-CG"])


def given_back(cast: Cast, *rows: list[Any]) -> Any:
    """Return the workbook that comes back for one with these rows."""
    upload = Upload(workbook(*rows), "tep.xlsx")
    data = mark_faults(kind=UNITS, scope=Scope(cast.administrator, clock.today()), upload=upload)
    return load_workbook(io.BytesIO(data)) if data else None


def test_each_fault_stands_in_its_row_and_the_cell_is_coloured(cast: Cast) -> None:
    sheet: Any = given_back(cast, ["DANH SÁCH"], HEAD, *WRONG).worksheets[0]
    told = [sheet.cell(row, 6).value for row in range(1, 6)]
    assert told[:2] == [None, "Fault"]
    assert told[2].startswith("Kind of unit “khác”: This is not in the list. Choose one of: ")
    paste = "Copy the cells and paste them as values (Paste special, Values)."
    assert told[3:] == [None, f"Name of the unit “=1+1”: A formula stands here, not a value. {paste}"]
    coloured = [cell for row in sheet for cell in row if cell.fill.fill_type]
    marked = [(cell.coordinate, cell.value, cell.data_type) for cell in coloured if cell.row > 2]
    assert marked == [("C3", "khác", "s"), ("B5", "=1+1", "s")]  # words, no formula
    assert sheet.auto_filter.ref == "A2:F5"


def test_it_is_refused_until_it_is_mended_then_taken(cast: Cast) -> None:
    book = given_back(cast, HEAD, *WRONG)
    sheet: Any = book.worksheets[0]
    again = [[cell.value for cell in row] for row in sheet]
    assert tried(UNITS, cast.administrator, *again).refused == 2
    again[1][2], again[3][1] = "commune", "Đoàn xã B"
    assert counts(tried(UNITS, cast.administrator, *again)) == (3, 0, 0, 0)
    assert given_back(cast, *again) is None


def test_what_is_wrong_with_the_header_stands_in_the_list_of_faults(cast: Cast) -> None:
    book = given_back(cast, [*HEAD, "Ghi chú"], [*SOUND, "gì đó"])
    assert [cell.value for cell in book.worksheets[0][1]][-2:] == ["Ghi chú", "Fault"]
    assert [[cell.value or "" for cell in row] for row in book.worksheets[1]] == [
        ["Row", "Column", "Value", "What is wrong", "What to do"],
        [1, "", "Ghi chú", "This column is not known.", "Name it as in the template, or delete the column."],
    ]
