"""The layout of a .docx, measured in its XML against the table of 29-HD/TWĐTN-VP."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from doantracker.papers.docx import default_template
from doantracker.papers.rendering import as_docx
from tests.doantracker.papers.samples import HOSTILE, sample

CENTRE, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT


def opened(paper: Any) -> Any:
    """Return the document of a paper in the default template, as python-docx reads it."""
    return Document(BytesIO(as_docx(paper, default_template(landscape=paper.landscape))))


def lines(document: Any) -> list[Any]:
    """Return the paragraphs in the order in which they are read, those in cells included."""
    found = []
    for block in document.iter_inner_content():
        cells = [cell for row in block.rows for cell in row.cells] if hasattr(block, "rows") else [block]
        found += [p for cell in cells for p in getattr(cell, "paragraphs", [cell])]
    return found


def line(document: Any, text: str) -> Any:
    """Return the one paragraph with that text."""
    (found,) = [p for p in lines(document) if p.text == text]
    return found


def millimetres(*lengths: Any) -> list[float]:
    """Return lengths in mm; a .docx keeps them in twentieths of a point, 0.02 mm."""
    return [round(length.mm, 1) for length in lengths]


def test_page_is_a4_with_the_margins_of_the_guidance() -> None:
    section = opened(sample()).sections[0]
    assert millimetres(section.page_width, section.page_height) == [210, 297]
    assert millimetres(section.top_margin, section.bottom_margin) == [20, 20]
    assert millimetres(section.left_margin, section.right_margin) == [30, 20]
    assert section.orientation == WD_ORIENT.PORTRAIT


def test_wide_tables_lie_on_a_turned_page() -> None:
    section = opened(sample(landscape=True)).sections[0]
    assert millimetres(section.page_width, section.page_height) == [297, 210]
    assert section.orientation == WD_ORIENT.LANDSCAPE


def test_page_number_stands_in_the_top_margin_but_not_on_the_first_page() -> None:
    section = opened(sample()).sections[0]
    field = section.header.paragraphs[0]
    assert section.different_first_page_header_footer
    assert field._p.findtext(f".//{qn('w:instrText')}") == "PAGE"
    assert (field.alignment, field.runs[0].font.size) == (CENTRE, Pt(13))
    assert section.first_page_header.paragraphs[0].text == ""


@pytest.mark.parametrize(
    ("text", "look", "alignment"),
    [
        ("ĐOÀN TNCS HỒ CHÍ MINH", (15, True, False, True), CENTRE),
        ("Tỉnh đoàn Sông Thao", (14, False, False, True), CENTRE),
        ("Văn phòng", (14, True, False, True), CENTRE),
        ("***", (14, False, False, False), CENTRE),
        ("Số: 12-BC/TĐTN-VP", (14, False, False, False), CENTRE),
        ("Sông Thao, ngày 09 tháng 02 năm 2026", (13, False, True, False), CENTRE),
        ("Dự thảo", (13, True, False, True), CENTRE),
        ("BÁO CÁO", (16, True, False, True), CENTRE),
        ("Kết quả khắc phục khuyết điểm năm 2026", (14, True, False, False), CENTRE),
        ("-------", (14, True, False, False), CENTRE),
        ("Thực hiện kế hoạch năm 2026.", (14, False, False, False), JUSTIFY),
        ("Phần I", (15, True, False, False), CENTRE),
        ("I. Kết quả", (14, True, False, True), JUSTIFY),
        ("1. Đã làm", (14, True, False, False), JUSTIFY),
        ("1.1. Ở tỉnh", (14, True, True, False), JUSTIFY),
        ("1.1.1. Tại cơ quan", (14, False, True, False), JUSTIFY),
        ("Nơi nhận:", (13, True, False, False), LEFT),
        ("- Tỉnh ủy (để báo cáo);", (11, False, False, False), LEFT),
        ("- Lưu VT, VP.", (11, False, False, False), LEFT),
        ("TM. Ban Thường vụ Tỉnh đoàn", (14, True, False, True), CENTRE),
        ("Bí thư", (14, False, False, True), CENTRE),
        ("Nguyễn Văn An", (14, True, False, False), CENTRE),
    ],
)
def test_each_part_has_its_size_and_style(text: str, look: tuple[int, bool, bool, bool], alignment: Any) -> None:
    size, bold, italic, capitals = look
    style = line(opened(sample()), text).style
    font = style.font
    assert (font.size, font.bold, font.italic, font.all_caps) == (Pt(size), bold, italic, capitals)
    assert (style.paragraph_format.alignment, style.base_style.font.name) == (alignment, "Times New Roman")


def test_body_is_indented_and_nearly_single_spaced() -> None:
    document = opened(sample())
    shape, base = line(document, "Thực hiện kế hoạch năm 2026.").style.paragraph_format, document.styles["Normal"]
    assert (shape.first_line_indent, shape.space_after) == (Cm(1.27), Pt(6))
    assert 1.0 <= base.paragraph_format.line_spacing <= 1.2


def test_parts_follow_each_other_as_the_guidance_says() -> None:
    words = [p.text for p in lines(opened(sample())) if p.text]
    assert words[:8] == [
        "Tỉnh đoàn Sông Thao",
        "Văn phòng",
        "***",
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Số: 12-BC/TĐTN-VP",
        "Sông Thao, ngày 09 tháng 02 năm 2026",
        "Dự thảo",
        "BÁO CÁO",
    ]
    assert words[-6:] == [
        "Nơi nhận:",
        "- Tỉnh ủy (để báo cáo);",
        "- Lưu VT, VP.",
        "TM. Ban Thường vụ Tỉnh đoàn",
        "Bí thư",
        "Nguyễn Văn An",
    ]


def test_a_letter_has_a_subject_under_its_number_and_an_addressee_but_no_kind() -> None:
    letter = sample(kind="CV", abstract="đôn đốc báo cáo", addressees=("Các huyện đoàn", "Các ban"))
    document = opened(letter)
    subject = line(document, "V/v đôn đốc báo cáo").style.font
    assert (subject.size, subject.italic) == (Pt(12), True)
    words = [p.text for p in lines(document) if p.text]
    assert words[words.index("Kính gửi: Các huyện đoàn") + 1] == "Các ban"
    assert "-------" not in words


def test_what_people_wrote_stays_what_they_wrote() -> None:
    document = opened(sample(abstract=HOSTILE))
    texts = [p.text for p in lines(document)]
    assert HOSTILE in texts
    assert f"Trích nguyên văn: {HOSTILE}" in texts
    assert texts.count(HOSTILE) == 2  # the abstract and a cell


def test_a_table_repeats_its_head_and_shows_days_and_figures_in_vietnamese() -> None:
    grid = opened(sample()).tables[1]
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["TT", "Nội dung", "Hạn", "Tỷ lệ"],
        ["1", HOSTILE, "31/12/2026", "1.234,5"],
        ["2", "Hai dòng\nmột ô", "", ""],
    ]
    assert grid.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert grid._tbl.tblPr.find(qn("w:tblStyle")) is not None
