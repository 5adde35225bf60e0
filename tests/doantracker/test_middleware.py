"""The frame around every request: addresses for the log, language."""

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast
from tests.conftest import Login
from units.models import AuditEvent


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "expected"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (True, "nonsense", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_an_address_is_believed_only_from_the_named_proxy(
    db: None, client: Client, settings: LazySettings, *, behind_proxy: bool, forwarded: str, expected: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    client.post("/login/", {"username": "ai", "password": "x"}, headers={"X-Forwarded-For": forwarded})
    assert AuditEvent.objects.get(action="login_failed").address == expected


def test_it_is_vietnamese_whatever_the_browser_prefers(db: None, client: Client) -> None:
    assert '<html lang="vi">' in client.get("/login/", headers={"Accept-Language": "en-US,en"}).text
    client.post("/language/", {"language": "en"})
    assert '<html lang="en">' in client.get("/login/").text


@pytest.mark.parametrize(
    "address", ["/login/?q=a%00", "/login/?next=/&a%00b=1", "/login/?q=a&q=%00", "/n/%00/", "/units/1%00/"]
)
def test_a_nul_in_the_address_is_a_bad_request(cast: Cast, login: Login, address: str) -> None:
    assert login(cast.secretary).get(address).status_code == 400


def test_what_is_refused_is_logged(cast: Cast, login: Login) -> None:
    address = f"/units/{cast.foreign_commune.pk}/"
    assert login(cast.secretary).get(address).status_code == 404
    event = AuditEvent.objects.get(action="refused")
    assert (event.actor, event.object_label) == (cast.secretary, f"GET {address}")


def test_a_wrong_method_is_answered_in_words(cast: Cast, login: Login) -> None:
    page = login(cast.secretary).get("/logout/")
    assert (page.status_code, page.headers["Allow"]) == (405, "POST, OPTIONS")
    assert "Địa chỉ này dùng theo cách khác" in page.text


def test_a_short_password_is_refused_in_vietnamese(cast: Cast, login: Login) -> None:
    sent = {"old_password": "x", "new_password1": "a1", "new_password2": "a1"}
    assert "Mật khẩu quá ngắn" in login(cast.secretary).post("/password/", sent).text
