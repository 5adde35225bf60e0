"""A feedback round from preparing it to the printed reply, with a former member who contributes without a log-in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
SAID = "Cần dành nhiều thời gian hơn cho cơ sở."
REPLY = "Tiếp thu, mỗi quý đi cơ sở ít nhất hai lần."


def prepared(office: Page, title: str) -> None:
    """Prepare and open a round about the standing committee, all of it today, in which one guest is asked."""
    office.goto("/feedback/")
    scan(office)
    office.get_by_role("link", name="Chuẩn bị đợt góp ý").click()
    office.fill("[name=title]", title)
    office.fill("[name=consolidated_by]", "Văn phòng Tỉnh đoàn Lam Giang")
    for name in ("contributions_by", "report_by", "meeting_on", "reply_by"):
        office.fill(f"[name={name}]", f"{clock.today():%d/%m/%Y}")
    office.check("[name=collectives][value=standing_committee]")
    office.fill("[name=guests]", "Bà Tư, nguyên Ủy viên")
    scan(office)
    office.locator("main form button.btn-primary").click()
    office.wait_for_url(re.compile(r"/feedback/\d+/$"))
    expect(office.locator(".alert-warning")).to_contain_text("dưới ba nơi")
    office.locator("[name=confirmed]").check()
    office.get_by_role("button", name="Mở đợt góp ý").click()
    scan(office)


def link_of(office: Page) -> str:
    """Make the link of the guest and return it."""
    office.get_by_role("link", name="Khách mời và đường dẫn").click()
    office.get_by_role("button", name="Tạo đường dẫn cho mọi khách chưa có").click()
    address = office.locator(".slip input").input_value()
    scan(office)
    return address


def contributed(browser: Browser, address: str) -> None:
    """Open the link on a telephone, logged out, and hand in what a former member has to say."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN", bypass_csp=True)
    guest = context.new_page()
    guest.goto(address)
    expect(guest.locator(".nav-main")).to_have_count(0)
    scan(guest)
    guest.locator(".about textarea").first.fill(SAID)
    guest.locator("[name=final]").check()
    guest.locator("main form button.btn-primary").click()
    expect(guest.locator(".alert-success")).to_contain_text("Trân trọng cảm ơn")
    scan(guest)
    guest.goto(address)
    expect(guest.locator("main")).not_to_contain_text(SAID)
    context.close()


def close_step(office: Page, name: str) -> None:
    """Close the step the round is in."""
    office.get_by_role("button", name=f"Kết thúc bước “{name}”").click()


def met(office: Page, page: str) -> None:
    """Record that the review meeting was held."""
    office.locator(".facts a", has_text="Hội nghị kiểm điểm").click()
    office.get_by_role("link", name="Ghi nhận phiên họp").click()
    office.locator("main form button.btn-primary").click()
    expect(office.locator(".alert-success")).to_be_visible()
    office.goto(page)


def answered(office: Page) -> None:
    """Answer the one contribution on the page of all of them, which names nobody."""
    office.get_by_role("link", name="Tổng hợp ý kiến góp ý").click()
    expect(office.locator("main")).not_to_contain_text("Bà Tư")
    scan(office)
    office.locator(".contribution a").first.click()
    office.get_by_label("Tiếp thu", exact=True).check()
    office.fill("[name=text]", REPLY)
    scan(office)
    office.locator("main form button.btn-primary").click()
    expect(office.locator(".answer")).to_contain_text(REPLY)


def printed(office: Page) -> None:
    """Look at the notice of the reply as it is printed."""
    office.get_by_role("link", name="Thông báo tiếp thu").click()
    expect(office.get_by_role("button", name="In", exact=True)).to_be_visible()
    scan(office)
    office.emulate_media(media="print")
    expect(office.locator(".paper-head")).to_be_visible()
    expect(office.get_by_role("button", name="In", exact=True)).to_be_hidden()
    for words in (SAID, REPLY, "Tiếp thu một ý kiến."):
        expect(office.locator(".paper")).to_contain_text(words)
    expect(office.locator("main")).not_to_contain_text("Bà Tư")


@pytest.mark.parametrize("expected_complaint", ["status of 422"])  # the browser notes it in its console
def test_a_round_with_an_anonymous_guest_ends_in_a_printed_reply(
    open_as: OpenAs, browser: Browser, width: int
) -> None:
    office = open_as("vanphong")
    prepared(office, f"Góp ý Ban Thường vụ, lượt {width}")
    page = office.url
    contributed(browser, link_of(office))

    office.goto(page)
    expect(office.locator(".figures")).to_contain_text("1/1")
    expect(office.locator("main")).not_to_contain_text(SAID)  # read when the step is closed
    office.locator("[name=confirmed]").check()  # the links work until the end of the day
    close_step(office, "Lấy ý kiến góp ý")
    office.locator("main table th a").first.click()
    expect(office.locator("main")).to_contain_text(SAID)
    scan(office)
    office.fill("[name=text]", "Ban Thường vụ đã kiểm điểm.")
    office.get_by_role("button", name="Gửi báo cáo kiểm điểm").click()
    office.goto(page)
    close_step(office, "Báo cáo kiểm điểm")
    met(office, page)
    close_step(office, "Hội nghị kiểm điểm")

    answered(office)
    office.goto(page)
    close_step(office, "Kết quả và thông báo tiếp thu")
    expect(office.locator(".alert-danger")).to_contain_text("kết quả kiểm điểm")
    office.goto(page)
    office.get_by_role("link", name="Ghi kết quả kiểm điểm").click()
    office.fill("[name=text]", "Tiếp thu một ý kiến.")
    office.locator("main form button.btn-primary").click()
    close_step(office, "Kết quả và thông báo tiếp thu")
    expect(office.locator(".page-head .chip")).to_contain_text("Đã kết thúc")

    printed(office)
