"""The private calendar address: exact content, and nobody reads it who should not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from doantracker.lib import clock
from doantracker.lib.ics import AllDay, calendar_text, escaped, folded
from plans.actions.deadlines import report_progress
from plans.enums import Status
from plans.models import Deadline
from tests.cast import Cast
from tests.conftest import TODAY, Login
from tests.factories import SolutionFactory, close, make_deadline, make_published_plan, version_of
from units import actions
from units.models import Appointment, AuditEvent, FeedToken, User

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def read(key: str) -> Any:
    """Ask for the calendar as a program does: no cookie, only the key."""
    return Client().get(reverse("plans:feed_ics"), {"key": key})


def uids(answer: Any) -> list[str]:
    return re.findall(r"^UID:(.+)\r$", answer.text, re.MULTILINE)


def test_the_whole_text_of_one_deadline(cast: Cast) -> None:
    plan = make_published_plan(cast.province, symbol="12-KH/TĐTN", title="Kế hoạch")
    words = SolutionFactory(plan=plan, ordinal=1, text="Rà soát; lập danh sách, báo cáo.\nGửi bản ký.")
    row = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 3, 31), solution=words, occurrence="2026-03")
    Deadline.objects.filter(pk=row.pk).update(updated_at=dt.datetime(2026, 3, 2, 1, 2, 3, tzinfo=dt.UTC), version=3)
    answer = read(actions.give_feed_key(by=cast.secretary))
    assert answer.status_code == 200
    assert answer.content.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//doantracker//deadlines//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{answer.text.split('X-WR-CALNAME:')[1].split(chr(13))[0]}",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19750613T000000",
        "TZOFFSETFROM:+0700",
        "TZOFFSETTO:+0700",
        "TZNAME:+07",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        f"UID:deadline-{row.pk}@127.0.0.1",
        "DTSTAMP:20260302T010203Z",
        "LAST-MODIFIED:20260302T010203Z",
        "SEQUENCE:2",
        "DTSTART;VALUE=DATE:20260331",
        "DTEND;VALUE=DATE:20260401",
        "SUMMARY:Huyện đoàn Bình Minh: Rà soát\\; lập danh sách\\, báo cáo",
        " . Gửi bản ký.",
        "DESCRIPTION:12-KH/TĐTN\\nTháng 3/2026\\nRà soát\\; lập danh sách\\, báo",
        "  cáo.\\nGửi bản ký.",
        f"URL:http://127.0.0.1:8000/deadlines/{row.pk}/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_headers_keep_it_private(cast: Cast) -> None:
    answer = read(actions.give_feed_key(by=cast.secretary))
    wanted = ("Content-Type", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "X-Content-Type-Options")
    assert {name: answer.headers[name] for name in wanted} == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
    }
    assert "Set-Cookie" not in answer.headers


def test_only_own_open_dated_work_of_published_plans_is_given(cast: Cast) -> None:
    plan, closed = make_published_plan(cast.province), make_published_plan(cast.province)
    close(closed, by=cast.office_staff)
    done = {"status": Status.SUBMITTED, "reported_on": TODAY, "reported_by": cast.secretary}
    late = make_deadline(cast.district, plan=plan, due_on=dt.date(2026, 1, 31))
    back = make_deadline(
        cast.district, plan=plan, due_on=dt.date(2026, 2, 28), status=Status.RETURNED, reason="Thiếu bảng"
    )
    make_deadline(cast.district, plan=plan, due_on=TODAY, **done)
    make_deadline(cast.district, plan=plan, due_on=TODAY, status=Status.ON_HOLD)
    make_deadline(cast.district, plan=plan)
    make_deadline(cast.district, plan=closed, due_on=TODAY)
    make_deadline(cast.commune, plan=plan, due_on=TODAY)  # below, not one's own
    make_deadline(cast.other_district, plan=plan, due_on=TODAY)
    answer = read(actions.give_feed_key(by=cast.secretary))
    assert uids(answer) == [f"deadline-{late.pk}@127.0.0.1", f"deadline-{back.pk}@127.0.0.1"]
    assert "Thiếu bảng" in answer.text.replace("\r\n ", "")


def test_a_person_who_reports_for_nobody_gets_an_empty_calendar(cast: Cast) -> None:
    make_deadline(cast.province, plan=make_published_plan(cast.province), due_on=TODAY)
    answer = read(actions.give_feed_key(by=cast.leader))
    assert (answer.status_code, uids(answer)) == (200, [])


def test_the_uid_stays_and_the_sequence_grows(cast: Cast) -> None:
    row = make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=TODAY)
    key = actions.give_feed_key(by=cast.secretary)
    before = read(key).text
    report_progress(deadline=row, version=version_of(row), by=cast.secretary, percent=30)
    after = read(key).text
    uid = f"UID:deadline-{row.pk}@127.0.0.1"
    assert (uid in before, uid in after) == (True, True)
    assert ("SEQUENCE:0" in before, "SEQUENCE:1" in after) == (True, True)


def refused(key: str, cast: Cast) -> bool:
    """Return whether the key opens nothing: the same answer as for a key that never was."""
    answer, never = read(key), read("x" * 43)
    assert (answer.content, answer.headers["Cache-Control"]) == (never.content, "private, no-store")
    return bool(answer.status_code == never.status_code == 404 and cast.district.name not in answer.text)


def test_a_revoked_key_opens_nothing(cast: Cast) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    assert actions.revoke_feed_key(by=cast.secretary)
    assert refused(key, cast)
    assert not FeedToken.objects.exists()


def test_a_new_key_ends_the_old_one(cast: Cast) -> None:
    old = actions.give_feed_key(by=cast.secretary)
    new = actions.give_feed_key(by=cast.secretary)
    assert refused(old, cast)
    assert read(new).status_code == 200


def test_an_address_ends_after_a_year_and_its_page_says_so(cast: Cast, login: Login) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    FeedToken.objects.update(created_at=clock.now() - dt.timedelta(days=365))
    assert read(key).status_code == 200
    FeedToken.objects.update(created_at=clock.now() - dt.timedelta(days=366))
    assert read(key).status_code == 404
    assert "16/03/2026" in login(cast.secretary).get("/deadlines/feed/").text


def test_an_inactive_account_has_no_calendar(cast: Cast) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    assert refused(key, cast)


def test_a_post_that_ended_takes_its_work_along(cast: Cast) -> None:
    make_deadline(cast.district, plan=make_published_plan(cast.province), due_on=TODAY)
    key = actions.give_feed_key(by=cast.secretary)
    Appointment.objects.filter(user=cast.secretary).update(end=TODAY - dt.timedelta(days=1))
    assert uids(read(key)) == []


@pytest.mark.parametrize("key", ["", "x", "é" * 43, "a" * 100_000, "'; drop table--", "\ud800"])
def test_nonsense_opens_nothing(cast: Cast, key: str) -> None:
    address = reverse("plans:feed_ics")
    answer = Client().get(address, {"key": key.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 404


def test_a_log_in_does_not_stand_for_a_key(cast: Cast, login: Login) -> None:
    actions.give_feed_key(by=cast.secretary)
    assert login(cast.secretary).get(reverse("plans:feed_ics")).status_code == 404


def test_it_cannot_be_written_to(cast: Cast) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    assert Client().post(f"{reverse('plans:feed_ics')}?key={key}").status_code == 405


def test_only_a_hash_is_kept_and_the_log_never_names_the_key(cast: Cast) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    actions.give_feed_key(by=cast.secretary)
    actions.revoke_feed_key(by=cast.secretary)
    rows = AuditEvent.objects.filter(object_type="feedtoken").order_by("pk")
    assert [(r.action, r.actor, r.unit_id) for r in rows] == [
        (act, cast.secretary, cast.district.pk) for act in ("created", "changed", "dropped")
    ]
    assert not any(key in f"{r.data}{r.object_label}" for r in rows)


def test_the_address_is_shown_once(cast: Cast, login: Login) -> None:
    client = login(cast.secretary)
    page = client.post(reverse("plans:feed"), {"act": "create"})
    shown = re.search(r'value="http://testserver/deadlines\.ics\?key=([\w-]{43})"', page.text)
    assert shown
    assert page.headers["Cache-Control"] == "no-store"
    assert read(shown[1]).status_code == 200
    assert FeedToken.objects.get().key_hash not in page.text
    assert shown[1] not in client.get(reverse("plans:feed")).text


def test_the_page_revokes(cast: Cast, login: Login) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    answer = login(cast.secretary).post(reverse("plans:feed"), {"act": "revoke"})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("plans:feed"))
    assert refused(key, cast)


def test_nobody_touches_the_address_of_another(cast: Cast, login: Login) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    login(cast.office_staff).post(reverse("plans:feed"), {"act": "revoke"})
    login(cast.administrator).post(reverse("plans:feed"), {"act": "renew"})
    assert read(key).status_code == 200


def test_one_address_is_read_sixty_times_an_hour(cast: Cast) -> None:
    key, other = actions.give_feed_key(by=cast.secretary), actions.give_feed_key(by=cast.commune_secretary)
    assert {read(key).status_code for _n in range(60)} == {200}
    answer = read(key)
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 3600) == (429, True)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert read(other).status_code == 200  # others are not held up


def test_guessing_is_slowed_down_and_known_keys_go_on(cast: Cast) -> None:
    key = actions.give_feed_key(by=cast.secretary)
    assert {read(f"falsch{n}").status_code for n in range(120)} == {404}
    assert read("noch einer").status_code == 429
    assert read(key).status_code == 200


def test_queries_do_not_grow_with_the_rows(cast: Cast, django_assert_num_queries: Any) -> None:
    key, plan = actions.give_feed_key(by=cast.secretary), make_published_plan(cast.province)
    make_deadline(cast.district, plan=plan, due_on=TODAY)
    with django_assert_num_queries(4):  # key with person, posts, plans coordinated, rows
        read(key)
    for _n in range(10):
        make_deadline(cast.district, plan=plan, due_on=TODAY)
    with django_assert_num_queries(4):
        read(key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("một\r\nhai\rba\nbốn", "một\\nhai\\nba\\nbốn"),
        ("a\0b\x07c\x7fd\te", "abcd\te"),
        ("a\u2028BEGIN:VEVENT", "a\\nBEGIN:VEVENT"),
        ('"Đoàn": 100%', '"Đoàn": 100%'),
    ],
)
def test_text_cannot_break_out_of_its_line(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize("line", ["a" * 75, "a" * 76, "ế" * 25, "ế" * 26, "aế" * 200, "😀" * 99, "a" * 100_000])
def test_lines_fold_at_75_octets_between_characters(line: str) -> None:
    rows = folded(line).split("\r\n")
    assert all(len(row.encode()) <= 75 for row in rows)
    assert all(row.startswith(" ") for row in rows[1:])
    assert rows[0] + "".join(row[1:] for row in rows[1:]) == line
    assert len(rows) == 1 or len(line.encode()) > 75


def test_a_calendar_without_entries_still_has_a_component() -> None:
    text = calendar_text("Lịch", [], refresh="PT6H")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "BEGIN:VTIMEZONE" in text
    assert text.endswith("END:VCALENDAR\r\n")


def test_the_last_day_of_a_year_ends_in_the_next() -> None:
    entry = AllDay("1@a", dt.date(2026, 12, 31), "Việc", "", "http://a/", 0, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert "DTEND;VALUE=DATE:20270101" in calendar_text("Lịch", [entry], refresh="PT6H")
