"""What operations have in common: how they are declared and done, what a call may name, files that come."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from operator import attrgetter
from typing import Annotated, Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, UploadedFile
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from doantracker.api.v1.answers import KEYED, VERSIONED, one, page_of, reads, reads_one, writes
from doantracker.api.v1.auth import Call
from doantracker.api.v1.idempotency import once
from doantracker.api.v1.problems import FAULTS, STALE, ProblemError
from doantracker.api.v1.types import GREATEST, Id, Text
from doantracker.api.v1.versions import seen
from plans.actions.proof import Upload
from plans.forms.evidence import FilesField, checked_number
from plans.validators import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT
from reviews.enums import MEETING_BODIES
from units.access import require
from units.models import Unit, UnitKind

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T", bound=Model)
R = TypeVar("R")

_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_NAMED: Final = 500
NO_FILES: Final[list[UploadedFile]] = []


def _as_time(value: Any) -> Any:
    """Let a time be written in one way only: numbers would be taken for seconds."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError(_("Write a time as HH:MM."))
    return dt.time.fromisoformat(value)


def _as_body(code: str) -> str:
    """Refuse what is no body that meets."""
    if code not in MEETING_BODIES:
        raise ValueError(str(FAULTS["enum"]))
    return code


_AS_BODY: Final = {"type": "string", "enum": [str(body) for body in MEETING_BODIES], "description": "Code of a body."}
_AS_TIME: Final = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
Clock = Annotated[dt.time, BeforeValidator(_as_time), WithJsonSchema(_AS_TIME)]
Ids = Annotated[list[Id], Field(max_length=MOST_NAMED)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
AskedYear = Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
AskedId = Annotated[int | None, Field(ge=1, le=GREATEST)]
AskedUnit = Annotated[int | None, Field(ge=1, le=GREATEST, description="A unit: it and all below.")]
Words = Annotated[Text, Field(max_length=LONGEST_TEXT)]
SomeWords = Annotated[Text, Field(min_length=1, max_length=LONGEST_TEXT)]
Title = Annotated[Text, Field(min_length=1, max_length=200)]
Body = Annotated[str, AfterValidator(_as_body), WithJsonSchema(_AS_BODY)]
BodyOut = Annotated[str, WithJsonSchema(_AS_BODY)]
Seen = Annotated[int, Field(ge=0, lt=10**9, strict=True)]
PaperNumber = Annotated[Text, Field(max_length=60)]


class FileOut(Schema):
    """A file kept with a record. People get it on its page, where each download is logged."""

    id: int
    name: str = Field(description="As it was handed in.")
    size: int = Field(description="In bytes.")
    sha256: str = Field(description="Checksum of its content.")
    added_at: dt.datetime


class Kept(Schema):
    """That an act is done. What was said or scored is told by reading only, so that no copy of it lies elsewhere."""

    id: int
    version: int


def lists(router: Router, path: str, line: type[Schema], name: str, summary: str) -> Callable[[F], F]:
    """Declare a list, told in pages of `line`s; `name` is that of such a page in the document."""
    return router.get(path, response=reads(page_of(line, name)), summary=summary)


def shows(router: Router, path: str, model: Any, summary: str) -> Callable[[F], F]:
    """Declare the reading of one record, with its ETag."""
    return router.get(path, response=reads_one(model), summary=summary)


def changes(router: Router, path: str, model: Any, summary: str) -> Callable[[F], F]:
    """Declare an act on a record in the version the caller saw."""
    return router.post(path, response=writes(model), openapi_extra=VERSIONED, summary=summary)


def creates(router: Router, path: str, model: Any, summary: str, status: int = 201) -> Callable[[F], F]:
    """Declare an act that makes a record."""
    return router.post(path, response=writes(model, status), openapi_extra=KEYED, summary=summary)


def acted(request: Call, act: Callable[[], object], told: Callable[[], HttpResponse]) -> HttpResponse:
    """Do `act`, once for a key, and answer what is `told` then."""

    def run() -> HttpResponse:
        act()
        return told()

    return once(request, run)


def made(request: Call, make: Callable[[], R], told: Callable[[R], HttpResponse]) -> HttpResponse:
    """Do what makes a record, once for a key, and answer what is `told` of it."""
    return once(request, lambda: told(make()))


def kept(request: Call, row: Any, status: int = 200) -> HttpResponse:
    """Answer that an act is done, with the version of the record there is now, and no word of what it holds."""
    answer: HttpResponse = one(request, Kept, {"id": row.pk, "version": row.version}, row.version, status)
    return answer


def as_seen(request: Call, record: Model, version: Callable[[Any], object] = attrgetter("version")) -> None:
    """Refuse an act on another version than the caller saw: for acts that ask for none themselves.

    `record` is held until the call ends, so what was compared is what is changed. It has to be the one that the act
    itself locks first: then no call waits for another that waits for it. `version` tells the version of it as held.
    """
    held = type(record)._base_manager.select_for_update(of=("self",)).get(pk=record.pk)  # noqa: SLF001  # Django documents it
    now = str(version(held))
    if seen(request, now) != now:
        raise ProblemError(HTTPStatus.PRECONDITION_FAILED, "stale", STALE)


def wrong(field: str, message: object = "") -> ValidationError:
    """Return the refusal of one value; without words: it is none of those offered."""
    return ValidationError({f"body.{field}": [str(message or FAULTS["enum"])]})


def one_of(rows: Iterable[T], pk: int | None, field: str) -> T | None:
    """Return the record named among those that the page offers; any other is refused like one that does not exist."""
    return all_of(rows, [pk], field)[0] if pk is not None else None


def named(rows: Iterable[T], pk: int, field: str) -> T:
    """Return the record named among those that the page offers."""
    return all_of(rows, [pk], field)[0]


def all_of(rows: Iterable[T], pks: Sequence[int], field: str) -> list[T]:
    """Return the records named, each once, in the order given; any that is not offered is refused. One query."""
    found = rows.filter(pk__in=pks) if isinstance(rows, QuerySet) else rows
    offered = {row.pk: row for row in found}
    if not set(pks) <= set(offered):
        raise wrong(field)
    return [offered[pk] for pk in dict.fromkeys(pks)]


def offered_or_404(rows: QuerySet[Any], pk: int) -> Any:
    """Return the unit for which a person acts; 404 for any for which the person may not."""
    found = rows.filter(pk=pk).first()
    require(found is not None)
    return found


def kinds_below(unit: Unit) -> QuerySet[UnitKind]:
    """Return the kinds that units below `unit` have."""
    below = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
    return UnitKind.objects.filter(pk__in=below.values("kind"))


def uploads(files: Sequence[UploadedFile]) -> tuple[Upload, ...]:
    """Return the files that came along; raise ValidationError for one the page refuses too."""
    try:
        given = FilesField(required=False).clean(list(files))
    except ValidationError as fault:
        raise ValidationError({"file.files": fault.messages}) from fault
    return tuple(Upload.of(file) for file in given)


def number_in(text: str) -> str:
    """Return the number of a document as Union and State write it; raise ValidationError for what is none."""
    number = " ".join(text.split())
    return str(checked_number(number)) if number else ""


def file_lines(files: Iterable[Any]) -> list[dict[str, Any]]:
    """Return files as told."""
    plain = ("size", "sha256", "added_at")
    return [{"id": f.pk, "name": f.original_name, **{n: getattr(f, n) for n in plain}} for f in files]


def plain_of(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a record that are told as they are."""
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def page_at(row: Any) -> str:
    """Return the address of the page of a record, for people."""
    return settings.SITE_URL + str(row.get_absolute_url())
