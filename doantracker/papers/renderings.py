"""One paper in its three forms: bytes, and what the file is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from doantracker.papers.docx import default_template
from doantracker.papers.enums import Form, PaperKind
from doantracker.papers.filling import fill_template
from doantracker.papers.models import OfficialPaper, PaperTemplate
from doantracker.papers.paper import Paper
from doantracker.papers.pdf import as_pdf
from doantracker.papers.rendering import as_docx
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.xlsx import paper_as_xlsx

#: What the files of each kind are called, as the office calls the paper.
FILE_NAMES: Final[dict[PaperKind, str]] = {
    PaperKind.PROGRESS: "bao-cao-tien-do",
    PaperKind.REMEDIATION: "bao-cao-khac-phuc-khuyet-diem",
    PaperKind.STATISTICS: "bao-cao-thong-ke",
    PaperKind.CHASING: "cong-van-don-doc",
    PaperKind.PLAN: "ke-hoach",
    PaperKind.HANDOVER: "danh-muc-ban-giao",
    PaperKind.COMPILED: "bao-cao-tong-hop",
    PaperKind.EVALUATION: "bang-danh-gia",
    PaperKind.FEEDBACK: "tong-hop-gop-y",
    PaperKind.INSPECTION: "bao-cao-kiem-tra",
    PaperKind.CONCLUSIONS: "ket-luan-kiem-tra",
    PaperKind.TRIPS: "so-theo-doi-di-co-so",
    PaperKind.MINUTES: "bien-ban-cuoc-hop",
    PaperKind.PROGRAMME: "chuong-trinh-kiem-tra",
    PaperKind.SURVEY: "bao-cao-khao-sat",
    PaperKind.COMMENDATION: "to-trinh-khen-thuong",
}


def rendered(row: OfficialPaper, form: str) -> bytes:
    """Return the file of a paper; raises `TemplateFaultError` where the template in use does not work for it.

    A numbered paper's .docx is the file kept with the number, whatever became of the template; a cancelled one is
    written anew with the mark of it, and what was kept stays in the archive.
    """
    if is_kept(row, form):
        return row.kept_file
    return RENDERERS[form](row.paper, row.kind)


def rendered_anyhow(row: OfficialPaper) -> tuple[bytes, bool]:
    """Return the .docx of a paper, and whether the template in use works for it: else it is in ours."""
    try:
        return rendered(row, Form.DOCX), True
    except TemplateFaultError:
        return as_docx(row.paper, default_template(landscape=row.paper.landscape)), False


def is_kept(row: OfficialPaper, form: str) -> bool:
    """Return whether this form of a paper is not made any more: it was kept with the number."""
    return form == Form.DOCX and bool(row.file) and not row.cancelled_on


def file_name(row: OfficialPaper, form: str) -> str:
    """Return what the file is called: nothing that people typed stands in it."""
    number = f"{row.number:02d}-{row.code}-{row.day:%Y-%m-%d}" if row.number else f"{row.day:%Y-%m-%d}-{row.pk}"
    cancelled = "-da-huy" if row.cancelled_on else ""
    return f"{FILE_NAMES[PaperKind(row.kind)]}-{number}{cancelled}.{form}"


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
