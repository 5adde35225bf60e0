"""What was put in a person's charge (phân công phụ trách): units with all below, fields of work, solutions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from doantracker.lib.text import search_key
from plans.models import Field, SolutionShortcoming
from units.access import paths_with, within
from units.models import Unit, User
from units.permissions import Permission


@dataclass(frozen=True, slots=True)
class Charge:
    """What `user` looks after today, as far as the person sees it; fields by the names written in the oversight."""

    user: User
    units: tuple[Unit, ...]
    fields: tuple[Field, ...]
    unknown: tuple[str, ...]

    @property
    def of_units(self) -> Q:
        """Return what a deadline must fulfil to be owed by one of the units or below."""
        return within("unit_path", [str(unit.path) for unit in self.units])

    @property
    def condition(self) -> Q:
        """Return what a deadline must fulfil to be in charge; `visible_to` still says what the person sees."""
        answers = SolutionShortcoming.objects.filter(shortcoming__field__in=[f.pk for f in self.fields])
        of_fields = Q(solution__in=answers.values("solution"))
        return self.of_units | of_fields | Q(solution__overseer=self.user)


def charge_of(user: User, today: dt.date) -> Charge:
    """Return what `user` looks after on `today`; two queries.

    An oversight names its field in words: the fields of that name which the person sees are meant. `unknown` are
    names that no field has.
    """
    rows = user.oversights.filter(Q(end__isnull=True) | Q(end__gte=today), start__lte=today)
    seen = paths_with(user, Permission.VIEW)
    units: dict[int, Unit] = {}
    names: dict[str, str] = {}
    for row in rows.select_related("unit__kind").order_by("unit__path", "field"):
        if row.unit is None:
            names[_field_key(row.field)] = row.field
        elif str(row.unit.path).startswith(tuple(seen)):
            units[row.unit.pk] = row.unit
    fields = tuple(f for f in Field.objects.visible_to(user).select_related("unit") if _field_key(f.name) in names)
    known = {_field_key(f.name) for f in fields}
    return Charge(user, tuple(units.values()), fields, tuple(n for key, n in names.items() if key not in known))


def _field_key(name: str) -> str:
    """Return a name as it is compared: plans head a field "Về công tác …", people are given "Công tác …"."""
    return search_key(name).removeprefix("ve ")
