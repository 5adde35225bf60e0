"""The journeys of a file: units founded from a template, results of an indicator corrected and entered."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e


def template(page: Page) -> Workbook:
    """Download the template of the page and open it as a person does."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp mẫu").click()
    book: Workbook = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    return book


def choose(page: Page, book: Workbook) -> None:
    """Choose the filled-in template and look at what it would do."""
    out = BytesIO()
    book.save(out)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.set_input_files("input[type=file]", {"name": "tep-mau.xlsx", "mimeType": mime, "buffer": out.getvalue()})
    page.get_by_role("button", name="Xem trước kết quả").click()
    expect(page.locator("h1")).to_have_text("Kết quả xem trước")


def columns(sheet: Any) -> dict[str, int]:
    """Return where the columns of a sheet stand, by their headings."""
    return {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[1]}


def test_units_from_a_file(open_as: OpenAs, width: int) -> None:
    admin = open_as("quantri", "/units/")
    top = admin.locator("tbody td[data-label='Mã']").first.inner_text()
    admin.get_by_role("link", name="Nhập từ Excel").click()
    scan(admin)
    code, name = f"NHAP-{width}", f"Đoàn phường Nhập Liệu {width}"
    book = template(admin)
    kind = str(book.worksheets[2]["A2"].value)
    book.worksheets[0].append([code, name, "không có loại này", top])
    choose(admin, book)
    expect(admin.locator("tbody tr").first).to_contain_text("không có loại này")
    expect(admin.get_by_role("button", name=re.compile("^Nhập "))).to_have_count(0)
    scan(admin)

    admin.get_by_role("link", name="Chọn tệp đã sửa").click()
    book.worksheets[0]["C2"] = kind
    choose(admin, book)
    expect(admin.locator("tbody tr").first).to_contain_text(name)
    scan(admin)
    admin.get_by_role("button", name="Nhập 1 dòng").click()
    expect(admin.locator(".alert-success")).to_contain_text("Mới: 1")
    admin.goto(f"/units/?q={code}")
    expect(admin.locator("tbody")).to_contain_text(name)


def test_results_of_indicators_from_a_file(open_as: OpenAs) -> None:
    office = open_as("vanphong", "/indicators/")
    office.get_by_role("link", name="Nhập từ Excel").click()
    plan = office.locator("option", has_text="41-KH").first.get_attribute("value")
    office.get_by_label("Cho kế hoạch nào").select_option(plan)
    scan(office)
    office.get_by_role("button", name="Tiếp tục").click()
    book = template(office)  # it begins with the units that have given nothing yet
    sheet = book.worksheets[0]
    at = columns(sheet)
    sheet.cell(2, at["Số đạt"], 45)
    sheet.cell(2, at["Tổng số"], "năm mươi")
    choose(office, book)
    expect(office.locator("section table tbody tr")).to_have_count(1)
    expect(office.locator("section table tbody tr")).to_contain_text("năm mươi")
    scan(office)

    office.get_by_role("link", name="Chọn tệp đã sửa").click()
    sheet.cell(2, at["Tổng số"], 50)
    choose(office, book)
    expect(office.locator("section table tbody tr")).to_contain_text("45")
    scan(office)
    office.get_by_role("button", name="Nhập 1 dòng").click()
    expect(office.locator(".alert-success")).to_contain_text("Mới: 1")
