"""Annexes of a paper: after the signature, each with its head, turned where its table is wide."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from openpyxl import load_workbook

from doantracker.papers.as_data import from_data, to_data
from doantracker.papers.differences import changes_between
from doantracker.papers.docx import default_template
from doantracker.papers.gather.parts import carrying_out, without_empty
from doantracker.papers.layout import FOOT_LEFT, HEAD_LEFT, LONGEST_AUTHORITY, LONGEST_ISSUER
from doantracker.papers.page import sheet_of
from doantracker.papers.paper import (
    Column,
    Heading,
    Level,
    Paper,
    Signature,
    Table,
    Text,
    annexes_last,
    captioned,
    in_lines,
)
from doantracker.papers.pdf import _register_fonts, as_pdf
from doantracker.papers.rendering import as_docx
from doantracker.papers.xlsx import paper_as_xlsx, sheet_name
from tests.doantracker.papers.samples import sample

NARROW = Table("Phụ lục 1. Tình hình gửi", (Column("TT", right=True), Column("Đơn vị", 5)), ((1, "Xã A"), (2, "Xã B")))
WIDE = Table("Phụ lục 2. Thống kê", tuple(Column(f"Cột {n}") for n in range(8)), (tuple(range(8)),))
RATES = Table("Bảng", (Column("Đơn vị"), Column("Tỷ lệ")), (("50 %", "98,6 %"), ("Cộng", "–")))
BELONGS = "(Kèm theo Báo cáo số 12-BC/TĐTN-VP ngày 09 tháng 02 năm 2026)"


def annexed() -> Paper:
    return sample(blocks=annexes_last((Text("Mở đầu."), NARROW, WIDE, Text("Kết thúc."))))


def pages(pdf: bytes) -> list[str]:
    found = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in found]


def test_annexes_follow_the_body() -> None:
    paper = annexed()
    assert paper.body == (Text("Mở đầu."), Text("Kết thúc."))
    assert paper.annexes == [NARROW, WIDE]
    assert [annex.annex_head for annex in paper.annexes] == [("PHỤ LỤC 1", "Tình hình gửi"), ("PHỤ LỤC 2", "Thống kê")]


def test_in_a_docx_annexes_are_sections_of_their_own_after_the_signature() -> None:
    document = Document(BytesIO(as_docx(annexed(), default_template())))
    text = "\n".join(part.text or "" for part in document.element.iter(qn("w:t")))
    places = [text.find(words) for words in ("Kết thúc.", "Nguyễn Văn An", "PHỤ LỤC 1", BELONGS, "Xã A", "PHỤ LỤC 2")]
    assert -1 not in places
    assert places == sorted(places)
    upright = [section.orientation == WD_ORIENT.PORTRAIT for section in document.sections]
    assert upright == [True, True, False]
    assert [s.different_first_page_header_footer for s in document.sections] == [True, True, True]
    counts = [section._sectPr.find(qn("w:pgNumType")) for section in document.sections]
    assert [None if found is None else found.get(qn("w:start")) for found in counts] == [None, "1", "1"]


def test_in_a_pdf_annexes_stand_on_pages_of_their_own() -> None:
    data = as_pdf(annexed())
    first, second, third = pages(data)
    assert "Nguyễn Văn An" in first
    assert "PHỤ LỤC" not in first
    assert second.startswith(f"bc-12 PHỤ LỤC 1 Tình hình gửi {BELONGS}")
    assert third.startswith(f"bc-12 PHỤ LỤC 2 Thống kê {BELONGS}")
    assert [page.get_width() > page.get_height() for page in pypdfium2.PdfDocument(data)] == [False, False, True]


def test_on_the_page_and_in_a_spreadsheet_annexes_come_last() -> None:
    sheet = sheet_of(annexed())
    assert [part.css for part in sheet["blocks"]] == ["text", "text"]
    assert [(part.number, part.caption) for part in sheet["annexes"]] == [
        ("PHỤ LỤC 1", "Tình hình gửi"),
        ("PHỤ LỤC 2", "Thống kê"),
    ]
    book = load_workbook(BytesIO(paper_as_xlsx(annexed())))
    assert book.sheetnames == ["Văn bản", "Phụ lục 1. Tình hình gửi", "Phụ lục 2. Thống kê"]
    told = {line[0]: line[1] for line in book["Văn bản"].iter_rows(values_only=True)}
    assert (told["Cơ quan ban hành"], told["Số, ký hiệu"], told["Trích yếu"]) == (
        "Văn phòng",
        "12-BC/TĐTN-VP",
        "Kết quả khắc phục khuyết điểm năm 2026",
    )


def test_rates_are_numbers_and_what_people_wrote_is_not() -> None:
    sheet = load_workbook(BytesIO(paper_as_xlsx(sample(blocks=(RATES,)))))["Bảng"]
    assert (sheet["A2"].value, sheet["B2"].number_format, sheet["B3"].value) == ("50 %", "0.0%", "–")
    assert sheet["B2"].value == pytest.approx(0.986)
    assert sheet.freeze_panes == "A2"


def test_names_of_sheets_end_with_a_word() -> None:
    assert sheet_name("Phụ lục 2. Nội dung quá hạn chưa hoàn thành", set()) == "Phụ lục 2. Nội dung quá hạn…"


@pytest.mark.parametrize(
    ("text", "percent", "longest"),
    [
        ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", 100 - FOOT_LEFT, LONGEST_AUTHORITY),
        ("TM. BAN THƯỜNG VỤ HUYỆN ĐOÀN", 100 - FOOT_LEFT, LONGEST_AUTHORITY),
        ("BAN THƯỜNG VỤ TỈNH ĐOÀN", HEAD_LEFT, LONGEST_ISSUER),
        ("BAN THƯỜNG VỤ HUYỆN ĐOÀN", HEAD_LEFT, LONGEST_ISSUER),
    ],
)
def test_the_common_lines_of_head_and_foot_fit(text: str, percent: int, longest: int) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth  # noqa: PLC0415

    _register_fonts()
    assert stringWidth(text, "LiberationSerif-Bold", 14) * 25.4 / 72 < 160 * percent / 100
    assert in_lines(text, longest) == text


def test_a_longer_line_breaks_before_the_unit() -> None:
    line = in_lines("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN SÔNG THAO", LONGEST_AUTHORITY)
    assert line == "TM. BAN THƯỜNG VỤ TỈNH\xa0ĐOÀN\xa0SÔNG\xa0THAO"


def test_columns_of_the_docx_are_as_wide_as_was_measured() -> None:
    foot = Document(BytesIO(as_docx(sample(), default_template()))).tables[-1]
    assert [round(column.width.mm) for column in foot.columns] == [64, 96]
    assert [side.get(qn("w:w")) for side in foot._tbl.tblPr.find(qn("w:tblCellMar"))] == ["0", "0"]


@pytest.mark.parametrize("lines", range(24, 34))
def test_the_signature_never_stands_alone_on_a_page(lines: int) -> None:
    last = pages(as_pdf(sample(blocks=tuple(Text(f"Đoạn {n}.") for n in range(lines)))))[-1]
    assert f"Đoạn {lines - 1}." in last


def test_rows_stand_with_the_signature_where_a_table_ends_the_body() -> None:
    for count in range(18, 34):
        rows = tuple((n, f"Dòng {n};") for n in range(count))
        table = Table("Danh sách", (Column("TT", right=True), Column("Nội dung", 5)), rows)
        assert f"Dòng {count - 1};" in pages(as_pdf(sample(blocks=(table,))))[-1]


def test_a_long_table_begins_on_the_page_of_its_heading() -> None:
    rows = tuple((n, "Nội dung") for n in range(34))
    table = Table("Danh sách đơn vị", (Column("TT", right=True), Column("Nội dung", 5)), rows)
    found = pages(as_pdf(sample(blocks=(Text("Mở đầu. " * 80), Heading(Level.SECTION, "I. Kết quả"), table))))
    assert "I. KẾT QUẢ" in found[0]
    assert "TT Nội dung 0 " in found[0]


def test_a_caption_that_says_what_the_heading_says_is_left_out() -> None:
    table = Table("Kết quả theo giải pháp", NARROW.columns, NARROW.rows)
    heading = Heading(Level.SECTION, "II. Kết quả thực hiện các giải pháp")
    assert [caption for _block, caption in captioned((heading, table, table))] == ["", "", "Kết quả theo giải pháp"]


def test_two_sides_and_a_witness_sign_in_every_form() -> None:
    signature = Signature("Bên nhận", "", "", left=("Bên giao", "Lê Giao"), below=("Người chứng kiến", "Vũ Chứng"))
    paper = sample(signature=signature)
    assert from_data(to_data(paper)) == paper
    document = Document(BytesIO(as_docx(paper, default_template())))
    text = " ".join(part.text or "" for part in document.element.iter(qn("w:t")))
    pdf = pages(as_pdf(paper))[-1]
    for words in ("Lê Giao", "Vũ Chứng"):
        assert words in text
        assert words in pdf
    assert "BÊN GIAO" in pdf


def test_one_row_gone_is_one_difference() -> None:
    shorter = Table(NARROW.name, NARROW.columns, ((1, "Xã B"),))
    old, new = sample(blocks=(NARROW,)), sample(blocks=(shorter,))
    assert [(change.before, change.after) for change in changes_between(old, new)] == [("Xã A", "")]


def test_a_heading_stands_on_the_page_of_the_words_that_the_signature_keeps() -> None:
    for count in range(20, 34):
        blocks = (
            *(Text(f"Đoạn {n}.") for n in range(count)),
            Heading(Level.SECTION, "IV. Nhiệm vụ"),
            Text("Làm tiếp."),
        )
        assert "IV. NHIỆM VỤ Làm tiếp." in pages(as_pdf(sample(blocks=blocks)))[-1]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Kế hoạch khắc phục", "thực hiện kế hoạch khắc phục"),
        ("Thực hiện Nghị quyết số 05", "thực hiện Nghị quyết số 05"),
        ("Kế hoạch thực hiện Nghị quyết số 05", "thực hiện Nghị quyết số 05"),
        ("Triển khai thực hiện phong trào", "triển khai thực hiện phong trào"),
    ],
)
def test_carrying_out_is_said_once(title: str, words: str) -> None:
    assert carrying_out(title) == words


def test_columns_in_which_nothing_stands_are_left_out() -> None:
    table = Table("Bảng", (Column("TT"), Column("Kỳ"), Column("Hạn")), ((1, "", None), (2, "", None)))
    assert without_empty(table, "Kỳ").columns == (Column("TT"), Column("Hạn"))
    kept = Table("Bảng", table.columns, ((1, "", None), (2, "Quý I", None)))
    assert without_empty(kept, "Kỳ") == kept
