"""The office goes from last year's ledger to this year's: reviews, the next draft, lineage, origins, the equation."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
PLAN = "Khắc phục tồn tại"
#: Each width reviews two of its own (numbers in last year's plan) and makes the draft of a year of its own.
REMEDIED = {1280: 4, 390: 7}
PARTLY = {1280: 6, 390: 5}
REMEDIED_BEFORE = {1280: 1, 390: 2}  # by the demo, then by the first width
CARRIED_ON = 1  # number 2 stands in the plan of this year already; so does number 4, which the first width remedies


def review(office: Page, number: int, says: str) -> None:
    """Record a review of the shortcoming with this number in the ledger that is open; come back to the ledger."""
    ledger = office.url
    row_of(office, number).locator("a[href^='/shortcomings/']").first.click()
    office.wait_for_url(re.compile(r"/shortcomings/\d+/$"))
    office.get_by_label("Ngày kiểm điểm").fill(f"{clock.today():%d/%m/%Y}")
    office.get_by_label("Hội nghị hoặc văn bản").fill("Kiểm điểm bổ sung của Ban Thường vụ")
    office.get_by_label(says, exact=True).check()
    office.get_by_role("button", name="Ghi kết quả").click()
    expect(office.locator(".page-head .chip")).to_have_text(says)
    expect(office.locator("ol.steps li").first).to_contain_text("Kiểm điểm bổ sung của Ban Thường vụ")
    scan(office)
    office.goto(ledger)


def row_of(office: Page, number: int) -> Locator:
    """Return the row of a ledger with this number."""
    return office.locator("table.ledger tbody tr", has=office.locator("td.main > strong", has_text=f"{number}."))


def add_and_mark(office: Page, left: int) -> None:
    """Add a shortcoming on the check page of the draft whose ledger is open, and say there that it is new."""
    draft = office.url
    office.goto(draft.replace("/ledger/", "/check/shortcoming/add/"))
    office.fill("[name=text]", "Một số câu lạc bộ ngừng sinh hoạt sau khi thành lập.")
    office.get_by_role("button", name="Lưu").first.click()
    office.wait_for_url(re.compile(r"/check/"))
    office.goto(draft)
    expect(office.locator(".equation")).to_contain_text(f"0 + {left} − 0 ≠ {left + 1}")
    scan(office)
    office.get_by_role("link", name="Xác định nguồn gốc ở dưới").click()
    row_of(office, left + 1).get_by_label("Mới", exact=True).check()
    office.get_by_role("button", name="Lưu nguồn gốc").click()
    expect(office.locator(".equation")).to_contain_text(f"1 + {left} − 0 = {left + 1}")


def test_next_years_ledger_is_built_from_last_years(open_as: OpenAs, width: int) -> None:
    office = open_as("vanphong", "/plans/?status=closed")
    office.get_by_role("link", name=PLAN).first.click()
    office.get_by_role("link", name="Khuyết điểm", exact=True).last.click()
    office.wait_for_url(re.compile(r"/plans/\d+/ledger/$"))
    old = office.url
    expect(office.locator(".equation")).to_contain_text("6 + 1 − 0 = 7")
    scan(office)
    review(office, REMEDIED[width], "Đã khắc phục")
    review(office, PARTLY[width], "Đã khắc phục một phần")

    office.get_by_role("link", name="Kế hoạch năm sau từ khuyết điểm còn lại").click()
    year = clock.today().year + (1 if width > 1000 else 2)
    office.fill("[name=year]", str(year))
    scan(office)
    office.get_by_role("button", name="Tạo bản nháp").click()
    office.wait_for_url(lambda url: "/ledger/" in url and "/next/" not in url and url != old)
    left = 7 - 1 - REMEDIED_BEFORE[width] - CARRIED_ON
    expect(office.locator("table.ledger tbody tr")).to_have_count(left)
    expect(office.locator(".equation")).to_contain_text(f"0 + {left} − 0 = {left}")
    expect(office.locator("table.ledger")).to_have_count(3)
    expect(office.locator("main")).not_to_contain_text("Lịch công tác tuần")  # remedied last year
    expect(office.get_by_text(re.compile(r"từ năm \d{4}, số \d"))).to_have_count(left)
    scan(office)

    add_and_mark(office, left)
    row_of(office, 1).locator("a[href^='/shortcomings/']").first.click()
    expect(office.locator(".lineage li")).to_have_count(2)
    office.locator(".lineage a").first.click()  # back to where it comes from
    expect(office.locator(".lineage")).to_contain_text(str(year))
    office.goto("/shortcomings/")
    expect(office.locator(".years tbody tr").first).to_contain_text(
        "4 + 2 − 0 = 6"
    )  # this year's; a draft counts nowhere
    scan(office)
