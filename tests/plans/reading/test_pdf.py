"""PDF files with a text layer: paragraphs, columns and tables as on the page; scans and locked files say so."""

from pathlib import Path

import pytest

from plans.reading.pdf_pages import MAX_PAGES
from plans.reading.reader import PICTURES, read_bytes
from plans.reading.readers import Line, ReadError, Text, read_document
from tests.plans.reading import pdf_samples as made
from tests.plans.reading.legacy_samples import as_vni

DOCUMENTS = Path(__file__).parents[2] / "documents"


def read(data: bytes) -> Text:
    return read_document(data, "ke-hoach.pdf")


def texts(data: bytes) -> list[str]:
    return [line.text for line in read(data).lines]


def refusal(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(data)
    return caught.value.code


def refusal_or_text(data: bytes) -> str:
    try:
        read(data)
    except ReadError as error:
        return error.code
    return "read"


def cells(lines: tuple[Line, ...]) -> list[tuple[int, int, int, str]]:
    return [(*line.cell, line.text) for line in lines if line.cell]


# --- real pages, made by tests/documents/make_pdfs.py ---


def test_a_printed_plan_gives_the_same_draft_as_its_text() -> None:
    printed = read_bytes((DOCUMENTS / "ke-hoach-khac-phuc.pdf").read_bytes(), "a.pdf")
    typed = read_bytes((DOCUMENTS / "ke-hoach-khac-phuc.txt").read_bytes(), "a.txt")
    assert printed.header == typed.header
    for name in ("shortcomings", "groups", "solutions", "schedules", "references", "assignments"):
        one, other = getattr(printed, name), getattr(typed, name)
        assert len(one) == len(other)
        for field in ("text", "title", "phrase", "due", "rule", "kind", "symbol", "ordinal"):
            shown = [getattr(item, field, None) for item in one]
            assert shown == [getattr(item, field, None) for item in other]


def test_page_numbers_and_repeated_feet_are_left_out_and_kept_for_the_secrecy_check() -> None:
    document = read((DOCUMENTS / "ke-hoach-khac-phuc.pdf").read_bytes())
    assert not [line.text for line in document.lines if line.text.isdigit() or "lưu hành" in line.text]
    assert set(document.marks) == {"Tài liệu lưu hành trong Tỉnh đoàn"}


def test_head_and_signature_stand_in_two_cells() -> None:
    document = read((DOCUMENTS / "ke-hoach-khac-phuc.pdf").read_bytes())
    assert cells(document.lines) == [
        (1, 0, 0, "TỈNH ĐOÀN SÔNG THAO"), (1, 0, 0, "BAN THƯỜNG VỤ"), (1, 0, 0, "***"), (1, 0, 0, "Số: 45-KH/TĐTN-VP"),
        (1, 0, 1, "ĐOÀN TNCS HỒ CHÍ MINH"), (1, 0, 1, "Sông Thao, ngày 12 tháng 01 năm 2026"),
        (2, 0, 0, "Nơi nhận:"), (2, 0, 0, "- Thường trực Tỉnh ủy;"), (2, 0, 0, "- Lưu VP."),
        (2, 0, 1, "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN"), (2, 0, 1, "PHÓ BÍ THƯ"), (2, 0, 1, "Đinh Hữu Phúc"),
    ]  # fmt: skip


def test_a_table_over_two_pages_is_one_with_one_head_and_whole_rows() -> None:
    document = read((DOCUMENTS / "ke-hoach-bang.pdf").read_bytes())
    table = cells(document.lines)
    assert table[:5] == [(1, 0, 0, "STT"), (1, 0, 1, "Nội dung"), (1, 0, 2, "Chủ trì"), (1, 0, 3, "Thời gian"),
                         (1, 1, 0, "I. VIỆC LÀM")]  # fmt: skip
    assert [text for _table, _row, column, text in table if column == 0] == [
        "STT", "I. VIỆC LÀM", *(str(n) for n in range(1, 16)),
    ]  # fmt: skip
    assert {len([1 for cell in table if cell[1] == row]) for row in range(2, 17)} == {4}
    third = "Giới thiệu việc làm tại phiên chợ việc làm mùa thu của tỉnh"
    assert [text for _table, row, column, text in table if column == 1 and row in {4, 7, 10, 13, 16}] == [third] * 5


def test_the_tasks_of_a_printed_table_have_their_days() -> None:
    draft = read_bytes((DOCUMENTS / "ke-hoach-bang.pdf").read_bytes(), "a.pdf")
    assert [s.due.isoformat() for s in draft.schedules if s.due][:3] == ["2026-03-31", "2026-06-30", "2026-09-14"]
    assert len([s for s in draft.schedules if s.due]) == 15


def test_footnotes_stand_apart_and_raised_digits_are_told_from_figures() -> None:
    document = read((DOCUMENTS / "ke-hoach-bang.pdf").read_bytes())
    assert [line.text for line in document.lines if line.footnote] == ["¹ Theo số liệu rà soát của cơ sở."]
    sentence = next(line.text for line in document.lines if line.text.startswith("Phấn đấu"))
    assert "thanh niên¹ có việc làm" in sentence
    assert "200 m² theo" in sentence


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    prose = texts((DOCUMENTS / "ke-hoach-bang.pdf").read_bytes())[-9:-1]
    assert len(prose) == 8
    assert prose[0::2] == [prose[0]] * 4
    assert prose[1::2] == [prose[1]] * 4
    assert prose[0].endswith("báo cáo trung thực kết quả đạt được.")


# --- rows to paragraphs ---


FULL = "Giao cac don vi thuc hien nhiem vu duoc phan cong theo tung thang va"  # a row that fills the page


def test_a_full_row_goes_on_and_a_short_one_ends_its_paragraph() -> None:
    data = made.page(made.rows(FULL, FULL, "bao cao ve Van phong.", FULL, "het quy."))
    assert texts(data) == [f"{FULL} {FULL} bao cao ve Van phong.", f"{FULL} het quy."]


def test_an_indented_row_begins_a_paragraph_even_after_a_full_one() -> None:
    data = made.page(
        made.words((90, 760, FULL[:-4]), (72, 744, FULL), (72, 728, FULL), (90, 712, FULL[:-4]), (72, 696, "cuoi."))
    )
    assert texts(data) == [f"{FULL[:-4]} {FULL} {FULL}", f"{FULL[:-4]} cuoi."]


def test_a_row_that_begins_with_a_marker_is_an_item_unless_a_number_was_cut() -> None:
    item = f"- {FULL}"
    data = made.page(made.rows(item, "- Hop.", f"{FULL[:-2]}thang,", "5. Ket qua gui ve Van phong.", FULL, "- Hai."))
    assert texts(data) == [item, "- Hop.", f"{FULL[:-2]}thang, 5. Ket qua gui ve Van phong.", FULL, "- Hai."]


def test_a_paragraph_goes_on_over_the_page() -> None:
    first = made.rows(FULL, FULL) + b"\n" + made.words((290, 40, "1"))
    second = made.rows("ngay 15/5.", "Het.") + b"\n" + made.words((290, 40, "2"))
    assert texts(made.pages([first, second])) == [f"{FULL} {FULL} ngay 15/5.", "Het."]


@pytest.mark.parametrize("number", ["7", "- 7 -", "Trang 7/9", "7/9"])
def test_page_numbers_are_dropped_in_every_form(number: str) -> None:
    assert texts(made.page(made.rows("Mot viec.") + b"\n" + made.words((290, 30, number)))) == ["Mot viec."]


def test_a_figure_in_the_middle_of_a_page_is_no_page_number() -> None:
    assert texts(made.page(made.rows(FULL, "Mot viec.", "", "7", y=500))) == [f"{FULL} Mot viec.", "", "7"]


def test_numbers_and_words_cut_at_the_end_of_a_row_are_whole() -> None:
    start = FULL[:-9]
    data = made.page(made.rows(f"{start} so 08-", "KL/TU cua Tinh uy.", f"{start} develop-", "ment cua Doan."))
    assert texts(data) == [f"{start} so 08-KL/TU cua Tinh uy.", f"{start} development cua Doan."]


def test_a_page_turned_sideways_is_read_upright() -> None:
    turned = made.page(b"BT /F 12 Tf 0 1 -1 0 100 100 Tm (Nam ngang) Tj ET", more=b"/Rotate 90")
    assert texts(turned) == ["Nam ngang"]


def test_a_slanted_stamp_is_no_text() -> None:
    stamp = b"\nBT /F 60 Tf 0.7 0.7 -0.7 0.7 150 300 Tm (BAN SAO) Tj ET"
    assert texts(made.page(made.rows("Mot viec.") + stamp)) == ["Mot viec."]


def test_a_table_without_outer_border_keeps_its_cells() -> None:
    lines = b"\n".join(
        b"%d %d m %d %d l S" % place
        for place in [(72, 700, 500, 700), (72, 670, 500, 670), (72, 640, 500, 640), (150, 640, 150, 700)]
    )
    text = made.words((80, 680, "STT"), (160, 680, "Noi dung"), (80, 650, "1"), (160, 650, "Hop"))
    assert cells(read(made.page(lines + b"\n" + text)).lines) == [
        (1, 0, 0, "STT"), (1, 0, 1, "Noi dung"), (1, 1, 0, "1"), (1, 1, 1, "Hop"),
    ]  # fmt: skip


def test_a_frame_around_the_page_is_no_table() -> None:
    frame = b"40 40 500 760 re S\n"
    assert [line.cell for line in read(made.page(frame + made.rows("Mot viec."))).lines] == [None]


def test_the_secrecy_mark_of_a_page_is_seen() -> None:
    data = (DOCUMENTS / "ke-hoach-khac-phuc.pdf").read_bytes()
    assert read(data).lines  # without a mark it is read
    # In Helvetica no Vietnamese letter can be drawn by hand; the mark is looked for in what repeats, too.
    document = Text((Line("KẾ HOẠCH", 1),), marks=("TỐI MẬT",))
    from plans.reading.readers import _check_text  # noqa: PLC0415 - the check all formats share

    with pytest.raises(ReadError) as caught:
        _check_text(document)
    assert caught.value.code == "secret_mark"


def test_old_encodings_are_told_in_a_pdf_too() -> None:
    old = as_vni("Kế hoạch khắc phục những hạn chế").encode("latin-1").replace(b"(", b"").replace(b")", b"")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    data = made.page(b"BT /F 12 Tf 72 700 Td (%s) Tj ET" % old, extra={5: font})
    with pytest.raises(ReadError) as caught:
        read(data)
    assert (caught.value.code, caught.value.detail) == ("legacy", "vni")


# --- what can't be read ---


def test_a_scan_says_that_it_is_one() -> None:
    assert refusal(made.page(made.PICTURE)) == "scan"
    assert refusal(made.page(made.PICTURE + b"\n" + made.words((290, 30, "1")))) == "scan"


def test_letters_drawn_as_outlines_are_a_scan_too() -> None:
    assert refusal(made.page(b"\n".join(b"%d 100 m %d 110 l S" % (x, x + 3) for x in range(200)))) == "scan"


def test_one_scanned_page_among_others_is_told_and_the_rest_is_read() -> None:
    contents = [made.rows("Mot viec phai lam trong thang."), made.rows("Hai viec phai lam trong quy."), b"/I Do"]
    data = made.pages(contents).replace(b"/I Do", b"")
    assert read(data).unread_pages == ()
    both = made.page(made.rows("a b c d e f") + b"\n" + made.PICTURE)
    assert texts(both) == ["a b c d e f"]  # text over a picture: recognised text of a scan


def test_the_draft_names_the_pages_that_were_not_read() -> None:
    kids = b"<< /Type /Pages /Kids [3 0 R 8 0 R 9 0 R] /Count 3 >>"
    text = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 7 0 R /Resources << /Font << /F 5 0 R >> >> >>" % made.A4
    )
    extra = {2: kids, 7: made.stream(made.rows("Mot viec phai lam trong thang.", y=500)), 8: text, 9: text}
    draft = read_bytes(made.page(made.PICTURE, extra=extra), "a.pdf")
    assert draft.warnings == (f"{PICTURES}1",)


def test_empty_pages_are_empty() -> None:
    assert refusal(made.page(b"")) == "empty"


def test_a_file_with_a_password_says_so() -> None:
    locked = b"<< /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >>" % (b"o" * 32, b"u" * 32)
    trailer = b"/Root 1 0 R /Encrypt 7 0 R /ID [(0123456789abcdef) (0123456789abcdef)]"
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>", 7: locked}
    assert refusal(made.pdf(objects, trailer=trailer)) == "locked"


def test_broken_files_are_broken() -> None:
    whole = (DOCUMENTS / "ke-hoach-bang.pdf").read_bytes()
    assert refusal(b"%PDF-1.7\nthis is all") == "broken"
    assert refusal(whole[:300]) == "broken"
    assert (
        refusal(made.pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}))
        == "broken"
    )
    assert refusal(b"\x89PNG\r\n\x1a\n" + b"0" * 100) == "picture"
    assert refusal(b"PK\x03\x04" + b"0" * 100) == "wrong_type"


def test_a_file_cut_off_is_mended_or_refused_never_misread() -> None:
    whole = (DOCUMENTS / "ke-hoach-khac-phuc.pdf").read_bytes()
    codes = {refusal_or_text(whole[: len(whole) * part // 10]) for part in range(1, 10)}
    assert codes <= {"broken", "empty", "scan", "read"}


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    assert refusal(made.pages([b""] * (MAX_PAGES + 1))) == "too_many_pages"
