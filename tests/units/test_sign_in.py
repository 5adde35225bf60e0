"""Log-in, log-out, passwords: what a person sees, what the log keeps, what nobody can find out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.http import HttpRequest
from django.test import Client

from doantracker.celery import app
from tests.cast import Cast
from tests.conftest import Login
from units.backends import AppointmentBackend
from units.models import AuditEvent, User

PASSWORD = "Sông-Thao-2026"  # noqa: S105  # invented
NEW = "Một-mật-khẩu-khác-9"


@pytest.fixture(autouse=True)
def _jobs_at_once(settings: object) -> Iterator[None]:
    """Run jobs in the test's own process."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False


@pytest.fixture
def person(cast: Cast) -> User:
    """Return the district's secretary with a password."""
    cast.secretary.set_password(PASSWORD)
    cast.secretary.save()
    return cast.secretary


def acts() -> list[tuple[str, int | None]]:
    """Return act and actor of every row of the log."""
    return list(AuditEvent.objects.order_by("pk").values_list("action", "actor"))


def test_log_in_and_out_leave_rows_and_a_new_session_key(client: Client, person: User) -> None:
    client.get("/login/")
    answer = client.post("/login/", {"username": "BiThu", "password": PASSWORD, "next": "/deadlines/"})
    assert (answer.status_code, answer["Location"]) == (302, "/deadlines/")
    answer = client.post("/logout/")
    assert answer["Location"] == "/login/"
    assert acts() == [("logged_in", person.pk), ("logged_out", person.pk)]


def test_log_in_goes_nowhere_else(client: Client, person: User) -> None:
    facts = {"username": "bithu", "password": PASSWORD, "next": "https://example.org/"}
    assert client.post("/login/", facts)["Location"] == "/"


def test_log_out_needs_a_post(client: Client, person: User) -> None:
    client.force_login(person, backend="units.backends.AppointmentBackend")
    assert client.get("/logout/").status_code == 405


def test_every_wrong_log_in_gets_the_same_answer(client: Client, person: User) -> None:
    inactive = User.objects.create_user("nghi", "Người Nghỉ", PASSWORD, is_active=False)
    User.objects.create_user("khongmk", "Không Mật Khẩu")
    tries = [("bithu", "sai"), ("khong-co", "sai"), (inactive.username, PASSWORD), ("khongmk", "sai")]
    answers = set()
    for name, password in tries:
        answer = client.post("/login/", {"username": name, "password": password})
        text = answer.content.decode().replace(str(name), "NAME")
        answers.add((answer.status_code, re.sub(r'(value="|x-csrftoken": ")\w{64}', "", text)))
    assert len(answers) == 1
    rows = AuditEvent.objects.filter(action="login_failed").values_list("object_label", "actor", "data")
    assert list(rows.order_by("pk")) == [(name, None, {}) for name, _password in tries]


def test_ten_failures_mean_a_pause_with_a_clear_page(client: Client, person: User) -> None:
    for _n in range(10):
        answer = client.post("/login/", {"username": "bithu", "password": "sai"})
    assert answer.status_code == 429
    assert "registration/locked.html" in [t.name for t in answer.templates]
    assert client.post("/login/", {"username": "bithu", "password": PASSWORD}).status_code == 429


def fail(name: str, address: str) -> int:
    """Try to log in with a wrong password; return the status of the answer."""
    return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": "sai"}).status_code


def test_another_way_to_write_a_name_wins_no_more_tries(person: User) -> None:
    names = ["bithu", "BITHU", "BiThu", " bithu ", "bıthu"]
    assert [fail(names[n % 5], "192.0.2.1") for n in range(10)] == [200] * 9 + [429]
    assert fail("bItHu", "192.0.2.1") == 429


def test_an_account_tried_from_many_addresses_is_slowed(person: User) -> None:
    assert [fail("bithu", f"192.0.2.{n}") for n in range(30)] == [200] * 29 + [429]
    assert fail("bithu", "192.0.2.99") == 429
    assert fail("vanphong", "192.0.2.99") == 200


def test_many_names_tried_from_one_address_are_slowed(person: User) -> None:
    assert [fail(f"ten{n}", "192.0.2.1") for n in range(60)] == [200] * 59 + [429]
    assert fail("bithu", "192.0.2.1") == 429
    assert fail("bithu", "192.0.2.2") == 200


def test_slips_of_a_whole_office_lock_nobody_out(person: User) -> None:
    assert {fail(f"nhanvien{n}", "192.0.2.1") for n in range(20)} == {200}
    answer = Client(REMOTE_ADDR="192.0.2.1").post("/login/", {"username": "bithu", "password": PASSWORD})
    assert answer.status_code == 302


def test_an_own_log_in_does_not_clear_the_count_of_an_address(person: User) -> None:
    for n in range(59):
        fail(f"ten{n}", "192.0.2.1")
    Client(REMOTE_ADDR="192.0.2.1").post("/login/", {"username": "bithu", "password": PASSWORD})
    assert fail("ten", "192.0.2.1") == 429


def test_the_pause_ends_after_fifteen_minutes_though_somebody_goes_on_trying(client: Client, person: User) -> None:
    start = dt.datetime(2026, 3, 16, 2, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        for _n in range(10):
            fail("bithu", "127.0.0.1")
        clock.shift(dt.timedelta(minutes=14))
        assert fail("bithu", "127.0.0.1") == 429
        clock.shift(dt.timedelta(minutes=2))
        assert client.post("/login/", {"username": "bithu", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("length", [151, 256, 60_000])
def test_a_name_longer_than_any_is_refused_like_a_wrong_one(client: Client, person: User, length: int) -> None:
    answer = client.post("/login/", {"username": "a" * length, "password": "sai"})
    assert answer.status_code == 200
    wrong = client.post("/login/", {"username": "khong-co", "password": "sai"})
    assert answer.context["form"].errors == wrong.context["form"].errors


def test_a_name_longer_than_any_asks_the_database_nothing(person: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert AppointmentBackend().authenticate(HttpRequest(), "a" * 151, "sai") is None


def test_changing_the_password_ends_other_sessions_and_is_logged(client: Client, person: User, login: Login) -> None:
    other = login(person)
    client.post("/login/", {"username": "bithu", "password": PASSWORD})
    facts = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/password/", facts)["Location"] == "/password/done/"
    assert client.get("/password/done/").status_code == 200
    assert other.get("/password/").status_code == 302
    assert acts()[-1] == ("password_changed", person.pk)


def test_a_weak_new_password_is_refused_with_the_reason(login: Login, person: User) -> None:
    facts = {"old_password": PASSWORD, "new_password1": "12345678", "new_password2": "12345678"}
    answer = login(person).post("/password/", facts)
    assert answer.status_code == 200
    assert answer.context["form"].errors["new_password2"]
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_the_reset_link_comes_from_the_settings_and_works_once(client: Client, person: User, settings: object) -> None:
    settings.SITE_URL = "https://doan.example.vn"  # type: ignore[attr-defined]  # pytest-django's fixture
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]  # a server that would believe anything
    answer = client.post("/password/reset/", {"email": "BITHU@example.vn"}, headers={"host": "evil.example"})
    assert answer["Location"] == "/password/reset/done/"
    (message,) = mail.outbox
    assert message.to == ["bithu@example.vn"]
    assert isinstance(message, mail.EmailMultiAlternatives)
    (html,) = [str(part[0]) for part in message.alternatives]
    link = re.search(r"https://doan\.example\.vn(/password/reset/\S+/)\s", str(message.body))
    assert link
    assert link[1] in html
    assert "evil" not in str(message.body) + html

    page = client.get(link[1], follow=True)
    form = page.redirect_chain[-1][0]
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert done["Location"] == "/password/reset/complete/"
    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert acts() == [("password_reset_asked", None), ("password_changed", person.pk)]
    used = Client().get(link[1], follow=True)
    assert used.context["validlink"] is False


def test_asking_again_within_five_minutes_sends_no_second_mail(client: Client, person: User) -> None:
    first = client.post("/password/reset/", {"email": "bithu@example.vn"})
    second = client.post("/password/reset/", {"email": "bithu@example.vn"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert len(mail.outbox) == 1


def test_nobody_learns_who_has_an_account(client: Client, person: User, django_assert_num_queries: object) -> None:
    User.objects.create_user("nghi", "Người Nghỉ", PASSWORD, is_active=False, email="nghi@example.vn")
    User.objects.create_user("khongmk", "Không Mật Khẩu", email="khongmk@example.vn")
    for address in ("nghi@example.vn", "khongmk@example.vn", "khong-co@example.vn"):
        answer = client.post("/password/reset/", {"email": address})
        assert (answer.status_code, answer["Location"]) == (302, "/password/reset/done/")
    assert mail.outbox == []
    assert acts() == []


def test_a_queue_that_is_away_is_not_seen_by_the_person(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.conf.task_always_eager = False
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = client.post("/password/reset/", {"email": "bithu@example.vn"})
    assert answer["Location"] == "/password/reset/done/"
