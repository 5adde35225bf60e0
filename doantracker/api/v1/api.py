"""The API put together: its operations, its errors, its document."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from inspect import signature
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from doantracker.api.v1 import (
    activities,
    amendments,
    calendar,
    cascade,
    commitments,
    deadlines,
    directives,
    events,
    evidence,
    exports,
    figures,
    history,
    imports,
    ledger,
    notices,
    organisation,
    papers,
    people,
    plan_life,
    plans,
    problems,
    records,
    requests,
    reviews_evaluations,
    reviews_feedback,
    reviews_inspections,
    reviews_meetings,
    reviews_reports,
    reviews_surveys,
    reviews_trips,
    targets,
    tasks,
)
from doantracker.api.v1.auth import TokenAuth
from doantracker.api.v1.problems import MEDIA_TYPE, NOTHING_HERE, UNREADABLE, ProblemError, problem
from doantracker.api.v1.versions import READERS, still_fits
from plans.actions.indicator_results import RowsRefused
from plans.errors import ActionRefused, Stale

DESCRIPTION = (
    "Reads and does what the pages can, with the rights of the person whose token is sent: "
    "`Authorization: Bearer …`. Lists are told in pages by key (`after`, `limit`, `next`). Single records carry an "
    "ETag; an act on one needs it as If-Match and answers 412 when the record has changed since. A call with an "
    "Idempotency-Key that is sent twice is done once. Errors are problem+json, in the language of Accept-Language "
    "(vi, en). Days are YYYY-MM-DD in Vietnam, moments carry their offset, figures are texts."
)


class Api(NinjaAPI):
    """Writes errors into the document as what they are: problem+json."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Return the document."""
        document = super().get_openapi_schema(*args, **kwargs)
        for path in document["paths"].values():
            for operation in path.values():
                _told(operation["responses"])
        return document


def _told(responses: dict[Any, Any]) -> None:
    """Say of an answer how it comes: a problem as such, a record with its ETag, too many calls with the wait."""
    etag = {"description": "Version and digest of the record.", "schema": {"type": "string"}}
    for status, response in responses.items():
        content = response.get("content")
        if int(status) >= HTTPStatus.BAD_REQUEST and content:
            response["content"] = {MEDIA_TYPE: next(iter(content.values()))}
        if int(status) == HTTPStatus.NOT_MODIFIED or (int(status) < HTTPStatus.MULTIPLE_CHOICES and 304 in responses):  # noqa: PLR2004
            response["headers"] = {"ETag": etag}


api = Api(
    title="doantracker",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=TokenAuth(),
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)
REVIEWS = (
    reviews_meetings,  # adds to the router of `reviews`: one address has one router
    reviews_inspections,
    reviews_trips,
    reviews_surveys,
    reviews_reports,
    reviews_evaluations,
    reviews_feedback,
)
PARTS = (
    people, plans, deadlines, requests, notices, *REVIEWS,
    organisation, plan_life, records, amendments, commitments, targets, cascade, directives, activities, ledger, tasks,
    events, evidence, figures, history, calendar, papers, exports, imports,
)  # fmt: skip
for part in PARTS:
    api.add_router("", part.router)


def _readers() -> dict[str, Any]:
    """Return what reads one record with its ETag and asks nothing but its address, by the address."""
    return {
        path.strip("/"): operation.view_func
        for _prefix, router in api._routers  # noqa: SLF001  # the library tells its operations nowhere else
        for path, view in router.path_operations.items()
        for operation in view.operations
        if "GET" in operation.methods
        and 304 in operation.response_models  # noqa: PLR2004  # HTTP
        and set(signature(operation.view_func).parameters) <= {"request", *re.findall(r"\{(\w+)\}", path)}
    }


READERS.update(_readers())


@cache
def urls() -> Any:
    """Return the addresses. None but the page of documentation asks for a log-in: the token says who calls."""
    patterns, app_name, namespace = api.urls
    for pattern in cast("list[Any]", patterns):
        if pattern.name != "openapi-view":
            pattern.callback = login_not_required(_answering_problems(pattern.callback))
    return patterns, app_name, namespace


def _answering_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view; a method it does not know is answered by a problem like everything else."""

    @wraps(view, updated=())
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        told = problem(HTTPStatus.METHOD_NOT_ALLOWED, "method", _("This address knows other methods only: see Allow."))
        told["Allow"] = response["Allow"]
        return told

    return csrf_exempt(answer)


@api.exception_handler(ProblemError)
def _problem(_request: HttpRequest, error: ProblemError) -> HttpResponse:
    response = problem(error.status, error.code, error.detail, errors=error.errors)
    for name, value in error.headers.items():
        response[name] = value
    return response


@api.exception_handler(Http404)
def _missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, "not_found", NOTHING_HERE)


@api.exception_handler(RowsRefused)
def _rows(_request: HttpRequest, error: RowsRefused) -> HttpResponse:
    faults = [{"field": f"unit.{unit}", "message": words} for unit, words in error.rows.items()]
    if error.status == Stale.status:
        return problem(HTTPStatus.PRECONDITION_FAILED, "stale", error.message, errors=faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", error.message, errors=faults)


@api.exception_handler(ActionRefused)
def _refused(request: HttpRequest, error: ActionRefused) -> HttpResponse:
    """Answer what the rules do not allow; the version seen being the one there is, it is the state that is wrong."""
    if isinstance(error, Stale) and not still_fits(request):
        return problem(HTTPStatus.PRECONDITION_FAILED, "stale", error.message)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", error.message)


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.of_pydantic(error.errors)


@api.exception_handler(DjangoValidationError)
def _unfit(_request: HttpRequest, error: DjangoValidationError) -> HttpResponse:
    return problems.of_django(error)


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the library itself refuses: a body that is no JSON."""
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(HTTPStatus.BAD_REQUEST, "unreadable", UNREADABLE)
    return problem(error.status_code, "http", _("The call could not be answered."))
