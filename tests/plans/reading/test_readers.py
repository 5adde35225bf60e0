"""Which files are refused, each with its own code, before a parser sees them."""

import io
import struct
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from plans.reading.readers import MAX_BYTES, REASONS, ReadError, read_document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(data, name)
    assert str(caught.value).startswith(REASONS[caught.value.code])
    return caught.value.code


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_member(data: bytes, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the archive `data` with one more member, or with that one replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", method) as new:
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "ke-hoach.docx", "empty"),
        (b"  \n \n", "ke-hoach.txt", "empty"),
        (b"x" * (MAX_BYTES + 1), "ke-hoach.docx", "too_large"),
        (b"a" * (2 * 1024 * 1024 + 1), "ke-hoach.txt", "too_large"),
        (b"a\n" * 30_000, "ke-hoach.txt", "too_large"),
        (b"MZ\x90\x00" + b"\x00" * 100, "ke-hoach.docx", "not_a_docx"),
        (b"MZ\x90\x00" + b"\x00" * 100, "ke-hoach.txt", "wrong_type"),
        (b"%PDF-1.7\n", "ke-hoach.txt", "wrong_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ke-hoach.doc", "old_doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ke-hoach.docx", "old_doc"),
        (b"MZ", "setup.exe", "unknown_type"),
        (b"I. N\x00I DUNG", "ke-hoach.txt", "nul_bytes"),
        (b"\xff\xfe\x00", "ke-hoach.txt", "not_text"),
        (b"K\xe9 ho\xe1ch", "ke-hoach.txt", "not_text"),
        (b"a" * 10_001, "ke-hoach.md", "long_line"),
    ],
)
def test_bad_file_is_refused_with_its_code(data: bytes, name: str, code: str) -> None:
    assert refusal(data, name) == code


def test_truncated_document_is_broken() -> None:
    data = word("KẾ HOẠCH", "I. NỘI DUNG")
    assert refusal(data[: len(data) // 2], "ke-hoach.docx") == "broken"


def test_archive_that_is_no_word_document() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(stream.getvalue(), "ke-hoach.docx") == "not_a_docx"


def test_zip_bomb_is_refused_by_the_bytes_it_really_inflates_to() -> None:
    bomb = with_member(word("a"), "word/media/a.bin", b"\x00" * (60 * 1024 * 1024))
    assert refusal(bomb, "ke-hoach.docx") == "zip_bomb"


def test_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(with_member(word("a"), "word/media/a.bin", b"\x00" * (60 * 1024 * 1024)))
    at = bomb.rfind(b"word/media/a.bin") - 46  # entry of the central directory
    bomb[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refusal(bytes(bomb), "ke-hoach.docx") in {"zip_bomb", "broken"}


@pytest.mark.parametrize("member", ["word/extra.xml", "word/document.bin"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_entities_are_refused_in_every_encoding_and_under_every_name(encoding: str, member: str) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert refusal(with_member(word("a"), member, xml.encode(encoding)), "ke-hoach.docx") == "unsafe"


def test_xml_in_an_odd_encoding_is_refused() -> None:
    xml = b'<?xml version="1.0" encoding="utf-7"?><a/>'
    assert refusal(with_member(word("a"), "word/extra.xml", xml), "ke-hoach.docx") == "unsafe"


@pytest.mark.parametrize("name", ["../evil.xml", "/evil.xml", "word\\..\\..\\evil.xml", "word/vbaProject.bin"])
def test_names_that_no_document_needs_are_refused(name: str) -> None:
    assert refusal(with_member(word("a"), name, b"<a/>"), "ke-hoach.docx") == "unsafe"


def test_names_that_differ_in_case_only_are_refused() -> None:
    assert refusal(with_member(word("a"), "word/DOCUMENT.xml", b"<a/>"), "ke-hoach.docx") == "unsafe"


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "[ MẬT ]"])
def test_secret_documents_are_refused(mark: str) -> None:
    assert refusal(f"TỈNH ĐOÀN\n{mark}\nKẾ HOẠCH\nI. NỘI DUNG\n".encode(), "ke-hoach.txt") == "secret_mark"
    assert refusal(word("TỈNH ĐOÀN", mark, "KẾ HOẠCH"), "ke-hoach.docx") == "secret_mark"


def test_the_word_for_secret_in_a_sentence_is_no_mark() -> None:
    text = "KẾ HOẠCH\nBảo vệ bí mật nhà nước năm 2026\n1. Không nhận văn bản MẬT qua mạng."
    assert len(read_document(text.encode(), "ke-hoach.txt").lines) == 3


def test_picture_of_a_text_is_told_from_an_empty_document() -> None:
    scan = with_member(word(""), "word/media/image1.png", b"\x89PNG")
    assert refusal(scan, "ke-hoach.docx") == "scan"


def test_text_with_a_byte_order_mark_is_read() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert read_document("Kế hoạch".encode(encoding), "a.txt").lines[0].text == "Kế hoạch"


class TestWord:
    def test_list_numbers_are_written_out(self) -> None:
        document = docx.Document()
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {W} w:abstractNumId="90">'
                '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
                '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>'
                '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>'
                "</w:abstractNum>"
            ),
        )
        numbering.append(parse_xml(f'<w:num {W} w:numId="91"><w:abstractNumId w:val="90"/></w:num>'))
        for words, level in (("Một", 0), ("Hai", 1), ("Ba", 1), ("Tư", 2), ("Năm", 0), ("Sáu", 1)):
            paragraph = document.add_paragraph(words)
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr>')
            )
        lines = [line.text for line in read_document(saved(document), "a.docx").lines]
        assert lines == ["I. Một", "1. Hai", "2. Ba", "- Tư", "II. Năm", "1. Sáu"]

    def test_tracked_changes_are_read_as_accepted(self) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph("Nộp ")
        for xml in (
            f'<w:del {W} w:id="1" w:author="a"><w:r><w:delText>trước ngày 01/5</w:delText></w:r></w:del>',
            f'<w:ins {W} w:id="2" w:author="a"><w:r><w:t>trước ngày 15/5</w:t></w:r></w:ins>',
        ):
            paragraph._p.append(parse_xml(xml))
        assert read_document(saved(document), "a.docx").lines[0].text == "Nộp trước ngày 15/5"

    def test_tables_and_headings_keep_their_place(self) -> None:
        document = docx.Document()
        document.add_heading("Nội dung", level=2)
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = "trái", "phải"
        document.add_paragraph("sau bảng")
        lines = read_document(saved(document), "a.docx").lines
        assert [(line.text, line.heading, line.cell) for line in lines] == [
            ("Nội dung", 2, None),
            ("trái", 0, (1, 0, 0)),
            ("phải", 0, (1, 0, 1)),
            ("sau bảng", 0, None),
        ]

    def test_line_breaks_inside_a_paragraph_are_lines(self) -> None:
        document = docx.Document()
        document.add_paragraph("Dòng một").add_run().add_break()
        assert [line.text for line in read_document(saved(document), "a.docx").lines] == ["Dòng một", ""]


def test_every_code_has_a_reason() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in Path("plans/reading").glob("*.py"))
    raised = {part.split('"')[0] for part in source.split('ReadError("')[1:]}
    assert raised <= set(REASONS)
