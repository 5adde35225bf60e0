"""An indicator in the words of an office: what must be reached, for which periods, by whom."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.enums import Comparator, Frequency, IndicatorKind
from plans.models import Indicator

SIGNS: Final[dict[str, str]] = {
    Comparator.GE: "≥",
    Comparator.GT: ">",
    Comparator.LE: "≤",
    Comparator.LT: "<",
    Comparator.EQ: "=",
}
_EVERY: Final[dict[str, str | Promise]] = {
    Frequency.MONTH: gettext_lazy("a month"),
    Frequency.QUARTER: gettext_lazy("a quarter"),
    Frequency.HALF_YEAR: gettext_lazy("a half-year"),
    Frequency.YEAR: gettext_lazy("a year"),
}


def number_words(value: Decimal) -> str:
    """Return a number without zeros that say nothing, as the language writes it."""
    return str(number_format(Decimal(format(value.normalize(), "f"))))


def target_words(indicator: Indicator) -> str:
    """Return what must be reached: "≥ 1 lớp mỗi năm". Nothing where no target is set."""
    if indicator.kind == IndicatorKind.LEVEL:
        names = [level.name for level in indicator.levels.all() if level.reaches]
        return " ".join(filter(None, (_(" or ").join(names), str(_EVERY.get(indicator.frequency, "")))))
    frequency = "" if indicator.cumulative else indicator.frequency  # told of all periods together
    return goal_words(indicator.comparator, indicator.value, indicator.unit_of_measure, frequency)


def goal_words(comparator: str, value: Decimal | str | None, unit_of_measure: str, frequency: str) -> str:
    """Return a number to reach in words; nothing without one."""
    if value is None:
        return ""
    words = (SIGNS[comparator], number_words(Decimal(value)), unit_of_measure, _EVERY.get(frequency, ""))
    return " ".join(str(word) for word in words if word)


def span_words(indicator: Indicator) -> str:
    """Return from when to when results count; nothing where the period of the plan holds."""
    start, due = (date_format(d, "SHORT_DATE_FORMAT") if d else "" for d in (indicator.start, indicator.due))
    if start and due:
        return f"{start} – {due}"
    if due:
        return _("until %(day)s") % {"day": due}
    return _("from %(day)s") % {"day": start} if start else ""


def owners_words(indicator: Indicator) -> str:
    """Return who gives results; nothing where nobody is named."""
    owners = [unit.label for unit in indicator.owner_units.all()]
    kinds = indicator.owner_kinds.all()
    return "; ".join(owners + [_("every unit of the kind “%(kind)s”") % {"kind": kind.name} for kind in kinds])
