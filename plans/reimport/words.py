"""Values of the comparison in words, for the page and for the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.enums import IndicatorKind, Level, PlanKind, RollUp
from plans.models import Plan
from plans.reimport.matching import Row
from plans.reimport.readings import CONDITIONS, KIND_OF, TARGET, TIME
from plans.sentences import understood
from plans.target_words import goal_words
from units.models import Unit, UnitKind

UNITS: Final = frozenset({"lead_unit", "named_units", "supporting_units", "owner_units"})
_MODELS: Final[dict[str, type[Model]]] = {"header": Plan} | {kind: model for model, kind in KIND_OF.items()}


@dataclass(slots=True)
class Names:
    """Units and kinds of units by id."""

    units: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Names:
        """Load what `rows` name, in two queries."""
        units: set[int] = set()
        for row in rows:
            for name in UNITS & set(row.values):
                value = row.values[name]
                units |= value if isinstance(value, frozenset) else {value} if value else set()
        found = Unit.objects.filter(pk__in=units).only("pk", "name", "short_name", "path", "depth")
        return cls({u.pk: u.label for u in found}, {k.pk: str(k.name) for k in UnitKind.objects.all()})


def label(kind: str, name: str) -> str:
    """Return what a value is called."""
    if name == "time":
        return _("Understood")
    if name == "period":
        return _("Period")
    if name == "target":
        return _("Target")
    if name == CONDITIONS:
        return _("Conditions")
    column = _MODELS[kind]._meta.get_field(name)  # noqa: SLF001  # Django's documented door to a model's columns
    words = str(getattr(column, "verbose_name", name))
    return words[:1].upper() + words[1:]


def kind_name(kind: str) -> str:
    """Return what a kind of record is called, at the beginning of a line."""
    words = str(_MODELS[kind]._meta.verbose_name)  # noqa: SLF001  # Django's documented door to a model
    return words[:1].upper() + words[1:]


def worded(kind: str, name: str, value: Any, names: Names) -> str:
    """Return a value in words; nothing for an empty one."""
    if name == "time":
        return understood(SimpleNamespace(chain="", **dict(zip(TIME, value, strict=True))))
    if name == "period":
        return _period(*value)
    if name == "target":
        return _target(dict(zip(TARGET, value, strict=True)))
    if name == CONDITIONS:
        return "; ".join(value)
    if name in UNITS or name == "owner_kinds":
        known = names.kinds if name == "owner_kinds" else names.units
        pks = value if isinstance(value, frozenset) else {value} if value else set()
        return ", ".join(sorted(known.get(pk, str(pk)) for pk in pks))
    choices = {("header", "kind"): PlanKind.choices, ("solution", "level"): Level.choices}.get((kind, name), [])
    return _day(value) if isinstance(value, dt.date) else str(dict(choices).get(value, value or ""))


def _target(parts: dict[str, Any]) -> str:
    """Return what an indicator asks for, until when, and how its results add up."""
    asked = goal_words(parts["comparator"], parts["value"], parts["unit_of_measure"], parts["frequency"])
    measured = str(IndicatorKind(parts["kind"]).label)
    added = str(RollUp(parts["roll_up"]).label)
    return "; ".join(words for words in (asked, measured, _day(parts["due"]), added) if words)


def _period(start: dt.date | None, end: dt.date | None) -> str:
    return f"{_day(start)} – {_day(end) or _('open end')}" if start or end else ""


def _day(day: dt.date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
