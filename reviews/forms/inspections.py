"""Forms of an inspection: planned, changed, announced, called off; the programme and the checklists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import LONGEST_NUMBER, checked_number
from plans.forms.seen import GREATEST
from plans.forms.units import DATALIST
from plans.resolving import UnitNames
from plans.rights import units_serving
from plans.validators import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT, limited_text, sane_day
from reviews.bodies import heading_body, members_of
from reviews.checklist_lines import Line, read_lines, write_lines
from reviews.enums import InspectionKind
from reviews.forms.meetings import NO_CHOICE
from reviews.models import Checklist, Inspection
from reviews.models.inspection import MOST_PREPARATION_DAYS
from reviews.visit_lines import VisitLine, read_visits, write_visit
from units.models import Appointment, Unit, User

LONGEST_LIST = 40_000  # characters of a checklist as text
MOST_OFFERED = 200  # people


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    facts = {"help_text": gettext_lazy("dd/mm/yyyy"), "widget": PlainDate, "validators": [sane_day], **kwargs}
    return forms.DateField(label=label, **facts)


def number_field(label: Any, example: Any) -> forms.CharField:
    """Return a field for the number of a document, which may be left empty."""
    return forms.CharField(label=label, required=False, max_length=LONGEST_NUMBER, help_text=example)


def number_of(raw: str) -> str:
    """Return the number as Union and State write it."""
    number = " ".join(raw.split())
    return checked_number(number) if number else ""


class VisitsField(forms.CharField):
    """The units of an inspection, one a line, each with the day of its visit."""

    names: UnitNames

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": 4, "data-add-unit": DATALIST})
        super().__init__(max_length=20_000, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return one line for each unit and day, what was typed as it is."""
        if isinstance(value, str) or value is None:
            return value
        return "\n".join(write_visit(self.names.label(unit), day) for unit, day in value)

    def clean(self, value: Any) -> Any:  # a CharField gives text; this one gives units with days
        """Return the units with their days, in the order of the lines."""
        found: dict[Unit, dt.date | None] = {}
        errors: list[ValidationError] = []
        for line in read_visits(super().clean(value)):
            try:
                unit = self._unit(line)
                if unit in found:
                    raise ValidationError(_("This unit stands in the list twice."))
                found[unit] = line.day
            except ValidationError as error:
                words = _("Line %(number)d: %(message)s") % {"number": line.number, "message": error.messages[0]}
                errors.append(ValidationError(words))
        if errors:
            raise ValidationError(errors)
        return list(found.items())

    def _unit(self, line: VisitLine) -> Unit:
        if line.bad_day:
            raise ValidationError(_("“%(text)s” is no day. Write it as dd/mm/yyyy.") % {"text": line.bad_day[:40]})
        if line.day is not None:
            sane_day(line.day)
        match = self.names.find(line.name)
        if match.unit is None:
            words = _("No unit, or several, are called “%(name)s”. Write its name or code as on its page.")
            raise ValidationError(words % {"name": line.name[:80]})
        return match.unit


class InspectionForm(DraftSeenForm):
    """What an inspection is, who goes, where and when. A new one carries a year and no version."""

    field_order = (
        "year", "kind", "title", "content", "period_start", "period_end", "head", "members", "report_unit", "visits",
    )  # fmt: skip
    year = forms.IntegerField(
        label=gettext_lazy("Programme of the year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=InspectionKind, widget=PlainSelect)
    title = forms.CharField(
        label=gettext_lazy("Name of the inspection"),
        max_length=200,
        help_text=gettext_lazy("As in the programme. Every unit that is visited reads it, so name none of them."),
    )
    content = forms.CharField(
        label=gettext_lazy("What is inspected"),
        required=False,
        validators=[limited_text],
        widget=forms.Textarea({"rows": 4}),
    )
    period_start = day_field(gettext_lazy("Period reviewed, from"), required=False)
    period_end = day_field(gettext_lazy("Period reviewed, to"), required=False)
    head = forms.ChoiceField(label=gettext_lazy("Head of the team"), widget=PlainSelect)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Members of the team"), required=False, widget=forms.CheckboxSelectMultiple
    )
    report_unit: Any = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Who owes the report"), empty_label=None
    )
    visits = VisitsField(
        label=gettext_lazy("Units that are visited"),
        help_text=gettext_lazy(
            "One unit a line, after a semicolon the day: Đoàn xã Tân Lập; 14/04/2026. The day may be given later."
        ),
    )

    def __init__(
        self,
        *args: Any,
        unit: Unit,
        names: UnitNames,
        today: dt.date,
        changed: Inspection | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        self.fields["version"].required = changed is not None
        if changed is not None:
            del self.fields["year"]
        visits: Any = self.fields["visits"]
        visits.names = names
        self.people = {str(p.pk): p for p in _people(unit, today, changed)}
        heads = members_of(unit, heading_body(unit, today), today)
        if changed is not None and changed.head not in heads:
            heads.append(changed.head)
        head: Any = self.fields["head"]
        head.choices = [*NO_CHOICE, *((str(p.pk), p.full_name) for p in heads)]
        self.heads = {str(p.pk): p for p in heads}
        members: Any = self.fields["members"]
        members.choices = [(pk, person.full_name) for pk, person in self.people.items()]
        self.fields["report_unit"].queryset = units_serving(unit, today)  # type: ignore[attr-defined]  # of the field

    @staticmethod
    def initial_of(row: Inspection) -> dict[str, Any]:
        """Return the present values."""
        plain = ("kind", "title", "content", "period_start", "period_end", "version")
        shown = {name: getattr(row, name) for name in plain}
        visits = row.visits.select_related("unit", "event").order_by("pk")
        return shown | {
            "head": row.head_id,
            "report_unit": row.report_unit_id,
            "members": [str(pk) for pk in row.members.values_list("pk", flat=True)],
            "visits": [(visit.unit, visit.day) for visit in visits],
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        facts = super().clean()
        first, last = facts.get("period_start"), facts.get("period_end")
        if first and last and last < first:
            self.add_error("period_end", _("The period ends before it begins. Correct one of the days."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the acts take."""
        data = self.cleaned_data
        plain = ("kind", "title", "content", "period_start", "period_end", "report_unit")
        values = {name: data[name] for name in plain} | {"head": self.heads[data["head"]]}
        found = {"values": values, "members": [self.people[pk] for pk in data["members"]]}
        return found | ({"visits": data["visits"]} if "visits" in data else {})


class AnnounceForm(DraftSeenForm):
    """What the units prepare and by when."""

    field_order = ("preparation", "days")
    preparation = forms.CharField(
        label=gettext_lazy("What the units prepare"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("One thing a line: reports, registers, who takes part."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Owed so many days before the visit"),
        min_value=0,
        max_value=MOST_PREPARATION_DAYS,
        localize=False,
        help_text=gettext_lazy("Each unit gets a deadline that moves with its visit."),
    )


class CancelForm(DraftSeenForm):
    """Why an inspection is not carried out."""

    field_order = ("reason",)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class ProgrammeForm(forms.Form):
    """By which document the programme of a year was issued."""

    symbol = number_field(gettext_lazy("Document number"), gettext_lazy("Such as 12-CTr/TĐTN."))
    issued_on = day_field(gettext_lazy("Issued on"), required=False)

    def clean_symbol(self) -> str:
        """Take the number of a document only."""
        return number_of(self.cleaned_data["symbol"])


class ChecklistForm(forms.Form):
    """A checklist as lines of text."""

    text = forms.CharField(
        label=gettext_lazy("What is looked at"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea({"rows": 18}),
        help_text=gettext_lazy("One thing a line. A line that ends with a colon is a heading for those below it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)

    @staticmethod
    def initial_of(row: Checklist | None) -> dict[str, Any]:
        """Return the present version, as text."""
        if row is None:
            return {"version": 0}
        return {"text": write_lines(Line(i.head, i.text) for i in row.items.all()), "version": row.version}

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        return {"lines": read_lines(self.cleaned_data["text"]), "version": self.cleaned_data["version"]}


def _people(unit: Unit, today: dt.date, changed: Inspection | None) -> list[User]:
    """Return who may be of a team: who holds a post in the unit or its departments, and who is in it already."""
    held = Appointment.objects.in_force(today).filter(post__unit__in=units_serving(unit, today)).values("user")
    wanted = User.objects.filter(pk__in=held)
    if changed is not None:
        wanted = wanted | User.objects.filter(pk__in=changed.members.values("pk"))
    return list(wanted.order_by("sort_key", "pk")[:MOST_OFFERED])
