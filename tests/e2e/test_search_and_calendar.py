"""Search by keyboard from any page, the calendar, and the private calendar address, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenAs, scan

pytestmark = pytest.mark.e2e


def test_ctrl_k_finds_and_opens_by_keyboard_alone(open_as: OpenAs) -> None:
    page = open_as("vanphong")
    page.keyboard.press("Control+k")
    words = page.locator("#search-words")
    expect(words).to_be_focused()
    page.keyboard.type("kiem tra")
    links = page.locator("#search-found a")
    expect(links.first).to_contain_text("Kiểm tra")
    expect(page.locator("#search-said")).not_to_be_empty()
    scan(page)

    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(words).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#search-dialog")).to_be_hidden()

    page.locator("a[data-search]").click()
    expect(words).to_be_focused()
    page.keyboard.press("ArrowDown")
    target = links.first.get_attribute("href") or ""
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}")


def test_the_focus_stays_in_the_dialog_and_comes_back(open_as: OpenAs) -> None:
    page = open_as("xa")
    link = page.locator("a[data-search]")
    link.focus()
    page.keyboard.press("Enter")
    for _n in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_enter_leads_to_the_page_of_search(open_as: OpenAs) -> None:
    page = open_as("lanhdao")
    page.keyboard.press("Control+k")
    page.keyboard.type("doan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=doan")
    expect(page.locator("main .found li a").first).to_be_visible()
    scan(page)


@pytest.mark.parametrize("view", ["month", "week"])
def test_the_calendar_is_read_by_everybody(open_as: OpenAs, view: str) -> None:
    page = open_as("lanhdao", f"/deadlines/calendar/?view={view}")
    scan(page)
    page.locator("a[rel=next]").click()
    page.wait_for_url(re.compile(rf"view={view}&day=\d{{4}}-\d\d-\d\d"))
    scan(page)


def test_a_person_gets_and_revokes_an_address(open_as: OpenAs) -> None:
    page = open_as("bithu", "/deadlines/feed/")
    page.locator("main button[value=create]").click()
    address = page.locator("#feed-address").input_value()
    scan(page)
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    page.locator("main button[value=revoke]").click()
    expect(page.locator("main button[value=create]")).to_be_visible()
    assert page.request.get(address).status == 404
