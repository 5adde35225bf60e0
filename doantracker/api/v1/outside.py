"""Errors that end a call before the API sees it, or behind it: as problems too, for addresses of the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from doantracker.api.v1.problems import NOTHING_HERE, UNREADABLE, is_api, problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what can't be read."""
    if is_api(request):
        return problem(HTTPStatus.BAD_REQUEST, "unreadable", UNREADABLE)
    return defaults.bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    if is_api(request):
        return problem(HTTPStatus.NOT_FOUND, "not_found", NOTHING_HERE)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> Any:
    """Answer a fault of ours; the log has it."""
    if is_api(request):
        words = _("Something went wrong here. Nothing was saved; the administrator finds it in the log.")
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", words)
    return defaults.server_error(request)
