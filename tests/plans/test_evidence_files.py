"""What a file of evidence may be and be called: tables of bytes and names, no database."""

from __future__ import annotations

import io
from typing import Final

import pytest

from plans.evidence_files import fault_in
from plans.file_names import shown_name
from plans.pictures import picture_size
from plans.secrecy import secrecy_mark
from plans.symbols import is_document_number
from tests.files import heic, jpeg, office, open_document, png, webp, zipped

LIMIT: Final = 20 * 1024 * 1024
PDF: Final = b"%PDF-1.7\n%..."
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_DOCX: Final = "application/vnd.ms-word.document.macroEnabled.main+xml"


def fault(name: str, content: bytes, *, limit: int = LIMIT) -> str:
    return fault_in(io.BytesIO(content), name, len(content), limit=limit)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("SCAN.PDF", b"\xef\xbb\xbf\n" + PDF),
        ("a.jpg", jpeg(4000, 3000)),
        ("a.jpeg", jpeg()),
        ("a.png", png()),
        ("a.webp", webp(4000, 3000)),
        ("a.heic", heic(4032, 3024)),
        ("a.docx", office()),
        ("a.xlsx", office("xlsx")),
        ("a.pptx", office("pptx")),
        ("a.odt", open_document()),
        ("a.ods", open_document(b"application/vnd.oasis.opendocument.spreadsheet")),
        ("camera 200 MP.jpg", jpeg(16320, 12240)),
    ],
)
def test_papers_and_photos_are_taken(name: str, content: bytes) -> None:
    assert fault(name, content) == ""


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.exe", b"MZ" + bytes(20), "kind"),
        ("a.svg", b"<svg/>", "kind"),
        ("a.html", b"<script>", "kind"),
        ("khong-duoi", PDF, "kind"),
        ("anh\u202egpj.exe", b"MZ", "kind"),
        ("a.pdf.exe", PDF, "kind"),
        ("a.doc", OLE, "old"),
        ("a.docm", office(), "macros"),
        ("a.pdf", b"MZ" + bytes(20), "mismatch"),
        ("a.jpg", png(), "mismatch"),
        ("a.png", jpeg(), "mismatch"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100), "mismatch"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "mismatch"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x01" + bytes(50), "mismatch"),
        ("a.jpg", b"\xff\xd8\xff\xda\x00\x08" + bytes(50), "mismatch"),
        ("a.jpg", b"\xff\xd8" + b"\xff\xd0" * 5000, "mismatch"),
        ("a.heic", heic(4, 3)[:24], "mismatch"),
        ("a.png", png(0, 10), "mismatch"),
        ("a.png", png(40_000, 10), "pixels"),
        ("a.jpg", jpeg(20_000, 20_000), "pixels"),
        ("a.webp", webp(16_384, 16_384), "pixels"),
        ("a.heic", heic(30_000, 30_000), "pixels"),
        ("a.docx", b"PK\x03\x04" + bytes(40), "damaged"),
        ("a.docx", office()[:-30], "damaged"),
        ("a.docx", b"%PDF-1.4", "mismatch"),
        ("a.docx", office("xlsx"), "mismatch"),
        ("a.docx", zipped({"readme.txt": b"x"}), "mismatch"),
        ("a.odt", office(), "mismatch"),
        ("a.odt", open_document(b"application/vnd.oasis.opendocument.graphics"), "mismatch"),
        ("a.docx", OLE + bytes(40), "mismatch"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("a.docx", office(more={"word/vbaProject.bin": b"x"}), "macros"),
        ("a.docx", office(main=MACRO_DOCX), "macros"),
        ("a.odt", open_document(Basic__Standard__Module1=b"<x/>"), "macros"),
        ("a.docx", office(more={"../../etc/passwd": b"x"}), "unsafe"),
        ("a.docx", office(more={"word/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "unsafe"),
        ("a.docx", office(more={"word/media/a.bin": bytes(20_000_000)}), "bomb"),
        ("Kế hoạch MẬT.pdf", PDF, "secret"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(name: str, content: bytes, code: str) -> None:
    assert fault(name, content) == code


def test_a_byte_too_many_is_refused_before_anything_is_read() -> None:
    class Unread(io.BytesIO):
        def read(self, *_size: object) -> bytes:
            pytest.fail("a file that is too large was read")

    assert fault_in(Unread(), "a.pdf", 101, limit=100) == "too_large"


def test_sizes_that_a_zip_declares_are_not_believed() -> None:
    whole = office(more={"word/a.bin": bytes(20_000_000)})
    lying = whole.replace((20_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != whole
    assert fault("a.docx", lying) in {"bomb", "damaged"}


def test_the_file_can_be_read_from_the_start_afterwards() -> None:
    for name, content in (("a.jpg", jpeg()), ("a.docx", office()), ("a.pdf", PDF), ("a.png", b"x")):
        file = io.BytesIO(content)
        fault_in(file, name, len(content), limit=LIMIT)
        assert file.read() == content


@pytest.mark.parametrize(
    ("kind", "content", "size"),
    [
        (".png", png(7, 5), (7, 5)),
        (".jpg", jpeg(640, 480, comment=b"x" * 900), (640, 480)),
        (".webp", webp(1920, 1080), (1920, 1080)),
        (".webp", webp(1920, 1080, b"VP8 "), (1920, 1080)),
        (".webp", webp(1920, 1080, b"VP8L"), (1920, 1080)),
        (".heic", heic(4032, 3024), (4032, 3024)),
        (".png", b"", None),
        (".jpg", b"\xff\xd8\xff", None),
        (".webp", b"RIFF\x00\x00\x00\x00WEBPVP8X", None),
        (".heic", b"\x00\x00\x00\x08ftyp", None),
    ],
)
def test_width_and_height_stand_in_the_header(kind: str, content: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(io.BytesIO(content), kind) == size


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Báo cáo.pdf", "Báo cáo.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("D:\\Hồ sơ\\Báo cáo.pdf", "Báo cáo.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("anh\u202egpj.exe", "anhgpj.exe"),
        ("a\u200b\u2066b.pdf", "ab.pdf"),
        ("a\u0301nh.png", "ánh.png"),
        ("  .. a.pdf. ", "a.pdf"),
        ("", "tep"),
        ("...", "tep"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 300, "x" * 150),
    ],
)
def test_a_hostile_name_is_shown_without_what_deceives(raw: str, shown: str) -> None:
    assert shown_name(raw) == shown


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("TỐI MẬT - kế hoạch", "TỐI MẬT"),
        ("tuyệt mật", "tuyệt mật"),
        ("Bao-cao_toi", ""),
        ("ke-hoach-tuyet-mat", "tuyet-mat"),
        ("toi_mat_bao_cao", "toi_mat"),
        ("Báo cáo MẬT", "MẬT"),
        ("BÁO CÁO (MẬT)", "MẬT"),
        ("12-BC/TU M.Ậ.T", "M.Ậ.T"),
        ("Báo cáo (mật)", "mật"),
        ("mật - báo cáo", "mật"),
        ("báo cáo_Mật_", "mật"),
        ("Độ mật: mật", "mật"),
        ("TO\u0302\u0301I MA\u0323\u0302T", "TỐI MẬT"),
        ("TẬP HUẤN BẢO MẬT THÔNG TIN", ""),
        ("Bảo vệ bí mật nhà nước", ""),
        ("BÍ MẬT NHÀ NƯỚC", ""),
        ("Đổi mật khẩu", ""),
        ("ĐỔI MẬT KHẨU", ""),
        ("Mô hình nuôi ong mật", ""),
        ("Mặt trận Tổ quốc", ""),
        ("gap-mat-dau-xuan", ""),
        ("gap-go-toi-mat-tran", ""),
    ],
)
def test_a_mark_of_secrecy_is_told_from_everyday_words(text: str, mark: str) -> None:
    assert secrecy_mark(text) == mark


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("245-BC/TĐTN-TCKT", "number"),
        ("Số: 245-BC/TĐTN", "number"),
        ("12/QĐ-UBND", "number"),
        ("45/2025/NĐ-CP", "number"),
        ("245-BC/TĐTN-TCKT ngày 05/3/2026", "number"),
        ("123/BC-ĐTN", "number"),
        ("BC/TĐTN", "none"),
        ("báo cáo tháng 3", "none"),
        ("245", "none"),
        ("<script>1/x</script>", "none"),
        ("1-" + "B" * 200, "none"),
    ],
)
def test_the_number_of_a_document_is_recognised(raw: str, answer: str) -> None:
    assert ("number" if is_document_number(raw) else "none") == answer


def test_filling_without_end_in_a_jpeg_is_not_read_to_its_end() -> None:
    few, endless = (jpeg()[:2] + b"\xff" * n + jpeg(640, 480)[2:] for n in (30, 1_000_000))
    assert picture_size(io.BytesIO(few), ".jpg") == (640, 480)
    source = Counted(endless)
    assert picture_size(source, ".jpg") is None
    assert source.reads < 100


class Counted(io.BytesIO):
    """A file that counts how often it was read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)
