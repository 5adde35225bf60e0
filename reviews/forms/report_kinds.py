"""Setting up a kind of report: its period and days, who owes it, the sections of its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.forms.units import UnitNamesField
from plans.resolving import UnitNames
from plans.rights import units_serving
from plans.validators import FIRST_YEAR, LAST_YEAR, sane_day
from reviews.bodies import bodies_of
from reviews.enums import DueMonth, ReportPeriod, SectionSource
from reviews.models import ReportKind
from reviews.report_periods import MOST_GRACE
from units.models import Unit, UnitKind

MOST_SECTIONS: Final = 10
#: What the form of a report usually holds, in the words of such reports.
USUAL: Final = (
    ("Kết quả thực hiện nhiệm vụ trong kỳ", SectionSource.FIGURES),
    ("Công việc đã hoàn thành", SectionSource.COMPLETED),
    ("Công việc chậm, nguyên nhân", SectionSource.OVERDUE),
    ("Kết quả thực hiện chỉ tiêu", SectionSource.INDICATORS),
    ("Khó khăn, kiến nghị", SectionSource.DIFFICULTIES),
    ("Nhiệm vụ trọng tâm kỳ tới", SectionSource.FREE),
)
NOTHING: Final = (("", "–"),)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=PlainDate, validators=[sane_day], help_text=gettext_lazy("dd/mm/yyyy"), **kwargs
    )


class KindFacts(forms.Form):
    """What may be changed of a kind at any time."""

    name = forms.CharField(
        label=gettext_lazy("Name of the report"),
        max_length=200,
        help_text=gettext_lazy("Such as: Báo cáo công tác Đoàn hằng tháng."),
    )
    active_until = _day(gettext_lazy("Asked for until"), required=False)
    goes_into = forms.ChoiceField(
        label=gettext_lazy("Report it goes into"),
        required=False,
        widget=PlainSelect,
        help_text=gettext_lazy("The report that the unit itself owes to the level above."),
    )

    def __init__(self, *args: Any, unit: Unit, higher: list[ReportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.higher = {str(kind.pk): kind for kind in higher}
        goes: Any = self.fields["goes_into"]
        goes.choices = [*NOTHING, *((pk, f"{kind} – {kind.unit.label}") for pk, kind in self.higher.items())]
        if not self.higher:
            del self.fields["goes_into"]

    def facts(self) -> dict[str, Any]:
        """Return the values that the acts take."""
        data = self.cleaned_data
        shown = {"name": data["name"].strip(), "active_until": data["active_until"]}
        return shown | {"goes_into": self.higher.get(data.get("goes_into", ""))}


class ChangeKindForm(KindFacts, DraftSeenForm):
    """A kind to change, in the version that was seen."""

    @staticmethod
    def initial_of(kind: ReportKind) -> dict[str, Any]:
        """Return the present values."""
        plain = {name: getattr(kind, name) for name in ("name", "active_until", "version")}
        return plain | {"goes_into": kind.goes_into_id}


class NewKindForm(KindFacts):
    """A kind to set up."""

    field_order = (
        "name", "period", "day", "month", "due_on", "grace", "body", "via_unit", "owner_kinds", "owner_units",
        "goes_into", "active_from", "active_until",
    )  # fmt: skip
    period = forms.ChoiceField(label=gettext_lazy("Reporting period"), choices=ReportPeriod, widget=PlainSelect)
    day = forms.IntegerField(
        label=gettext_lazy("Due on day"),
        min_value=1,
        max_value=31,
        required=False,
        localize=False,
        help_text=gettext_lazy("Day 31 is the last day of a shorter month."),
    )
    month = forms.TypedChoiceField(
        label=gettext_lazy("Of which month"), choices=DueMonth, coerce=int, initial="0", widget=PlainSelect
    )
    due_on = _day(gettext_lazy("Or, of a thematic report, due on"), required=False)
    grace = forms.IntegerField(
        label=gettext_lazy("Working days of grace"), min_value=0, max_value=MOST_GRACE, initial=0, localize=False
    )
    body = forms.ChoiceField(label=gettext_lazy("Body that gets it"), widget=PlainSelect)
    via_unit = forms.ChoiceField(
        label=gettext_lazy("Through the department"), required=False, widget=PlainSelect,
        help_text=gettext_lazy("It compiles the reports."),
    )  # fmt: skip
    owner_kinds: Any = forms.ModelMultipleChoiceField(
        queryset=UnitKind.objects.none(),
        label=gettext_lazy("Owed by every unit of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    owner_units = UnitNamesField(label=gettext_lazy("And by these units"), required=False)
    active_from = _day(gettext_lazy("Asked for from"))

    def __init__(self, *args: Any, unit: Unit, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"active_from": today, **kwargs.get("initial", {})}
        super().__init__(*args, unit=unit, **kwargs)
        body: Any = self.fields["body"]
        body.choices = [(b.value, b.label) for b in bodies_of(unit, today)]
        serving = units_serving(unit, today).filter(kind__has_subtree=False)
        self.departments = {str(department.pk): department for department in serving}
        via: Any = self.fields["via_unit"]
        via.choices = [*NOTHING, *((pk, department.name) for pk, department in self.departments.items())]
        below = Unit.objects.below(unit).exclude(pk=unit.pk).order_by()
        self.fields["owner_kinds"].queryset = UnitKind.objects.filter(pk__in=below.values("kind"))  # type: ignore[attr-defined]
        self.names = UnitNames.below(unit, today)
        units: Any = self.fields["owner_units"]
        units.names = self.names
        for n in range(MOST_SECTIONS):
            self._add_section(n)

    def _add_section(self, n: int) -> None:
        heading, source = USUAL[n] if n < len(USUAL) else ("", SectionSource.FREE)
        number = {"number": n + 1}
        self.fields[f"heading_{n}"] = forms.CharField(
            label=_("Heading of section %(number)d") % number,
            max_length=200,
            required=False,
            initial=heading,
            widget=forms.TextInput({"class": "form-control"}),
        )
        self.fields[f"source_{n}"] = forms.ChoiceField(
            label=_("Section %(number)d is filled from") % number,
            choices=SectionSource,
            initial=source,
            widget=PlainSelect,
        )

    @property
    def plain_fields(self) -> Iterator[Any]:
        """Yield the fields beside the sections."""
        for field in self.visible_fields():
            if not field.name.startswith(("heading_", "source_")):
                yield field

    @property
    def section_fields(self) -> Iterator[tuple[Any, Any]]:
        """Yield the two fields of each section."""
        for n in range(MOST_SECTIONS):
            yield self[f"heading_{n}"], self[f"source_{n}"]

    def clean(self) -> dict[str, Any]:
        """Ask for the one day that the period needs, for owners and for a section."""
        data = super().clean() or {}
        thematic = data.get("period") == ReportPeriod.ONCE
        wanted = "due_on" if thematic else "day"
        if "period" in data and not data.get(wanted) and wanted not in self.errors:
            self.add_error(
                wanted, _("Give the day on which it is due.") if thematic else _("Give the day of the month.")
            )
        named = data.get("owner_kinds") or data.get("owner_units") or "owner_units" in self.errors
        if not named:
            self.add_error("owner_kinds", _("Say who owes the report: name units, or tick kinds of units."))
        if not any(data.get(f"heading_{n}", "").strip() for n in range(MOST_SECTIONS)):
            self.add_error(None, _("Give the form at least one section with a heading."))
        return data

    def facts(self) -> dict[str, Any]:
        """Return the values that the act takes; the day that does not belong to the period is left out."""
        data = self.cleaned_data
        thematic = data["period"] == ReportPeriod.ONCE
        names = ("period", "month", "grace", "body", "owner_units", "active_from")
        return super().facts() | {
            **{name: data[name] for name in names},
            "day": None if thematic else data["day"],
            "due_on": data["due_on"] if thematic else None,
            "via_unit": self.departments.get(data["via_unit"]),
            "owner_kinds": list(data["owner_kinds"]),
        }

    def sections(self) -> list[tuple[str, str]]:
        """Return the sections with a heading, in order."""
        data = self.cleaned_data
        rows = ((data[f"heading_{n}"].strip(), data[f"source_{n}"]) for n in range(MOST_SECTIONS))
        return [row for row in rows if row[0]]


class AskForm(forms.Form):
    """For which year the reports are asked for, and that so many `units` shall owe them."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False)

    def __init__(self, *args: Any, units: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = ngettext("Yes, %(n)d unit is to owe these reports", "Yes, %(n)d units are to owe these reports", units)
        missing = {"required": _("Tick this to ask so many units for their reports.")}
        self.fields["sure"] = forms.BooleanField(label=words % {"n": units}, error_messages=missing)
