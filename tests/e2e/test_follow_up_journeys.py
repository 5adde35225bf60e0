"""Journeys along a deadline: returned with a reason, a later day asked for and decided, put on hold, taken back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, fill_in_what_is_owed, open_rest, scan
from tests.files import jpeg

pytestmark = pytest.mark.e2e
OF_THE_PROVINCE = "TĐTN"  # in the symbols of the plans that the province issues


def owed_row(secretary: Page) -> str:
    """Return the id of a deadline the secretary may report now."""
    secretary.goto("/")
    rows = secretary.locator("table.rows tbody", has_text=OF_THE_PROVINCE)
    row = rows.filter(has=secretary.locator("td.act a.btn-primary")).last
    return (row.get_attribute("id") or "").removeprefix("d")


def dated_row(secretary: Page) -> str:
    """Return the id of open work with a day for which no later day is asked yet."""
    secretary.goto("/deadlines/?whose=mine&status=assigned&sort=due")
    for identity in [
        row.get_attribute("id") or "" for row in secretary.locator("table.rows tbody", has_text=OF_THE_PROVINCE).all()
    ]:
        pk = identity.removeprefix("d")
        secretary.goto(f"/deadlines/{pk}/")
        if secretary.locator(f"a[href='/deadlines/{pk}/later/']").count():
            return pk
    pytest.fail("No open work with a day in the demo")


def hand_in(secretary: Page, pk: str) -> None:
    """Report a deadline done, with a photo, and with a document number or a figure where the work owes one."""
    secretary.goto(f"/deadlines/{pk}/report/")
    secretary.locator("input[multiple]").set_input_files(
        {"name": "ra-quan.jpg", "mimeType": "image/jpeg", "buffer": jpeg(64, 48)}
    )
    fill_in_what_is_owed(secretary)
    secretary.get_by_role("button", name="Đã xong").click()
    secretary.goto(f"/deadlines/{pk}/")


def test_the_office_returns_a_result_with_a_reason_and_the_unit_sees_it(open_as: OpenAs) -> None:
    secretary = open_as("xa")
    pk = owed_row(secretary)
    hand_in(secretary, pk)
    expect(secretary.locator(".desk").first).to_contain_text("Tỉnh đoàn")  # on whose desk, since when
    expect(secretary.locator(".desk").first).to_contain_text("hôm nay")
    scan(secretary)

    office = open_as("vanphong", f"/deadlines/{pk}/")
    scan(office)
    office.get_by_role("link", name="Trả lại kèm lý do").click()
    scan(office)
    office.fill("[name=reason]", "Thiếu danh sách đoàn viên tham gia.")
    office.get_by_role("button", name="Trả lại").click()
    expect(office.locator(".chips").first).to_contain_text("Bị trả lại")

    secretary.goto("/")
    mine = secretary.locator(f"#d{pk}")
    expect(mine).to_contain_text("Thiếu danh sách đoàn viên tham gia.")
    scan(secretary)
    secretary.goto("/notices/")
    expect(secretary.locator(f".inbox a[href*='{pk}']").first).to_be_visible()
    secretary.goto(f"/deadlines/{pk}/")
    expect(secretary.get_by_text("Thiếu danh sách đoàn viên tham gia.").first).to_be_visible()


def test_a_secretary_asks_for_a_later_day_and_a_leader_decides(open_as: OpenAs) -> None:
    secretary = open_as("xa")
    pk = dated_row(secretary)
    secretary.get_by_role("link", name="Xin gia hạn").click()
    scan(secretary)
    day = f"{clock.today() + dt.timedelta(days=300):%d/%m/%Y}"
    secretary.fill("[name=day]", day)
    secretary.fill("[name=reason]", "Mưa lũ kéo dài, chi đoàn bị chia cắt.")
    secretary.locator("main form button.btn-primary").click()
    expect(secretary).to_have_url(re.compile(rf"/deadlines/{pk}/$"))
    expect(secretary.locator("#later .desk")).to_contain_text("Tỉnh đoàn")
    scan(secretary)

    leader = open_as("lanhdao")
    decide_about(leader, pk, "Đồng ý vì lý do khách quan.")
    scan(leader)
    leader.get_by_role("button", name="Cho gia hạn", exact=True).click()
    expect(leader.get_by_text("Đã cho gia hạn.")).to_be_visible()
    secretary.goto(f"/deadlines/{pk}/")
    expect(secretary.locator(".lead-line")).to_contain_text(day)


def decide_about(page: Page, pk: str, words: str) -> None:
    """Open the request about a deadline from the queue and write words."""
    page.goto("/extensions/")
    scan(page)
    line = page.locator("tbody tr").filter(has=page.locator(f"a[href='/deadlines/{pk}/#later']"))
    line.get_by_role("link", name="Xem xét").click()
    page.fill("[name=words]", words)


@pytest.mark.parametrize("expected_complaint", ["status of 409"])  # the browser notes it in its console
def test_the_second_of_two_who_decide_sees_both_sides(open_as: OpenAs) -> None:
    secretary = open_as("bithu")
    pk = dated_row(secretary)
    secretary.get_by_role("link", name="Xin gia hạn").click()
    secretary.fill("[name=day]", f"{clock.today() + dt.timedelta(days=300):%d/%m/%Y}")
    secretary.fill("[name=reason]", "Trùng lịch bầu cử.")
    secretary.locator("main form button.btn-primary").click()
    leader, office = open_as("lanhdao"), open_as("vanphong")
    decide_about(leader, pk, "Đồng ý vì lý do khách quan.")
    decide_about(office, pk, "Không đồng ý, còn kịp.")
    leader.get_by_role("button", name="Cho gia hạn", exact=True).click()
    office.get_by_role("button", name="Không đồng ý").click()  # a moment later
    expect(office.locator(".conflict")).to_contain_text("Đồng ý vì lý do khách quan.")
    expect(office.locator("[name=words]")).to_have_value("Không đồng ý, còn kịp.")
    scan(office)


def test_work_is_put_on_hold_and_goes_on_and_a_report_is_taken_back(open_as: OpenAs) -> None:
    secretary, office = open_as("bithu"), open_as("vanphong")
    pk = dated_row(secretary)
    office.goto(f"/deadlines/{pk}/")
    open_rest(office)
    office.get_by_role("link", name="Tạm hoãn").click()
    office.fill("[name=reason]", "Chờ hướng dẫn về kinh phí.")
    scan(office)
    office.locator("main form button.btn-primary").click()
    expect(office.locator(".chips").first).to_contain_text("Tạm hoãn")
    scan(office)
    secretary.goto("/")
    expect(secretary.locator("section[aria-labelledby=s-hold]").locator(f"#d{pk}")).to_be_visible()
    scan(secretary)
    office.get_by_role("link", name="Tiếp tục thực hiện").click()
    scan(office)
    office.locator("main form button.btn-primary").click()
    expect(office.locator(".chips").first).to_contain_text("Chưa thực hiện")

    hand_in(secretary, pk)
    secretary.get_by_role("link", name="Rút báo cáo").click()
    scan(secretary)
    secretary.locator("main form button.btn-primary").click()
    expect(secretary.locator(".chips").first).to_contain_text("Đang thực hiện")


@pytest.mark.parametrize(("person", "address"), [("ban", "/substitutions/"), ("xa", "/deadlines/rights/")])
def test_pages_about_rights_have_no_fault_a_machine_can_find(open_as: OpenAs, person: str, address: str) -> None:
    page = open_as(person)
    page.goto(address)
    scan(page)
