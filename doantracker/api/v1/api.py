"""The API put together: its operations, its errors, its document."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from inspect import signature
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger

from doantracker.api.v1 import (
    activities,
    amendments,
    calendar,
    cascade,
    commitments,
    deadlines,
    directives,
    document,
    events,
    evidence,
    exports,
    figures,
    gaps,
    history,
    imports,
    indicators,
    ledger,
    notices,
    organisation,
    papers,
    people,
    pilots,
    plan_life,
    plans,
    problems,
    records,
    requests,
    reviews,
    sign_offs,
    targets,
    tasks,
    units,
)
from doantracker.api.v1.auth import TokenAuth
from doantracker.api.v1.carriers import OPERATIONS, compares, operation_of
from doantracker.api.v1.problems import NOTHING_HERE, UNREADABLE, ProblemError, problem
from doantracker.api.v1.versions import READERS, still_fits
from plans.actions.indicator_results import RowsRefused
from plans.errors import ActionRefused, Stale


class Api(NinjaAPI):
    """Writes into the document what all operations have in common: how answers come, and what may befall any call."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Return the document, written once in a process: that takes seconds, and anybody may ask for it."""
        if not hasattr(self, "_document"):
            written = super().get_openapi_schema(*args, **kwargs)
            document.complete(written, OPERATIONS)
            self._document = written
        return self._document

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Return a name made of method and address: it stays when our modules are ordered anew."""
        words = re.findall(r"[a-z0-9]+", operation.path.lower())
        return "_".join([operation.methods[0].lower(), *words])


#: How the page of documentation opens: as a list of topics that a person can look through and search.
PAGE: Final = {
    "docExpansion": "none",
    "filter": True,
    "defaultModelsExpandDepth": -1,
    "defaultModelRendering": "model",
}
api = Api(
    title="doantracker",
    version="1",
    description=document.DESCRIPTION,
    docs=Swagger(PAGE),
    urls_namespace="api",
    auth=TokenAuth(),
    openapi_extra={"info": {"license": {"name": "Apache-2.0"}}},
)
PARTS = (
    people, plans, deadlines, requests, notices, *reviews.PARTS,
    units, organisation, plan_life, sign_offs, records, amendments, commitments, indicators, targets, cascade,
    pilots, directives, activities, ledger, tasks, events, evidence, figures, gaps, history, calendar, papers,
    exports, imports,
)  # fmt: skip
for part in PARTS:
    api.add_router("", part.router)


def _operations() -> dict[tuple[str, str], Any]:
    """Return the operations by method and address."""
    return {
        (method, path.strip("/")): operation
        for _prefix, router in api._routers  # noqa: SLF001  # the library tells its operations nowhere else
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def _reads_alone(path: str, operation: Any) -> bool:
    """Return whether an operation reads one record with its ETag and asks nothing but its address."""
    asked = set(signature(operation.view_func).parameters)
    return HTTPStatus.NOT_MODIFIED in operation.response_models and asked <= {
        "request",
        *re.findall(r"\{(\w+)\}", path),
    }


OPERATIONS.update(_operations())
READERS.update({path: found.view_func for (_method, path), found in OPERATIONS.items() if _reads_alone(path, found)})


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
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"  # the library knows no HEAD; the server leaves the body out
        response = view(request, *args, **kwargs)
        request.method = asked
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
    if isinstance(error, Stale) and compares(operation_of(request)) and not still_fits(request):
        return problem(HTTPStatus.PRECONDITION_FAILED, "stale", error.message)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "refused", error.message)


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.of_pydantic(error.errors)


@api.exception_handler(DjangoValidationError)
def _unfit(_request: HttpRequest, error: DjangoValidationError) -> HttpResponse:
    return problems.of_django(error)


@api.exception_handler(RequestDataTooBig)
def _too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """Answer a body that is not even read."""
    limit = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    words = _("The call is larger than %(limit)s. Send less at once; files go as multipart/form-data.")
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", words % {"limit": limit})


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the library itself refuses: a body that is no JSON."""
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(HTTPStatus.BAD_REQUEST, "unreadable", UNREADABLE)
    return problem(error.status_code, "http", _("The call could not be answered."))
