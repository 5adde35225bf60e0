"""The frame of every page: navigation by right, counts, languages, what stands in for errors, weight."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import csrf, defaults

from doantracker import views
from doantracker.context import section_of
from doantracker.lib import clock
from plans.enums import NoticeKind, Status
from plans.models import Notice
from tests.cast import Cast
from tests.conftest import Login
from tests.factories import make_deadline, make_published_plan
from units import audit
from units.models.audit import AuditAction

pytestmark = pytest.mark.usefixtures("today")


def entries(answer: Any) -> list[str]:
    """Return the addresses of the main navigation."""
    nav = re.search(r'<nav class="nav-main".*?</nav>', answer.content.decode(), re.DOTALL)
    assert nav
    return list(dict.fromkeys(re.findall(r'<a href="([^"]+)"', nav[0])))


#: The addresses of the navigation in their order.
ALL = (
    "/", "/overview/", "/plans/", "/deadlines/", "/confirmations/", "/notices/", "/difficulties/", "/directives/",
    "/cascade/", "/shortcomings/", "/meetings/", "/reviews/", "/figures/", "/units/", "/admin/",
)  # fmt: skip


@pytest.mark.parametrize(
    ("who", "without"),
    [
        ("reader", {"/overview/", "/confirmations/", "/cascade/", "/admin/"}),
        ("department_head", {"/overview/", "/confirmations/", "/admin/"}),
        ("leader", {"/cascade/", "/admin/"}),
        ("secretary", {"/overview/", "/admin/"}),
        ("administrator", {"/confirmations/", "/cascade/"}),
    ],
)
def test_navigation_follows_the_rights(cast: Cast, login: Login, who: str, without: set[str]) -> None:
    assert entries(login(getattr(cast, who)).get("/units/")) == [href for href in ALL if href not in without]


def test_a_wide_window_shows_seven_entries_a_phone_four_and_the_others_stand_under_more(
    cast: Cast, login: Login
) -> None:
    shell = login(cast.office_staff).get("/units/").context["shell"]
    assert [entry.place for entry in shell.entries] == [""] * 4 + ["rest"] * 3 + ["far"] * 7
    assert ([e.href for e in shell.rest][:3], [e.href for e in shell.far]) == (
        ["/confirmations/", "/notices/", "/difficulties/"],
        ["/directives/", "/cascade/", "/shortcomings/", "/meetings/", "/reviews/", "/figures/", "/units/"],
    )
    reader = login(cast.reader).get("/units/").text
    assert reader.count('class="near"') == 3  # only on a phone


def test_navigation_shows_what_waits_and_what_is_unread(cast: Cast, login: Login, today: dt.date) -> None:
    plan = make_published_plan(cast.province)
    facts: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": today}
    rows = [make_deadline(cast.commune, plan=plan, reported_by=cast.commune_secretary, **facts) for _n in range(3)]
    make_deadline(cast.commune, plan=plan, reported_by=cast.office_staff, **facts)  # nobody confirms own reports
    moment = dt.datetime(2026, 3, 16, tzinfo=dt.UTC)
    for row in rows[:2]:
        Notice.objects.create(
            recipient=cast.office_staff, deadline=row, kind=NoticeKind.OVERDUE, day=today, created_at=moment
        )
    shell = login(cast.office_staff).get("/units/").context["shell"]
    assert {e.href: e.count for e in shell.entries if e.count} == {"/confirmations/": 3, "/notices/": 2}


def test_what_waits_follows_the_posts_held_by_a_person(cast: Cast, login: Login, today: dt.date) -> None:
    facts: dict[str, Any] = {"status": Status.SUBMITTED, "reported_on": today, "reported_by": cast.commune_secretary}
    make_deadline(cast.commune, plan=make_published_plan(cast.province), **facts)
    client = login(cast.office_staff)
    waiting = []
    for end in (None, dt.date(2026, 3, 15), None):
        cast.office_staff.appointments.update(end=end)
        waiting.append(client.get("/units/").context["shell"].counts.get("waiting"))
    assert waiting == [1, None, 1]


def test_the_frame_costs_one_query_and_a_fragment_none(
    cast: Cast, login: Login, django_assert_num_queries: Any
) -> None:
    client = login(cast.office_staff)
    # session, person, posts, count, page, names above; a full page also kinds and what waits
    with django_assert_num_queries(8):
        client.get("/units/")
    with django_assert_num_queries(6):
        client.get("/units/", headers={"hx-request": "true"})


def test_a_person_without_a_post_is_told_whom_to_ask(cast: Cast, login: Login) -> None:
    cast.reader.appointments.update(end=dt.date(2025, 12, 31))
    answer = login(cast.reader).get("/units/")
    assert entries(answer) == ["/", "/notices/"]
    assert answer.context["shell"].posts == []


def test_language_is_switched_by_a_form_and_goes_nowhere_else(client: Client, db: None) -> None:
    assert '<html lang="vi">' in client.get("/login/").content.decode()
    facts = {"language": "en", "next": "https://example.org/"}
    assert client.post("/language/", facts)["Location"] == "/"
    assert '<html lang="en">' in client.get("/login/").content.decode()


def test_pages_have_nothing_inline_and_ask_no_other_host(cast: Cast, login: Login) -> None:
    client = login(cast.office_staff)
    for path in ("/units/", f"/units/{cast.province.pk}/", "/password/", "/nothing/"):
        text = client.get(path).content.decode()
        assert not re.search(r'\sstyle=|\son\w+="|<style|<script>|(src|href|action)="(https?:)?//', text)
    text = Client().get("/login/").content.decode()
    assert not re.search(r'\sstyle=|\son\w+="|<style|<script>', text)


def test_error_pages_stand_without_person_and_database(db: None) -> None:
    request = RequestFactory().get("/x/")
    answers = [
        (400, defaults.bad_request(request, SuspiciousOperation())),
        (403, csrf.csrf_failure(request)),
        (500, defaults.server_error(request)),
    ]
    for status, answer in answers:
        text = answer.content.decode()
        assert answer.status_code == status
        assert '<a class="btn btn-primary" href="/">' in text
        assert "nav-main" not in text


def test_a_form_without_its_mark_is_told_what_to_do(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.reader, backend="units.backends.AppointmentBackend")
    answer = client.post("/logout/")
    assert answer.status_code == 403
    assert "403_csrf.html" in [t.name for t in answer.templates]


def test_first_page_weighs_at_most_150_kb_and_later_ones_30(cast: Cast, login: Login) -> None:
    page = login(cast.office_staff).get(f"/units/{cast.province.pk}/").content
    text = page.decode()
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', text)
    fonts = [str(f.relative_to(settings.BASE_DIR / "static")) for f in (settings.BASE_DIR / "static").rglob("*.woff2")]
    weight = len(gzip.compress(page))
    assert weight <= 30_000
    for name in files:
        found = finders.find(name)
        assert found
        with open(found, "rb") as file:  # noqa: PTH123  # a plain path from Django
            weight += len(gzip.compress(file.read()))
    weight += sum((settings.BASE_DIR / "static" / name).stat().st_size for name in fonts)
    assert weight <= 150_000


@pytest.mark.usefixtures("today")
def test_paper_says_when_and_where_the_page_stood(cast: Cast, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SITE_URL", "https://doan.example")
    page = login(cast.office_staff).get("/plans/", {"q": "a&b"}).text
    words = "In lúc 09:00 16/03/2026 từ doantracker: https://doan.example/plans/?q=a%26b"
    assert f'<p class="only-print printed">{words}</p>' in page
    assert "only-print" not in login(None).get("/login/").text


def test_own_stylesheet_stays_below_25_kb() -> None:
    assert (settings.BASE_DIR / "static" / "css" / "app.css").stat().st_size < 25_000


# --- /healthz ---


def test_healthz_is_public_and_tells_no_details(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "sweep": "none yet"}


@pytest.mark.parametrize(("hours", "word"), [(1, "ok"), (4, "late")])
def test_healthz_names_a_late_sweep(client: Client, db: None, hours: int, word: str) -> None:
    audit.record(AuditAction.CHECKED, by=None)
    moment = dt.datetime(2026, 3, 16, 2, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
    with clock.stopped_at(moment):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["sweep"]) == (200, word)


def test_healthz_answers_503_without_broker(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from doantracker.celery import app  # noqa: PLC0415  # only this test turns the broker away

    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (503, "failed")


def test_healthz_answers_503_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise DatabaseError

    monkeypatch.setattr(views, "_sweep", gone)
    answer = views.healthz(RequestFactory().get("/healthz"))
    assert answer.status_code == 503
    assert b'"database": "failed"' in answer.content


# --- where a page stands ---


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/", "/"),
        ("/plans/", "/plans/"),
        ("/plans/5/letters/", "/plans/"),
        ("/letters/5/", "/plans/"),
        ("/views/plans/", "/plans/"),
        ("/deadlines/", "/deadlines/"),
        ("/deadlines/calendar/", "/deadlines/"),
        ("/deadlines/bulk/", "/deadlines/"),
        ("/views/calendar/", "/deadlines/"),
        ("/views/deadlines/new/", "/deadlines/"),
        ("/confirmations/", "/confirmations/"),
        ("/views/confirmations/", "/confirmations/"),
        ("/working-days/", "/deadlines/"),
        ("/evidence/5/details/", "/deadlines/"),
        ("/events/5/day/", "/plans/"),
        ("/notices/settings/", "/notices/"),
        ("/difficulties/", "/difficulties/"),
        ("/extensions/", "/difficulties/"),
        ("/extensions/5/", "/difficulties/"),
        ("/figures/months/", "/figures/"),
        ("/views/figures/", "/figures/"),
        ("/units/", "/units/"),
        ("/password/", ""),
        ("/search/", ""),
    ],
)
def test_a_page_marks_the_one_entry_it_belongs_to(path: str, entry: str) -> None:
    assert (reverse(section_of(path)) if section_of(path) else "") == entry


def test_the_page_of_later_days_is_marked_in_the_navigation(cast: Cast, login: Login) -> None:
    nav = re.search(r'<nav class="nav-main".*?</nav>', login(cast.office_staff).get("/extensions/").text, re.DOTALL)
    assert nav
    assert set(re.findall(r'<a href="([^"]+)" aria-current="page"', nav[0])) == {"/difficulties/"}
