"""A month of evaluation from the self score to the locked table: member, office, colleague, leader, member again."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
OPINION = "Nên đi cơ sở đều hơn, nhất là địa bàn xa."
REASON = "Phiên họp ghi nhận sáng kiến trong tháng."


def month_of(width: int) -> str:
    """Return the open month of the demo that a width takes to its end: last month, and the one before."""
    last = clock.today().replace(day=1) - dt.timedelta(days=1)
    return f"{last if width < 1000 else (last.replace(day=1) - dt.timedelta(days=1)):%m/%Y}"


def row_of(page: Page, month: str) -> Locator:
    """Open the list and return the row of a month."""
    page.goto("/reviews/")
    page.get_by_role("link", name="Đánh giá ủy viên hằng tháng").click()
    return page.locator("tbody tr", has=page.get_by_role("link", name=month, exact=True))


def score_self(page: Page, month: str, mark: str, *, look: bool = False) -> None:
    """Score oneself: two clicks from the list."""
    row_of(page, month).get_by_role("link", name=re.compile("Tự chấm điểm|Sửa điểm tự chấm")).click()
    page.locator("input.mark").fill(mark)
    page.get_by_label("Việc đã làm trong tháng").fill("Tham mưu hai nội dung, dự sinh hoạt ba chi đoàn.")
    if look:
        page.get_by_label("Khuyết điểm tự nhận").fill("Trả lời cơ sở còn chậm.")
        scan(page)
    page.get_by_role("button", name="Gửi điểm tự chấm").click()
    page.wait_for_url(re.compile(r"/evaluations/\d+/$"))
    if look:
        scan(page)


def open_round(page: Page, month: str) -> None:
    """Open the page of the whole month."""
    row_of(page, month).get_by_role("link", name=month, exact=True).click()
    page.wait_for_url(re.compile(r"/rounds/\d+/$"))


def test_a_month_from_self_score_to_locked_table(open_as: OpenAs, width: int) -> None:
    month = month_of(width)
    member, office, leader = (open_as(login) for login in ("ban", "vanphong", "lanhdao"))
    score_self(member, month, "91,5", look=True)
    own = member.url
    score_self(office, month, "90")
    score_self(leader, month, "92")

    open_round(office, month)
    scan(office)
    office.get_by_role("button", name="Chuyển sang góp ý của các ủy viên").click()
    expect(office.locator(".page-head .chip")).to_have_text("Góp ý của các ủy viên")
    give_opinion(leader, month)
    member.goto(own)
    expect(member.locator("main")).not_to_contain_text(OPINION)  # colleagues still speak

    put_before_a_meeting(office, month)
    decide_and_lock(leader, month)
    member.goto(own)
    expect(member.locator(".total")).to_contain_text("95,5")
    expect(member.locator("main")).to_contain_text(OPINION)
    expect(member.locator("main")).not_to_contain_text("Trần Quốc Hưng")  # who gave it
    scan(member)
    leader.goto("/evaluations/year/")
    expect(leader.locator("tbody tr", has_text="Võ Thanh Tùng")).to_contain_text("95,5")
    scan(leader)


def give_opinion(colleague: Page, month: str) -> None:
    """Say something of the member."""
    row_of(colleague, month).get_by_role("link", name=re.compile("Góp ý các ủy viên khác")).click()
    scan(colleague)
    colleague.get_by_role("link", name="Võ Thanh Tùng").click()
    colleague.locator("input.mark").fill("84")
    colleague.get_by_label("Ý kiến").fill(OPINION)
    scan(colleague)
    colleague.get_by_role("button", name="Gửi góp ý").click()
    expect(colleague.locator("tbody tr", has_text="Võ Thanh Tùng")).to_contain_text("đã góp ý")


def put_before_a_meeting(office: Page, month: str) -> None:
    """Plan a meeting on today and put the proposed scores before it."""
    today = f"{clock.today():%d/%m/%Y}"
    office.goto("/meetings/new/")
    office.fill("[name=day]", today)
    office.get_by_role("button", name="Lên lịch").click()
    office.wait_for_url(re.compile(r"/meetings/\d+/$"))
    open_round(office, month)
    office.get_by_role("link", name="Trình phiên họp").click()
    chosen = office.locator("select[name=meeting] option", has_text=today).last.get_attribute("value")
    office.select_option("select[name=meeting]", chosen)
    scan(office)
    office.get_by_role("button", name="Trình phiên họp này").click()
    expect(office.locator(".page-head .chip")).to_have_text("Quyết định tại phiên họp")


def decide_and_lock(leader: Page, month: str) -> None:
    """Record what the meeting decided, one score other than proposed, and lock the month."""
    open_round(leader, month)
    leader.get_by_role("link", name="Nhập điểm quyết định").click()
    row = leader.locator("tbody tr", has_text="Võ Thanh Tùng")
    row.locator("input.mark").fill("95,5")
    leader.get_by_role("button", name="Ghi điểm quyết định").click()
    expect(leader.get_by_role("alert")).to_contain_text("vì sao")  # the input stays
    row.get_by_label(re.compile("Lý do")).fill(REASON)
    scan(leader)
    leader.get_by_role("button", name="Ghi điểm quyết định").click()
    leader.get_by_label("Tôi đã kiểm tra").check()
    leader.get_by_role("button", name="Khóa tháng").click()
    expect(leader.locator(".page-head .chip")).to_have_text("Đã khóa")
    expect(leader.locator("tbody tr", has_text="Võ Thanh Tùng")).to_contain_text(REASON)
    scan(leader)


@pytest.fixture
def expected_complaint() -> str:
    """The refused decision answers 422, which the console tells."""
    return "422"
