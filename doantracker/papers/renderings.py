"""One paper in its three forms: bytes, and what the file is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from doantracker.papers.docx import default_template
from doantracker.papers.enums import Form
from doantracker.papers.filling import fill_template
from doantracker.papers.models import OfficialPaper, PaperTemplate
from doantracker.papers.paper import Paper
from doantracker.papers.pdf import as_pdf
from doantracker.papers.rendering import as_docx
from doantracker.papers.xlsx import paper_as_xlsx


def rendered(row: OfficialPaper, form: str) -> bytes:
    """Return the file of a paper; raises `TemplateFaultError` where the template in use does not work for it."""
    return RENDERERS[form](row.paper, row.kind)


def file_name(row: OfficialPaper, form: str) -> str:
    """Return what the file is called: nothing that people typed stands in it."""
    number = f"-{row.number:02d}" if row.number else ""
    return f"{row.kind}{number}-{row.day:%Y-%m-%d}-{row.pk}.{form}"


def template_in_use(kind: str) -> PaperTemplate | None:
    """Return the template put in for a kind, or the one for all kinds; None: ours."""
    rows = {row.kind: row for row in PaperTemplate.objects.filter(in_use=True, kind__in=(kind, ""))}
    return rows.get(kind) or rows.get("")


def _docx(paper: Paper, kind: str) -> bytes:
    row = template_in_use(kind)
    if row is None:
        return as_docx(paper, default_template(landscape=paper.landscape))
    return fill_template(paper, row.content)


RENDERERS: Final[dict[str, Callable[[Paper, str], bytes]]] = {
    Form.DOCX: _docx,
    Form.PDF: lambda paper, _kind: as_pdf(paper),
    Form.XLSX: lambda paper, _kind: paper_as_xlsx(paper),
}
