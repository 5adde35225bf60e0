"""Takes the two pictures of README from a running demo: `python -m scripts.screenshots http://127.0.0.1:8000`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.check import chromium
from scripts.services import MissingProgramError

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST = 150_000  # bytes: the first page must open on a slow line
PASSWORD_FILE = "doantracker/demo/people.py"  # noqa: S105  # where the demo's public password stands
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def opened(browser: Browser, site: str, username: str, size: ViewportSize) -> Page:
    """Return a page on which a demo login is signed in, in Vietnamese."""
    page = browser.new_context(viewport=size, locale="vi-VN", base_url=site).new_page()
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", demo_password())
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def demo_password() -> str:
    """Return the public password of the demo; read as text, because this script needs no Django."""
    source = (FOLDER.parent.parent / PASSWORD_FILE).read_text(encoding="utf-8")
    return source.split('DEMO_PASSWORD: Final = "', 1)[1].split('"', 1)[0]


def take(site: str) -> None:
    """Take both pictures; a picture that grew too large is a failure."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        office = opened(browser, site, "vanphong", {"width": 1280, "height": 740})
        office.goto("/plans/?status=published")
        plan = office.get_by_role("link", name="Thực hiện Nghị quyết").first.get_attribute("href")
        office.goto(f"{plan}?view=matrix")
        office.screenshot(path=FOLDER / "ke-hoach.png")
        secretary = opened(browser, site, "xa", {"width": 390, "height": 844})
        secretary.goto("/")
        secretary.screenshot(path=FOLDER / "viec-cua-toi.png")
        browser.close()
    for picture in sorted(FOLDER.glob("*.png")):
        size = picture.stat().st_size
        sys.stdout.write(f"{picture.name}: {size // 1000} kB\n")
        if size > LARGEST:
            sys.exit(f"{picture.name} is larger than {LARGEST // 1000} kB. Take a smaller part of the page.")


if __name__ == "__main__":
    try:
        take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
    except MissingProgramError as error:
        sys.exit(str(error))
