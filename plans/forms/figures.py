"""What the statistics are asked for: a unit with all below it, a plan, a period, a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.figures_page import Scope
from plans.filters import plan_choices, unit_choices
from plans.models import Plan
from plans.validators import sane_day
from units.models import Unit, User


class FiguresForm(forms.Form):
    """Every choice is limited to what the person sees. Until somebody chooses, the period is the current year."""

    unit = forms.ChoiceField(label=_("Unit"), widget=PlainSelect)
    plan = forms.ChoiceField(label=_("Plan"), required=False, widget=PlainSelect)
    due_from = forms.DateField(label=_("Due from"), required=False, widget=PlainDate, validators=[sane_day])
    due_to = forms.DateField(label=_("Due to"), required=False, widget=PlainDate, validators=[sane_day])
    as_of = forms.DateField(label=_("As of"), required=False, widget=PlainDate, validators=[sane_day])

    def __init__(self, sent: QueryDict, *, user: User, today: dt.date) -> None:
        units = unit_choices(user, sent.get("unit", ""))
        data = {
            "unit": units[0][0] if units else "",
            "due_from": f"{dt.date(today.year, 1, 1):%d/%m/%Y}",
            "due_to": f"{dt.date(today.year, 12, 31):%d/%m/%Y}",
            "as_of": f"{today:%d/%m/%Y}",
        }
        super().__init__(data | {name: sent[name] for name in sent if name in self.base_fields})
        self.user, self.today, self.units = user, today, units
        self._choices("unit", units)
        self._choices("plan", [("", _("All plans")), *plan_choices(user, sent.get("plan", ""))])

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_as_of(self) -> dt.date:
        """Take today for nothing; refuse a day that has not come."""
        day: dt.date = self.cleaned_data.get("as_of") or self.today
        if day > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        chosen = super().clean() or {}
        first, last = chosen.get("due_from"), chosen.get("due_to")
        if first and last and last < first:
            self.add_error("due_to", _("The period ends before it begins. Correct one of the two days."))
        return chosen

    def scope(self) -> Scope | None:
        """Return what is asked for; None while it makes no sense or the person sees no unit."""
        if not self.units or not self.is_valid():
            return None
        chosen = self.cleaned_data
        unit: Unit = Unit.objects.visible_to(self.user).get(pk=chosen["unit"])
        plan = Plan.objects.visible_to(self.user).get(pk=chosen["plan"]) if chosen["plan"] else None
        days = {"first": chosen["due_from"], "last": chosen["due_to"], "day": chosen["as_of"]}
        return Scope(user=self.user, unit=unit, plan=plan, today=self.today, **days)
