"""Word files: what a reader of the printed page sees is read, in its order, and nothing else."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from plans.reading.docx_numbering import printed
from plans.reading.readers import ReadError, read_document
from tests.plans.reading.word_samples import body, element, item, lines, paragraph, saved, texts, with_member


def abstract(number: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def level(index: int, form: str, pattern: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def num(number: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


OUTLINE = abstract(
    90,
    level(0, "upperRoman", "%1."),
    level(1, "decimal", "%1.%2."),
    level(2, "lowerLetter", "%3)"),
    level(3, "bullet", "+"),
)


class TestNumbering:
    def test_levels_are_counted_and_written_as_printed(self) -> None:
        pieces = [
            item(text, 91, depth)
            for text, depth in [
                ("A", 0),
                ("B", 1),
                ("C", 2),
                ("D", 2),
                ("E", 3),
                ("F", 1),
                ("G", 2),
                ("H", 0),
                ("I", 1),
            ]
        ]
        assert texts(*pieces, numbering=OUTLINE + num(91, 90)) == [
            "I. A", "I.1. B", "a) C", "b) D", "+ E", "I.2. F", "a) G", "II. H", "II.1. I",
        ]  # fmt: skip

    def test_legal_numbering_writes_every_part_in_figures(self) -> None:
        legal = abstract(90, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", more="<w:isLgl/>"))
        assert texts(item("A", 91), item("B", 91, 1), numbering=legal + num(91, 90)) == ["I. A", "1.1 B"]

    def test_two_lists_of_one_kind_go_on_counting_unless_one_starts_anew(self) -> None:
        anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        numbering = abstract(90, level(0, "decimal", "%1.")) + num(91, 90) + num(92, 90) + num(93, 90, anew)
        assert texts(item("A", 91), item("B", 92), item("C", 93), item("D", 93), numbering=numbering) == [
            "1. A", "2. B", "1. C", "2. D",
        ]  # fmt: skip

    def test_a_list_may_define_a_level_anew(self) -> None:
        own = f'<w:lvlOverride w:ilvl="0">{level(0, "lowerLetter", "(%1)", start=3)}</w:lvlOverride>'
        numbering = abstract(90, level(0, "decimal", "%1.")) + num(91, 90, own)
        assert texts(item("A", 91), item("B", 91), numbering=numbering) == ["(c) A", "(d) B"]

    def test_a_level_may_never_restart(self) -> None:
        on = abstract(90, level(0, "upperLetter", "%1."), level(1, "decimal", "%2.", more='<w:lvlRestart w:val="0"/>'))
        pieces = [item(text, 91, depth) for text, depth in [("A", 0), ("B", 1), ("C", 0), ("D", 1)]]
        assert texts(*pieces, numbering=on + num(91, 90)) == ["A. A", "1. B", "B. C", "2. D"]

    def test_numbers_come_from_styles_and_the_styles_they_are_based_on(self) -> None:
        styles = (
            '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Muc"/><w:pPr><w:numPr><w:numId w:val="91"/>'
            "</w:numPr></w:pPr></w:style>"
            '<w:style w:type="paragraph" w:styleId="MucCon"><w:name w:val="Con"/><w:basedOn w:val="Muc"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="Khong"><w:name w:val="Khong"/><w:basedOn w:val="Muc"/>'
            '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
        )
        pieces = [paragraph(s, f'<w:pStyle w:val="{s}"/>') for s in ("Muc", "MucCon", "Khong")]
        numbering = abstract(90, level(0, "decimal", "%1.")) + num(91, 90)
        assert texts(*pieces, numbering=numbering, styles=styles) == ["1. Muc", "2. MucCon", "Khong"]

    def test_a_level_belongs_to_the_style_it_names(self) -> None:
        styles = "".join(
            f'<w:style w:type="paragraph" w:styleId="{s}"><w:name w:val="{s}"/><w:pPr><w:numPr><w:numId w:val="91"/>'
            "</w:numPr></w:pPr></w:style>"
            for s in ("Phan", "Muc")
        )
        numbering = abstract(
            90,
            level(0, "upperRoman", "%1.", more='<w:pStyle w:val="Phan"/>'),
            level(1, "decimal", "%2.", more='<w:pStyle w:val="Muc"/>'),
        ) + num(91, 90)
        pieces = [paragraph("A", '<w:pStyle w:val="Phan"/>'), paragraph("B", '<w:pStyle w:val="Muc"/>')]
        assert texts(*pieces, numbering=numbering, styles=styles) == ["I. A", "1. B"]

    def test_a_list_may_stand_for_the_list_of_a_style(self) -> None:
        style = (
            '<w:style w:type="numbering" w:styleId="DS"><w:name w:val="DS"/><w:pPr><w:numPr>'
            '<w:numId w:val="91"/></w:numPr></w:pPr></w:style>'
        )
        numbering = (
            abstract(90, level(0, "decimal", "%1)"), more='<w:styleLink w:val="DS"/>')
            + abstract(89, more='<w:numStyleLink w:val="DS"/>')
            + num(91, 90)
            + num(92, 89)
        )
        assert texts(item("A", 92), numbering=numbering, styles=style) == ["1) A"]

    def test_an_empty_item_counts_and_a_list_without_number_adds_nothing(self) -> None:
        numbering = (
            abstract(90, level(0, "decimal", "%1.")) + abstract(80, level(0, "none", "")) + num(91, 90) + num(92, 80)
        )
        pieces = [item("A", 91), item("", 91), item("C", 91), item("D", 92), item("E", 77)]
        assert texts(*pieces, numbering=numbering) == [
            "1. A", "", "3. C", "D", "E",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("number", "form", "shown"),
        [
            (4, "lowerRoman", "iv"), (1949, "upperRoman", "MCMXLIX"), (9999, "upperRoman", "MMMCMXCIX"),
            (26, "upperLetter", "Z"), (28, "lowerLetter", "bb"), (10**8, "lowerLetter", "z" * 30),
            (7, "decimalZero", "07"), (12, "decimalZero", "12"), (0, "decimal", "0"), (5, "chicago", "5"),
        ],
    )  # fmt: skip
    def test_numbers_are_printed_in_the_form_of_the_list(self, number: int, form: str, shown: str) -> None:
        assert printed(number, form) == shown


class TestTables:
    def test_merged_cells_are_read_once_at_their_first_place(self) -> None:
        table = (
            "<w:tbl>"
            '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc>'
            "<w:tc><w:p><w:r><w:t>B</w:t></w:r></w:p></w:tc></w:tr>"
            '<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>C</w:t></w:r></w:p></w:tc>'
            "<w:tc><w:p><w:r><w:t>D</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>E</w:t></w:r></w:p></w:tc></w:tr>"
            "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
            "<w:tc><w:p><w:r><w:t>F</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>G</w:t></w:r></w:p></w:tc></w:tr>"
            '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc><w:p><w:r><w:t>H</w:t></w:r></w:p></w:tc></w:tr>'
            "</w:tbl>"
        )
        assert [(line.text, line.cell) for line in lines(body(table))] == [
            ("A", (1, 0, 0)), ("B", (1, 0, 2)), ("C", (1, 1, 0)), ("D", (1, 1, 1)), ("E", (1, 1, 2)),
            ("F", (1, 2, 1)), ("G", (1, 2, 2)), ("H", (1, 3, 1)),
        ]  # fmt: skip

    def test_a_table_in_a_cell_is_read_once_as_part_of_that_cell(self) -> None:
        inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>trong</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        table = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>ngoài</w:t></w:r></w:p>{inner}<w:p/></w:tc></w:tr></w:tbl>"
        read = [(line.text, line.cell) for line in lines(body(table)) if line.text]
        assert read == [("ngoài", (1, 0, 0)), ("trong", (1, 0, 0))]

    def test_rows_and_cells_in_content_controls_are_read_and_deleted_rows_are_not(self) -> None:
        cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
        rows = (
            f"<w:sdt><w:sdtContent><w:tr>{cell.format('A')}<w:sdt><w:sdtContent>{cell.format('B')}</w:sdtContent></w:sdt>"
            "</w:tr></w:sdtContent></w:sdt>"
            f'<w:tr><w:trPr><w:del w:id="1" w:author="a"/></w:trPr>{cell.format("C")}</w:tr>'
        )
        assert texts(f"<w:tbl>{rows}</w:tbl>") == ["A", "B"]


class TestText:
    def test_a_text_box_is_read_once_after_its_paragraph(self) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:txbxContent>"
        piece = (
            "<w:p><w:r><w:t>Ngoài khung</w:t></w:r><w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
        assert texts(piece) == ["Ngoài khung", "Trong khung"]

    def test_an_old_text_box_without_alternative_is_read(self) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:txbxContent>"
        assert texts(f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>") == ["", "Trong khung"]

    def test_moved_text_is_read_once_where_it_went(self) -> None:
        piece = (
            '<w:p><w:moveFrom w:id="1" w:author="a"><w:r><w:t>Cũ </w:t></w:r></w:moveFrom><w:r><w:t>Giữa </w:t></w:r>'
            '<w:moveTo w:id="2" w:author="a"><w:r><w:t>Mới</w:t></w:r></w:moveTo></w:p>'
        )
        assert texts(piece) == ["Giữa Mới"]

    def test_paragraphs_whose_border_was_deleted_are_one(self) -> None:
        gone = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
        assert texts(paragraph("Nộp báo cáo ", gone), paragraph("trước ngày 15/5")) == ["Nộp báo cáo trước ngày 15/5"]

    def test_of_a_field_its_result_is_read(self) -> None:
        def mark(kind: str) -> str:
            return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

        code, hidden = "<w:r><w:instrText>DATE</w:instrText></w:r>", "<w:r><w:t>ẩn</w:t></w:r>"
        inner = mark("begin") + code + mark("separate") + hidden + mark("end")
        piece = (
            f"<w:p><w:r><w:t>Hạn: </w:t></w:r>{mark('begin')}<w:r><w:instrText>IF </w:instrText></w:r>{inner}"
            f"{mark('separate')}<w:r><w:t>15/5</w:t></w:r>{mark('end')}"
            '<w:fldSimple w:instr="PAGE"><w:r><w:t>/2026</w:t></w:r></w:fldSimple></w:p>'
        )
        assert texts(piece) == ["Hạn: 15/5/2026"]

    def test_a_field_that_never_ends_hides_nothing(self) -> None:
        broken = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>Một</w:t></w:r></w:p>'
        assert texts(broken, paragraph("Hai")) == ["Một", "Hai"]

    def test_a_table_of_contents_is_no_text(self) -> None:
        first = (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>I. MỤC ĐÍCH 1</w:t></w:r></w:p>'
        )
        last = '<w:p><w:r><w:t>II. NỘI DUNG 2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        control = (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
            "<w:sdtContent><w:p><w:r><w:t>III. TỔ CHỨC 3</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
        assert [text for text in texts(first, last, control, paragraph("I. MỤC ĐÍCH")) if text] == ["I. MỤC ĐÍCH"]

    def test_hidden_text_is_not_read_whether_hidden_by_hand_or_by_style(self) -> None:
        styles = '<w:style w:type="character" w:styleId="An"><w:name w:val="An"/><w:rPr><w:vanish/></w:rPr></w:style>'
        piece = (
            "<w:p><w:r><w:t>Thấy </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn </w:t></w:r>"
            '<w:r><w:rPr><w:rStyle w:val="An"/></w:rPr><w:t>ẩn </w:t></w:r>'
            '<w:r><w:rPr><w:rStyle w:val="An"/><w:vanish w:val="0"/></w:rPr><w:t>cũng thấy</w:t></w:r></w:p>'
        )
        assert texts(piece, styles=styles) == ["Thấy cũng thấy"]

    def test_letters_shown_as_capitals_are_capitals(self) -> None:
        piece = "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Kế hoạch</w:t></w:r><w:r><w:t> năm</w:t></w:r></w:p>"
        assert texts(piece) == ["KẾ HOẠCH năm"]

    def test_raised_digits_are_marks_of_notes(self) -> None:
        raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        piece = f"<w:p><w:r><w:t>khuyết điểm</w:t></w:r><w:r>{raised}<w:t>12</w:t></w:r></w:p>"
        assert texts(piece) == ["khuyết điểm¹²"]

    def test_hyphens_breaks_tabs_and_spaces(self) -> None:
        piece = (
            "<w:p><w:r><w:t>kế</w:t><w:softHyphen/><w:t>hoạch\u00ad số</w:t><w:tab/><w:t>12</w:t><w:noBreakHyphen/>"
            '<w:t>KH</w:t><w:br/><w:t>dòng</w:t><w:br w:type="page"/><w:t>hai</w:t></w:r></w:p>'
        )
        assert texts(piece) == ["kếhoạch số\t12-KH", "dòng hai"]

    def test_controls_links_and_tags_are_seen_through_and_placeholders_are_not_text(self) -> None:
        piece = (
            "<w:p><w:sdt><w:sdtContent><w:r><w:t>Giao </w:t></w:r></w:sdtContent></w:sdt>"
            "<w:smartTag><w:r><w:t>Văn phòng </w:t></w:r></w:smartTag>"
            '<w:hyperlink w:anchor="x"><w:r><w:t>chủ trì</w:t></w:r></w:hyperlink>'
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Nhập ngày</w:t></w:r></w:sdtContent>"
            "</w:sdt></w:p>"
        )
        block = "<w:sdt><w:sdtContent><w:p><w:r><w:t>Trong ô</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        assert texts(piece, block) == ["Giao Văn phòng chủ trì", "Trong ô"]

    def test_headings_are_told_by_style_base_style_or_outline_level(self) -> None:
        styles = (
            '<w:style w:type="paragraph" w:styleId="Rieng"><w:name w:val="Riêng"/><w:basedOn w:val="Heading2"/>'
            "</w:style>"
            '<w:style w:type="paragraph" w:styleId="Cap"><w:name w:val="Cap"/>'
            '<w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
        )
        pieces = [
            paragraph("A", '<w:pStyle w:val="Heading1"/>'), paragraph("B", '<w:pStyle w:val="Rieng"/>'),
            paragraph("C", '<w:pStyle w:val="Cap"/>'), paragraph("D", '<w:outlineLvl w:val="0"/>'),
            paragraph("E", '<w:outlineLvl w:val="9"/>'), paragraph("F " * 200, '<w:outlineLvl w:val="0"/>'),
        ]  # fmt: skip
        assert [line.heading for line in lines(body(*pieces, styles=styles))] == [1, 2, 3, 1, 0, 0]


# --- notes, page headers ---

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def with_part(data: bytes, kind: str, xml: str) -> bytes:
    """Return the Word file `data` with a part of that kind ("footnotes", "endnotes")."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    override = f'<Override PartName="/word/{kind}.xml" ContentType="{content}"/></Types>'
    address = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    relation = f'<Relationship Id="rX{kind}" Type="{address}" Target="{kind}.xml"/></Relationships>'
    data = with_member(data, "[Content_Types].xml", types.replace("</Types>", override).encode())
    rels = relations.replace("</Relationships>", relation).encode()
    data = with_member(data, "word/_rels/document.xml.rels", rels)
    return with_member(data, f"word/{kind}.xml", xml.encode())


def test_footnotes_and_endnotes_stand_apart_after_the_text() -> None:
    def notes(kind: str, text: str) -> str:
        return (
            f"<w:{kind}s {_W}>"
            f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:{kind}>'
            f'<w:{kind} w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
            f"</w:{kind}s>"
        )

    data = body('<w:p><w:r><w:t>Thân bài</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>')
    data = with_part(data, "footnotes", notes("footnote", "Chú thích"))
    data = with_part(data, "endnotes", notes("endnote", "Cuối bài"))
    assert [(line.text, line.footnote) for line in lines(data)] == [
        ("Thân bài", False), ("Chú thích", True), ("Cuối bài", True),
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["header", "footer"])
def test_page_headers_are_no_text_but_a_secrecy_mark_in_them_counts(place: str) -> None:
    document = docx.Document()
    document.add_paragraph("KẾ HOẠCH")
    part = getattr(document.sections[0], place)
    part.paragraphs[0].text = "Tài liệu của Tỉnh đoàn"
    assert [line.text for line in lines(saved(document))] == ["KẾ HOẠCH"]
    part.paragraphs[0].text = "TỐI MẬT"
    with pytest.raises(ReadError) as caught:
        read_document(saved(document), "a.docx")
    assert caught.value.code == "secret_mark"


def test_a_secrecy_mark_in_a_text_box_counts() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>MẬT</w:t></w:r></w:p></w:txbxContent>"
    with pytest.raises(ReadError) as caught:
        lines(body(f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>", paragraph("KẾ HOẠCH")))
    assert caught.value.code == "secret_mark"


def test_the_body_of_word_in_strange_order_is_read_without_error() -> None:
    document = docx.Document()
    document.element.body.insert(0, element('<w:p><w:pPr><w:numPr><w:ilvl w:val="x"/></w:numPr></w:pPr></w:p>'))
    document.element.body.insert(0, element("<w:tbl><w:tr/></w:tbl>"))
    document.add_paragraph("Còn đây")
    assert [line.text for line in lines(saved(document)) if line.text] == ["Còn đây"]


def test_the_same_plan_as_word_and_as_text_gives_the_same_lines() -> None:
    source = (Path(__file__).parents[2] / "documents" / "ke-hoach-khac-phuc.txt").read_text(encoding="utf-8")
    document = docx.Document()
    for row in source.splitlines():
        document.add_paragraph(row)
    assert [line.text for line in lines(saved(document))] == source.splitlines()
