"""The entry of the web server: whatever a request says of its charset, the site answers."""

from io import BytesIO
from typing import Any

import pytest
from django.test import RequestFactory

from doantracker.lib.content_type import legible
from doantracker.wsgi import application


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("application/json", "application/json"),
        ("application/json; charset=UTF-8", "application/json; charset=UTF-8"),
        ('multipart/form-data; boundary="a;b"', 'multipart/form-data; boundary="a;b"'),
        ("text/plain; charset=windows-1258", "text/plain; charset=windows-1258"),
        ("text/plain; charset=hex", "text/plain"),
        ("text/plain; CHARSET=rot13", "text/plain"),
        ("text/plain; charset=idna", "text/plain"),
        ("text/plain; charset=utf-7", "text/plain"),
        ("text/plain; charset=no-such", "text/plain"),
        ("text/plain; charset*=utf-8''a%00b", "text/plain"),
        ("text/plain; x*=undefined''a", "text/plain"),
    ],
)
def test_a_charset_that_decodes_no_text_is_left_out(given: str, read: str) -> None:
    assert legible(given) == read


@pytest.mark.parametrize("charset", ["=hex", "=rot13", "=undefined", "=utf-7", "*=utf-8''%00", "*=undefined''x"])
@pytest.mark.parametrize(("path", "status"), [("/login/", "200 OK"), ("/api/v1/me", "401 Unauthorized")])
def test_a_strange_charset_is_no_fault_of_the_site(db: None, path: str, status: str, charset: str) -> None:
    asked = RequestFactory().get(path, {"q": "+2AA-"}).environ
    answers: list[str] = []

    def start_response(said: str, _headers: Any) -> None:
        answers.append(said)

    body = application(
        asked | {"CONTENT_TYPE": f"text/plain; charset{charset}", "wsgi.input": BytesIO()}, start_response
    )
    assert b"".join(body)
    assert answers == [status]
