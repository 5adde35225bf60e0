"""What the modules of operations share: objects the caller may act on, values checked by the forms of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from doantracker.api.v1.problems import FAULTS, form_refused
from plans.enums import PlanStatus
from plans.errors import ActionRefused
from plans.forms.numbers import WrittenNumberField
from plans.forms.units import UnitNameField, UnitNamesField
from plans.models import Plan, Solution
from plans.rights import may_manage
from units.access import get_visible_or_404, require
from units.models import Unit, UnitKind, User

F = TypeVar("F", bound=forms.BaseForm)
M = TypeVar("M", bound=Model)
RELATED_OF_PLAN: Final = ("issuing_unit", "coordinating_unit", "parent", "document")


Page = Annotated[str, Field(description="The address of its page, for people.")]


class Gone(Schema):
    """What was thrown away."""

    gone: int = Field(description="The id that leads nowhere any more.")


def known_only(request: HttpRequest, asked: Schema) -> None:
    """Raise ValidationError for a name in the address that `asked` does not know: a slip must not pass in silence."""
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        raise ValidationError({f"query.{name[:80]}": str(FAULTS["extra_forbidden"]) for name in unknown})


def page_address(row: Any) -> str:
    """Return where people find a record that has a page."""
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


def facts(row: Model, *names: str) -> dict[str, Any]:
    """Return the key of a row as `id` and the values of its columns `names`."""
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def plan_seen(user: User, pk: int) -> Plan:
    """Return a plan that `user` sees; else 404."""
    found: Plan = get_visible_or_404(Plan.objects.select_related(*RELATED_OF_PLAN), user, pk)
    return found


def plan_run(user: User, pk: int, *statuses: PlanStatus) -> Plan:
    """Return a plan that `user` runs, else 404; raise ActionRefused unless it is in one of `statuses`."""
    found = plan_led(user, pk)
    require_status(found, *statuses)
    return found


def plan_led(user: User, pk: int) -> Plan:
    """Return a plan that `user` runs; else 404, as its pages answer."""
    found = plan_seen(user, pk)
    require(may_manage(user, found))
    return found


def require_status(plan: Plan, *statuses: PlanStatus) -> None:
    """Refuse an act that is not possible as the plan stands."""
    if plan.status not in statuses:
        words = _("This is not possible now: the plan is “%(state)s”. Look at it as it is now.")
        raise ActionRefused(words % {"state": plan.get_status_display()})


def unit_seen(user: User, pk: int) -> Unit:
    """Return a unit that `user` sees; else 404."""
    found: Unit = get_visible_or_404(Unit.objects.select_related("kind"), user, pk)
    return found


def units_seen(user: User, pks: Collection[int]) -> list[Unit]:
    """Return units that `user` sees, one query; raise ValidationError that names the one hidden or missing."""
    found = Unit.objects.visible_to(user).in_bulk(list(pks))
    words = _("There is no unit %(id)s, or you may not see it.")
    if missing := [words % {"id": pk} for pk in dict.fromkeys(pks) if pk not in found]:
        raise ValidationError({"body.units": missing})
    return list(found.values())


def require_in_force(solution: Solution) -> None:
    """Refuse an act on a solution that an amendment dropped."""
    if solution.dropped_at:
        raise ActionRefused(_("This solution was dropped by an amendment. Choose another one."))


def kinds_named(codes: Collection[str], field: str = "kinds") -> list[UnitKind]:
    """Return kinds of unit by their codes, one query; raise ValidationError for one that does not exist."""
    found = list(UnitKind.objects.filter(code__in=codes))
    if len(found) < len(set(codes)):
        raise ValidationError({f"body.{field}": _("There is no kind of unit with this code.")})
    return found


def filled(
    build: Callable[[dict[str, Any] | None], F],
    values: Mapping[str, Any],
    *,
    partly: bool = False,
    place: str = "body",
) -> F:
    """Return the form of a page filled with `values`, valid; raise ValidationError with what it says.

    `build` makes the form of its data. Units come as ids, kinds of unit as codes. `partly`: what is not named stays as
    the form shows it. `place`: where in the call they stand. The form limits what may be named as its page does.
    """
    shown = build(None)
    only_of(values, shown.fields, place)
    data = {name: shown[name].value() for name in shown.fields} if partly else {}
    data |= {name: _typed(shown.fields[name], name, value) for name, value in values.items()}
    form = build(data)
    if not form.is_valid():
        raise form_refused(form, place)
    return form


def only_of(given: Iterable[str], known: Iterable[str], place: str = "body") -> None:
    """Raise ValidationError for names that nothing here has."""
    if unknown := sorted(set(given) - set(known)):
        raise ValidationError({f"{place}.{name[:80]}": _("This can't be given here.") for name in unknown})


def _typed(field: forms.Field, name: str, value: Any) -> Any:
    """Return a value as a person would have sent it with the form."""
    if value is None:
        return ""
    if isinstance(field, UnitNameField | UnitNamesField):
        return _codes(field, name, value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return _keys(field, name, value if isinstance(value, list | tuple) else [value])
    if isinstance(value, Decimal) and isinstance(field, WrittenNumberField):
        return value
    if isinstance(value, bool):
        return value if isinstance(field, forms.BooleanField) else str(value)
    text = "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return _day(text) if isinstance(field, forms.DateField) else text


def _keys(field: forms.ModelMultipleChoiceField[Any], name: str, given: Sequence[Any]) -> list[str]:
    """Return the keys of records; kinds of unit are given by their codes."""
    queryset: Any = field.queryset
    if queryset.model is UnitKind:
        return [str(kind.pk) for kind in kinds_named([str(v) for v in given], name)]
    return [str(v) for v in given]


def _codes(field: UnitNameField | UnitNamesField, name: str, value: Any) -> str:
    """Return the codes of units given by their ids, one a line; raise ValidationError for one not to be named here."""
    given = value if isinstance(value, list | tuple) else [value]
    units = [field.names.by_id(int(v)) if isinstance(v, int) or str(v).isdecimal() else None for v in given]
    if None in units:
        raise ValidationError({f"body.{name}": _("This unit can't be named here. Send the id of another one.")})
    return "\n".join(unit.code for unit in units if unit)


def _day(text: str) -> Any:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
