"""Journeys of persons through the running project."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from doantracker.demo.people import DEMO_PASSWORD
from tests.e2e.conftest import OpenAs, fill_in_what_is_owed, scan

pytestmark = pytest.mark.e2e


def test_a_result_goes_from_the_unit_to_the_office_and_back(open_as: OpenAs) -> None:
    """The secretary reports in two clicks, the office confirms, the matrix changes word and colour."""
    secretary = open_as("xa")
    scan(secretary)
    row = secretary.locator("table.rows tbody").filter(has=secretary.locator("td.act a.btn-primary")).first
    identity = row.get_attribute("id") or ""
    pk = identity.removeprefix("d")
    before = _matrix_cell(open_as("vanphong"), secretary, pk)

    row.locator("td.act a", has_text="Báo cáo").click()  # first click
    mine = secretary.locator(f"#{identity}")
    expect(mine.get_by_role("button", name="Đã xong")).to_be_visible()
    scan(secretary)
    fill_in_what_is_owed(secretary)
    mine.get_by_role("button", name="Đã xong").click()  # second click
    expect(mine.locator(".chip", has_text="Chờ xác nhận")).to_be_visible()

    office = open_as("vanphong", "/confirmations/")
    scan(office)
    waiting = office.locator("tbody").filter(has=office.locator(f"a[href='/deadlines/{pk}/']"))
    waiting.get_by_role("checkbox").check()
    office.get_by_role("button", name="Xác nhận…", exact=True).click()
    scan(office)
    office.get_by_role("button", name="Xác nhận (1)", exact=True).click()
    expect(office.get_by_text(re.compile("Đã xác nhận 1 kết quả"))).to_be_visible()
    expect(office.locator(f"a[href='/deadlines/{pk}/']")).to_have_count(0)

    after = _matrix_cell(office, secretary, pk)
    assert before != after
    secretary.goto(f"/deadlines/{pk}/")
    expect(secretary.locator(".chips").first).to_contain_text("Hoàn thành")
    scan(secretary)


def _matrix_cell(office: Page, secretary: Page, pk: str) -> tuple[str, str]:
    """Return the words and the colours of the matrix cell that holds a deadline."""
    office.goto(f"/deadlines/{pk}/")
    unit = office.get_by_role("heading", level=1).inner_text()
    plan = office.locator("nav.crumbs a").first.get_attribute("href")
    office.goto(f"{plan}?view=matrix")
    scan(office)
    row = office.locator("table.matrix tbody tr").filter(has_text=unit)
    cells = row.locator("td")
    words = "|".join(cells.all_inner_texts())
    colours = "|".join(str(c.get_attribute("class")) for c in row.locator(".chip").all())
    return words, colours


@pytest.mark.parametrize(
    ("person", "addresses"),
    [
        ("vanphong", ["/", "/plans/", "/plans/import/", "/deadlines/", "/confirmations/", "/units/", "/notices/"]),
        ("lanhdao", ["/", "/plans/", "/deadlines/?state=overdue", "/confirmations/"]),
        ("ban", ["/", "/deadlines/"]),
        ("bithu", ["/", "/plans/", "/units/"]),
        ("chidoan", ["/", "/notices/"]),
        ("quantri", ["/", "/admin/", "/admin/units/unit/", "/admin/units/user/", "/admin/plans/reminderladder/"]),
    ],
)
def test_the_pages_of_each_role_have_no_fault_a_machine_can_find(
    open_as: OpenAs, person: str, addresses: list[str]
) -> None:
    page = open_as(person, addresses[0])
    scan(page)
    for address in addresses[1:]:
        page.goto(address)
        scan(page)


def test_every_view_of_a_plan_and_its_check_page(open_as: OpenAs) -> None:
    page = open_as("vanphong", "/plans/?status=published")
    plan = page.locator("table.data tbody a").first.get_attribute("href")
    for view in ("solutions", "matrix", "timeline", "document", "history"):
        page.goto(f"{plan}?view={view}")
        scan(page)
    page.goto("/plans/?status=draft")
    page.locator("table.data tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/plans/\d+/check/"))
    scan(page)


def test_a_report_needs_no_javascript(site: str, browser: Browser, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="vi-VN", base_url=site, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/login/")
    page.fill("[name=username]", "bithu")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main form button")
    page.locator("td.act a.btn-primary").first.click()
    fill_in_what_is_owed(page)
    page.get_by_role("button", name="Đã xong").click()
    expect(page).to_have_url(f"{site}/")
    expect(page.get_by_text("Đã gửi kết quả, chờ xác nhận.")).to_be_visible()
    context.close()
