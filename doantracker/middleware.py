"""Per request: an id and the caller's address for the log, and no copies of private pages in caches."""

import ipaddress
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware

from units.audit import Origin, origin

GetResponse = Callable[[HttpRequest], HttpResponse]


def _address(text: str) -> str:
    """Return `text` if it is an IP address, else nothing."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


class RequestIdMiddleware:
    """Gives every request an id and remembers where it came from while it runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        if settings.BEHIND_PROXY:  # the last entry is the proxy's own word; those before it anyone can write
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
            request.META["REMOTE_ADDR"] = _address(forwarded) or request.META.get("REMOTE_ADDR", "")
        token = origin.set(Origin(address=request.META.get("REMOTE_ADDR") or None, request_id=request_id))
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response["X-Request-ID"] = request_id
        return response


class PrivatePagesMiddleware:
    """Pages of a logged-in person are kept in no cache: the next person at the machine must not see them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Vietnamese until the person chooses: the language of the browser or of Windows says nothing about the office."""

    def process_request(self, request: HttpRequest) -> None:
        """Take the language from the cookie only."""
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)
