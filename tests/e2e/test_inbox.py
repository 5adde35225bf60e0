"""The inbox and its settings on a phone and on a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e


def test_notices_are_filtered_by_plan_and_marked_as_read(open_as: OpenAs) -> None:
    page = open_as("bithu", "/notices/")
    scan(page)
    page.get_by_role("link", name="Theo kế hoạch").click()
    expect(page.locator("h2.inbox-plan").first).to_be_visible()
    scan(page)
    unread = page.locator(".inbox .unread")
    before = unread.count()
    assert before > 0
    unread.first.get_by_role("button", name=re.compile("Đánh dấu đã đọc")).click()
    expect(page).to_have_url(re.compile("by=plan"))
    assert unread.count() == before - 1


@pytest.mark.parametrize("expected_complaint", ["status of 422"])  # the browser notes it in its console
def test_leave_is_entered_and_stands_there_again(open_as: OpenAs) -> None:
    page = open_as("bithu", "/notices/settings/")
    scan(page)
    page.get_by_label("Nghỉ từ ngày").fill("01/04/2099")
    page.get_by_label("đến hết ngày").fill("")  # the other width entered it already
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".error-summary")).to_be_visible()
    scan(page)
    page.get_by_label("đến hết ngày").fill("10/04/2099")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    expect(page.get_by_label("Nghỉ từ ngày")).to_have_value("01/04/2099")
