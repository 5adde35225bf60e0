"""A paper as .docx in the layout of 29-HD/TWĐTN-VP.

The template is a .docx too: `default_template` makes the one that is used where the administrator has not put in
another. It holds the head and the foot with Jinja placeholders, the styles of the body, and a paragraph `{{ body }}`,
which gives way to the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Emu, Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from doantracker.papers.layout import CELL_SIDE, FOOT_LEFT, HEAD_LEFT, LONGEST_AUTHORITY, LONGEST_ISSUER, TABLE_GAP
from doantracker.papers.paper import (
    BREAK,
    TITLE,
    Level,
    Paper,
    Side,
    Table,
    Text,
    captioned,
    in_lines,
    place_and_day,
    recipient_lines,
    shown,
    unbroken,
)
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.widths import fractions

FONT: Final = "Times New Roman"
A4: Final = (Mm(210), Mm(297))
MARGINS: Final = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(20)}
TEXT_WIDTH: Final = Mm(160)
FIRST_LINE: Final = Cm(1.27)
BODY_MARK: Final = "{{ body }}"
RULE: Final = "-------"  # under the abstract

CENTRE, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
#: Style, size, bold, italic, capitals, alignment – the table of 29-HD/TWĐTN-VP.
STYLES: Final[dict[str, tuple[float, bool, bool, bool, WD_ALIGN_PARAGRAPH]]] = {
    "DT Tiêu đề": (15, True, False, True, CENTRE),
    "DT Cấp trên": (14, False, False, True, CENTRE),
    "DT Cơ quan": (14, True, False, True, CENTRE),
    "DT Số": (14, False, False, False, CENTRE),
    "DT Ngày": (13, False, True, False, CENTRE),
    "DT Về việc": (12, False, True, False, CENTRE),
    "DT Dấu": (13, True, False, True, CENTRE),
    "DT Loại": (16, True, False, True, CENTRE),
    "DT Trích yếu": (14, True, False, False, CENTRE),
    "DT Kính gửi": (14, True, False, False, CENTRE),
    "DT Nội dung": (14, False, False, False, JUSTIFY),
    "DT Phần": (15, True, False, False, CENTRE),
    "DT Mục I": (14, True, False, True, JUSTIFY),
    "DT Mục 1": (14, True, False, False, JUSTIFY),
    "DT Mục 1.1": (14, True, True, False, JUSTIFY),
    "DT Mục 1.1.1": (14, False, True, False, JUSTIFY),
    "DT Bảng": (12, False, False, False, LEFT),
    "DT Nơi nhận": (13, True, False, False, LEFT),
    "DT Nơi nhận dòng": (11, False, False, False, LEFT),
    "DT Thẩm quyền": (14, True, False, True, CENTRE),
    "DT Chức vụ": (14, False, False, True, CENTRE),
    "DT Người ký": (14, True, False, False, CENTRE),
    "DT Mã tệp": (8, False, True, False, LEFT),
}
#: Paragraphs that begin with an indented line.
INDENTED: Final = ("DT Nội dung", "DT Mục I", "DT Mục 1", "DT Mục 1.1", "DT Mục 1.1.1")
HEADINGS: Final = {
    Level.PART: "DT Phần",
    Level.SECTION: "DT Mục I",
    Level.ITEM: "DT Mục 1",
    Level.SUB_ITEM: "DT Mục 1.1",
    Level.POINT: "DT Mục 1.1.1",
}
#: The styles that the blocks need; a template has them all.
BODY_STYLES: Final = ("DT Nội dung", *HEADINGS.values(), "DT Bảng", "Table Grid")
BOXED: Final = "DT Dấu"  # DỰ THẢO
STAMP: Final = Pt(84)  # room for the signature and the stamp over its first third


LANDSCAPE_WIDTH: Final = Mm(247)


def default_template(*, landscape: bool = False) -> bytes:
    """Return the template that stands where no other was put in."""
    document = Document()
    width = LANDSCAPE_WIDTH if landscape else TEXT_WIDTH
    _set_page(document, landscape=landscape)
    _set_styles(document)
    _write_head(document, width)
    document.add_paragraph(BODY_MARK, style="DT Nội dung")
    _write_foot(document, width)
    _flat(document.add_paragraph())  # what Word adds after a table would be as high as a line, on a page of its own
    return _bytes_of(document)


def words_of(paper: Paper, mark: str = BODY_MARK) -> dict[str, Any]:
    """Return the values of the placeholders of a template; `mark` takes the place of the body."""
    head, sign = paper.head, paper.signature
    return {
        "title": TITLE,
        "superior": in_lines(head.superior, LONGEST_ISSUER),
        "issuer": in_lines(head.body, LONGEST_ISSUER),
        "number": head.number,
        "place_and_day": place_and_day(head),
        "subject": unbroken(paper.abstract) if not paper.kind_name else "",
        "marks": list(head.marks),
        "note": head.note,
        "kind": paper.kind_name,
        "abstract": unbroken(paper.abstract) if paper.kind_name else "",
        "addressees": list(paper.addressees),
        "recipients": recipient_lines(paper.recipients),
        "authority": in_lines(sign.authority, LONGEST_AUTHORITY),
        "post": sign.post,
        "signer": sign.name,
        "left_post": sign.left[0] if sign.left else "",
        "left_signer": sign.left[1] if sign.left else "",
        "below_post": sign.below[0] if sign.below else "",
        "below_signer": sign.below[1] if sign.below else "",
        "file_code": paper.file_code,
        "body": mark,
    }


def place_body(document: DocxDocument, paper: Paper, mark_text: str) -> None:
    """Put the blocks in the place of the mark; raises `TemplateFaultError` for what a template lacks."""
    marks = [p for p in document.paragraphs if p.text.strip() == mark_text]
    if len(marks) != 1:
        raise TemplateFaultError("body", str(len(marks)))
    missing = [name for name in BODY_STYLES if name not in document.styles]
    if missing:
        raise TemplateFaultError("style", missing[0])
    if paper.landscape:
        _turn(document)
    mark, width = marks[0], _text_width(document)
    for block, caption in captioned(paper.body):
        if isinstance(block, Table):
            if caption:
                _caption(mark.insert_paragraph_before(caption, style="DT Mục 1"))
            _table_before(mark, document, block, width)
            _gap(mark.insert_paragraph_before("", style="DT Nội dung"))
        else:
            style = "DT Nội dung" if isinstance(block, Text) else HEADINGS[block.level]
            for words in unbroken(block.text).split(
                "\n"
            ):  # a line that ends early in a justified paragraph would be stretched
                line = mark.insert_paragraph_before(words, style=style)
                if words.endswith(":"):  # what it announces follows on its page
                    line.paragraph_format.keep_with_next = True
    _keep_with_signature(mark)
    mark._p.getparent().remove(mark._p)  # noqa: SLF001  # python-docx has no public way to take a paragraph out
    for table in paper.annexes:
        _add_annex(document, table, paper)


def _caption(line: Paragraph) -> None:
    """Set the caption of a table above its middle; one with a number of its own stands as a heading."""
    if not line.text[:1].isdigit():
        line.paragraph_format.alignment, line.paragraph_format.first_line_indent = CENTRE, 0


def _flat(line: Paragraph) -> None:
    """Make a paragraph that only a document needs take no room."""
    line.paragraph_format.line_spacing, line.paragraph_format.space_after = Pt(1), 0


def _gap(line: Paragraph) -> None:
    """Make of an empty line the room under a table: two tables need a paragraph between them."""
    line.paragraph_format.line_spacing, line.paragraph_format.space_after = Pt(TABLE_GAP), 0


def _add_annex(document: DocxDocument, table: Table, paper: Paper) -> None:
    """Put an annex after all else: a section with page numbers of its own, turned where its table is wide."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _flat(document.paragraphs[-1])  # which holds the break
    section.different_first_page_header_footer = True  # as of the paper, its first page shows no number
    _number_anew(section)
    wide = paper.landscape or table.is_wide
    sides = sorted((section.page_width or A4[0], section.page_height or A4[1]), reverse=wide)
    section.page_width, section.page_height = sides
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    number, name = table.annex_head
    for words, bold in ((number, True), (name, True), (paper.belongs_to, False)):
        line = document.add_paragraph(style="DT Nội dung")
        run = line.add_run(words)
        run.bold, run.italic = bold, not bold
        shape = line.paragraph_format
        shape.alignment, shape.first_line_indent, shape.keep_with_next = CENTRE, 0, True
    line.paragraph_format.space_after = Pt(12)
    end = document.add_paragraph(style="DT Nội dung")
    _table_before(end, document, table, _text_width(document))
    _gap(end)  # no page of its own behind a full one


def _number_anew(section: Section) -> None:
    """Let the pages of a section be counted from 1."""
    settings = section._sectPr  # noqa: SLF001  # python-docx does not count pages
    for inherited in settings.findall(qn("w:pgNumType")):
        settings.remove(inherited)
    settings.find(qn("w:pgMar")).addnext(_element("w:pgNumType", start=1))


def _keep_with_signature(mark: Paragraph) -> None:
    """Let the last words of the body stand on the page of the signature, which never stands alone."""
    last, kept = mark._p.getprevious(), []  # noqa: SLF001  # python-docx does not walk from part to part
    while last is not None and not list(last.iter(qn("w:t"))):
        kept.append(last)
        last = last.getprevious()
    if last is not None:
        kept += list(list(last.iter(qn("w:tr")))[-1].iter(qn("w:p"))) if last.tag == qn("w:tbl") else [last]
    for element in kept:
        if element.tag == qn("w:p"):
            Paragraph(element, mark._parent).paragraph_format.keep_with_next = True  # noqa: SLF001


def _turn(document: DocxDocument) -> None:
    """Turn the pages of a template that stands upright, for wide tables."""
    for section in document.sections:
        if (section.page_width or A4[0]) < (section.page_height or A4[1]):
            section.page_width, section.page_height = section.page_height or A4[1], section.page_width or A4[0]
            section.orientation = WD_ORIENT.LANDSCAPE


def _text_width(document: DocxDocument) -> int:
    """Return how wide the text of the last section is, in EMU."""
    section = document.sections[-1]
    left, right = section.left_margin or MARGINS["left_margin"], section.right_margin or MARGINS["right_margin"]
    return int((section.page_width or A4[0]) - left - right)


def _set_page(document: DocxDocument, *, landscape: bool) -> None:
    """Set A4, the margins, and the number of the page above all pages but the first."""
    section = document.sections[0]
    short, long = A4
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for name, value in MARGINS.items():
        setattr(section, name, value)
    section.header_distance, section.footer_distance = Mm(10), Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    _add_field(number, "PAGE")
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].text = "{{ file_code }}"
        footer.paragraphs[0].style = _style(document, "DT Mã tệp")


def _add_field(paragraph: Paragraph, code: str) -> None:
    """Add a field that the word processor works out."""
    run = paragraph.add_run()
    run.font.name, run.font.size = FONT, Pt(13)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001  # python-docx has no fields


def _style(document: DocxDocument, name: str) -> Any:
    """Return the style of that name, made when it is new."""
    if name in [style.name for style in document.styles]:
        return document.styles[name]
    size, bold, italic, capitals, alignment = STYLES[name]
    style: Any = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    font, shape = style.font, style.paragraph_format
    font.size, font.bold, font.italic, font.all_caps = Pt(size), bold, italic, capitals
    shape.alignment = alignment
    if name == "DT Bảng":
        shape.line_spacing = 1.0
    if name in INDENTED:
        shape.first_line_indent, shape.space_after = FIRST_LINE, Pt(6)
    shape.keep_with_next = name in HEADINGS.values() or name in {"DT Thẩm quyền", "DT Chức vụ"}
    if name == BOXED:
        style.element.get_or_add_rPr().append(_element("w:bdr", val="single", sz=8, space=1))
    return style


def _set_styles(document: DocxDocument) -> None:
    """Enter the styles of the guidance, all in Times New Roman, single-spaced."""
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    shape = normal.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.1
    for name in STYLES:
        _style(document, name)


def _write_head(document: DocxDocument, width: Mm) -> None:
    """Write the two columns of the head, then kind, abstract and addressee."""
    grid = _columns(document, 3, width, HEAD_LEFT)
    left, right = grid.cell(0, 0), grid.cell(0, 1)
    _fill(
        left,
        ("{%p if superior %}", "DT Cấp trên"),
        ("{{ superior }}", "DT Cấp trên"),
        ("{%p endif %}", "DT Cấp trên"),
        ("{{ issuer }}", "DT Cơ quan"),
        (BREAK, "DT Số"),
    )
    _fill(right, ("", "DT Tiêu đề"))
    title = right.paragraphs[0].add_run("{{ title }}")
    title.underline = True  # a rule as long as the text
    _fill(grid.cell(1, 0), ("Số: {{ number }}", "DT Số"))
    _fill(grid.cell(1, 1), ("{{ place_and_day }}", "DT Ngày"))
    _fill(
        grid.cell(2, 0),
        ("{%p if subject %}", "DT Về việc"),
        ("V/v {{ subject }}", "DT Về việc"),
        ("{%p endif %}", "DT Về việc"),
        ("{%p if note %}", "DT Về việc"),
        ("{{ note }}", "DT Về việc"),
        ("{%p endif %}", "DT Về việc"),
        ("{%p for mark in marks %}", "DT Dấu"),
        ("{{ mark }}", "DT Dấu"),
        ("{%p endfor %}", "DT Dấu"),
        ("", "DT Về việc"),  # a cell without a paragraph is no valid one
    )
    for text, style in (
        ("", "DT Số"),
        ("{%p if kind %}", "DT Loại"),
        ("{{ kind }}", "DT Loại"),
        ("{{ abstract }}", "DT Trích yếu"),
        (RULE, "DT Trích yếu"),
        ("{%p endif %}", "DT Loại"),
        ("{%p for addressee in addressees %}", "DT Kính gửi"),
        ("", "DT Kính gửi"),
        ("{%p endfor %}", "DT Kính gửi"),
        ("{%p if addressees %}", "DT Số"),
        ("", "DT Số"),
        ("{%p endif %}", "DT Số"),
    ):
        line = document.add_paragraph(text, style=style)
        if text == RULE:
            line.paragraph_format.space_after = Pt(17)
    addressed = document.paragraphs[-5]
    addressed.add_run("{% if loop.first %}Kính gửi: {% endif %}").italic = True
    addressed.add_run("{{ addressee }}")


def _write_foot(document: DocxDocument, width: Mm) -> None:
    """Write the recipients left, and authority, post, room for the stamp and name right."""
    document.add_paragraph("", style="DT Số").paragraph_format.keep_with_next = True
    grid = _columns(document, 1, width, FOOT_LEFT)
    grid.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001  # name and post on one page
    _fill(
        grid.cell(0, 0),
        ("{%p if left_post %}", "DT Thẩm quyền"),
        ("{{ left_post }}", "DT Thẩm quyền"),
        ("{{ left_signer }}", "DT Người ký"),
        ("{%p endif %}", "DT Thẩm quyền"),
        ("Nơi nhận:", "DT Nơi nhận"),
        ("{%p for recipient in recipients %}", "DT Nơi nhận dòng"),
        ("{{ recipient }}", "DT Nơi nhận dòng"),
        ("{%p endfor %}", "DT Nơi nhận dòng"),
    )
    grid.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001  # signature and name stay together
    right = grid.cell(0, 1)
    _fill(
        right,
        ("{{ authority }}", "DT Thẩm quyền"),
        ("{{ post }}", "DT Chức vụ"),
        ("{{ signer }}", "DT Người ký"),
        ("{%p if below_post %}", "DT Thẩm quyền"),
        ("{{ below_post }}", "DT Thẩm quyền"),
        ("{{ below_signer }}", "DT Người ký"),
        ("{%p endif %}", "DT Thẩm quyền"),
    )
    for n, space in ((2, STAMP), (4, Pt(12)), (5, STAMP)):
        right.paragraphs[n].paragraph_format.space_before = space
    for line in grid.cell(0, 0).paragraphs:  # a table that begins with such a line would be kept with what follows it
        line.paragraph_format.keep_with_next = False
    left_name = grid.cell(0, 0).paragraphs[2].paragraph_format
    left_name.space_before, left_name.space_after = STAMP, Pt(12)


def _columns(document: DocxDocument, rows: int, width: Mm, left_percent: int) -> DocxTable:
    """Add a table of two columns without lines."""
    grid: DocxTable = document.add_table(rows, 2)
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    shares = (left_percent, 100 - left_percent)
    for column, share in zip(grid.columns, shares, strict=True):
        column.width = Emu(width * share // 100)
        for cell in column.cells:
            cell.width = column.width
    _pad(grid, left=0, right=0)
    return grid


def _pad(grid: DocxTable, **points: float) -> None:
    """Set the room within the cells of a table, in points by side."""
    sides = [_element(f"w:{side}", w=Pt(width).twips, type="dxa") for side, width in points.items()]
    shape = grid._tblPr  # noqa: SLF001  # python-docx has no margins of cells
    shape.insert_element_before(_element("w:tblCellMar", *sides), "w:tblLook")


def _fill(cell: _Cell, *lines: tuple[str, str]) -> None:
    """Write lines into an empty cell, each in its style."""
    for n, (text, style) in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.text = text
        paragraph.style = style


def _table_before(mark: Paragraph, document: DocxDocument, block: Table, width: int) -> None:
    """Put a table before the mark. `width` in EMU."""
    grid = document.add_table(0, len(block.columns), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _pad(grid, top=1.5, left=CELL_SIDE, bottom=1.5, right=CELL_SIDE)
    widths = [int(width * part) for part in fractions(block, Emu(width).mm)]
    for column, share in zip(grid.columns, widths, strict=True):
        column.width = share
    style = document.styles["DT Bảng"].style_id
    rows = grid._tbl  # noqa: SLF001  # python-docx takes a time that grows with the square of the rows
    sides = block.sides
    rows.append(_row([column.name for column in block.columns], widths, style, [Side.CENTRE] * len(sides), head=True))
    for cells in block.rows:
        rows.append(_row([shown(cell) for cell in cells], widths, style, sides))
    mark._p.addprevious(rows)  # noqa: SLF001  # python-docx only adds tables at the end


def _row(texts: Sequence[str], widths: Sequence[int], style: str, sides: Sequence[Side], *, head: bool = False) -> Any:
    """Return a row, which no end of a page cuts; the head stands again on each page of a long table."""
    row = _element("w:tr")
    row.append(_element("w:trPr", _element("w:cantSplit"), *([_element("w:tblHeader")] if head else [])))
    middle = [_element("w:vAlign", val="center")] if head else []
    for text, width, side in zip(texts, widths, sides, strict=True):
        kept = [_element("w:keepNext")] if head else []  # a head never stands at the end of a page
        shape = _element("w:pPr", _element("w:pStyle", val=style), *kept, _element("w:jc", val=side.value))
        bold = [_element("w:rPr", _element("w:b"))] if head else []
        lines = unbroken(text).split("\n")
        paragraph = _element("w:p", shape, *(_run(line, bold, n) for n, line in enumerate(lines)))
        size = _element("w:tcW", w=Emu(width).twips, type="dxa")
        row.append(_element("w:tc", _element("w:tcPr", size, *deepcopy(middle)), paragraph))
    return row


def _run(text: str, properties: Sequence[Any], line: int) -> Any:
    """Return a run, on a line of its own but the first."""
    words = _element("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return _element("w:r", *deepcopy(properties), *([_element("w:br")] if line else []), words)


def _element(tag: str, *parts: Any, **values: object) -> Any:
    """Return an element of WordprocessingML with its parts and attributes."""
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    for part in parts:
        made.append(part)
    return made


def _bytes_of(document: DocxDocument) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()
