"""A year of trips against the quota: registered, approved, prepared, gone, reported; the quota page adds them up."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from doantracker.demo.trips import FIRST_WEEKS
from doantracker.lib import clock
from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e
#: Each width goes to a unit and on days of its own.
PLACE = {1280: "Đoàn xã Tân Lộc", 390: "Đoàn xã An Hòa"}
NAME = "Lý Bích Đào"  # the traveller: far from the 60 days


def written(back: int) -> str:
    """Return the day so many days before the last one of the demo's quota that has passed, as people write it."""
    today = clock.today()
    last = dt.date((today - dt.timedelta(days=FIRST_WEEKS)).year, 12, 14)
    return f"{min(today, last) - dt.timedelta(days=back):%d/%m/%Y}"


def days_of(page: Page) -> tuple[int, int]:
    """Return the days counted and the days short of the traveller on the page of the quota."""
    page.goto("/trips/quotas/")
    page.get_by_role("link", name="60 ngày đi cơ sở").first.click()
    row = page.locator(".quota-table tbody tr", has_text=NAME)
    counted, short = (re.findall(r"\d+", row.locator("td.num").nth(n).inner_text())[0] for n in (0, 1))
    return int(counted), int(short)


def test_a_trip_is_registered_approved_made_and_counted(open_as: OpenAs, width: int) -> None:
    traveller, leader = open_as("docgia"), open_as("lanhdao")
    back = 20 if width > 1000 else 25  # days ago: each width has days of its own
    before = days_of(traveller)
    scan(traveller)

    register(traveller, width, back)
    trip = traveller.url
    leader.goto(trip)
    scan(leader)
    leader.get_by_role("button", name="Duyệt chuyến đi").click()
    expect(leader.locator(".page-head .chips")).to_contain_text("Đã duyệt")
    assert days_of(traveller) == before  # only gone is counted

    traveller.goto(trip)
    traveller.get_by_role("link", name="Nhập nội dung chuẩn bị").click()
    expect(traveller.get_by_text("bị ghi là muộn")).to_be_visible()
    scan(traveller)
    traveller.get_by_label("Nội dung", exact=True).fill("Dự sinh hoạt, xem sổ chi đoàn.")
    traveller.get_by_role("button", name="Lưu nội dung chuẩn bị").click()

    traveller.get_by_role("link", name="Ghi nhận đã đi").click()
    scan(traveller)
    traveller.get_by_role("button", name="Lưu").click()
    expect(traveller.locator(".page-head .chips")).to_contain_text("chờ báo cáo")
    expect(traveller.locator(".trip-owed li")).to_have_count(2)
    assert days_of(traveller) == (before[0] + 2, before[1] - 2)

    traveller.goto(trip)
    traveller.get_by_role("link", name="Nhập báo cáo").click()
    traveller.get_by_label("Nội dung", exact=True).fill("Chi đoàn sinh hoạt đều.")
    traveller.get_by_role("button", name="Gửi báo cáo").click()
    expect(traveller.locator(".page-head .chips")).to_contain_text("Đã báo cáo")
    scan(traveller)


def register(traveller: Page, width: int, back: int) -> None:
    """Register two days of some weeks ago from the own page."""
    traveller.goto("/trips/mine/")
    scan(traveller)
    traveller.locator(".page-actions").get_by_role("link", name="Đăng ký chuyến đi").click()
    traveller.get_by_label("Ngày đầu").fill(written(back))
    traveller.get_by_label("Ngày cuối").fill(written(back - 1))
    traveller.get_by_label("Đơn vị đến").fill(PLACE[width])
    traveller.get_by_label("Mục đích, nội dung").fill("Dự sinh hoạt chi đoàn.")
    scan(traveller)
    traveller.get_by_role("button", name="Đăng ký", exact=True).click()
    expect(traveller.locator("main")).to_contain_text("muộn: hạn đăng ký")


def test_the_pages_around_trips(open_as: OpenAs) -> None:
    office = open_as("vanphong", "/reviews/")
    office.get_by_role("link", name="Đi cơ sở").click()
    for tab, heading in (
        ("Danh sách", "Đi cơ sở"),
        ("Theo quý", re.compile("Chuyến đi quý")),
        ("Chỉ tiêu số ngày", "Chỉ tiêu số ngày đi cơ sở"),
        ("Đơn vị đến", "Đơn vị đến"),
    ):
        office.locator(".tabs").get_by_role("link", name=tab).click()
        expect(office.get_by_role("heading", level=1)).to_have_text(heading)
        scan(office)
    expect(office.locator("table").first.locator("tbody tr").first).to_contain_text("đơn vị khó khăn")
    office.goto("/trips/quotas/new/")
    scan(office)
