"""Journeys of the office that changes what is published: an event gets its day, a series and one deadline move."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, open_rest, scan

pytestmark = pytest.mark.e2e
PUBLISHED = "/plans/?status=published"
PLAN = "Khắc phục hạn chế"  # the plan of the demo with an event and monthly work
#: Each width changes the monthly work of a solution of its own.
MONTHLY = {1280: "báo cáo tiến độ khắc phục khuyết điểm", 390: "tổ chức giao ban trực tuyến"}


def plan_of(office: Page) -> str:
    """Return the address of the plan, from the list of plans."""
    return office.get_by_role("link", name=PLAN).first.get_attribute("href") or ""


def day_in(days: int) -> str:
    """Return the day so many days from today as people write it."""
    return f"{clock.today() + dt.timedelta(days=days):%d/%m/%Y}"


def test_an_event_gets_its_day_and_the_chain_moves(open_as: OpenAs, width: int) -> None:
    office = open_as("vanphong", PUBLISHED)
    office.goto(f"{plan_of(office)}events/")
    scan(office)
    office.locator(".card h2 a, .card h3 a").first.click()
    office.wait_for_url(re.compile(r"/events/\d+/$"))
    event = office.url
    office.get_by_role("link", name=re.compile("Đặt ngày|Dời ngày")).click()
    day = day_in(60 if width > 1000 else 90)  # the second width moves what the first one gave
    office.get_by_label("Ngày của sự kiện").fill(day)
    office.get_by_role("button", name="Xem trước những gì sẽ dời").click()
    expect(office.locator("h2").first).to_contain_text(day)
    expect(office.locator(".figures li").first).to_contain_text("7")  # the last step, the one before, the five units
    scan(office)
    office.goto(event)
    expect(office.locator(".event-day")).not_to_contain_text(day)  # nothing moves before it is confirmed

    office.go_back()
    office.get_by_role("button", name=re.compile("Đặt ngày|Dời sự kiện")).click()
    expect(office.locator(".event-day")).to_contain_text(day)
    scan(office)
    expect(office.locator(".hung").first).to_contain_text("1 thời hạn, 1 đã có ngày")
    last_step = office.locator("main .card a", has_text="12.").first
    last_step.click()
    expect(office.locator("main")).not_to_contain_text("chưa có ngày hạn")


def test_a_series_changes_from_one_occurrence_on_and_one_deadline_alone(open_as: OpenAs, width: int) -> None:
    office = open_as("vanphong", PUBLISHED)
    office.goto(plan_of(office))
    solution = office.locator(".solution", has_text=MONTHLY[width])
    solution.get_by_role("link", name=re.compile("hằng tháng")).first.click()
    scan(office)
    office.get_by_role("link", name="Thay đổi từ một kỳ trở đi").click()
    office.get_by_label("Từ kỳ nào trở đi").select_option(index=1)
    office.fill("[name=month_day]", "20")
    expect(office.locator(".preview")).to_contain_text("20")  # what it means, before anything is asked
    office.fill("[name=reason]", "Để kịp tổng hợp báo cáo tháng.")
    scan(office)
    office.get_by_role("button", name="Xem trước thay đổi").click()
    moved = office.locator(".change table").first
    expect(moved.locator("tbody tr").first).to_contain_text("20/")
    scan(office)
    office.get_by_role("button", name="Thực hiện thay đổi").click()
    office.locator("dl.facts").get_by_role("link", name=re.compile("chậm nhất ngày 20, từ ngày")).click()  # goes on as
    expect(office.locator("dl.facts").first).to_contain_text("20")
    scan(office)

    office.locator("table tbody th a").first.click()  # one occurrence: its deadlines
    office.locator("table.rows tbody a").first.click()
    deadline = office.url
    move_only_this_one(office)
    expect(office).to_have_url(deadline)
    expect(office.locator(".lead-line")).to_contain_text(day_in(200))
    scan(office)


def move_only_this_one(office: Page) -> None:
    """Move the last day of one deadline."""
    open_rest(office)
    office.get_by_role("link", name="Đổi hạn riêng việc này").click()
    office.get_by_label("Hạn mới").fill(day_in(200))
    office.fill("[name=reason]", "Trùng kỳ nghỉ.")
    office.get_by_role("button", name="Xem trước thay đổi").click()
    expect(office.locator(".change tbody tr")).to_have_count(1)
    scan(office)
    office.get_by_role("button", name="Thực hiện thay đổi").click()


def test_the_working_calendar_is_read_from_the_calendar(open_as: OpenAs) -> None:
    office = open_as("vanphong", "/deadlines/calendar/")
    office.get_by_role("link", name="Lịch làm việc").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("Lịch làm việc")
    expect(office.get_by_text("Quốc khánh").first).to_be_visible()
    scan(office)
