"""How a call carries what it sends: JSON or a form, with names that its operation knows."""

from __future__ import annotations

import json
import re
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from doantracker.api.v1.problems import FAULTS, ProblemError

FORM: Final = "multipart/form-data"
JSON: Final = "application/json"
AS_FORM: Final = _("This address takes files: send multipart/form-data, each value under its name.")
AS_JSON: Final = _("This address takes JSON: send it with Content-Type: application/json.")
_VERSION: Final = re.compile(r'"(\w*version|seen)": ')
TWICE: Final = _("This name is given more than once. Give it once.")
#: Operations by their method and address without the base: filled when the API is put together.
OPERATIONS: Final[dict[tuple[str, str], Any]] = {}


def route_of(request: HttpRequest) -> str:
    """Return the address of an operation without the base, its parts as the document names them."""
    match = request.resolver_match
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", match.route if match else "").partition("v1/")[2]


def operation_of(request: HttpRequest) -> Any:
    """Return the operation that is called; None where there is none."""
    return OPERATIONS.get((request.method or "", route_of(request)))


def takes_form(operation: Any) -> bool:
    """Return whether an operation is sent a form."""
    return any(model.__ninja_param_source__ in {"form", "file"} for model in operation.models)


def asks_version(operation: Any) -> bool:
    """Return whether a call says as If-Match which version it saw."""
    return any(p["name"] == "If-Match" for p in (operation.openapi_extra or {}).get("parameters", ()))


@cache
def compares(operation: Any) -> bool:
    """Return whether a call says which version it saw: as If-Match, or row by row in its body."""
    sent = [model for model in operation.models if model.__ninja_param_source__ in {"body", "form"}]
    rows = any(_VERSION.search(json.dumps(model.model_json_schema())) for model in sent)
    return rows or asks_version(operation)


def require_carried_well(request: HttpRequest) -> None:
    """End a call that sends JSON for a form or a form for JSON, an unknown name in a form, one name twice."""
    operation = operation_of(request)
    if operation is None:
        return
    lists = {name for model in operation.models for name in getattr(model, "__ninja_collection_fields__", [])}
    if twice := [name for name, values in request.GET.lists() if len(values) > 1 and name not in lists]:
        raise ValidationError({f"query.{name[:80]}": str(TWICE) for name in twice})
    form, wanted = request.content_type == FORM, takes_form(operation)
    if request.method == "POST" and not (form if wanted else _is_json(request)):
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media_type", AS_FORM if wanted else AS_JSON)
    if form:
        _require_known(request, operation, lists)


def _is_json(request: HttpRequest) -> bool:
    """Return whether a call sends JSON, or nothing at all: then servers and clients make up what they call it."""
    empty = request.META.get("CONTENT_LENGTH") in {None, "", "0"} and request.content_type != FORM
    return empty or request.content_type == JSON


def _require_known(request: HttpRequest, operation: Any, lists: set[str]) -> None:
    known = {name for model in operation.models for name in getattr(model, "__ninja_flatten_map__", {})}
    files = (model for model in operation.models if model.__ninja_param_source__ == "file")
    known |= {name for model in files for name in model.model_fields}
    given = {name: len(request.POST.getlist(name)) for name in request.POST}
    given |= {name: len(request.FILES.getlist(name)) for name in request.FILES}
    faults = {name: FAULTS["extra_forbidden"] for name in given if name not in known}
    faults |= {name: TWICE for name, many in given.items() if name in known - lists and many > 1}
    if faults:
        raise ValidationError({f"form.{name[:80]}": str(words) for name, words in faults.items()})
