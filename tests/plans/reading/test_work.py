"""How much the reader does for a text: counted calls, which no other program on the machine can falsify."""

import sys
from types import FrameType

import pytest

from plans.reading.commitments import MOST_RECORDS, NOT_READ_AFTER
from plans.reading.reader import read_text

LONGER = 4
#: Times the calls for four times the text: a step that looks at everything again for each thing takes up to sixteen.
GROWTH = 5.2

PIECES = [
    "…", ". ", "; ", "(", "“a” 100% ", "1% ", "12/KH-UBND 100% ", "12/KH-UBND ngày 01/02/2026 ", "Ban A - B ", "BTV ",
    "Sở Y tế; ", "Sở Y tế, Sở Nội vụ và ", "Sở Y tế tổ chức, ", "Giao Sở Y tế chủ trì; ", "phối hợp với Sở Y tế ",
    "chủ trì, phối hợp với Sở Y tế ", "Đơn vị chủ trì: Sở Y tế. ", "mỗi xã a ",
    "đồng chí Lê Văn A, Ủy viên Ban Thường vụ, ",
    "hằng tháng; ", "phiên họp hằng tháng (", "quá trình thực hiện, ", "trước ngày 1/2/2026; ", "tháng 1, 2, 3 và ",
    "phấn đấu xã a đạt chuẩn b ", "tổng hợp báo cáo về ", "nhóm giải pháp 1, 2 và 3 ",
]  # fmt: skip
SECTIONS = ["GIẢI PHÁP", "CHỈ TIÊU", "HẠN CHẾ", "NHIỆM VỤ TRỌNG TÂM", "TỔ CHỨC THỰC HIỆN"]


def calls(text: str) -> int:
    """Return how many functions, of Python and of C, reading `text` calls."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        read_text(text)
    finally:
        sys.setprofile(before)
    return count


def plan(section: str, lines: list[str]) -> str:
    """Return a plan with nothing but one section."""
    return f"KẾ HOẠCH\nThử\n\nI. {section}\n" + "\n".join(lines)


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_paragraph_costs_no_more_than_short_ones(piece: str) -> None:
    short = plan("GIẢI PHÁP", [f"- 1 {(piece * 2_400)[:2_400]}"])
    long = plan("GIẢI PHÁP", [f"- 2 {(piece * 9_600)[:9_600]}"])
    assert calls(long) < GROWTH * calls(short)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(
    "line", ["- họp hằng tháng", "(1) họp hằng tháng", "1. Sở Y tế\n- chủ trì 3 việc", "a\nb", "Tháng 3:\n- họp"]
)
def test_many_lines_cost_no_more_than_a_few(section: str, line: str) -> None:
    few = plan(section, [f"{line} {n} xong" for n in range(150)])
    many = plan(section, [f"{line} {n} xong nữa" for n in range(150 * LONGER)])
    assert calls(many) < GROWTH * calls(few)


def test_shortcomings_of_many_fields_and_as_many_groups_cost_no_more_than_a_few() -> None:
    def of(count: int, word: str) -> str:
        faults = [f"{n}. Việc chung {n} {word}\n- còn chậm" for n in range(count)]
        work = [f"{n}. Việc riêng {n} {word}\n- làm nhanh hơn" for n in range(count)]
        return plan("HẠN CHẾ", [*faults, "II. GIẢI PHÁP", *work])

    assert calls(of(400, "lớn")) < GROWTH * calls(of(100, "nhỏ"))


def test_a_text_of_more_times_than_any_plan_is_read_in_part_and_says_so() -> None:
    text = plan("GIẢI PHÁP", [f"- {n} " + "hằng tháng; " * 20 for n in range(3_000)])
    draft = read_text(text)
    assert MOST_RECORDS < len(draft.schedules) < MOST_RECORDS + 100
    assert draft.warnings == (f"{NOT_READ_AFTER}{draft.schedules[-1].span.paragraph + 2}",)
