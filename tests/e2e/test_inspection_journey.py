"""An inspection from the programme to the last closed conclusion: the office, the head on a phone, the unit."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
HEAD = "Trần Quốc Hưng"


def save(page: Page) -> None:
    """Send the form of the page."""
    page.locator("main form button.btn-primary").last.click()


def plan_and_announce(office: Page, title: str) -> str:
    """Put an inspection of the district into the programme for today and tell it; return its address."""
    office.goto("/reviews/")
    office.get_by_role("link", name="Kiểm tra, giám sát").click()
    scan(office)
    office.get_by_role("link", name="Thêm đợt kiểm tra").click()
    office.fill("[name=title]", title)
    office.get_by_label("Trưởng đoàn").select_option(label=HEAD)
    office.fill("[name=visits]", f"LG-SB; {clock.today():%d/%m/%Y}")
    scan(office)
    save(office)
    expect(office.locator(".chips").first).to_contain_text("Trong chương trình")
    address = office.url
    scan(office)
    office.get_by_role("link", name="Thông báo đến các đơn vị").click()
    office.fill("[name=preparation]", "Báo cáo công tác Đoàn\nSổ đoàn viên")
    office.fill("[name=days]", "0")
    scan(office)
    save(office)
    expect(office.locator(".chips").first).to_contain_text("Đã thông báo")
    return address


def prepare_and_ask(unit: Page, title: str) -> str:
    """Read what is to be prepared, report it done, and ask the team for something; return the visit's address."""
    unit.goto("/inspections/")
    scan(unit)
    unit.get_by_role("link", name=title).first.click()
    visit = unit.url
    expect(unit.locator("#preparation")).to_contain_text("Sổ đoàn viên")
    scan(unit)
    unit.get_by_role("link", name="Gửi kiến nghị đến đoàn").click()
    unit.fill("[name=text]", "Đề nghị làm việc vào buổi chiều.")
    scan(unit)
    save(unit)
    expect(unit.locator("#requests")).to_contain_text("chờ đoàn kiểm tra trả lời")
    report_done(unit, unit.get_by_role("link", name="Báo cáo đã chuẩn bị xong").get_attribute("href") or "")
    return visit


def report_done(unit: Page, deadline: str) -> None:
    """Report a deadline done."""
    unit.goto(f"{deadline}report/")
    unit.get_by_role("button", name="Đã xong").click()
    unit.goto(deadline)
    expect(unit.locator(".chips").first).to_contain_text("Chờ xác nhận")


def visit_unit(head: Page, address: str, visit: str) -> None:
    """Answer the unit, fill in the checklist, record the visit and end the visits with a report owed by a day."""
    head.goto(visit)
    scan(head)
    head.get_by_role("link", name="Trả lời kiến nghị").click()
    head.fill("[name=words]", "Đồng ý, 14 giờ.")
    save(head)
    head.get_by_role("link", name="Ghi kết quả theo đề cương").click()
    scan(head)
    head.locator(".marks").nth(0).get_by_text("Đạt", exact=True).click()
    head.locator(".marks").nth(1).get_by_text("Chưa đạt", exact=True).click()
    head.locator("fieldset input[type=text]").nth(1).fill("Thiếu sổ thu.")
    save(head)
    expect(head.locator(".findings").first).to_contain_text("Thiếu sổ thu.")
    scan(head)
    head.get_by_role("link", name="Đã làm việc với đơn vị").click()
    save(head)
    head.get_by_role("link", name="Kết thúc kiểm tra tại đơn vị").click()
    head.locator("[name=meeting]").select_option("")
    head.fill("[name=due]", f"{clock.today() + dt.timedelta(days=7):%d/%m/%Y}")
    scan(head)
    save(head)
    expect(head.locator(".chips").first).to_contain_text("Chờ báo cáo")
    head.goto(f"{address}?tab=checklist")
    scan(head)


def report_and_conclude(page: Page, address: str) -> None:
    """Hand in the report, draft a conclusion and issue it."""
    page.goto(f"{address}report/")
    page.fill("[name=text]", "Đơn vị thực hiện tốt, còn thiếu sổ thu.")
    scan(page)
    save(page)
    expect(page.locator(".chips").first).to_contain_text("Đã nộp báo cáo")
    page.get_by_role("link", name="Dự thảo kết luận").click()
    page.fill("[name=text]", "Lập đủ sổ thu đoàn phí.")
    page.fill("[name=due]", f"{clock.today() + dt.timedelta(days=30):%d/%m/%Y}")
    page.get_by_label("Người theo dõi").select_option(label=HEAD)
    scan(page)
    save(page)
    expect(page.locator(".agenda")).to_contain_text("Lập đủ sổ thu đoàn phí.")
    scan(page)
    page.get_by_role("link", name="Ban hành kết luận").click()
    page.fill("[name=symbol]", "09-KL/TĐTN")
    save(page)
    expect(page.locator(".chips").first).to_contain_text("Đã ban hành kết luận")


def test_an_inspection_goes_from_the_programme_to_the_last_closed_conclusion(open_as: OpenAs, width: int) -> None:
    office, head, unit = open_as("vanphong"), open_as("lanhdao"), open_as("bithu")
    title = f"Kiểm tra thử {width}"
    address = plan_and_announce(office, title)
    visit = prepare_and_ask(unit, title)
    visit_unit(head, address, visit)
    report_and_conclude(head, address)

    unit.goto(visit)
    expect(unit.locator("#requests")).to_contain_text("Đồng ý, 14 giờ.")
    unit.locator("#conclusions .agenda a").first.click()
    conclusion = unit.url
    scan(unit)
    deadline = unit.locator(".task a").first.get_attribute("href") or ""
    report_done(unit, deadline)
    office.goto(deadline)
    office.get_by_role("button", name="Xác nhận").first.click()
    expect(office.locator(".chips").first).to_contain_text("Hoàn thành")

    head.goto("/conclusions/?state=result_to_close")
    scan(head)
    head.goto(conclusion)
    head.fill("[name=words]", "Đã xem sổ thu tại đơn vị.")
    scan(head)
    save(head)
    expect(head.locator(".chips").first).to_contain_text("Đã kết thúc")
    office.goto(address)
    expect(office.locator(".chips").first).to_contain_text("Đã kết thúc theo dõi")
    scan(office)
