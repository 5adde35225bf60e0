"""The running project and a real browser: `start.py` as a person starts it, Debian's Chromium as a person opens it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from doantracker.demo.people import DEMO_PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "tests/e2e/vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=15_000)  # milliseconds
START_SECONDS = 300  # the demo is made meanwhile; a busy machine needs its time


class OpenAs(Protocol):
    """Opens a page of a person at an address."""

    def __call__(self, username: str, address: str = "/") -> Page:
        """Return the page; the browser window is that person's alone."""
        ...


def environment_of(folder: Path, address: str) -> dict[str, str]:
    """Return the environment of the running project: what a person has who starts it, nothing of the tests' own."""
    unset = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")
    return {k: v for k, v in os.environ.items() if k not in unset} | {"VAR_DIR": str(folder), "SITE_URL": address}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the running project keeps all it has."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """Start the whole project on an empty folder and a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = environment_of(folder, address) | {"PORT": str(port)}
    log = (folder / "log").open("w+", encoding="utf-8")
    process = subprocess.Popen([sys.executable, "start.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(address, process, folder / "log")
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


@pytest.fixture(scope="session")
def made(site: str, folder: Path) -> Iterator[sqlite3.Connection]:
    """Return a copy of the rows as the demo made them."""
    with closing(sqlite3.connect(":memory:")) as copy:
        with closing(_rows(folder)) as live:
            live.backup(copy)
        yield copy


@pytest.fixture(autouse=True)
def _as_made(made: sqlite3.Connection, folder: Path) -> Iterator[None]:
    """Put the rows back after each journey: none finds what another has left behind, in whatever order they run."""
    yield
    with closing(_rows(folder)) as live:
        made.backup(live)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one browser for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    """Return a width of the window, in pixels."""
    return int(request.param)


@pytest.fixture
def expected_complaint() -> str:
    """Return words of the one complaint of the console that a journey means to cause; empty: none."""
    return ""


@pytest.fixture(scope="session")
def sessions(site: str) -> dict[str, StorageState]:
    """Keep who has logged in: the form is filled in once a person, as people do in the morning."""
    return {}


@pytest.fixture
def open_as(
    site: str,
    browser: Browser,
    width: int,
    expected_complaint: str,
    sessions: dict[str, StorageState],
    made: sqlite3.Connection,
    folder: Path,
) -> Iterator[OpenAs]:
    """Return a function that gives a page of a person; whatever the console complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_page(username: str, address: str = "/") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            bypass_csp=True,
            base_url=site,
            storage_state=sessions.get(username),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(address)
        if "/login/" in page.url:  # for the first time, or logged out by a journey
            fill_in_login(page, username)
            sessions[username] = context.storage_state()
            _keep_logins(made, folder)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [c for c in meant(complaints) if not (expected_complaint and expected_complaint in c)] == []


def meant(complaints: list[str]) -> list[str]:
    """Leave out what htmx notes of a request given up for a newer one (hx-sync): how fast one types decides it."""
    left: list[str] = []
    for complaint in complaints:
        if complaint.startswith("htmx:sendAbort") and left and left[-1].startswith("htmx:afterRequest"):
            left.pop()
        else:
            left.append(complaint)
    return left


def fill_in_login(page: Page, username: str) -> None:
    """Log in with the form of the log-in page."""
    page.fill("[name=username]", username)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("form button[type=submit], form button.btn-primary")
    page.wait_for_url(lambda url: "/login/" not in url)


def scan(page: Page, part: str = "html") -> None:
    """Fail on any violation axe finds in a part of the page (a selector), and on a page that scrolls sideways."""
    page.wait_for_load_state("load")  # an address that is right already may still wait for its styles
    page.evaluate(AXE)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")  # else a bar may cover half of a link: a small target
    result = page.evaluate(
        "part => axe.run(part, {resultTypes: ['violations'], runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa',"
        "'wcag22aa','best-practice']})",
        part,
    )
    found = [{"id": v["id"], "nodes": [n["html"][:200] for n in v["nodes"][:3]]} for v in result["violations"]]
    assert found == [], f"{page.url}: {json.dumps(found, ensure_ascii=False, indent=1)}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px too wide"


def fill_in_what_is_owed(page: Page) -> None:
    """Give the document number or the figure that the work asks for, if any, in the open form of a report."""
    for field, value in (("document_numbers", "12-BC/ĐTN"), ("value", "85")):
        place = page.locator(f"form.report > :not(details) [name={field}]")
        if place.count():
            place.fill(value)


def open_rest(page: Page) -> None:
    """Unfold the acts that are rarely needed, where something else comes first."""
    folded = page.locator(".acts details > summary")
    if folded.count():
        folded.click()


def _rows(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "doantracker.sqlite3", timeout=30)


def _keep_logins(made: sqlite3.Connection, folder: Path) -> None:
    """Let who is logged in now stay so when the rows are put back."""
    with closing(_rows(folder)) as live:
        logins = live.execute("SELECT session_key, session_data, expire_date FROM django_session").fetchall()
    made.executemany("INSERT OR REPLACE INTO django_session VALUES (?, ?, ?)", logins)
    made.commit()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/login/", timeout=5) as answer:  # noqa: S310  # our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.3)
    pytest.fail("The project did not start:\n" + log.read_text(encoding="utf-8")[-3000:])
