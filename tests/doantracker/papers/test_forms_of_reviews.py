"""The papers of reviews in their three forms: every table the same in .docx, .pdf and .xlsx, landscape where wide."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook

from doantracker.papers.actions.papers import prepare_paper
from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import shown
from doantracker.papers.renderings import rendered
from tests.cast import Cast
from tests.doantracker.papers.inspections import concluded, head_of
from tests.factories import make_quota, make_trip

pytestmark = pytest.mark.usefixtures("today")
LANDSCAPE = {"trips", "programme"}


def prepared(cast: Cast, kind: str) -> OfficialPaper:
    """Return a paper of the kind, with words in it that a spreadsheet or a template could take for its own."""
    row = concluded(cast, head_of(cast), cast.district, cast.other_district, word="=1+1 {{ 7*7 }} <b>&.")
    days = (dt.date(2026, 3, 2), dt.date(2026, 3, 4))
    make_trip(cast.province, leader=cast.leader, days=days, state="trip_reported", report="=2+2", units=[cast.commune])
    quota = make_quota(cast.province, by=cast.office_staff, people=[cast.leader])
    of_it = f"inspection={row.pk}"
    subjects = {"trips": f"quota={quota.pk}", "programme": f"programme={row.programme_id}"}
    return prepare_paper(kind=kind, subject=subjects.get(kind, of_it), by=cast.office_staff)


def _plain(cell: Any) -> Any:
    """Return what a spreadsheet read back means: days come as times."""
    return cell.date() if isinstance(cell, dt.datetime) else cell


@pytest.mark.parametrize("kind", ["inspection", "conclusions", "trips", "programme"])
def test_every_form_tells_the_same(cast: Cast, kind: str) -> None:
    row = prepared(cast, kind)
    told = [[[shown(cell) for cell in line] for line in table.rows] for table in row.paper.tables]
    document = Document(BytesIO(rendered(row, "docx")))
    grids = [grid for grid in document.tables if grid.style is not None and grid.style.name == "Table Grid"]
    assert [[[cell.text for cell in line.cells] for line in grid.rows[1:]] for grid in grids] == told
    book = load_workbook(BytesIO(rendered(row, "xlsx")))
    rows = [
        [[shown(_plain(c)) for c in line] for line in s.iter_rows(min_row=2, values_only=True)] for s in [*book][1:]
    ]
    assert rows == told
    pages = list(pypdfium2.PdfDocument(rendered(row, "pdf")))
    text = "".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())
    assert [cell for table in told for line in table for cell in line if "".join(cell.split()) not in text] == []
    section = document.sections[0]
    wide = {section.page_width > section.page_height, pages[0].get_width() > pages[0].get_height()}  # type: ignore[operator]  # both are set
    assert wide == {kind in LANDSCAPE}
    assert {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d"}
