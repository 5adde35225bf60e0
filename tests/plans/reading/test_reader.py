"""Whole plans, invented, with exactly what a careful clerk would write down."""

import datetime as dt
import io
import unicodedata
from collections.abc import Callable

import docx
import pytest

from plans.reading.as_json import draft_as_json
from plans.reading.drafts import DraftPlan, ScheduleKind
from plans.reading.reader import read_bytes, read_text
from tests.plans.reading import samples


@pytest.fixture(scope="module")
def union_plan() -> DraftPlan:
    return read_text(samples.UNION_REMEDIATION)


@pytest.fixture(scope="module")
def commune_plan() -> DraftPlan:
    return read_text(samples.COMMUNE_WITH_LABELS)


class TestUnionPlan:
    def test_header_is_read_from_two_columns_and_the_signature(self, union_plan: DraftPlan) -> None:
        header = union_plan.header
        assert (header.symbol, header.issued_on, header.place) == ("77-KH/TĐTN-VP", dt.date(2025, 1, 20), "Sông Tranh")
        assert header.title == "Khắc phục hạn chế, khuyết điểm của Ban Thường vụ Tỉnh đoàn năm 2025"
        assert (header.period_start, header.period_end) == (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
        assert (header.kind, header.issuing_body) == ("shortcoming_remediation", "Ban Thường vụ Tỉnh đoàn")
        assert (header.signer_authority, header.signer_title) == ("TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", "PHÓ BÍ THƯ")
        assert header.signer_name == "Đỗ Thị Ngân Hà"
        assert header.recipients == ("Thường trực Tỉnh ủy", "Các ban Tỉnh đoàn", "Lưu VP")

    def test_shortcomings_have_fields_ordinals_and_named_units_and_no_footnote(self, union_plan: DraftPlan) -> None:
        assert [(s.ordinal, s.field, s.text) for s in union_plan.shortcomings] == [
            (1, "Về công tác chỉ đạo", "Văn bản gửi cơ sở còn chậm."),
            (2, "Về công tác chỉ đạo", "Ít đi cơ sở."),
            (3, "Về công tác phong trào", "Còn 02 đơn vị chưa có câu lạc bộ (Phú Lâm và Tân Hội)."),
        ]
        assert union_plan.shortcomings[2].named_units == ("Phú Lâm", "Tân Hội")

    def test_groups_have_the_lead_they_are_given_and_the_shortcomings_they_answer(self, union_plan: DraftPlan) -> None:
        assert [(g.ordinal, g.lead and g.lead.name, g.shortcomings) for g in union_plan.groups] == [
            (1, "Văn phòng", (1, 2)),
            (2, "Ban Phong trào", (3,)),
        ]

    def test_solutions_inherit_lead_and_shortcomings_of_their_group(self, union_plan: DraftPlan) -> None:
        assert [(s.group, s.leads[0].name, s.shortcomings) for s in union_plan.solutions] == [
            (0, "Văn phòng", (1, 2)),
            (0, "Văn phòng", (1, 2)),
            (1, "Ban Phong trào", (3,)),
            (None, "Văn phòng", ()),
            (None, "Các ban", ()),
        ]

    def test_paragraph_cut_by_a_page_is_joined_and_knows_its_lines(self, union_plan: DraftPlan) -> None:
        paragraph = union_plan.paragraphs[union_plan.solutions[0].span.paragraph]
        assert paragraph.text.endswith("(trừ việc đột xuất do tỉnh giao).")
        assert paragraph.line_end == paragraph.line + 2
        assert paragraph.line_at(len(paragraph.text) - 1) == paragraph.line_end

    def test_schedules_say_what_when_and_who(self, union_plan: DraftPlan) -> None:
        rows = [
            (s.phrase, s.kind, s.due, s.rule or s.lead_time, tuple(p.name for p in s.owners))
            for s in union_plan.schedules
            if s.solution is not None
        ]
        assert rows == [
            (
                "trước ngày tổ chức ít nhất 05 ngày (trừ việc đột xuất do tỉnh giao)",
                ScheduleKind.RELATIVE,
                None,
                "-P5D",
                ("Văn phòng",),
            ),
            ("định kỳ hàng quý", ScheduleKind.RECURRING, None, "FREQ=MONTHLY;INTERVAL=3", ("Ủy viên Ban Thường vụ",)),
            ("trong tháng 6/2025", ScheduleKind.WITHIN_MONTH, dt.date(2025, 6, 30), None, ("Ban Phong trào",)),
            ("trước ngày 01/12", ScheduleKind.BY_DATE, dt.date(2025, 11, 30), None, ("Các ban",)),
        ]

    def test_number_to_reach_is_an_indicator(self, union_plan: DraftPlan) -> None:
        assert [(i.comparator, i.value, i.unit_of_measure) for i in union_plan.indicators] == [
            (">=", 30.0, "thanh niên")
        ]

    def test_cited_document_is_a_reference_and_no_deadline(self, union_plan: DraftPlan) -> None:
        (reference,) = union_plan.references
        assert (reference.kind, reference.symbol, reference.issued_on) == (
            "kết luận",
            "19-KL/TU",
            dt.date(2024, 12, 5),
        )
        assert reference.issuer == "Ban Thường vụ Tỉnh ủy"


class TestCommunePlan:
    def test_blank_number_and_day_stay_unknown(self, commune_plan: DraftPlan) -> None:
        header = commune_plan.header
        assert (header.symbol, header.issued_on) == (None, None)
        assert (header.period_start, header.period_end) == (dt.date(2026, 1, 1), dt.date(2028, 12, 31))
        assert (header.signer_title, header.signer_name) == ("PHÓ CHỦ TỊCH", "Vũ Đình Long")
        assert header.recipients == ("UBND tỉnh", "Lưu: VT")

    def test_targets_are_indicators_and_no_solutions(self, commune_plan: DraftPlan) -> None:
        assert [(i.comparator, i.value, i.due) for i in commune_plan.indicators] == [
            ("=", 90.0, dt.date(2028, 12, 31)),
            (">=", 1.0, None),
        ]

    def test_labels_belong_to_the_task_above_them(self, commune_plan: DraftPlan) -> None:
        first = commune_plan.solutions[0]
        assert [p.name for p in first.leads] == ["Phòng Văn hóa - Xã hội"]
        assert [p.name for p in first.supports] == ["Trạm Y tế", "Công an xã"]
        assert commune_plan.solutions[1].text == "Rà soát, cắm biển cảnh báo ở nơi nước sâu."
        assert [(s.solution, s.phrase) for s in commune_plan.schedules if s.solution in {0, 1}][-1] == (
            1,
            "Quý II/2026",
        )

    def test_tasks_under_a_unit_are_its_own(self, commune_plan: DraftPlan) -> None:
        rows = [(a["unit"], a["role"]) for a in draft_as_json(commune_plan)["assignments"][3:]]
        assert rows == [
            ("Phòng Văn hóa - Xã hội", "lead"),
            ("Các trường học", "coordinate"),
            ("Phòng Văn hóa - Xã hội", "advise"),
            ("Công an xã", "lead"),
            ("Ủy ban Mặt trận Tổ quốc Việt Nam xã", "oversee"),
        ]


@pytest.mark.parametrize("text", [samples.TABLE_BY_LINES, samples.TABLE_BY_BARS], ids=["cell by line", "bars"])
def test_task_table_gives_task_units_and_time(text: str) -> None:
    check_table(read_text(text))


def check_table(draft: DraftPlan) -> None:
    rows = [(s.text, [p.name for p in s.leads], [p.name for p in s.supports]) for s in draft.solutions]
    assert rows == [
        ("Thống kê nhà dột nát của hội viên", ["Ban Phong trào"], ["Văn phòng"]),
        ("Khởi công mười căn nhà đầu tiên", ["Văn phòng"], ["Các xã, phường đoàn"]),
    ]
    assert [(s.solution, s.due) for s in draft.schedules] == [(0, dt.date(2026, 4, 30)), (1, dt.date(2026, 8, 14))]


def test_heading_with_nothing_but_labels_is_the_task_they_describe() -> None:
    draft = read_text(
        "KẾ HOẠCH\nThử nghiệm năm 2026\nI. NHIỆM VỤ\n1. Sơn lại cổng trường\na) Đơn vị chủ trì: Chi đoàn Ba"
        "\nb) Thời gian: Quý II\n2. Trồng hàng cây mới\na) Đơn vị chủ trì: Chi đoàn Bốn\nb) Thời gian: Năm 2026"
    )
    assert [s.text for s in draft.solutions] == ["Sơn lại cổng trường", "Trồng hàng cây mới"]
    assert [(s.solution, s.due) for s in draft.schedules] == [(0, dt.date(2026, 6, 30)), (1, dt.date(2026, 12, 31))]


def test_label_inside_a_sentence_counts_like_one_on_its_own_line() -> None:
    draft = read_text("KẾ HOẠCH\nThử nghiệm năm 2026\nI. NHIỆM VỤ\n- Mở lớp học vẽ cho thiếu nhi. Thời gian: tháng 7.")
    assert [s.due for s in draft.schedules] == [dt.date(2026, 7, 31)]


def test_signature_of_a_party_committee_is_read() -> None:
    header = read_text("KẾ HOẠCH\nThử\nI. NỘI DUNG\n- Họp.\nT/M BAN THƯỜNG VỤ\nBÍ THƯ\n\nPhan Văn Tài").header
    assert (header.signer_authority, header.signer_title, header.signer_name) == (
        "T/M BAN THƯỜNG VỤ",
        "BÍ THƯ",
        "Phan Văn Tài",
    )


def as_docx(text: str) -> bytes:
    """Return a Word document with a paragraph for each line of `text`."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_task_table_of_a_word_document() -> None:
    document = docx.Document()
    for line in ("KẾ HOẠCH", "Xóa nhà dột nát cho thanh niên năm 2026", "I. NỘI DUNG"):
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=5)
    for row in (samples.TABLE_HEAD, *samples.TABLE_ROWS):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    stream = io.BytesIO()
    document.save(stream)
    check_table(read_bytes(stream.getvalue(), "bảng.docx"))


@pytest.mark.parametrize("text", [samples.UNION_REMEDIATION, samples.COMMUNE_WITH_LABELS], ids=["union", "commune"])
def test_word_document_reads_like_the_text(text: str) -> None:
    written, typed = draft_as_json(read_bytes(as_docx(text), "kế hoạch.docx")), draft_as_json(read_text(text))
    for rows in ("solutions", "shortcomings", "deadlines", "indicators", "assignments", "references"):
        assert without_lines(written[rows]) == without_lines(typed[rows])
    assert written["header"] == typed["header"]


def without_lines(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: value for key, value in row.items() if not key.startswith("line")} for row in rows]


@pytest.mark.parametrize("text", [samples.UNION_REMEDIATION, samples.COMMUNE_WITH_LABELS], ids=["union", "commune"])
def test_decomposed_letters_read_the_same(text: str) -> None:
    assert read_text(unicodedata.normalize("NFD", text)) == read_text(text)


def test_windows_line_ends_read_the_same() -> None:
    text = samples.UNION_REMEDIATION
    assert read_text(text.replace("\n", "\r\n")) == read_text(text)


NUMBERED_WORK = [
    "Ban Phong trào dựng sân khấu hội trại, hoàn thành trước ngày 20/4/2027.",
    "100% chi đoàn gửi ảnh dự thi; nộp trước ngày 02/4/2027.",
]


def numbered_by_word() -> DraftPlan:
    document = docx.Document()
    for line in ("KẾ HOẠCH", "Tổ chức hội trại năm 2027"):
        document.add_paragraph(line)
    document.add_paragraph("II. NHIỆM VỤ, GIẢI PHÁP", style="Heading 2")
    for line in NUMBERED_WORK:
        document.add_paragraph(line, style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    return read_bytes(stream.getvalue(), "a.docx")


def numbered_by_hand() -> DraftPlan:
    lines = [f"{number}. {line}" for number, line in enumerate(NUMBERED_WORK, start=1)]
    return read_text("\n".join(["KẾ HOẠCH", "Tổ chức hội trại năm 2027", "II. NHIỆM VỤ, GIẢI PHÁP", *lines]))


@pytest.mark.parametrize("read", [numbered_by_word, numbered_by_hand])
def test_numbered_sentences_are_work_whoever_numbers_them(read: Callable[[], DraftPlan]) -> None:
    plan = read()
    assert [g.title for g in plan.groups] == ["NHIỆM VỤ, GIẢI PHÁP"]
    assert [s.text for s in plan.solutions] == NUMBERED_WORK
    assert [(s.solution, s.due) for s in plan.schedules] == [(0, dt.date(2027, 4, 19)), (1, dt.date(2027, 4, 1))]


def test_numbered_sentence_with_a_day_is_work_even_above_a_loose_line() -> None:
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nII. NHIỆM VỤ\n"
        "1. Ban Phong trào dựng sân khấu, xong trước ngày 20/4/2027.\nMọi chi phí do quỹ hội trại lo liệu."
    )
    assert plan.solutions[0].text == "Ban Phong trào dựng sân khấu, xong trước ngày 20/4/2027."
    assert [(s.solution, s.due) for s in plan.schedules] == [(0, dt.date(2027, 4, 19))]


def test_column_of_times_holds_days_and_says_more_closely_how_often() -> None:
    rows = [
        ["TT", "Nội dung", "Đơn vị chủ trì", "Thời gian (hoàn thành)"],
        ["1", "Tổ chức đêm hội", "Ban Phong trào", "26/3/2027"],
        ["2", "Gom số liệu hằng tuần", "Văn phòng", "Thứ Sáu hằng tuần"],
    ]
    document = docx.Document()
    for line in ("KẾ HOẠCH", "Tổ chức hội trại năm 2027", "I. PHÂN CÔNG"):
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    plan = read_bytes(stream.getvalue(), "a.docx")
    assert [(s.solution, s.kind, s.due, s.rule) for s in plan.schedules] == [
        (0, ScheduleKind.BY_DATE, dt.date(2027, 3, 26), None),
        (1, ScheduleKind.RECURRING, None, "FREQ=WEEKLY;BYDAY=FR"),
    ]


def test_labels_inside_one_line_part_who_leads_from_who_supports() -> None:
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nII. NHIỆM VỤ\n- Dựng trại ở bãi Sậy.\n"
        "+ Đơn vị chủ trì: Ban Phong trào; đơn vị phối hợp: Văn phòng."
    )
    assert [p.name for p in plan.solutions[0].leads] == ["Ban Phong trào"]
    assert [p.name for p in plan.solutions[0].supports] == ["Văn phòng"]
    assert [(a.party.name, a.role) for a in plan.assignments] == [
        ("Ban Phong trào", "lead"),
        ("Văn phòng", "coordinate"),
    ]


def test_list_under_a_label_is_its_value() -> None:
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nII. NHIỆM VỤ\n1. Nội dung: Dựng trại ở bãi Sậy.\n"
        "2. Đơn vị phối hợp:\n- Công an xã;\n- Trạm Y tế."
    )
    assert [s.text for s in plan.solutions] == ["Nội dung: Dựng trại ở bãi Sậy."]
    assert [(a.party.name, a.role) for a in plan.assignments] == [
        ("Công an xã", "coordinate"),
        ("Trạm Y tế", "coordinate"),
    ]


def test_paragraph_opens_a_list_of_shortcomings() -> None:
    plan = read_text(
        "KẾ HOẠCH\nKhắc phục hạn chế năm 2027\nI. TÌNH HÌNH\nMột số tồn tại:\n+ Lập phương án cho có.\n"
        "+ Áo phao cũ.\nII. NHIỆM VỤ\n- Mua áo phao mới trong quý I năm 2027."
    )
    assert [(s.ordinal, s.text) for s in plan.shortcomings] == [(1, "Lập phương án cho có."), (2, "Áo phao cũ.")]
    assert [s.text for s in plan.solutions] == ["Mua áo phao mới trong quý I năm 2027."]


def test_year_under_review_is_not_the_period() -> None:
    plan = read_text(
        "Sông Tranh, ngày 20 tháng 01 năm 2027\nKẾ HOẠCH\nKhắc phục hạn chế sau kiểm điểm năm 2026"
        "\nI. NHIỆM VỤ\n- Làm ngay."
    )
    assert (plan.header.period_start, plan.header.period_end) == (dt.date(2027, 1, 1), dt.date(2027, 12, 31))


def test_rows_parted_by_single_bars_are_a_table() -> None:
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nII. PHÂN CÔNG\nTT | Nội dung | Chủ trì | Thời gian\n"
        "1 | Dựng trại ở bãi Sậy | Ban Phong trào | Trước 20/5/2027\n2 | Nấu ăn cho trại sinh | Văn phòng | Tháng 6"
    )
    assert [(s.text, [p.name for p in s.leads]) for s in plan.solutions] == [
        ("Dựng trại ở bãi Sậy", ["Ban Phong trào"]),
        ("Nấu ăn cho trại sinh", ["Văn phòng"]),
    ]


def test_table_of_cells_ends_where_the_next_section_begins() -> None:
    cells = ["STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian", "1", "Dựng trại", "Văn phòng", "Quý I/2027"]
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nIII. PHÂN CÔNG\n" + "\n".join(cells) + "\nIV. TỔ CHỨC THỰC HIỆN\n"
        "1. Ban Phong trào\nChủ trì việc dựng trại."
    )
    assert [s.text for s in plan.solutions] == ["Dựng trại", "Chủ trì việc dựng trại."]


def test_months_as_headings_date_the_work_under_them() -> None:
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nII. LỊCH\nTháng 3:\n- Dựng trại ở bãi Sậy.\n"
        "- Thử loa đài trước ngày 10/3.\nTháng 4: Khai mạc hội trại ở bãi Sậy."
    )
    assert [(s.solution, s.due, s.inherited) for s in plan.schedules] == [
        (None, dt.date(2027, 3, 31), False),
        (1, dt.date(2027, 3, 9), False),
        (2, dt.date(2027, 4, 30), False),
        (0, dt.date(2027, 3, 31), True),
    ]
    assert [d["phrase"] for d in draft_as_json(plan)["deadlines"]] == ["Tháng 3", "trước ngày 10/3", "Tháng 4"]


def test_table_by_months_without_ordinals_is_read() -> None:
    plan = read_text(
        "KẾ HOẠCH\nTổ chức hội trại năm 2027\nII. LỊCH\nTháng\tNội dung công việc\tNgười phụ trách\tPhối hợp\n"
        "Tháng 3\tDựng trại ở bãi Sậy\tVăn phòng\tCông an xã\n\tThử loa đài\tBan Phong trào\tĐài truyền thanh xã"
    )
    assert [(s.text, [p.name for p in s.leads]) for s in plan.solutions] == [
        ("Dựng trại ở bãi Sậy", ["Văn phòng"]),
        ("Thử loa đài", ["Ban Phong trào"]),
    ]
    assert [(s.solution, s.due) for s in plan.schedules] == [(0, dt.date(2027, 3, 31)), (1, dt.date(2027, 3, 31))]


# --- lists of tasks, appendices, sentences without a mark, classes of communes ---


@pytest.mark.parametrize(
    ("heading", "items"),
    [
        ("I. NHIỆM VỤ TRỌNG TÂM", ["(1) Củng cố chi đoàn.", "(2) Chuyển đổi số."]),
        ("I. BA NHIỆM VỤ TRỌNG TÂM", ["Nhiệm vụ 1: Củng cố chi đoàn.", "Nhiệm vụ 2: Chuyển đổi số."]),
        ("I. CÁC ĐỘT PHÁ", ["Đột phá thứ nhất: củng cố chi đoàn.", "Đột phá thứ hai: chuyển đổi số."]),
        ("I. KHÂU ĐỘT PHÁ", ["Một là, củng cố chi đoàn.", "Hai là, chuyển đổi số."]),
    ],
)
def test_a_list_of_priority_tasks_is_known_by_its_labels(heading: str, items: list[str]) -> None:
    draft = read_text("\n".join(["KẾ HOẠCH", "Thử", "", heading, *items, "II. GIẢI PHÁP", "- Mở hai lớp tập huấn."]))
    kind = "breakthrough" if "ĐỘT PHÁ" in heading else "focus"
    assert [(t.list_kind, t.ordinal) for t in draft.priority_tasks] == [(kind, 1), (kind, 2)]
    assert len(draft.solutions) == 1


def test_numbered_work_under_priority_tasks_stays_work() -> None:
    draft = read_text("KẾ HOẠCH\nThử\n\nI. NHIỆM VỤ TRỌNG TÂM\n1. Mở hai lớp tập huấn.\n2. Trồng một rừng cây.")
    assert (len(draft.priority_tasks), len(draft.solutions)) == (0, 2)


def test_the_number_of_the_plan_in_its_appendix_is_no_cited_document() -> None:
    text = (
        "TỈNH ĐOÀN A\nSố: 12-KH/TĐTN\nKẾ HOẠCH\nThử\n\nI. GIẢI PHÁP\n- Theo Công văn số 3/UBND-VX ngày 02/01/2026.\n"
        "PHỤ LỤC\n(Kèm theo Kế hoạch số 12-KH/TĐTN ngày 05/01/2026)"
    )
    assert [r.symbol for r in read_text(text).references] == ["3/UBND-VX"]


def test_sentences_without_a_mark_are_shortcomings_where_a_numbered_heading_holds_nothing_else() -> None:
    text = (
        "KẾ HOẠCH\nThử\n\nI. HẠN CHẾ\n1. Về tổ chức\nMột số chi đoàn ít sinh hoạt.\n2. Về phong trào\n"
        "Những việc còn chậm như sau:\n- Chưa mở được lớp.\n3. Nguyên nhân\nNguyên nhân do thiếu cán bộ."
    )
    assert [s.text for s in read_text(text).shortcomings] == ["Một số chi đoàn ít sinh hoạt.", "Chưa mở được lớp."]


@pytest.mark.parametrize(("issuer", "kinds"), [("TỈNH ĐOÀN LÂM AN", ("grassroots",)), ("UBND TỈNH LÂM AN", ())])
@pytest.mark.parametrize("words", ["Mỗi xã, phường", "100% xã, phường", "Các xã, phường và đặc khu"])
def test_communes_that_the_union_gives_work_to_are_its_unions(issuer: str, kinds: tuple[str, ...], words: str) -> None:
    text = f"{issuer}\nSố: 1-KH/A\nKẾ HOẠCH\nThử\n\nI. GIẢI PHÁP\n- {words} tổ chức một ngày hội trước ngày 01/5/2026."
    draft = read_text(text)
    (solution,) = draft.solutions
    (schedule,) = draft.schedules
    assert [p.kinds for p in (*solution.leads, *schedule.owners)] == [kinds, kinds]
