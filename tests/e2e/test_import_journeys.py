"""The journeys of a file: units founded from a template, results of an indicator corrected and entered."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e


def filled(page: Page, *rows: list[object]) -> dict[str, object]:
    """Download the template of the page and fill it in as a person does; return it as a file to choose."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp mẫu").click()
    book = load_workbook(Path(download.value.path()))
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "tep-mau.xlsx", "mimeType": mime, "buffer": out.getvalue()}


def choose(page: Page, file: dict[str, object]) -> None:
    """Choose a file and look at what it would do."""
    page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]  # a file made in memory
    page.get_by_role("button", name="Xem trước kết quả").click()
    expect(page.locator("h1")).to_have_text("Kết quả xem trước")


def test_units_from_a_file(open_as: OpenAs, width: int) -> None:
    admin = open_as("quantri")
    admin.goto("/units/")
    top = admin.locator("tbody td[data-label='Mã']").first.inner_text()
    admin.get_by_role("link", name="Nhập từ Excel").click()
    scan(admin)
    code, name = f"NHAP-{width}", f"Đoàn phường Nhập Liệu {width}"
    kind = "Xã, phường"
    kinds = load_workbook(BytesIO(filled(admin)["buffer"])).worksheets[2]  # type: ignore[arg-type]
    kind = str(kinds["A2"].value)

    choose(admin, filled(admin, [code, name, "không có loại này", top]))
    expect(admin.locator("#findings")).to_contain_text("Cần sửa")
    expect(admin.locator("tbody tr").first).to_contain_text("không có loại này")
    scan(admin)

    admin.get_by_role("link", name="Chọn tệp đã sửa").click()
    choose(admin, filled(admin, [code, name, kind, top]))
    expect(admin.locator("#changes")).to_be_visible()
    scan(admin)
    admin.get_by_role("button", name=re.compile("Nhập 1 dòng")).click()
    expect(admin.locator(".alert-success")).to_contain_text("Mới: 1")
    admin.goto(f"/units/?q={code}")
    expect(admin.locator("tbody")).to_contain_text(name)


def test_results_of_an_indicator_from_a_file(open_as: OpenAs, width: int) -> None:
    office = open_as("vanphong")
    office.goto("/indicators/")
    office.get_by_role("link", name="Nhập từ Excel").click()
    scan(office)
    office.get_by_role("button", name="Tiếp tục").click()
    book = load_workbook(BytesIO(filled(office)["buffer"]))  # type: ignore[arg-type]
    codes = book.worksheets[2]
    heads = {codes.cell(1, at).value: at for at in range(1, codes.max_column + 1)}
    indicator, unit = (codes.cell(2, heads[head]).value for head in ("Số thứ tự chỉ tiêu", "Mã đơn vị"))

    choose(office, filled(office, [indicator, "KHONG-CO", None, 5], [999, unit, None, 5]))
    expect(office.locator("section table tbody tr")).to_have_count(2)
    expect(office.get_by_role("button", name=re.compile("^Nhập "))).to_have_count(0)
    scan(office)
    office.get_by_role("link", name="Chọn tệp đã sửa").click()
    expect(office.locator("h1")).to_contain_text("Kết quả")
