"""The rows an indicator is made of besides its own: conditions and levels, written as a person listed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from doantracker.lib.text import nfc
from plans.errors import ActionRefused
from plans.models import Indicator, IndicatorCondition, IndicatorLevel

_SHIFT = 1000  # ordinals move by way of numbers no list reaches: the constraint holds at every moment


def set_parts(indicator: Indicator, parts: Mapping[str, Sequence[Any]]) -> None:
    """Give an indicator its conditions (texts) and levels (name, whether it reaches the target), those that are named.

    A level that results name stays the same row.
    """
    if "conditions" in parts:
        _set_conditions(indicator, [nfc(text) for text in parts["conditions"]])
    if "levels" in parts:
        _set_levels(indicator, [(nfc(name), reaches) for name, reaches in parts["levels"]])


def _set_conditions(indicator: Indicator, texts: Sequence[str]) -> None:
    if texts == [c.text for c in indicator.conditions.all()]:
        return
    indicator.conditions.all().delete()
    IndicatorCondition.objects.bulk_create(
        IndicatorCondition(indicator=indicator, ordinal=n, text=text) for n, text in enumerate(texts, start=1)
    )


def _set_levels(indicator: Indicator, wanted: Sequence[tuple[str, bool]]) -> None:
    if len(dict(wanted)) < len(wanted):
        raise ActionRefused(_("A level is named twice. Name each level once."))
    known = {level.name: level for level in indicator.levels.all()}
    if [(level.name, level.reaches) for level in known.values()] == list(wanted):
        return
    try:
        indicator.levels.exclude(name__in=[name for name, _reaches in wanted]).delete()
    except ProtectedError as error:
        raise ActionRefused(_("Results name this level, so it can't be left out. Keep it in the list.")) from error
    kept = [level for level in known.values() if level.name in dict(wanted)]
    for number, level in enumerate(kept, start=1):
        level.ordinal = _SHIFT + number
    IndicatorLevel.objects.bulk_update(kept, ["ordinal"])
    fresh: list[IndicatorLevel] = []
    for number, (name, reaches) in enumerate(wanted, start=1):
        level = known.get(name) or IndicatorLevel(indicator=indicator, name=name)
        level.ordinal, level.reaches = number, reaches
        if level.pk is None:
            fresh.append(level)
    IndicatorLevel.objects.bulk_update(kept, ["ordinal", "reaches"])
    IndicatorLevel.objects.bulk_create(fresh)
