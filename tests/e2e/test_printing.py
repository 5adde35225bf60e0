"""Pages on paper: the browser prints them, and what stands in the file is read again."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenAs

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("width", [1280], ids=["desktop"])]

PLANS = "/plans/"
POINTS_A_MM = 72 / 25.4
A4 = (210, 297)  # mm
LEFT, RIGHT = 30, 20  # mm, as the Union's papers have them
TOLERANCE = 1.0  # mm: a glyph may stand out of its box
#: What is clicked stands on no paper.
CONTROLS = (
    "Đăng xuất",
    "Tìm kiếm",
    "Ctrl K",
    "Lọc danh sách",
    "Chuyển đến nội dung",
    "Đóng kế hoạch",
    "Công văn đôn đốc",
)


@dataclass(frozen=True)
class Sheet:
    """One page of the file: size and the outermost ink of its text in millimetres, and the text without gaps."""

    size: tuple[int, int]
    left: float
    right: float
    text: str


def printed(page: Page, address: str) -> list[Sheet]:
    """Open an address and print it."""
    page.goto(address)
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return [_sheet(sheet) for sheet in document]


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    text = page.get_textpage()
    words = text.get_text_range()
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    inked = [box for box in boxes if box[2] > box[0]]
    size = (round(page.get_width() / POINTS_A_MM), round(page.get_height() / POINTS_A_MM))
    left, right = min(box[0] for box in inked), max(box[2] for box in inked)
    return Sheet(size, left / POINTS_A_MM, right / POINTS_A_MM, "".join(words.split()))


def whole(sheets: list[Sheet]) -> str:
    """Return the text of all sheets, each without the number above it: a sentence may go over the page."""
    texts = (sheet.text.removeprefix(str(n)) if n > 1 else sheet.text for n, sheet in enumerate(sheets, 1))
    return "".join(texts)


def assert_fits(sheets: list[Sheet], size: tuple[int, int]) -> None:
    """Fail where a page is no A4 or text reaches into the margins."""
    for sheet in sheets:
        assert sheet.size == size
        assert sheet.left >= LEFT - TOLERANCE
        assert sheet.right <= size[0] - RIGHT + TOLERANCE


def first_plan(page: Page) -> str:
    """Return the address of the plan the demo follows with many solutions, from the list of plans."""
    link = page.get_by_role("link", name="Khắc phục hạn chế, khuyết điểm sau kiểm điểm")
    return link.first.get_attribute("href") or ""


def test_a_plan_is_printed_with_all_its_solutions_and_no_controls(open_as: OpenAs) -> None:
    page = open_as("vanphong", PLANS)
    address = first_plan(page)
    sheets = printed(page, address)
    solutions = page.locator(".solution > p:first-child").all_inner_texts()
    text = whole(sheets)
    assert len(solutions) > 20
    assert [s for s in solutions if "".join(s.split()) not in text] == []
    assert [word for word in CONTROLS if "".join(word.split()) in text] == []
    assert "118-KH/TĐTN-VP" in sheets[0].text
    assert f"{address}" in sheets[-1].text  # the whole address and the day stand at the end
    assert "Inlúc" in sheets[-1].text
    assert [sheet.text.startswith(str(n)) for n, sheet in enumerate(sheets[1:], 2)] == [True] * (len(sheets) - 1)
    assert_fits(sheets, A4)


def test_what_is_folded_on_the_screen_is_open_on_paper(open_as: OpenAs) -> None:
    page = open_as("vanphong", PLANS)
    sheets = printed(page, f"{first_plan(page)}?view=timeline")
    summary = page.locator("details.tl-table > summary")
    assert not page.locator("details.tl-table").evaluate("part => part.open")
    cell = page.locator("details.tl-table tbody tr th").last
    assert "".join((cell.text_content() or "").split()) in whole(sheets)
    assert "".join((summary.text_content() or "").split()) in whole(sheets)


@pytest.mark.parametrize(
    ("who", "address", "landscape"),
    [
        ("vanphong", "?view=matrix", True),
        ("vanphong", "?view=timeline", True),
        ("vanphong", "?view=document", False),
        ("vanphong", "ledger/", False),
        ("vanphong", "coverage/", True),
        ("vanphong", "/deadlines/?figure=total", False),
        ("vanphong", "/units/1/", False),
        ("vanphong", "/figures/", False),
        ("vanphong", "/overview/", True),
        ("lanhdao", "/evaluations/", False),
        ("lanhdao", "/inspections/1/", False),
    ],
)
def test_nothing_is_wider_than_the_page(open_as: OpenAs, who: str, address: str, *, landscape: bool) -> None:
    page = open_as(who, PLANS)
    sheets = printed(page, address if address.startswith("/") else f"{first_plan(page)}{address}")
    assert_fits(sheets, A4[::-1] if landscape else A4)


def test_the_head_of_a_table_stands_on_each_page(open_as: OpenAs) -> None:
    page = open_as("vanphong")
    sheets = printed(page, "/deadlines/?figure=total")
    assert len(sheets) > 2
    assert [sheet.text.count("Việcphảithựchiện") for sheet in sheets[:3]] == [1, 1, 1]


def test_the_text_for_a_chat_group_is_selected_and_copied(open_as: OpenAs) -> None:
    page = open_as("bithu", "/deadlines/")
    page.get_by_role("link", name="Nội dung gửi nhóm của danh sách này").click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sao chép nội dung").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#chat").input_value()
    assert copied.startswith("DANH SÁCH CÔNG VIỆC")
