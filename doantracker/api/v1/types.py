"""Types of what comes in and goes out: the same limits as the forms of the pages, and what both have in common."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ninja import Path, Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from plans.forms.evidence import LONGEST_LINK, LONGEST_NUMBER, MOST_LINES, checked_link, checked_number
from plans.validators import FIRST_YEAR, LAST_YEAR
from units.models import Unit, User

GREATEST: Final = 2**53  # whole numbers that every program can read
_HALF: Final = re.compile("[\ud800-\udfff]")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _readable(text: str) -> str:
    """Refuse what no database keeps: NUL, and halves of characters, which JSON can write down."""
    if "\0" in text or (not text.isascii() and _HALF.search(text)):
        raise ValueError(_("This text holds signs that are no letters (NUL or half a character). Take them out."))
    return text


def _as_day(value: Any) -> Any:
    """Let days be written in one way only: numbers would be taken for seconds since 1970."""
    if not isinstance(value, str) or not _DAY.fullmatch(value) or not value.isascii():
        raise ValueError(_("Write a day as YYYY-MM-DD."))
    try:
        day = dt.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(_("This day does not exist. Write a day as YYYY-MM-DD.")) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = _("The year must lie between %(first)s and %(last)s.")
        raise ValueError(words % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return day


def _link(text: str) -> str:
    return _checked(checked_link, text)


def _number(text: str) -> str:
    return _checked(checked_number, text)


def _checked(check: Any, text: str) -> str:
    """Return what the check of a form makes of `text`; pydantic knows a ValueError only."""
    try:
        return str(check(text))
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error


Text = Annotated[str, AfterValidator(_readable)]
Day = Annotated[dt.date, BeforeValidator(_as_day), WithJsonSchema({"type": "string", "format": "date"})]
Id = Annotated[StrictInt, Field(ge=1, le=GREATEST)]
Pk = Annotated[int, Path(ge=1, le=GREATEST, description="The id of the record.")]
Switch = StrictBool
Link = Annotated[Text, Field(max_length=LONGEST_LINK), AfterValidator(_link)]
Number = Annotated[Text, Field(max_length=LONGEST_NUMBER), AfterValidator(_number)]
Links = Annotated[list[Link], Field(max_length=MOST_LINES)]
Numbers = Annotated[list[Number], Field(max_length=MOST_LINES)]
Figure = Annotated[Decimal, Field(max_digits=15, decimal_places=3)]


class Sent(Schema):
    """What a call brings. A name that is not known is refused: a slip of the keyboard must not pass in silence."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", check_fields=False)
    @classmethod
    def _not_blank(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse blanks where a text is needed."""
        limits = cls.model_fields[info.field_name or ""].metadata
        if isinstance(value, str) and not value.strip() and any(getattr(m, "min_length", 0) for m in limits):
            raise ValueError(_("This text is missing. Write it."))
        return value


class UnitRef(Schema):
    """A unit as named in other records."""

    id: int = Field(description="Its id, as `/units/{pk}` takes it.")
    code: str = Field(description="Its code: stays when the unit is renamed, and is how tables name it.")
    name: str = Field(description="Its name today.")


class PersonRef(Schema):
    """A person as named in other records."""

    id: int = Field(description="The person's id, as acts that name somebody take it.")
    name: str = Field(description="Full name.")


def unit_ref(unit: Unit) -> dict[str, Any]:
    """Return a unit as named in other records."""
    return {"id": unit.pk, "code": unit.code, "name": unit.name}


def person_ref(person: User | None) -> dict[str, Any] | None:
    """Return a person as named in other records."""
    return {"id": person.pk, "name": person.full_name} if person else None
