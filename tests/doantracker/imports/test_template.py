"""The template that is filled in: what stands in it is text, never a formula."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from doantracker.imports.kinds.base import Codes
from doantracker.imports.table import Column, text
from doantracker.imports.template import workbook


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "00123"])
def test_a_name_that_begins_a_formula_is_written_as_text(name: str) -> None:
    column = Column("unit", "Đơn vị", "Tên", "Đoàn xã", text)
    file = workbook([column], [Codes("unit", [(name, name)])], title="Mẫu", begun=[{"unit": name}])
    cells = [cell for sheet in load_workbook(BytesIO(file)) for row in sheet.iter_rows() for cell in row]
    assert [(cell.data_type, cell.value) for cell in cells if cell.value == name] == [("s", name)] * 3
    assert "f" not in {cell.data_type for cell in cells}
