"""What the overview is asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainSelect
from plans.enums import PlanKind
from plans.filters import unit_choices
from plans.labels import ROMAN
from plans.models import Field
from units.access import own_paths
from units.models import User
from units.permissions import Permission

ALL = "all"
YEARS_BACK = 2
UNIT_ORDERS = (("overdue", _("Most overdue first")), ("rate", _("Lowest rate first")), ("tree", _("As in the tree")))
PLAN_ORDERS = (("pressing", _("Most overdue first")), ("newest", _("Newest first")))


class OverviewForm(forms.Form):
    """Every choice is limited to what the person sees. Until somebody chooses: the top unit, the current year."""

    unit = forms.ChoiceField(label=_("Unit"), widget=PlainSelect)
    period = forms.ChoiceField(label=_("Period"), widget=PlainSelect)
    kind = forms.ChoiceField(label=_("Kind of plan"), required=False, widget=PlainSelect)
    field = forms.ChoiceField(label=_("Field of work"), required=False, widget=PlainSelect)
    units = forms.ChoiceField(label=_("Order of units"), choices=UNIT_ORDERS, widget=PlainSelect)
    plans = forms.ChoiceField(label=_("Order of plans"), choices=PLAN_ORDERS, widget=PlainSelect)

    def __init__(self, sent: QueryDict, *, user: User, today: dt.date) -> None:
        choices = unit_choices(user, sent.get("unit", ""))
        usual = {
            "unit": choices[0][0] if choices else "",
            "period": str(today.year),
            "units": UNIT_ORDERS[0][0],
            "plans": PLAN_ORDERS[0][0],
        }
        super().__init__(usual | {name: sent[name] for name in sent if name in self.base_fields and sent[name]})
        self.sees_units, self.today = bool(choices), today
        own = Field.objects.visible_to(user).filter(unit__path__in=own_paths(user, Permission.VIEW))
        names = [(str(pk), name) for pk, name in own.values_list("pk", "name")]
        self._choices("unit", choices)
        self._choices("period", periods(today))
        self._choices("kind", [("", gettext("All kinds")), *PlanKind.choices])
        self._choices("field", [("", gettext("All fields")), *names])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def days(self) -> tuple[dt.date | None, dt.date | None]:
        """Return the first and the last day of the period chosen; none for all days."""
        return days_of(self.cleaned_data["period"])


def periods(today: dt.date) -> list[tuple[str, str]]:
    """Return the periods offered: the year with its quarters, the next one, the last ones, all days."""
    this = today.year
    found = [(str(this), gettext("Year %(year)s") % {"year": this})]
    found += [
        (f"{this}-Q{n}", gettext("Quarter %(roman)s/%(year)s") % {"roman": ROMAN[n], "year": this})
        for n in range(1, len(ROMAN))
    ]
    others = (this + 1, *range(this - 1, this - YEARS_BACK - 1, -1))
    found += [(str(year), gettext("Year %(year)s") % {"year": year}) for year in others]
    return [*found, (ALL, gettext("All days"))]


def days_of(period: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the days of a period: "2026", "2026-Q3" or "all"."""
    if period == ALL:
        return None, None
    year, _q, quarter = period.partition("-Q")
    if not quarter:
        return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    first = dt.date(int(year), 3 * int(quarter) - 2, 1)
    return first, (first + dt.timedelta(days=95)).replace(day=1) - dt.timedelta(days=1)
