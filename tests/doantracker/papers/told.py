"""What a kept paper tells on its page and in its files, to be compared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdfium2
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from doantracker.papers.models import OfficialPaper
from doantracker.papers.paper import shown

#: The cells of each table as text.
Told = list[list[list[str]]]


def taken(client: Client, row: OfficialPaper, form: str) -> bytes:
    """Return the file of a paper."""
    answer = client.get(reverse("papers:download", args=[row.pk, form]))
    assert answer.status_code == 200
    return b"".join(answer)


def told_by(row: OfficialPaper) -> Told:
    """Return what the paper itself tells."""
    return [[[shown(cell) for cell in line] for line in table.rows] for table in row.paper.tables]


def told_by_all(client: Client, row: OfficialPaper) -> dict[str, Told]:
    """Return what the page, the .docx and the .xlsx tell."""
    context = client.get(row.get_absolute_url()).context
    page = [*context["blocks"], *context["annexes"]]
    every = Document(BytesIO(taken(client, row, "docx"))).tables
    grids = [grid for grid in every if grid.style is not None and grid.style.name == "Table Grid"]
    book = load_workbook(BytesIO(taken(client, row, "xlsx")))
    return {
        "page": [[[text for text, _right in line] for line in part.rows] for part in page if part.css == "table"],
        "docx": [[[cell.text for cell in line.cells] for line in grid.rows[1:]] for grid in grids],
        "xlsx": [
            [[shown(_plain(cell)) for cell in line] for line in sheet.iter_rows(min_row=2)] for sheet in [*book][1:]
        ],
    }


def text_of_pdf(client: Client, row: OfficialPaper) -> str:
    """Return the text of the .pdf without spaces and breaks."""
    pages = pypdfium2.PdfDocument(taken(client, row, "pdf"))
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def _plain(cell: Any) -> Any:
    """Return what a spreadsheet read back means: days come as times, decimals as floats."""
    if cell.number_format == "0.0%":
        return f"{cell.value * 100:.1f} %".replace(".", ",")
    if isinstance(cell.value, float):
        return Decimal(repr(cell.value))
    return cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value


def assert_all_tell_the_same(client: Client, row: OfficialPaper) -> None:
    """Check that page, .docx, .xlsx and .pdf tell every cell of the paper."""
    told = told_by(row)
    assert told_by_all(client, row) == dict.fromkeys(("page", "docx", "xlsx"), told)
    text = text_of_pdf(client, row)
    assert [c for table in told for line in table for c in line if "".join(c.split()) not in text] == []
