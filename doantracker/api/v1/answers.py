"""What goes out: pages of lists by key, and single records with their ETag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import BaseModel, Field

from doantracker.api.v1.problems import FAULTS, STALE, Problem, ProblemError, wrong_values
from doantracker.api.v1.types import GREATEST
from doantracker.api.v1.versions import seen

MOST: Final = 200
USUAL: Final = 50
_KEPT_BY: Final = "private, no-cache"  # the caller may keep it, and asks each time whether it still holds

#: Statuses that a call may end with besides its own, by what it does.
READ_PROBLEMS: Final = frozenset({400, 401, 404, 422, 429})
WRITE_PROBLEMS: Final = frozenset({400, 401, 403, 404, 412, 422, 428, 429})

#: What a call that acts may bring besides its body, for the document.
KEYED: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Of your making: a call that is sent twice under the same key is done once.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"},
        }
    ]
}
VERSIONED: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the record as you saw it; `*`: as it is now, whatever that is.",
            "schema": {"type": "string", "maxLength": 200},
        },
        *KEYED["parameters"],
    ]
}


def reads(model: Any) -> dict[Any, Any]:
    """Return the answers of a call that reads: `model`, or a problem."""
    return {200: model, READ_PROBLEMS: Problem}


def reads_one(model: Any) -> dict[Any, Any]:
    """Return the answers of a call that reads one record: it may be as the caller has it."""
    return {200: model, 304: None, READ_PROBLEMS: Problem}


def writes(model: Any, status: int = 200) -> dict[Any, Any]:
    """Return the answers of a call that acts."""
    return {status: model, WRITE_PROBLEMS: Problem}


class PageQuery(Schema):
    """Which part of a list."""

    after: Annotated[int, Field(ge=0, le=GREATEST, description="The last id of the page before.")] = 0
    limit: Annotated[int, Field(ge=1, le=MOST, description="So many records at most.")] = USUAL


def page(
    request: HttpRequest,
    rows: QuerySet[Any],
    asked: PageQuery,
    line: type[Schema],
    shown: Callable[[Sequence[Any]], list[dict[str, Any]]],
) -> HttpResponse:
    """Return the rows after `asked.after` in the order of their ids, and the address of the next page, if any.

    By key and not by number: a row that comes or goes meanwhile makes no other row be told twice or left out.
    """
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        message = str(FAULTS["extra_forbidden"])
        return wrong_values([{"field": f"query.{name[:80]}", "message": message} for name in unknown])
    found = list(rows.filter(pk__gt=asked.after).order_by("pk")[: asked.limit + 1])
    here, more = found[: asked.limit], len(found) > asked.limit
    items = [_plain(line, item) for item in shown(here)]
    return _json({"items": items, "next": _next(request, here[-1].pk) if more else None})


def one(request: HttpRequest, model: type[Schema], facts: dict[str, Any], version: object, status: int = 200) -> Any:
    """Return one record with its ETag, or 304 when the caller has it as it is.

    The ETag is the version, a dot, and a digest of all that is told: a unit renamed or a day passed changes what a
    record says without being an act on it. An act that tells no record gives the version alone.
    """
    response = _json(_plain(model, facts), status)
    digest = hashlib.sha256(response.content).hexdigest()[:16]
    tells_record = set(model.model_fields) != {"id", "version"}
    response["ETag"] = f'"{version}.{digest}"' if tells_record else f'"{version}"'
    if request.method == "GET" and _same(request.headers.get("If-None-Match", ""), response["ETag"]):
        unchanged = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        unchanged["ETag"], unchanged["Cache-Control"] = response["ETag"], _KEPT_BY
        return unchanged
    return response


def seen_number(request: HttpRequest, now: int) -> int:
    """Return the number of the version that the caller saw."""
    version = seen(request, now)
    if not (version.isascii() and version.isdigit() and len(version) <= 9):  # noqa: PLR2004  # no row has more versions
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "stale", STALE)
    return int(version)


def done(facts: dict[str, Any], model: type[Schema], status: int = 200) -> HttpResponse:
    """Return what an act on many records came to."""
    return _json(_plain(model, facts), status)


def page_of(line: type[Schema], name: str) -> type[Schema]:
    """Return the model of a page of `line`s."""
    return type(
        name,
        (Schema,),
        {
            "__annotations__": {"items": list[line], "next": str | None},  # type: ignore[valid-type]  # made at run time
            "__doc__": "A page of a list. `next`: the address of the page after it, on the same host, or null.",
            "__module__": __name__,
        },
    )


def _next(request: HttpRequest, after: int) -> str:
    """Return the address without the host: by whichever name the caller reached us, it goes on with that one."""
    kept = [(n, v) for n, values in request.GET.lists() for v in values if n != "after"]
    return f"{request.path}?{urlencode([*kept, ('after', str(after))])}"


def _plain(model: type[BaseModel], facts: dict[str, Any]) -> dict[str, Any]:
    return model.model_validate(facts).model_dump(mode="json")


def _json(body: dict[str, Any], status: int = 200) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = _KEPT_BY
    return response


def _same(given: str, etag: str) -> bool:
    return given.strip() == "*" or _bare(etag) in {_bare(part) for part in given.split(",")}


def _bare(etag: str) -> str:
    """Return an ETag without its marks: what passes through compression comes back as a weak one."""
    return etag.strip().removeprefix("W/").strip('"')
