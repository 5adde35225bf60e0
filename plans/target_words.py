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
        words = [_("or").join((" ", " ")).join(names)]
    elif indicator.value is None:
        return ""
    else:
        sign = SIGNS[indicator.comparator]
        words = [sign, number_words(indicator.value), indicator.unit_of_measure]
    return " ".join(str(word) for word in (*words, _EVERY.get(indicator.frequency, "")) if word)


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
