"""Markers, levels, zones and sections, line by line."""

import pytest

from plans.reading.markers import read_marker
from plans.reading.outline import as_paragraphs, outline, section_of
from plans.reading.outline_nodes import Node, Section, Zone
from plans.reading.readers import text_of


def nodes(text: str) -> list[Node]:
    return outline(text_of(text))


def body(text: str) -> list[Node]:
    return [n for n in nodes(f"KẾ HOẠCH\nThử nghiệm\n{text}") if n.zone is Zone.BODY]


@pytest.mark.parametrize(
    ("raw", "marker", "style", "text"),
    [
        ("I. MỤC ĐÍCH", "I.", "roman", "MỤC ĐÍCH"),
        ("II/ NỘI DUNG", "II/", "roman", "NỘI DUNG"),
        ("A. Nội dung", "A.", "upper", "Nội dung"),
        ("1. Tuyên truyền", "1.", "decimal", "Tuyên truyền"),
        ("3.1- Tỉnh đoàn:", "3.1-", "decimal", "Tỉnh đoàn:"),
        ("2.1.3. Cơ sở", "2.1.3.", "decimal", "Cơ sở"),
        ("2.1 Cơ sở", "2.1", "decimal", "Cơ sở"),
        ("a) Thời gian", "a)", "letter", "Thời gian"),
        ("(1) Việc thứ nhất", "(1)", "paren", "Việc thứ nhất"),
        ("-Kiểm tra", "-", "-", "Kiểm tra"),
        ("– Kiểm tra", "–", "-", "Kiểm tra"),
        ("+ Họp", "+", "+", "Họp"),
        ("• Họp", "•", "·", "Họp"),
        ("\uf0b7 Họp", "•", "·", "Họp"),
        ("* 03 khâu đột phá:", "*", "*", "03 khâu đột phá:"),
        ("*** 03 khâu đột phá:**", "*", "*", "03 khâu đột phá:"),
        ("**1. Họp**", "1.", "decimal", "Họp"),
        ("Phần II. Nội dung", "Phần II.", "part", "Nội dung"),
        ("Điều 3. Trách nhiệm", "Điều 3.", "article", "Trách nhiệm"),
        ("*Họp* hằng tháng", "", "", "Họp hằng tháng"),
        ("01/6 là ngày hội", "", "", "01/6 là ngày hội"),
        ("Một là, siết giờ giấc.", "Một là,", "word", "siết giờ giấc."),
        ("1. 17/17 thôn có loa", "1.", "decimal", "17/17 thôn có loa"),
        ("3. 100% chi đoàn ký", "3.", "decimal", "100% chi đoàn ký"),
        ("4. 12 đội hình mới", "4.", "decimal", "12 đội hình mới"),
        ("1.500 đoàn viên mới", "", "", "1.500 đoàn viên mới"),
        ("2025 là năm bản lề", "", "", "2025 là năm bản lề"),
        ("V/v triệu tập", "", "", "V/v triệu tập"),
        ("Ô 3*4 mét, cao **2,5** mét", "", "", "Ô 3*4 mét, cao 2,5 mét"),
        ("07 khuyết điểm¹ cần sửa", "", "", "07 khuyết điểm cần sửa"),
        ("sân rộng 500 m² trở lên", "", "", "sân rộng 500 m² trở lên"),
    ],
)
def test_marker_is_told_from_the_words(raw: str, marker: str, style: str, text: str) -> None:
    marked = read_marker(raw)
    assert (marked.marker, marked.style, marked.text) == (marker, style, text)


def test_levels_nest_by_kind_of_marker_whatever_the_numbers() -> None:
    text = "I. NỘI DUNG\n1. Một\n1.1. Một một\n- Gạch\n+ Cộng\n2. Hai\n- Gạch\nI. NỘI DUNG KHÁC\n- Gạch"
    assert [(n.marker, n.level) for n in body(text)] == [
        ("I.", 1), ("1.", 2), ("1.1.", 3), ("-", 4), ("+", 5), ("2.", 2), ("-", 3), ("I.", 1), ("-", 2),
    ]  # fmt: skip


def test_letters_stand_above_or_below_roman_numbers_as_the_document_has_it() -> None:
    assert [n.level for n in body("A. PHẦN CHUNG\nI. Một việc\n1. Nhỏ")] == [1, 2, 3]
    assert [n.level for n in body("I. PHẦN CHUNG\nA. Một việc\n1. Nhỏ")] == [1, 2, 3]


def test_two_headings_on_one_line_are_parted() -> None:
    assert [(n.marker, n.text) for n in body("I. YÊU CẦU CHUNG**1. Mục đích**\nLàm rõ việc.")][:2] == [
        ("I.", "YÊU CẦU CHUNG"),
        ("1.", "Mục đích"),
    ]


def test_paragraph_cut_by_a_page_and_a_footnote_is_joined() -> None:
    text = "I. NỘI DUNG\n- Các chi đoàn đăng ký\n\n2\n\n¹ Ghi chú cuối trang.\n\nviệc làm cụ thể."
    assert [n.text for n in body(text)] == ["NỘI DUNG", "Các chi đoàn đăng ký việc làm cụ thể."]
    assert [n.zone for n in nodes(f"KẾ HOẠCH\nThử\n{text}")].count(Zone.FOOTNOTE) == 1


def test_finished_sentence_is_not_joined() -> None:
    assert len(body("I. NỘI DUNG\n- Họp giao ban.\n\nđoàn viên tham gia đầy đủ")) == 3


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    words = ["Đoàn", "phường", "phối", "hợp", "Công", "an", "phường", "tuần", "tra", "ban", "đêm", "ở", "các", "tuyến"]
    line = " ".join(words)
    text = "I. NỘI DUNG\n" + "\n".join(
        ["- " + line, "Đường Hai Bà Trưng và khu chợ cũ trong mùa lễ hội cuối năm nay", "kết thúc."] * 9
    )
    assert len(body(text)) == 1 + 9


def test_title_runs_over_lines_until_the_legal_basis() -> None:
    text = "KẾ HOẠCH\nTổ chức hội trại\nchào mừng ngày thành lập\n\nCăn cứ công văn số 1-CV/ĐTN;\nI. MỤC ĐÍCH"
    zones = [n.zone for n in nodes(text)]
    assert zones == [Zone.TITLE, Zone.TITLE, Zone.TITLE, Zone.PREAMBLE, Zone.BODY]


def test_end_matter_is_set_apart_and_an_appendix_is_body_again() -> None:
    text = "KẾ HOẠCH\nA\nI. NỘI DUNG\n- Họp.\nTrên đây là kế hoạch.\nNơi nhận:\n- Lưu.\nPHỤ LỤC\n1. Biểu mẫu"
    assert [n.zone for n in nodes(text)][-6:] == [
        Zone.BODY, Zone.CLOSING, Zone.END, Zone.END, Zone.BODY, Zone.BODY,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("MỤC ĐÍCH – YÊU CẦU", Section.PURPOSE),
        ("Quan điểm chỉ đạo", Section.PURPOSE),
        ("MỤC TIÊU, CHỈ TIÊU", Section.TARGETS),
        ("Mục tiêu cụ thể", Section.TARGETS),
        ("MỤC TIÊU, NHIỆM VỤ VÀ GIẢI PHÁP", Section.WORK),
        ("NHỮNG KHUYẾT ĐIỂM CẦN KHẮC PHỤC", Section.SHORTCOMINGS),
        ("Nhóm giải pháp khắc phục khuyết điểm", Section.WORK),
        ("NỘI DUNG", Section.WORK),
        ("TỔ CHỨC THỰC HIỆN", Section.ORGANISATION),
        ("Phân công nhiệm vụ", Section.ORGANISATION),
        ("Thời gian, địa điểm", Section.ATTRIBUTES),
        ("KINH PHÍ THỰC HIỆN", Section.ATTRIBUTES),
        ("Sở Y tế", None),
    ],
)
def test_heading_says_what_its_section_is_for(heading: str, section: Section | None) -> None:
    assert section_of(heading) is section


def test_paragraphs_keep_the_columns_and_cells_they_were_printed_in() -> None:
    text = "TỈNH ĐOÀN SƠN HẢI          ĐOÀN TNCS HỒ CHÍ MINH\n\nKẾ HOẠCH\nThử\nI. VIỆC\n| 1 | Họp | Văn phòng |\n"
    first, *_others, last = as_paragraphs(nodes(text))
    assert (first.text[first.columns[0] :], first.cell) == ("ĐOÀN TNCS HỒ CHÍ MINH", None)
    assert (last.text, last.columns, last.cell and last.cell[1:]) == ("Văn phòng", (), (1, 2))


def test_part_named_on_a_line_of_its_own_is_one_heading_with_its_title() -> None:
    (part, work) = body("PHẦN THỨ HAI\nNHIỆM VỤ NĂM 2027\n- Mở lớp.")
    assert (part.marker, part.text, part.line, part.line_end, part.is_heading) == (
        "PHẦN THỨ HAI", "NHIỆM VỤ NĂM 2027", 3, 4, True,
    )  # fmt: skip
    assert work.level == 2


def test_bracket_on_the_next_line_goes_on_with_the_paragraph() -> None:
    (item,) = body("- Sửa cầu ở ba nơi: Bến Gò, Dốc Tre\n(đường liên thôn); xong trong quý I.")
    assert item.text == "Sửa cầu ở ba nơi: Bến Gò, Dốc Tre (đường liên thôn); xong trong quý I."


def test_heading_of_solutions_that_names_shortcomings_stays_work() -> None:
    found = body("III. GIẢI PHÁP KHẮC PHỤC\n1. Nhóm hạn chế về công tác cán bộ\n- Mở lớp.")
    assert [n.section for n in found] == [Section.WORK, Section.WORK, Section.WORK]
