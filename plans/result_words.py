"""Figures of indicators as people write them: 1.234,5, no zeros behind the decimal mark, a share with its terms."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.formats import number_format

from plans.enums import IndicatorKind, RollUp
from plans.models import Indicator, IndicatorResult

#: Places behind the decimal mark that pages show of a quotient.
SHOWN_PLACES: Final = 2


def shown(number: Decimal, places: int | None = None) -> str:
    """Return a number in the reader's form, rounded half up where `places` are given."""
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole = number.to_integral_value()
    plain = whole if number == whole else number.normalize()
    return str(number_format(plain, use_l10n=True, force_grouping=True))


def worded(result: IndicatorResult) -> str:
    """Return what a unit gave, as given."""
    if result.level_id:
        return str(result.level)
    return "/".join(shown(n) for n in (result.value, result.numerator, result.denominator) if n is not None)


def measured(indicator: Indicator, number: Decimal | None, operator: str | None = None) -> str:
    """Return a rolled-up number with its unit of measure; nothing for none. A count of units stands alone."""
    if number is None:
        return ""
    text = shown(number, SHOWN_PLACES)
    if (operator or indicator.roll_up) == RollUp.COUNT_UNITS:
        return text
    return f"{text} {measure(indicator)}".strip()


def measure(indicator: Indicator) -> str:
    """Return the unit of measure; a share is told in percent."""
    return "%" if indicator.kind == IndicatorKind.RATIO else str(indicator.unit_of_measure)
