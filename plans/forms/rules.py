"""The editor of a rule as fields of a form: choices an office clerk understands, and the rule itself for who knows it.

One editor for drafts and for published plans. A page that shows it loads `static/js/rules.js` and includes
`plans/rule_form.html` and `plans/rule_preview.html`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final, cast

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.enums import Kind
from plans.occurrences import usable_rule
from plans.rules import (
    DAILY,
    FORTNIGHTLY,
    HALF_YEARLY,
    LONGEST_RULE,
    MONTHLY,
    MOST_DATES,
    MOST_DAYS,
    QUARTERLY,
    SPAN,
    WEEKLY,
    YEARLY,
    BadRule,
    Parts,
    Stated,
    parse_rule,
    read_dates,
    read_days,
    rule_from,
    stated,
    written_dates,
    written_days,
)
from plans.sentences import WEEKDAYS, why_bad

AS_READ = "as_read"
REPEATS: Final = (
    (DAILY, gettext_lazy("every day")),
    (WEEKLY, gettext_lazy("every week")),
    (FORTNIGHTLY, gettext_lazy("every two weeks")),
    (MONTHLY, gettext_lazy("every month")),
    (QUARTERLY, gettext_lazy("every quarter")),
    (HALF_YEARLY, gettext_lazy("every half-year")),
    (YEARLY, gettext_lazy("every year")),
)
FIRST: Final = (("", gettext_lazy("not known yet")), *REPEATS, (AS_READ, gettext_lazy("by the rule written below")))
SECOND: Final = (("", gettext_lazy("no second rule")), *REPEATS)
#: Which choices speak for which repeats; the page hides the others where JavaScript runs.
SHOWN_FOR_REPEAT: Final[dict[str, tuple[str, ...]]] = {
    "weekday": (WEEKLY, FORTNIGHTLY),
    "month_of": (QUARTERLY, HALF_YEARLY),
    "month_day": (MONTHLY, QUARTERLY, HALF_YEARLY),
    "year_dates": (YEARLY,),
    "workday": (MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY),
}
SERIES: Final = ("", "_2")  # endings of the names of the fields of each series
MORE: Final = (*(f"{name}_2" for name in ("repeat", *SHOWN_FOR_REPEAT)), "without_days", "besides_days", "raw_rule")


def _weekday(label: Any) -> forms.ChoiceField:
    choices = (("", gettext_lazy("the same day each time")), *WEEKDAYS.items())
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _month_of(label: Any) -> forms.TypedChoiceField:
    choices = (("", gettext_lazy("the last month")), *((n, str(n)) for n in range(1, 7)))
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value="", choices=choices)


def _month_day(label: Any) -> forms.IntegerField:
    words = gettext_lazy("Empty: the last day.")
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=31, help_text=words)


def _year_dates(label: Any) -> forms.CharField:
    words = gettext_lazy("Such as 15/6, 20/11. Empty: the last day of the year.")
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=60, help_text=words, widget=widget)


def _days(label: Any) -> forms.CharField:
    words = gettext_lazy("Such as 30/04/2026, 01/05/2026.")
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=MOST_DAYS * 14, help_text=words, widget=widget)


class RuleFields(forms.Form):
    """How often, on which day; a second series, days left out or added, or the rule as RFC 5545 writes it."""

    repeat = forms.ChoiceField(label=gettext_lazy("How often"), required=False, choices=FIRST)
    weekday = _weekday(gettext_lazy("Day of the week"))
    month_of = _month_of(gettext_lazy("Month of the quarter or half-year"))
    month_day = _month_day(gettext_lazy("Day of the month"))
    year_dates = _year_dates(gettext_lazy("Dates of the year"))
    workday = forms.BooleanField(label=gettext_lazy("On the last working day of the period"), required=False)
    repeat_2 = forms.ChoiceField(label=gettext_lazy("Second rule: how often"), required=False, choices=SECOND)
    weekday_2 = _weekday(gettext_lazy("Second rule: day of the week"))
    month_of_2 = _month_of(gettext_lazy("Second rule: month of the quarter or half-year"))
    month_day_2 = _month_day(gettext_lazy("Second rule: day of the month"))
    year_dates_2 = _year_dates(gettext_lazy("Second rule: dates of the year"))
    workday_2 = forms.BooleanField(
        label=gettext_lazy("Second rule: on the last working day of the period"), required=False
    )
    without_days = _days(gettext_lazy("Not on these days"))
    besides_days = _days(gettext_lazy("Also on these days"))
    raw_rule = forms.CharField(
        label=gettext_lazy("Rule as RFC 5545 writes it"),
        required=False,
        max_length=LONGEST_RULE,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "For who knows it: choose “by the rule written below” and write one series a line, such as"
            " FREQ=MONTHLY;BYDAY=2FR."
        ),
    )

    def show_rule(self, rule: str) -> None:
        """Show a stored rule as choices; one of another form as it is written."""
        self._mark_fields()
        found = stated(rule) if rule else None
        if rule and found is None:
            words = _("by the rule %(rule)s") % {"rule": rule.replace("\n", " ")}
            cast("forms.ChoiceField", self.fields["repeat"]).choices = [*FIRST[:-1], (AS_READ, words)]
            self.initial.update(repeat=AS_READ, raw_rule=rule)
        elif found:
            self._show_parts(found.first, "")
            if found.second:
                self._show_parts(found.second, "_2")
            self.initial.update(without_days=written_days(found.without), besides_days=written_days(found.besides))

    def _mark_fields(self) -> None:
        """Say which kind of commitment and which repeat each field speaks for."""
        for name in ("repeat", *MORE):
            self.fields[name].widget.attrs["data-for"] = Kind.RECURRING.value
        for ending in SERIES:
            for name, repeats in SHOWN_FOR_REPEAT.items():
                marks = {"data-for": Kind.RECURRING.value, "data-repeat": " ".join(repeats)}
                self.fields[name + ending].widget.attrs |= marks | {"data-series": f"repeat{ending}"}
        self.fields["raw_rule"].widget.attrs |= {"data-repeat": AS_READ, "data-series": "repeat"}

    def _show_parts(self, parts: Parts, ending: str) -> None:
        shown = {
            "repeat": parts.every,
            "weekday": parts.weekday,
            "month_of": parts.month if parts.every in SPAN and parts.month != SPAN[parts.every] else "",
            "month_day": parts.day or None,
            "year_dates": written_dates(parts.dates),
            "workday": parts.workday,
        }
        self.initial.update({name + ending: value for name, value in shown.items()})

    def rule_given(self, data: dict[str, Any], before: str) -> str:
        """Return the stored rule of what was chosen; what is wrong is said at its field. `before`: the rule so far."""
        every = data.get("repeat") or ""
        if not every:
            return ""
        without, besides = self._read_days(data, "without_days"), self._read_days(data, "besides_days")
        field = "raw_rule" if every == AS_READ else "repeat"
        try:
            if every == AS_READ:
                rule = parse_rule(data.get("raw_rule") or before)
                given = str(replace(rule, without=_both(rule.without, without), besides=_both(rule.besides, besides)))
            else:
                first, second = self._parts(data, ""), self._parts(data, "_2") if data.get("repeat_2") else None
                given = rule_from(Stated(first, second, without, besides))
            return "" if self.errors else usable_rule(given)
        except BadRule as bad:
            self.add_error(field, why_bad(bad))
        return ""

    def _parts(self, data: dict[str, Any], ending: str) -> Parts:
        every, month = data[f"repeat{ending}"], int(data.get(f"month_of{ending}") or 0)
        if every in SPAN and month > SPAN[every]:
            self.add_error(f"month_of{ending}", _("A quarter has three months: choose 1, 2 or 3."))
        dates = self._read_dates(data, f"year_dates{ending}") if every == YEARLY else ()
        weekday, day = data.get(f"weekday{ending}") or "", data.get(f"month_day{ending}") or 0
        workday = bool(data.get(f"workday{ending}")) and every in SHOWN_FOR_REPEAT["workday"]
        return (
            Parts(every, weekday) if every in {WEEKLY, FORTNIGHTLY} else Parts(every, "", day, month, dates, workday)
        )

    def _read_dates(self, data: dict[str, Any], name: str) -> tuple[tuple[int, int], ...]:
        try:
            dates = read_dates(data[name]) if data.get(name) else ()
        except ValueError:
            self.add_error(name, _("Write days and months such as 15/6, 20/11."))
            return ()
        if len(dates) > MOST_DATES:
            self.add_error(name, _("At most %(most)d dates. Add a second commitment.") % {"most": MOST_DATES})
        return dates[:MOST_DATES]

    def _read_days(self, data: dict[str, Any], name: str) -> tuple[dt.date, ...]:
        try:
            return read_days(data[name]) if data.get(name) else ()
        except ValueError as error:
            self.add_error(name, _("“%(words)s” is no day. Write days such as 30/04/2026.") % {"words": error})
        return ()

    @property
    def chunks(self) -> list[tuple[str, bool, list[BoundField]]]:
        """Return the visible fields in order in three parts: before, what is seldom needed (and whether it opens)."""
        parts: dict[str, list[BoundField]] = {"": [], "more": [], "after": []}
        for field in self.visible_fields():
            name = "more" if field.name in MORE else "after" if parts["more"] else ""
            parts[name].append(field)
        opens = any(field.value() or field.errors for field in parts["more"]) or self["repeat"].value() == AS_READ
        return [(name, name == "more" and opens, fields) for name, fields in parts.items()]


def _both(first: tuple[dt.date, ...], second: tuple[dt.date, ...]) -> tuple[dt.date, ...]:
    return tuple(sorted({*first, *second}))
