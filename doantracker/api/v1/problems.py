"""Errors as problem+json (RFC 9457), in the language the caller asks for."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, ChoiceField, ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

MEDIA_TYPE: Final = "application/problem+json"
LONGEST_PLACE: Final = 200


class Fault(Schema):
    """What is wrong with one value of the call."""

    field: str = Field(description="Where it stands: `body.percent`, `query.limit`, a row of results by its unit.")
    message: str = Field(description="What is wrong and what to do, for people.")


class Problem(Schema):
    """Why a call came to nothing. Nothing was saved."""

    type: str = Field(description="`about:blank`: the status says it all.")
    title: str = Field(description="The status in words.")
    status: int
    code: str = Field(description="For programs; the list stands in docs/api.md.")
    detail: str = Field(description="For people, in the language asked for by Accept-Language.")
    errors: list[Fault] = Field(default_factory=list)


class ProblemError(Exception):
    """Ends a call with a problem."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str | Promise,
        *,
        headers: dict[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(str(detail))
        self.status, self.code, self.detail, self.headers = status, code, detail, headers or {}
        self.errors = errors or []


UNKNOWN_TOKEN: Final = _(
    "Send a token that is in force: Authorization: Bearer … Tokens are made on the page “Access for programs”."
)
READ_ONLY: Final = _("This token may only read. Make one that may write too.")
NOTHING_HERE: Final = _("There is nothing at this address, or you may not see it.")
UNREADABLE: Final = _("The call could not be read. Send JSON in UTF-8.")
WRONG: Final = _("Some values are wrong. Correct them and send the call again.")
STALE: Final = _("It was changed since you read it. Read it again, then decide.")
NO_VERSION: Final = _("Say which version you saw: send its ETag as If-Match.")

#: What is said about a value, by the kind of pydantic's error; the rest: `_("This value can't be read.")`.
FAULTS: Final[dict[str, str | Promise]] = {
    "missing": _("This value is missing."),
    "extra_forbidden": _("This name is not known. Look for a slip of the keyboard."),
    "string_type": _("Send a text."),
    "string_too_short": _("This text is too short: at least %(min_length)s signs."),
    "string_too_long": _("This text is too long: at most %(max_length)s signs."),
    "string_pattern_mismatch": _("This text has another form than the document of the API says: %(pattern)s"),
    "int_type": _("Send a whole number."),
    "int_parsing": _("Send a whole number."),
    "decimal_parsing": _("Send a number."),
    "decimal_max_digits": _("At most 12 digits before the decimal mark and 3 after it. Round the figure."),
    "decimal_max_places": _("At most 12 digits before the decimal mark and 3 after it. Round the figure."),
    "decimal_whole_digits": _("At most 12 digits before the decimal mark and 3 after it. Round the figure."),
    "bool_type": _("Send true or false."),
    "enum": _("This is none of the values possible."),
    "literal_error": _("This is none of the values possible."),
    "greater_than_equal": _("This number is too small: at least %(ge)s."),
    "less_than_equal": _("This number is too large: at most %(le)s."),
    "too_short": _("There are too few of them: at least %(min_length)s."),
    "too_long": _("There are too many of them: at most %(max_length)s. Send them in several calls."),
    "list_type": _("Send a list."),
    "dict_type": _("Send an object with names and values."),
    "model_type": _("Send an object with names and values."),
    "model_attributes_type": _("Send an object with names and values."),
    "decimal_type": _("Send a number."),
    "bool_parsing": _("Send true or false."),
}

#: What the framework says of a value that is not offered.
_NOT_OFFERED: Final = tuple(
    field.default_error_messages[code]
    for field, code in (
        (ChoiceField, "invalid_choice"),
        (ModelChoiceField, "invalid_choice"),
        (ModelMultipleChoiceField, "invalid_choice"),
        (ModelMultipleChoiceField, "invalid_pk_value"),
    )
)


def problem(
    status: int, code: str, detail: str | Promise, *, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return a problem as a response; a name of the caller's may be anything, half a character too."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": str(detail),
        "errors": errors or [],
    }
    told = json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder).encode("utf-8", "replace")
    return HttpResponse(told, status=status, content_type=MEDIA_TYPE)


def wrong_values(errors: list[dict[str, str]]) -> HttpResponse:
    """Return the problem of values that can't be taken."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", WRONG, errors=errors)


def of_django(error: DjangoValidationError) -> HttpResponse:
    """Return the problem of values that a model or a field of a form refused."""
    if hasattr(error, "error_dict"):
        found = [{"field": n, "message": m} for n, messages in error.message_dict.items() for m in messages]
    else:
        found = [{"field": "", "message": message} for message in error.messages]
    return wrong_values(found)


def form_refused(form: BaseForm, place: str) -> DjangoValidationError:
    """Return what a form of the pages says of values that stand in `place` of the call, for a program."""
    faults = {
        place if name == NON_FIELD_ERRORS else f"{place}.{name}": [words for error in errors for words in _said(error)]
        for name, errors in form.errors.as_data().items()
    }
    return DjangoValidationError(faults)


def _said(error: DjangoValidationError) -> list[str]:
    """Return the words of a form; of a value that is not offered ours, since the framework repeats what was sent."""
    return [str(FAULTS["enum"])] if str(error.message) in map(str, _NOT_OFFERED) else error.messages


def of_pydantic(errors: list[dict[str, Any]]) -> HttpResponse:
    """Return the problem of values that don't fit their type; what was sent is not repeated."""
    return wrong_values([{"field": _place(e["loc"]), "message": _words(e)} for e in errors])


def is_api(request: HttpRequest) -> bool:
    """Return whether the answer goes to a program: the document and its page are for people too."""
    return request.path.startswith("/api/v1/") and not request.path.startswith("/api/v1/docs")


def _place(location: tuple[Any, ...]) -> str:
    """Return where a value stands, without the name of our parameter between `body` and its fields."""
    where, *rest = (str(part) for part in location)
    known = {"sent", "asked"}
    return ".".join([where, *(rest[1:] if rest and rest[0] in known else rest)])[:LONGEST_PLACE]


def _words(error: dict[str, Any]) -> str:
    context = error.get("ctx") or {}
    own = context.get("error")
    if isinstance(own, DjangoValidationError):
        return " ".join(own.messages)
    if own and error["type"] == "value_error":
        return str(own)  # our own words: the library hands them on as a text
    return str(FAULTS.get(str(error["type"]), _("This value can't be read."))) % context
