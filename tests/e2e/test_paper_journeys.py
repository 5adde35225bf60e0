"""The office sends a progress report: prepared, worded, gathered again, numbered, taken along; a table by a job."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenAs, fill_in_what_is_owed, scan

pytestmark = pytest.mark.e2e
PLAN = "Khắc phục hạn chế"
NEXT = "Họp giao ban chuyên đề vào tuần tới."
WHOLE = "Các nội dung đang được thực hiện."
#: What the files of each form begin with.
FORMS = {"Word (.docx)": b"PK", "PDF (.pdf)": b"%PDF-", "Bảng tính (.xlsx)": b"PK"}
SECONDS_OF_A_JOB = 60_000


def press(page: Page) -> None:
    """Send the form of the page."""
    page.locator("main form button.btn-primary").last.click()


def prepare_report(office: Page) -> str:
    """Go from the plan to its papers and prepare the progress report; return the address of the plan."""
    office.goto("/plans/?status=published")
    plan = office.get_by_role("link", name=PLAN).first.get_attribute("href") or ""
    office.goto(plan)
    office.locator(".page-actions").get_by_role("link", name="Văn bản", exact=True).click()
    scan(office)
    office.get_by_role("link", name="Báo cáo tiến độ thực hiện kế hoạch").first.click()
    expect(office.locator(".sheet h2")).to_have_text("BÁO CÁO")
    scan(office)
    office.get_by_role("button", name="Lập văn bản").click()
    office.wait_for_url(re.compile(r"/papers/\d+/$"))
    scan(office)
    return plan


def finish_one(office: Page, plan: str) -> None:
    """Report one thing of the plan done that is overdue, with a number or a figure where it owes one."""
    number = re.findall(r"\d+", plan)[0]
    office.goto(f"/deadlines/?plan={number}&state=overdue")
    deadline = office.locator("#results td a[href^='/deadlines/']").first.get_attribute("href") or ""
    office.goto(f"{deadline}report/")
    fill_in_what_is_owed(office)
    office.get_by_role("button", name="Đã xong").click()
    office.goto(deadline)
    expect(office.locator(".chips").first).to_contain_text("Chờ xác nhận")


def take_along(office: Page, name: str) -> bytes:
    """Download what a link offers; return how the file begins."""
    with office.expect_download() as download:
        office.get_by_role("link", name=name, exact=True).click()
    return Path(download.value.path()).read_bytes()[:5]


def test_a_progress_report_is_prepared_numbered_and_taken_along(open_as: OpenAs) -> None:
    office = open_as("vanphong")
    plan = prepare_report(office)
    paper = office.url

    office.get_by_role("link", name="Sửa lời văn").click()
    scan(office)
    office.locator("textarea[name=next]").fill(NEXT)
    office.locator("textarea[name=whole]").fill(WHOLE)
    press(office)
    expect(office.locator(".sheet")).to_contain_text(NEXT)

    finish_one(office, plan)
    office.goto(paper)
    office.get_by_role("link", name="Lấy lại số liệu").click()
    expect(office.locator("table caption")).to_have_text("Những gì sẽ thay đổi")
    expect(office.locator("main table")).to_contain_text("quá hạn chưa hoàn thành")
    expect(office.get_by_label("lấy lại nội dung tổng hợp")).to_have_count(1)
    scan(office)
    press(office)
    expect(office.locator(".sheet")).to_contain_text(NEXT)
    expect(office.locator("main .alert.no-print")).to_contain_text("I. Tình hình chung – Đoạn 2")
    scan(office)
    office.locator("main .alert.no-print").get_by_role("link").click()
    expect(office.get_by_label("lấy lại nội dung tổng hợp")).to_have_count(2)
    scan(office)
    office.goto(paper)

    office.get_by_role("link", name="Cấp số").click()
    scan(office)
    for tick in office.locator("main form [type=checkbox]").all():  # what is open is known
        tick.check()
    press(office)
    expect(office.locator(".sheet-head")).to_contain_text(re.compile(r"Số: 32\d-BC/TĐTN"))
    expect(office.get_by_role("link", name="Lấy lại số liệu")).to_have_count(0)
    scan(office)
    for name, begins in FORMS.items():
        assert take_along(office, name).startswith(begins)

    office.goto("/deadlines/?state=overdue")
    office.get_by_role("link", name="Xuất bảng tính").click()
    scan(office)
    office.get_by_role("button", name="Xuất tệp").click()
    ready = office.locator("main").get_by_role("link", name="Tải về", exact=True)
    expect(ready).to_be_visible(timeout=SECONDS_OF_A_JOB)
    scan(office)
    assert take_along(office, "Tải về").startswith(b"PK")


def test_inspections_and_field_trips_go_out_as_papers(open_as: OpenAs) -> None:
    office = open_as("vanphong", "/inspections/")
    office.get_by_role("link", name="Kiểm tra công tác Đoàn và phong trào").first.click()
    inspection = office.url.partition("?")[0]
    for tab, kind in (("report", "BÁO CÁO"), ("conclusions", "KẾT LUẬN")):
        office.goto(f"{inspection}?tab={tab}")
        office.get_by_role("link", name="Lập thành văn bản").click()
        expect(office.locator(".sheet h2")).to_have_text(kind)
        scan(office)
    office.goto("/trips/coverage/")
    office.get_by_role("link", name="Lập thành văn bản").click()
    expect(office.locator(".sheet")).to_contain_text("Sổ theo dõi đi cơ sở")
    scan(office)
