"""Evidence in a real browser: two taps and a photo on a phone, paste and drop on a computer."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from doantracker.demo.people import DEMO_PASSWORD
from tests.e2e.conftest import OpenAs, scan
from tests.files import jpeg, png

pytestmark = pytest.mark.e2e
OPEN_ROW = "section[aria-labelledby=s-overdue] tbody:has(td.act a.btn-primary)"


@pytest.fixture
def phone(site: str, browser: Browser) -> Iterator[Page]:
    """Return a page of a phone 390 pixels wide, with a finger instead of a mouse, logged in as a secretary."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="vi-VN",
        bypass_csp=True,
        base_url=site,
    )
    page = context.new_page()
    page.set_default_timeout(15000)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto("/login/")
    page.fill("[name=username]", "bithu")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda url: "/login/" not in url)
    yield page
    context.close()
    refused = "the server responded with a status of 422"  # the browser's own word on input we refuse
    assert [c for c in complaints if refused not in c] == []


def picture(name: str, content: bytes) -> FilePayload:
    """Return a file for an input of the browser."""
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": content}


def test_a_secretary_reports_with_a_photo_in_two_taps(phone: Page) -> None:
    row = phone.locator(OPEN_ROW).first
    identity = row.get_attribute("id") or ""
    row.locator("td.act a", has_text="Báo cáo").tap()  # first tap
    panel = phone.locator(f"#{identity}")
    camera = panel.locator("input[capture=environment]")
    expect(panel.locator("label", has_text="Chụp ảnh")).to_be_in_viewport()
    camera.set_input_files(picture("IMG_20260316.jpg", jpeg(640, 480)))  # what the camera gives
    expect(panel.locator("[data-chosen] li")).to_have_text(re.compile("IMG_20260316.jpg"))
    scan(phone)
    panel.get_by_role("button", name="Đã xong").tap()  # second tap
    expect(panel.locator(".chip", has_text="Chờ xác nhận")).to_be_visible()

    phone.goto(f"/deadlines/{identity.removeprefix('d')}/")
    evidence = phone.locator("#evidence")
    expect(evidence).to_contain_text("IMG_20260316.jpg")
    expect(evidence).to_contain_text("Chưa ai xem")
    scan(phone)
    evidence.get_by_role("link", name="Chi tiết").tap()
    phone.get_by_role("button", name="Kiểm tra tệp đã lưu").tap()
    expect(phone.get_by_text("Tệp đã lưu đúng là tệp đã nộp.")).to_be_visible()
    scan(phone)


def test_photos_are_taken_one_after_the_other_and_left_out_again(phone: Page) -> None:
    row = phone.locator(OPEN_ROW).first
    identity = row.get_attribute("id") or ""
    row.locator("td.act a", has_text="Báo cáo").tap()
    panel = phone.locator(f"#{identity}")
    for n in range(3):
        panel.locator("input[capture]").set_input_files(picture(f"{n}.jpg", jpeg(comment=b"%d" % n)))
    panel.locator("input[multiple]").set_input_files(picture("danh-sach.png", png()))
    expect(panel.locator("[data-chosen] li")).to_have_count(4)
    panel.get_by_role("button", name="Bỏ: 1.jpg").tap()
    expect(panel.locator("[data-chosen] li")).to_have_count(3)

    panel.locator("summary").tap()
    panel.locator("[name=links]").fill("không phải liên kết")
    panel.get_by_role("button", name="Đang thực hiện").tap()
    expect(panel.get_by_text(re.compile("không phải là liên kết"))).to_be_visible()
    expect(panel.locator("[data-chosen] li")).to_have_count(3)  # kept, though something else was wrong
    panel.locator("[name=links]").fill("")
    panel.get_by_role("button", name="Đang thực hiện").tap()
    expect(panel.locator(".saved")).to_be_visible()
    phone.goto(f"/deadlines/{identity.removeprefix('d')}/")
    expect(phone.locator("#evidence .pieces > li")).to_have_count(3)


@pytest.mark.parametrize("width", [1280], indirect=True)  # a phone neither pastes files nor drops them
def test_pictures_are_pasted_and_dropped_and_evidence_is_used_again(open_as: OpenAs) -> None:
    page = open_as("xa")
    first = page.locator(OPEN_ROW).first
    identity = first.get_attribute("id") or ""
    first.locator("td.act a.btn-primary").click()
    panel = page.locator(f"#{identity}")
    expect(panel.locator("label", has_text="Chọn tệp")).to_be_visible()
    expect(panel.locator("label", has_text="Chụp ảnh")).to_be_hidden()
    content = base64.b64encode(png(5, 5)).decode()
    for kind in ("paste", "drop"):
        page.evaluate(
            """([kind, content, id]) => {
                const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
                const data = new DataTransfer();
                const name = kind === "paste" ? "image.png" : "tha.png";
                data.items.add(new File([bytes, kind], name, {type: "image/png"}));
                const place = document.querySelector(`#${id} .choices`);
                place.dispatchEvent(kind === "paste"
                    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
                    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
            }""",
            [kind, content, identity],
        )
    expect(panel.locator("[data-chosen] li")).to_have_count(2)
    expect(panel.locator("[data-chosen] li").first).to_have_text(re.compile(r"ảnh-\d{6}\.png"))

    panel.locator("summary").click()
    panel.get_by_role("link", name="Dùng minh chứng đã nộp").click()
    words = panel.locator("input[type=search]")
    expect(words).to_be_focused()
    words.fill("bc")
    box = panel.locator("fieldset.shared input[type=checkbox]").first
    box.check()
    words.fill("khong co ten nay")
    expect(panel.locator("fieldset.shared input[type=checkbox]")).to_have_count(1)  # what is ticked stays
    words.press("Enter")
    expect(panel.locator(".choices")).to_be_visible()  # a search sends no report
    scan(page)
    panel.get_by_role("button", name="Đang thực hiện").click()
    expect(panel.locator(".saved")).to_be_visible()

    page.goto(f"/deadlines/{identity.removeprefix('d')}/")
    expect(page.locator("#evidence .pieces > li")).to_have_count(3)
    page.locator("#evidence").get_by_role("link", name="Nộp bản mới").first.click()
    scan(page)
    page.locator("input[data-single]").set_input_files(picture("ban-moi.png", png(9, 9)))
    page.get_by_role("button", name="Nộp bản mới").click()
    expect(page.locator("#evidence")).to_contain_text("bản 2")


def test_a_photo_is_handed_in_without_javascript(site: str, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi-VN", base_url=site, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/login/")
    page.fill("[name=username]", "chidoan")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("main form button")
    page.locator(f"{OPEN_ROW} td.act a").first.click()
    deadline = re.search(r"/deadlines/(\d+)/", page.url)
    assert deadline
    page.locator("input[multiple]").set_input_files([picture("1.jpg", jpeg()), picture("2.png", png())])
    page.get_by_role("button", name="Đang thực hiện").click()
    page.goto(f"/deadlines/{deadline[1]}/")
    expect(page.locator("#evidence .pieces > li")).to_have_count(2)
    context.close()
