"""Per request: an id and the caller's address for the log, and no copies of private pages in caches."""

import ipaddress
import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.views.defaults import bad_request

from units import audit
from units.audit import Origin, origin
from units.models.audit import AuditAction

GetResponse = Callable[[HttpRequest], HttpResponse]


def _address(text: str) -> str:
    """Return `text` as the log stores an IP address, else nothing; IPv4 in the dress of IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


class RequestIdMiddleware:
    """Gives every request an id and remembers where it came from while it runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        if settings.BEHIND_PROXY:  # the last entry is the proxy's own word; those before it anyone can write
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
            request.META["REMOTE_ADDR"] = _address(forwarded) or request.META.get("REMOTE_ADDR", "")
        address = _address(request.META.get("REMOTE_ADDR", ""))
        token = origin.set(Origin(address=address or None, request_id=request_id))
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response["X-Request-ID"] = request_id
        return response


class PlainAddressMiddleware:
    """Answers 400 to a NUL in the path or query: no link or form has one, and PostgreSQL takes none in a text."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = [request.path, *(text for name, values in request.GET.lists() for text in (name, *values))]
        if any("\0" in text for text in asked):
            msg = "NUL in the address"
            raise BadRequest(msg)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Pages of a logged-in person are kept in no cache, and what was refused to them is logged."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if response.status_code == HTTPStatus.NOT_FOUND and request.user.is_authenticated and request.resolver_match:
            # an address of ours with an object that is hidden or missing: whoever tries many of them leaves a trace
            audit.record(AuditAction.REFUSED, by=request.user, label=f"{request.method} {request.path}")
        return response


class WrongMethodMiddleware:
    """Answers 405 in words: the framework leaves the page blank."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("405.html", request=request).encode()
        return response


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Vietnamese until the person chooses: the language of the browser or of Windows says nothing about the office."""

    def process_request(self, request: HttpRequest) -> None:
        """Take the language from the cookie only; a program has none and says it with each call."""
        if not request.path.startswith("/api/"):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)


class HugeNumbersMiddleware:
    """A number no column holds is bad input, not a fault of ours: 400 instead of 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an overflow like any other bad request."""
        return bad_request(request, exception) if isinstance(exception, OverflowError) else None
