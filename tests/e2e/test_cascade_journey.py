"""A plan goes down to ten communes: three answer in different ways, an item changes above, one takes the change."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
#: Each width sends a plan of its own, with an item of the communes that has a day ahead.
PLANS = {
    1280: ("Xây dựng chi đoàn mạnh", "kiện toàn bí thư các chi đoàn"),
    390: ("Khắc phục hạn chế", "công nhận lại danh sách chi đoàn"),
}
#: Ten communes: that of the login "xa", two more of its district, seven elsewhere.
COMMUNES = (
    "LG-SB-AH", "LG-SB-DT", "LG-SB-GS", "LG-TT-TH", "LG-TT-CG", "LG-BL-CV", "LG-BL-CC", "LG-HL", "LG-BM", "LG-DS",
)  # fmt: skip


def day_in(days: int) -> str:
    """Return the day so many days from today as people write it."""
    return f"{clock.today() + dt.timedelta(days=days):%d/%m/%Y}"


def figure(page: Page, words: str) -> int:
    """Return the number of a figure on top of the page."""
    return int(page.locator(".figures li", has_text=words).locator("b").inner_text())


def send_down(office: Page, title: str) -> str:
    """Send the plan down to the ten communes; return the address of its page."""
    office.goto("/plans/?status=published")
    office.get_by_role("link", name=re.compile(title)).first.click()
    office.get_by_role("link", name="Triển khai xuống", exact=True).click()
    office.wait_for_url(re.compile(r"/cascade/$"))
    page = office.url
    scan(office)
    office.get_by_role("link", name="Triển khai xuống đơn vị").first.click()
    office.fill("[name=units]", "\n".join(COMMUNES))
    office.fill("[name=due_on]", day_in(30))
    scan(office)
    office.get_by_role("button", name="Xem trước").click()
    expect(office.locator(".alert-info")).to_contain_text("10 đơn vị sẽ nhận kế hoạch này")
    scan(office)
    office.get_by_role("button", name="Triển khai xuống").click()
    office.wait_for_url(page)
    return page


def open_own(person: Page, title: str, unit: str) -> None:
    """Open the plan as sent down to a unit, from the list."""
    person.goto("/cascade/?below=1")
    rows = person.locator("tbody tr", has_text=title)
    rows.filter(has_text=unit).locator("td.main a").click()


def test_ten_communes_answer_and_the_office_watches(open_as: OpenAs, width: int) -> None:
    title, item = PLANS[width]
    office, commune, district = open_as("vanphong"), open_as("xa"), open_as("bithu")
    page = send_down(office, title)
    without_plan, diluted = figure(office, "chưa có kế hoạch của đơn vị"), figure(office, "thấp hơn yêu cầu")
    scan(office)
    accept_all(commune, title, item)
    office.goto(page)
    assert figure(office, "chưa có kế hoạch của đơn vị") == without_plan - 1
    adapt_a_day(district, title, item)
    declare_not_applicable(district, title)
    office.goto(page)
    assert figure(office, "thấp hơn yêu cầu") == diluted + 1
    office.goto(f"{page}?show=diluted")
    expect(office.locator("tbody tr", has_text="Đá Trắng")).to_have_count(1)
    for view in ("items", "pilots", "reports"):
        office.goto(f"{page}?view={view}")
        scan(office)

    change_day(office, page, item)
    office.goto(f"{page}?show=waiting")
    expect(office.locator("tbody tr", has_text="An Hòa")).to_have_count(1)
    take_the_change(commune, title, item)
    office.goto(f"{page}?show=waiting")
    expect(office.locator("tbody tr", has_text="An Hòa")).to_have_count(0)
    scan(office)


def accept_all(commune: Page, title: str, item: str) -> None:
    """Accept everything and start the own plan of it."""
    open_own(commune, title, "An Hòa")
    scan(commune)
    commune.get_by_role("button", name=re.compile("Nhận cả")).click()
    commune.get_by_role("link", name="Lập kế hoạch của đơn vị").click()
    scan(commune)
    commune.get_by_role("button", name="Lập bản nháp kế hoạch").click()
    commune.wait_for_url(re.compile(r"/plans/\d+/check/"))
    expect(commune.locator("main")).to_contain_text(item)


def adapt_a_day(district: Page, title: str, item: str) -> None:
    """Give one item a later day: the unit asks for less."""
    open_own(district, title, "Đá Trắng")
    district.locator(".item", has_text=item).get_by_role("link", name=re.compile("Trả lời khác")).click()
    district.get_by_label("Điều chỉnh", exact=True).check()
    district.get_by_label(re.compile("Thời hạn của đơn vị")).fill(day_in(300))
    scan(district)
    district.get_by_role("button", name="Lưu").click()
    expect(district.locator(".item", has_text=item)).to_contain_text("Lùi thời hạn")
    scan(district)


def declare_not_applicable(district: Page, title: str) -> None:
    """Say that nothing applies, with a reason."""
    open_own(district, title, "Gò Sim")
    district.get_by_text("Không nội dung nào áp dụng với đơn vị").click()
    district.locator("#all-reason").fill("Đơn vị đang sắp xếp lại tổ chức.")
    district.get_by_role("button", name="Báo không áp dụng").click()
    expect(district.locator(".item").first).to_contain_text("Đơn vị đang sắp xếp lại tổ chức.")


def take_the_change(commune: Page, title: str, item: str) -> None:
    """See what changed and follow it."""
    open_own(commune, title, "An Hòa")
    changed = commune.locator(".item", has_text=item)
    expect(changed.locator("ins")).to_contain_text(day_in(75))
    scan(commune)
    changed.get_by_role("button", name=re.compile("Nhận thay đổi")).click()
    expect(commune.locator(".item", has_text=item).locator(".change-offer")).to_have_count(0)


def change_day(office: Page, page: str, item: str) -> None:
    """Give the commitment of an item another last day."""
    office.goto(page.removesuffix("cascade/"))
    office.locator(".solution", has_text=item).locator(".commitments a").first.click()
    office.get_by_role("link", name="Thay đổi", exact=True).click()
    office.fill("[name=due]", day_in(75))
    office.fill("[name=reason]", "Trùng đợt sinh hoạt hè.")
    office.get_by_role("button", name="Xem trước thay đổi").click()
    office.get_by_role("button", name="Thực hiện thay đổi").click()
    office.wait_for_url(re.compile(r"/commitments/\d+/$"))
