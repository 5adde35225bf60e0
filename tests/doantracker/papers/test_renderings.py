"""The same paper as .pdf and .xlsx."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pypdfium2
import pytest
from openpyxl import load_workbook

from doantracker.papers.paper import Column, Table
from doantracker.papers.pdf import as_pdf
from doantracker.papers.xlsx import sheet_name, write_xlsx
from tests.doantracker.papers.samples import HOSTILE, TABLE, sample


def text_of(pdf: bytes) -> str:
    """Return the text of all pages as one line."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def test_pdf_says_what_the_paper_says() -> None:
    text = text_of(as_pdf(sample()))
    for words in (
        "TỈNH ĐOÀN SÔNG THAO",
        "ĐOÀN TNCS HỒ CHÍ MINH",
        "Số: 12-BC/TĐTN-VP",
        "Sông Thao, ngày 09 tháng 02 năm 2026",
        "Kết quả khắc phục khuyết điểm năm 2026",
        f"Trích nguyên văn: {HOSTILE}",
        "31/12/2026",
        "1.234,5",
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN",
        "Nguyễn Văn An",
    ):
        assert words in text


def test_pdf_embeds_the_font_it_writes_with() -> None:
    pdf = as_pdf(sample())
    assert pdf.count(b"/FontFile2") >= 3
    assert b"LiberationSerif" in pdf


@pytest.mark.parametrize(
    "markup", ['<img src="http://127.0.0.1:9/x"/>', '<a href="file:///etc/passwd">x</a>', "</para>"]
)
def test_pdf_shows_markup_as_it_was_typed(markup: str) -> None:
    assert markup.split(maxsplit=1)[0] in text_of(as_pdf(sample(abstract=markup)))


def test_pdf_takes_cells_and_tables_longer_than_a_page() -> None:
    rows = tuple((n, "chữ " * 2000 if n == 3 else "ngắn") for n in range(200))
    paper = sample(blocks=(Table("Dài", (Column("TT"), Column("Nội dung", 5)), rows),))
    assert len(pypdfium2.PdfDocument(as_pdf(paper))) > 5


def as_xlsx(table: Table) -> bytes:
    out = BytesIO()
    write_xlsx(out, [(table.name, table.columns, table.rows)])
    return out.getvalue()


@pytest.mark.parametrize("recipients", [tuple(f"Đoàn xã {n}" for n in range(60)), ("W" * 2900,)])
def test_pdf_takes_more_recipients_than_a_page_beside_the_signature(recipients: tuple[str, ...]) -> None:
    text = text_of(as_pdf(sample(recipients=recipients)))
    assert recipients[-1][:10] in text
    assert "Nguyễn Văn An" in text


def test_spreadsheet_keeps_types_freezes_the_head_and_filters() -> None:
    sheet = load_workbook(BytesIO(as_xlsx(TABLE))).active
    assert [cell.value for cell in sheet[2]] == [1, HOSTILE, dt.datetime(2026, 12, 31), 1234.5]  # noqa: DTZ001  # cells know no time zone
    assert [cell.data_type for cell in sheet[2]] == ["n", "s", "d", "n"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")
    assert (sheet.print_title_rows, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("$1:$1", 9, 0)
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == pytest.approx([6.7, 60.7], abs=0.1)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "http://x.example/", "{=1}"])
def test_no_text_of_people_becomes_a_formula_or_a_link(text: str) -> None:
    data = as_xlsx(Table("Bảng", (Column("A"),), ((text,),)))
    cell = load_workbook(BytesIO(data)).active["A2"]
    assert (cell.value.strip(), cell.data_type, cell.hyperlink) == (text.strip(), "s", None)


def test_names_of_sheets_are_taken_by_spreadsheets_and_differ() -> None:
    taken: set[str] = set()
    long = "Phụ lục [1]: việc/quá hạn của các đơn vị trực thuộc"
    assert [sheet_name(name, taken) for name in (long, long, "???")] == [
        "Phụ lục 1 việc quá hạn của các…",
        "Phụ lục 1 việc quá hạn của… 2",
        "Bảng",
    ]


def test_the_parts_of_a_pdf_follow_each_other_as_those_of_a_docx_do() -> None:
    text = text_of(as_pdf(sample()))
    parts = (
        "TỈNH ĐOÀN SÔNG THAO", "VĂN PHÒNG", "***", "ĐOÀN TNCS HỒ CHÍ MINH", "Số: 12-BC/TĐTN-VP",
        "Sông Thao, ngày 09 tháng 02 năm 2026", "DỰ THẢO", "BÁO CÁO", "Kết quả khắc phục khuyết điểm năm 2026",
        "-------", "Thực hiện kế hoạch năm 2026.", "Phần I", "I. KẾT QUẢ", "1. Đã làm", "1.1. Ở tỉnh",
        "1.1.1. Tại cơ quan", "Bảng 1. Việc quá hạn", "Nơi nhận:", "- Lưu VT, VP.",
        "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", "BÍ THƯ", "Nguyễn Văn An",
    )  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_every_font_of_a_pdf_is_embedded() -> None:
    document = pypdfium2.PdfDocument(as_pdf(sample()))
    fonts = {
        (font.get_base_name(), font.is_embedded)
        for page in document
        for part in page.get_objects()
        if isinstance(part, pypdfium2.PdfTextObj)
        for font in [part.get_font()]
    }
    assert fonts
    assert {embedded for _name, embedded in fonts} == {True}
