"""Per request: an id and the caller's address for the log, and no copies of private pages in caches."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware

from units.audit import Origin, origin

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives every request an id and remembers where it came from while it runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
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
