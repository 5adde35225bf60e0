"""Log-in, log-out, passwords: what a person sees, what the log keeps, what nobody can find out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client

from doantracker.celery import app
from tests.cast import Cast
from tests.conftest import Login
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
