"""The layout of a .docx, measured in its XML against the table of 29-HD/TWĐTN-VP."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from doantracker.papers.docx import STYLES, default_template
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


def test_each_size_of_the_guidance_is_measured() -> None:
    """A style that no test measures is a part of the layout that nobody would miss."""
    measured = {p.style.name for p in lines(opened(sample(kind="CV", addressees=("Các ban",)))) if p.text}
    measured |= {p.style.name for p in lines(opened(sample())) if p.text} | {"DT Mã tệp"}
    assert set(STYLES) <= measured


def test_the_rule_under_the_title_is_as_long_as_its_text() -> None:
    title = line(opened(sample()), "ĐOÀN TNCS HỒ CHÍ MINH")
    assert [(run.text, run.underline) for run in title.runs if run.text] == [("ĐOÀN TNCS HỒ CHÍ MINH", True)]


def test_number_and_day_stand_level_left_and_right_as_body_and_title_do() -> None:
    head = opened(sample()).tables[0]
    assert [cell.paragraphs[-1].text for cell in head.rows[1].cells] == [
        "Số: 12-BC/TĐTN-VP",
        "Sông Thao, ngày 09 tháng 02 năm 2026",
    ]
    left, right = head.rows[0].cells
    assert [p.text for p in left.paragraphs] == ["Tỉnh đoàn Sông Thao", "Văn phòng", "***"]
    assert [p.text for p in right.paragraphs] == ["ĐOÀN TNCS HỒ CHÍ MINH"]
    assert [cell.text for cell in head.rows[2].cells] == ["Dự thảo\n", ""]
    assert head._tbl.find(f".//{qn('w:tblBorders')}") is None


def test_a_draft_is_boxed() -> None:
    mark = line(opened(sample()), "Dự thảo").style.element.rPr.find(qn("w:bdr"))
    assert mark.get(qn("w:val")) == "single"


def test_the_recipients_stand_level_with_the_signer_and_there_is_room_for_the_stamp() -> None:
    foot = opened(sample()).tables[-1]
    left, right = foot.rows[0].cells
    assert [p.text for p in left.paragraphs][:1] == ["Nơi nhận:"]
    assert [p.text for p in right.paragraphs] == ["TM. Ban Thường vụ Tỉnh đoàn", "Bí thư", "Nguyễn Văn An"]
    assert right.paragraphs[-1].paragraph_format.space_before >= Pt(72)
    assert foot.rows[0]._tr.find(f".//{qn('w:cantSplit')}") is not None
    assert [p.style.paragraph_format.keep_with_next for p in right.paragraphs] == [True, True, False]


def test_the_label_of_the_addressee_is_italic() -> None:
    addressee = line(opened(sample(kind="CV", addressees=("Các ban",))), "Kính gửi: Các ban")
    assert [(run.text, run.italic) for run in addressee.runs if run.text] == [("Kính gửi: ", True), ("Các ban", None)]


def test_the_file_code_stands_at_the_foot_of_every_page() -> None:
    section = opened(sample()).sections[0]
    for footer in (section.footer, section.first_page_footer):
        (paragraph,) = footer.paragraphs
        font = paragraph.style.font
        assert (paragraph.text, font.size, font.italic, paragraph.style.paragraph_format.alignment) == (
            "bc-12", Pt(8), True, LEFT,
        )  # fmt: skip


def test_headings_begin_with_the_indent_of_the_body_and_stay_with_what_follows() -> None:
    document = opened(sample())
    for text in ("I. Kết quả", "1. Đã làm", "1.1. Ở tỉnh", "1.1.1. Tại cơ quan"):
        shape = line(document, text).style.paragraph_format
        assert (shape.first_line_indent, shape.keep_with_next) == (Cm(1.27), True)
    assert line(document, "Phần I").style.paragraph_format.first_line_indent is None


def test_a_department_without_superior_and_a_paper_without_marks_leave_no_empty_lines() -> None:
    plain = sample()
    paper = sample(head=replace(plain.head, superior="", marks=(), note="Tài liệu họp"))
    words = [p.text for p in lines(opened(paper)) if p.text]
    assert words[:2] == ["Văn phòng", "***"]
    note = line(opened(paper), "Tài liệu họp").style.font
    assert (note.size, note.italic) == (Pt(12), True)


def test_tables_are_as_wide_as_the_text_upright_and_turned() -> None:
    for landscape, width in ((False, 160), (True, 247)):
        cells = opened(sample(landscape=landscape)).tables[1].rows[0].cells
        assert abs(sum(cell.width.mm for cell in cells) - width) < 1


def test_a_template_that_stands_upright_is_turned_for_wide_tables() -> None:
    document = Document(BytesIO(as_docx(sample(landscape=True), default_template())))
    assert millimetres(document.sections[0].page_width, document.sections[0].page_height) == [297, 210]
