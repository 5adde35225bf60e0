"""The link in a digest: after log-in it opens exactly its row, for exactly its recipient."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from doantracker.demo.people import DEMO_PASSWORD
from tests.e2e.conftest import ROOT, OpenAs, environment_of, scan

pytestmark = pytest.mark.e2e

#: Prints the digest that the secretary of a commune would get now.
DIGEST = """
import uuid
from plans.enums import OPEN, NoticeKind
from plans.models import Notice
from plans.reminders.channels.mail import digest
from units.models import User
person = User.objects.get(username="xa")
told = Notice.objects.visible_to(person).filter(kind=NoticeKind.OVERDUE, deadline__status__in=OPEN)
rows = {n.deadline_id: n for n in told.select_related("deadline__plan", "deadline__unit", "deadline__solution")}
print(digest(person, list(rows.values())[:3], uuid.uuid4()).body)
print("rows:", *list(rows)[:3])
"""


@pytest.fixture(scope="session")
def digest(site: str, folder: Path) -> str:
    """Return the text of a digest of the running project, with the ids of its rows in the last line."""
    environment = environment_of(folder, site) | {"PYTHONUTF8": "1"}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", DIGEST]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def test_a_digest_link_opens_exactly_its_row_after_log_in_and_nothing_for_others(
    site: str, browser: Browser, width: int, open_as: OpenAs, digest: str
) -> None:
    links = re.findall(rf"{re.escape(site)}/n/\S+/", digest)
    rows = [int(n) for n in re.findall(r"\d+", digest.rpartition("rows:")[2])]
    assert len(links) == len(rows) > 0

    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="vi-VN", bypass_csp=True, base_url=site
    )
    page = context.new_page()
    page.goto(links[0])
    expect(page).to_have_url(re.compile(r"/login/\?next="))  # the link is no key
    page.fill("[name=username]", "xa")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click("form button[type=submit], form button.btn-primary")
    page.wait_for_url(re.compile(r"/deadlines/\d+/report/"))  # two redirects: log-in, then the link
    opened = re.fullmatch(rf"{re.escape(site)}/deadlines/(\d+)/report/", page.url)
    assert opened is not None, page.url
    scan(page)
    assert int(opened.group(1)) in rows
    context.close()

    mine = open_as("xa")
    seen = set()
    for link in links:  # each link its own row
        mine.goto(link)
        found = re.search(r"/deadlines/(\d+)/", mine.url)
        assert found is not None
        seen.add(int(found.group(1)))
    assert seen == set(rows)

    other = open_as("bithu")
    answer = other.request.get(links[0])  # a page would complain of the 404 in its console
    assert answer.status == 404
    altered = links[0][:-4] + "xxx/"
    assert mine.request.get(altered).status == 404
