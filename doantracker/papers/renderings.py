"""One paper in its three forms: bytes, and what the file is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from doantracker.papers.docx import default_template
from doantracker.papers.enums import Form
from doantracker.papers.models import OfficialPaper, PaperTemplate
from doantracker.papers.paper import Paper
from doantracker.papers.pdf import as_pdf
from doantracker.papers.rendering import as_docx
from doantracker.papers.xlsx import as_xlsx


def rendered(row: OfficialPaper, form: str) -> bytes:
    """Return the file of a paper."""
    return RENDERERS[form](row.paper, row.kind)


def file_name(row: OfficialPaper, form: str) -> str:
    """Return what the file is called: nothing that people typed stands in it."""
    number = f"-{row.number:02d}" if row.number else ""
    return f"{row.kind}{number}-{row.day:%Y-%m-%d}-{row.pk}.{form}"


def template_of(kind: str, *, landscape: bool) -> bytes:
    """Return the template in use for a kind: its own, the one for all kinds, else ours."""
    rows = {row.kind: row for row in PaperTemplate.objects.filter(in_use=True, kind__in=(kind, ""))}
    row = rows.get(kind) or rows.get("")
    if row is None:
        return default_template(landscape=landscape)
    with row.file.open("rb") as file:
        data: bytes = file.read()
    return data


def _docx(paper: Paper, kind: str) -> bytes:
    return as_docx(paper, template_of(kind, landscape=paper.landscape))


RENDERERS: Final[dict[str, Callable[[Paper, str], bytes]]] = {
    Form.DOCX: _docx,
    Form.PDF: lambda paper, _kind: as_pdf(paper),
    Form.XLSX: lambda paper, _kind: as_xlsx(paper.tables),
}
