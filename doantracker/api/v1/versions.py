"""Versions a caller saw: If-Match read, and compared with the record as it is told now."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from doantracker.api.v1.carriers import route_of
from doantracker.api.v1.problems import NO_VERSION, STALE, ProblemError

UNREADABLE_TAG: Final = _(
    'If-Match is read as one ETag, or several with commas between them, each in its quotation marks: "4.0f3c…"; or *.'
)
_TAG: Final = re.compile(r'(?:W/)?"([!#-~]*)"')
_LIST: Final = re.compile(r'\s*(?:W/)?"[!#-~]*"\s*(?:,\s*(?:W/)?"[!#-~]*"\s*)*')
#: What reads one record with its ETag, by its address without the base: filled when the API is put together.
READERS: Final[dict[str, Any]] = {}


def any_version(request: HttpRequest) -> bool:
    """Return whether the caller takes the record as it is."""
    return request.headers.get("If-Match", "").strip() == "*"


def seen(request: HttpRequest, now: object) -> str:
    """Return the version that the caller saw; `*` means the one there is `now`.

    Of several the one that is the record as it is told now. A version without digest is compared as such: acts that
    tell no record answer with it.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise ProblemError(HTTPStatus.PRECONDITION_REQUIRED, "version_required", NO_VERSION)
    if given == "*":
        return str(now)
    if not _LIST.fullmatch(given):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "unreadable", UNREADABLE_TAG)
    tags = _TAG.findall(given)
    fitting = [tag for tag in tags if tag.partition(".")[0] == str(now)]
    if not fitting:
        return str(tags[0].partition(".")[0])
    if all("." in tag for tag in fitting) and not _is_told(request, fitting, str(now)):
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "stale", STALE)
    return str(now)


def _is_told(request: HttpRequest, tags: list[str], now: str) -> bool:
    """Return whether the record, or a part of it that is read by itself, has one of `tags`.

    A record that is not read by itself, or under versions of another kind, has none to compare with.
    """
    record = route_of(request).rpartition("/")[0]
    told = _told(request, record)
    if told.partition(".")[0] != now or told in tags:
        return True
    parts = (route for route in READERS if route.rpartition("/")[0] == record)
    return any(_told(request, route) in tags for route in parts)


def still_fits(request: HttpRequest) -> bool:
    """Return whether the version that the caller gave is the one there is: then it is the state that is wrong."""
    if any_version(request):
        return True
    told = _told(request, route_of(request).rpartition("/")[0])
    tags = _TAG.findall(request.headers.get("If-Match", ""))
    return bool(told) and (told in tags or told.partition(".")[0] in tags)


def _told(request: HttpRequest, record: str) -> str:
    """Return the ETag that reading the address `record` would give now; empty where nothing is read there.

    What reading writes into the log is undone: nobody has read anything.
    """
    match, read = request.resolver_match, READERS.get(record)
    if match is None or read is None:
        return ""
    wanted = set(re.findall(r"\{(\w+)\}", record))
    if not wanted <= set(match.kwargs):
        return ""
    named = {n: int(v) if str(v).isdecimal() else v for n, v in match.kwargs.items() if n in wanted}
    try:
        with transaction.atomic():
            etag = read(request, **named)["ETag"]
            transaction.set_rollback(True)
    except (Http404, PermissionDenied, ObjectDoesNotExist):
        return ""
    return str(etag).strip('"')
