"""The timeline on the page of a plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib import clock
from doantracker.lib.widgets import PlainSelect
from plans.filters import unit_choices
from plans.models import Deadline, Plan
from plans.timeline import ZOOMS, day_of, outside_words, timeline_of, usual_day, window_of
from plans.views.shared import Request
from units.models import Unit, User


class TimelineForm(forms.Form):
    """Whose work and how much time is shown; every unit is one the person sees."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False, widget=PlainSelect)
    zoom = forms.ChoiceField(
        label=gettext_lazy("Time shown"),
        required=False,
        choices=list(zip(ZOOMS, (gettext_lazy("Year"), gettext_lazy("Quarter"), gettext_lazy("Month")), strict=True)),
        widget=PlainSelect,
    )
    view = forms.CharField(widget=forms.HiddenInput, required=False)
    day = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, sent: QueryDict, *, user: User) -> None:
        facts = {name: sent.get(name, "") for name in ("unit", "zoom", "day")}
        super().__init__(facts | {"view": "timeline"})
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [("", _("All units")), *unit_choices(user, facts["unit"])]


def timeline_part(request: Request, plan: Plan, mine: QuerySet[Deadline]) -> dict[str, Any]:
    """Return what the timeline needs; four queries, one more for a unit."""
    today = clock.today()
    form = TimelineForm(request.GET, user=request.user)
    valid = form.is_valid()
    chosen = form.cleaned_data if valid else {}
    unit: Unit | None = Unit.objects.visible_to(request.user).get(pk=chosen["unit"]) if chosen.get("unit") else None
    rows = mine if valid else mine.none()
    rows = rows.filter(unit_path__range=(unit.path, unit.path_end)) if unit else rows
    day = day_of(str(request.GET.get("day", ""))) or usual_day(plan, today)
    window = window_of(chosen.get("zoom") or ZOOMS[0], _sane(day))
    found = timeline_of(plan, rows, window, today=today, unit=unit.pk if unit else None)
    before, after = window.neighbours()
    return {
        "form": form,
        "timeline": found,
        "window": window,
        "marks": window.marks(),
        "unit": unit,
        "outside": outside_words(found.outside) if found.outside else "",
        "previous": before.isoformat(),
        "next": after.isoformat(),
    }


def _sane(day: dt.date) -> dt.date:
    """Return a day whose neighbours exist: a plan may run until the end of the calendar."""
    return min(max(day, dt.date(1976, 1, 1)), dt.date(2099, 12, 31))
