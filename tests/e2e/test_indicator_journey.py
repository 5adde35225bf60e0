"""The journey of a target: thirty units entered by pasting a column, the total, the period closed and reopened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
TARGET = "ít nhất 92% đoàn viên"
UNITS = 30
#: The second width enters other figures than the first.
REACHED = {1280: 900, 390: 800}

PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def block(width: int) -> str:
    """Return two columns of thirty rows as a spreadsheet gives them: 1.000 members each, one more reached each row."""
    return "\r\n".join(f"{REACHED[width] + row}\t1.000" for row in range(UNITS)) + "\r\n"


def share_of(width: int) -> str:
    """Return the share that the block comes to, as the page writes it."""
    reached = sum(REACHED[width] + row for row in range(UNITS))
    text = f"{reached * 100 / (UNITS * 1000):.2f}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')} %"


def open_target(office: Page) -> None:
    """Open the target from the list of what is followed up."""
    office.goto("/indicators/")
    office.get_by_role("link", name=re.compile(TARGET)).first.click()
    expect(office.locator("h1")).to_contain_text(TARGET)


@pytest.mark.parametrize("expected_complaint", ["422"])
def test_thirty_units_by_pasting_a_column_then_closed_and_reopened(open_as: OpenAs, width: int) -> None:
    office = open_as("vanphong")
    open_target(office)
    target = office.url
    scan(office)
    office.locator("tfoot a", has_text="Nhập").last.click()  # the newest period
    grid = office.url
    expect(office.locator("tbody tr")).to_have_count(UNITS)
    scan(office)

    first = office.locator("tbody tr").first.locator("input[inputmode=decimal]").first
    first.focus()
    office.keyboard.press("Enter")
    expect(office.locator("tbody tr").nth(1).locator("input[inputmode=decimal]").first).to_be_focused()
    first.focus()
    first.evaluate(PASTE, block(width))
    last = office.locator("tbody tr").nth(UNITS - 1).locator("input[inputmode=decimal]")
    expect(last.first).to_have_value(str(REACHED[width] + UNITS - 1))
    expect(last.last).to_have_value("1.000")
    office.get_by_role("button", name="Lưu số liệu").click()

    expect(office.locator(".standing-line b")).to_have_text(share_of(width))
    total = sum(REACHED[width] + row for row in range(UNITS))
    expect(office.locator("tr.r-total td").last).to_contain_text(f"{total // 1000}.{total % 1000:03}/30.000")
    scan(office)

    office.locator("tfoot a", has_text="Khóa kỳ").last.click()
    scan(office)
    office.get_by_role("button", name="Khóa kỳ số liệu").click()
    expect(office.locator("thead th").last).to_contain_text("đã khóa")
    refused_while_closed(open_as, grid)

    office.goto(target)
    office.locator("tfoot a", has_text="Mở lại").last.click()
    office.get_by_role("button", name="Mở lại kỳ số liệu").click()
    expect(office.locator(".invalid-feedback")).to_be_visible()  # not without a reason
    office.get_by_label("Lý do mở lại").fill("Huyện đề nghị sửa số liệu.")
    scan(office)
    office.get_by_role("button", name="Mở lại kỳ số liệu").click()
    expect(office.locator("thead th").last).to_contain_text("đang mở")


def refused_while_closed(open_as: OpenAs, grid: str) -> None:
    """A secretary can't enter anything for the closed period."""
    secretary = open_as("bithu", re.sub(r"[?&]unit=\d+", "", grid).replace("/grid/&", "/grid/?"))
    expect(secretary.locator(".alert-warning")).to_contain_text("đã khóa")
    expect(secretary.get_by_role("button", name="Lưu số liệu")).to_have_count(0)
    scan(secretary)


def test_a_secretary_enters_an_own_result_in_two_taps_and_reads_a_pasted_text_first(open_as: OpenAs) -> None:
    secretary = open_as("xa", "/indicators/")
    scan(secretary)
    entry = secretary.locator(".entry").first
    for field in entry.locator("input[inputmode=decimal]").all():
        field.fill("1")
    entry.get_by_role("button", name="Lưu").click()
    expect(secretary.locator(".alert-success")).to_contain_text("Đã lưu kết quả")

    secretary.get_by_role("link", name=re.compile(TARGET)).last.click()
    scan(secretary)
    secretary.locator("tfoot a", has_text="Nhập").last.click()
    secretary.locator("#id_pasted").fill("46\t50")
    secretary.get_by_role("button", name="Đọc và xem trước").click()
    expect(secretary.locator("tr.new input[inputmode=decimal]").first).to_have_value("46")
    expect(secretary.locator(".alert-info")).to_contain_text("Chưa lưu gì")
    scan(secretary)
