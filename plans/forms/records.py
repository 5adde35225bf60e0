"""The records of a draft as forms. Every choice is limited to the plan and to the units below its issuer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib import clock
from plans.enums import DATED_KINDS, Kind, PlanStatus
from plans.forms.anchors import clean_anchor, offer_anchors
from plans.forms.indicators import IndicatorForm
from plans.forms.record_base import RecordForm
from plans.forms.rules import MORE, RuleFields
from plans.forms.units import UnitNameField, UnitNamesField
from plans.lead_time import LEAD_DAYS
from plans.models import (
    Indicator,
    Plan,
    PlanReference,
    PriorityTask,
    Schedule,
    Shortcoming,
    Solution,
    SolutionGroup,
)
from plans.phrase_reading import read_phrase
from plans.record_values import CHANGEABLE, Record
from plans.sentences import lead_time_parts
from units.models import Appointment, UnitKind, User

_LONG_NUMBER = 9  # digits
SPANS: Final = (
    ("D", gettext_lazy("days")),
    ("B", gettext_lazy("working days")),
    ("W", gettext_lazy("weeks")),
    ("M", gettext_lazy("months")),
)
SIDES: Final = (("-", gettext_lazy("before the event")), ("+", gettext_lazy("after the event")))


class HeaderForm(RecordForm):
    """The facts at the head and foot of the document."""

    slug = "header"
    coordinating_unit = UnitNameField(label=gettext_lazy("Coordinating unit"), required=False)

    class Meta:
        model = Plan
        fields = CHANGEABLE[Plan]
        widgets: Final = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "recipients": forms.Textarea(attrs={"rows": 4}),
        }

    def limit(self) -> None:
        """Offer as plan above only published plans that the person sees, of this unit and the units over it."""
        unit = self.plan.issuing_unit
        over = [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]
        plans = Plan.objects.visible_to(self.by).exclude(status=PlanStatus.DRAFT).filter(issuing_unit__path__in=over)
        self._choices("parent").queryset = plans
        self.fields["recipients"].help_text = _("One a line.")
        self.fields["directive_lead_days"].required = False

    def clean_directive_lead_days(self) -> int:
        """Return the days asked for; the usual ones for an empty field."""
        days: int | None = self.cleaned_data["directive_lead_days"]
        return LEAD_DAYS if days is None else days


class ReferenceForm(RecordForm):
    """A cited document."""

    slug = "reference"

    class Meta:
        model = PlanReference
        fields = CHANGEABLE[PlanReference]
        widgets: Final = {"title": forms.Textarea(attrs={"rows": 2})}


class ShortcomingForm(RecordForm):
    """A shortcoming; its field of work is typed, and a new name makes a new field."""

    slug = "shortcoming"
    field = forms.CharField(label=gettext_lazy("Field of work"), required=False, max_length=200)
    named_units = UnitNamesField(label=gettext_lazy("Units named"), required=False)

    class Meta:
        model = Shortcoming
        fields = CHANGEABLE[Shortcoming]
        widgets: Final = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "cause": forms.Textarea(attrs={"rows": 2}),
        }

    def limit(self) -> None:
        """Show the field of work by name; offer the people with a post in the issuer or directly below it."""
        issuer = self.plan.issuing_unit
        near = {"post__unit__path__range": (issuer.path, issuer.path_end), "post__unit__depth__lte": issuer.depth + 1}
        held = Appointment.objects.in_force(clock.today()).filter(**near)
        known = Q(pk__in=held.order_by().values("user")) | Q(pk=self.instance.person_id)
        self._choices("person").queryset = User.objects.filter(known).order_by("sort_key", "pk")
        chosen = self.instance.field
        self.initial["field"] = chosen.name if chosen else ""
        self.fields["field"].widget.attrs["list"] = self.field_list
        self.fields["origin_year"].help_text = _("The year it was first found; an earlier year: carried over.")

    def _post_clean(self) -> None:
        """Leave the field of work to the action: here it is a name."""
        name = self.cleaned_data.pop("field", None)
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, not in its stubs
        if name is not None:
            self.cleaned_data["field"] = name


class PriorityTaskForm(RecordForm):
    """A task that a higher body put first."""

    slug = "priority_task"

    class Meta:
        model = PriorityTask
        fields = CHANGEABLE[PriorityTask]
        widgets: Final = {"text": forms.Textarea(attrs={"rows": 3})}


class GroupForm(RecordForm):
    """A group of solutions and who leads it."""

    slug = "group"
    lead_unit = UnitNameField(label=gettext_lazy("Lead unit"), required=False, must_lead=True)

    class Meta:
        model = SolutionGroup
        fields = CHANGEABLE[SolutionGroup]
        widgets: Final = {"title": forms.Textarea(attrs={"rows": 2})}


class SolutionForm(RecordForm):
    """A solution, who leads it, and what it answers."""

    slug = "solution"
    lead_unit = UnitNameField(
        label=gettext_lazy("Lead unit"),
        required=False,
        must_lead=True,
        help_text=gettext_lazy("Empty: the lead of the group."),
    )
    supporting_units = UnitNamesField(label=gettext_lazy("Supporting units"), required=False)

    class Meta:
        model = Solution
        fields = CHANGEABLE[Solution]
        widgets: Final = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "shortcomings": forms.CheckboxSelectMultiple,
            "priority_tasks": forms.CheckboxSelectMultiple,
        }

    def limit(self) -> None:
        """Offer groups, shortcomings and tasks of this plan, and as overseers people with a post in the issuer."""
        self._choices("group").queryset = self.plan.groups.all()
        self.limit_overseers()
        for name in ("shortcomings", "priority_tasks"):
            rows = getattr(self.plan, name).all()
            rows = rows.listed() if name == "shortcomings" else rows
            self._choices(name).queryset = rows
            self.fields[name].help_text = ""
            if not rows.exists():
                del self.fields[name]

    def limit_overseers(self) -> None:
        """Offer as overseers people with a post in the issuer."""
        holders = Appointment.objects.in_force(clock.today()).filter(post__unit=self.plan.issuing_unit)
        self._choices("overseer").queryset = User.objects.visible_to(self.by).filter(pk__in=holders.values("user"))


class ScheduleForm(RecordForm, RuleFields):
    """A commitment: how it is bound to time, in simple choices, and who owes it."""

    slug = "schedule"
    lead_amount = forms.IntegerField(
        label=gettext_lazy("Lead time"),
        required=False,
        min_value=0,
        max_value=999,
        help_text=gettext_lazy("A number."),
    )
    lead_span = forms.ChoiceField(label=gettext_lazy("Lead time in"), required=False, choices=SPANS)
    lead_side = forms.ChoiceField(label=gettext_lazy("Before or after"), required=False, choices=SIDES)
    owner_units = UnitNamesField(
        label=gettext_lazy("Units that owe it"),
        required=False,
        help_text=gettext_lazy("One unit a line. No unit and no kind: the lead of the solution owes it."),
    )
    owner_kinds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Every unit of these kinds"),
        required=False,
        queryset=UnitKind.objects.filter(may_be_assigned=True),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = (
        "phrase", "kind", "repeat", "weekday", "month_of", "month_day", "year_dates", "workday", *MORE, "start", "due",
        "lead_amount", "lead_span", "lead_side", "anchor", "event", "hangs_on", "chain", "in_order", "exception",
        "owner_units", "owner_kinds",
    )  # fmt: skip

    class Meta:
        model = Schedule
        fields = (
            "phrase", "kind", "start", "due", "anchor", "event", "hangs_on", "chain", "in_order", "exception",
            "owner_units", "owner_kinds",
        )  # fmt: skip

    def limit(self) -> None:
        """Show the stored rule and lead time as choices; a rule of another form stays as it is."""
        self.show_rule(self.initial.get("rule", self.instance.rule))
        offer_anchors(self, self.plan, self.by)
        parts = lead_time_parts(self.initial.get("lead_time", self.instance.lead_time))
        if parts:
            amount, span, side = parts
            if span == "D" and self.initial.get("in_working_days", self.instance.in_working_days):
                span = "B"
            self.initial.update(lead_amount=amount, lead_span=span, lead_side=side or "+")
        for name, kinds in _SHOWN_FOR.items():
            self.fields[name].widget.attrs["data-for"] = " ".join(kinds)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind needs, and say it at the field."""
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in DATED_KINDS and not data.get("due") and "due" not in self.errors:
            self.add_error("due", _("Give the last day, or choose a kind without one."))
        if kind == Kind.BETWEEN and not data.get("start") and "start" not in self.errors:
            self.add_error("start", _("Give the first day."))
        if kind == Kind.RECURRING and not data.get("repeat"):
            self.add_error("repeat", _("Choose how often it recurs."))
        clean_anchor(self, data)
        recurring = kind == Kind.RECURRING
        before = self.initial.get("rule", self.instance.rule)
        data["rule"] = self.rule_given(data, before) if recurring else ""
        start, due = data.get("start"), data.get("due")
        if start and due and start > due:
            self.add_error("due", _("The last day lies before the first. Correct one of the two days."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the action takes: rule and lead time as they are stored."""
        data, values = self.cleaned_data, super().values()
        values["rule"] = data["rule"]
        values["lead_time"] = self._lead_time()
        values["in_working_days"] = bool(values["lead_time"]) and data["lead_span"] == "B"
        if "due" in self.changed_data:
            values["exclusive"] = False  # the day is the person's own now, not "before" another one
        if data["kind"] == Kind.RELATIVE:
            values["exclusive"] = values["lead_time"] == "-P0D"  # just before: the anchor's day itself is excluded
        return values

    def _lead_time(self) -> str:
        data = self.cleaned_data
        if data["kind"] != Kind.RELATIVE:
            return ""
        if data["lead_amount"] is None:
            was = self.instance.lead_time
            return "" if lead_time_parts(was) else was  # a form we can't show stays; one that we showed was emptied
        span = {"": "D", "B": "D"}.get(data["lead_span"], data["lead_span"])
        return f"{'-' if data['lead_side'] != '+' else ''}P{data['lead_amount']}{span}"


#: Which fields speak for which kinds; the page hides the others where JavaScript runs.
_SHOWN_FOR: Final[dict[str, tuple[str, ...]]] = {
    "start": (Kind.BETWEEN, Kind.RECURRING, Kind.WITHIN_MONTH, Kind.WITHIN_QUARTER, Kind.WITHIN_YEAR),
    "lead_amount": (Kind.RELATIVE,),
    "lead_span": (Kind.RELATIVE,),
    "lead_side": (Kind.RELATIVE,),
    "anchor": (Kind.RELATIVE, Kind.AS_DIRECTED),
    "event": (Kind.RELATIVE,),
    "hangs_on": (Kind.RELATIVE, *sorted(DATED_KINDS)),
    "chain": (Kind.RELATIVE,),
    "in_order": (Kind.RELATIVE,),
}


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of record of a plan: its name in addresses, its model, its form, its words."""

    slug: str
    model: type[Record]
    form: type[RecordForm]
    label: str | Promise
    icon: str

    def rows(self, plan: Plan) -> Any:  # a queryset of any of the models
        """Return the records of this kind in `plan`."""
        if self.model is Plan:
            return Plan.objects.filter(pk=plan.pk)
        path = "solution__plan" if self.model is Schedule else "plan"
        return self.model._default_manager.filter(**{path: plan})  # noqa: SLF001  # Django's documented generic manager


KINDS: Final[dict[str, RecordKind]] = {
    kind.slug: kind
    for kind in (
        RecordKind("header", Plan, HeaderForm, gettext_lazy("head of the plan"), "file-text"),
        RecordKind("reference", PlanReference, ReferenceForm, gettext_lazy("cited document"), "link"),
        RecordKind("shortcoming", Shortcoming, ShortcomingForm, gettext_lazy("shortcoming"), "alert-triangle"),
        RecordKind("priority_task", PriorityTask, PriorityTaskForm, gettext_lazy("priority task"), "flag"),
        RecordKind("indicator", Indicator, IndicatorForm, gettext_lazy("indicator"), "list-check"),
        RecordKind("group", SolutionGroup, GroupForm, gettext_lazy("group of solutions"), "users"),
        RecordKind("solution", Solution, SolutionForm, gettext_lazy("solution"), "target"),
        RecordKind("schedule", Schedule, ScheduleForm, gettext_lazy("commitment"), "clock"),
    )
}


def differences(mine: RecordForm, theirs: RecordForm) -> list[tuple[str, str, str]]:
    """Return (label, saved meanwhile, typed here) for the fields in which a form differs from the record as it is."""
    rows = []
    for name, field in mine.fields.items():
        if name == "fingerprint":
            continue
        here, there = _shown(mine, name), _shown(theirs, name)
        if here != there:
            rows.append((str(field.label), there, here))
    return rows


def _shown(form: RecordForm, name: str) -> str:
    """Return the value of a field as a person reads it."""
    bound = form[name]
    value = bound.value()
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None:
        chosen = {str(v) for v in (value if isinstance(value, list | tuple) else [value]) if v not in (None, "")}
        return ", ".join(str(label) for key, label in choices if str(key) in chosen and str(key))
    if value is not None and hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def initial_for(kind: RecordKind, plan: Plan, query: Mapping[str, str]) -> dict[str, Any]:
    """Return first values of a form that adds: the words of a place in the document, the group asked for."""
    initial: dict[str, Any] = {}
    words = selected_text(plan, query)
    if words and kind.model is Schedule:
        initial |= read_phrase(words, plan).values
    elif words:
        initial[{"group": "title", "reference": "title"}.get(kind.slug, "text")] = words
    if kind.slug == "solution" and query.get("group", "").isdecimal():
        initial["group"] = int(query["group"][:18])
    if kind.slug == "solution" and query.get("shortcoming", "").isdecimal():
        initial["shortcomings"] = [int(query["shortcoming"][:18])]
    return initial


def selected_text(plan: Plan, query: Mapping[str, str]) -> str:
    """Return the characters of a paragraph that an address names, all of it where it names none."""
    text = paragraph_text(plan, query.get("paragraph", ""))
    span = span_of(text, query)
    return text[span[0] : span[1]].strip() if span else text


def span_of(text: str, query: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the characters `start` to `end` that an address names, when they lie in `text`."""
    start, end = query.get("start", ""), query.get("end", "")
    if not (start.isdecimal() and end.isdecimal() and len(start) < _LONG_NUMBER and len(end) < _LONG_NUMBER):
        return None
    return (int(start), int(end)) if int(start) < int(end) <= len(text) else None


def paragraph_text(plan: Plan, number: str) -> str:
    """Return the text of a paragraph by its number, counted from 1; nothing when there is none."""
    document = getattr(plan, "document", None)
    if document is None or not number.isdecimal() or not 1 <= int(number[:9]) <= len(document.paragraphs):
        return ""
    return str(document.paragraphs[int(number[:9]) - 1]["text"])


class ParagraphForm(forms.Form):
    """Where the words of an added record stand, when they stand in the document."""

    paragraph = forms.IntegerField(
        label=gettext_lazy("Paragraph of the document"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("The number at its margin; empty: the record is not from the document."),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document = getattr(plan, "document", None)
        self.count = len(document.paragraphs) if document else 0
        if not self.count:
            del self.fields["paragraph"]

    def clean_paragraph(self) -> int | None:
        """Return the paragraph counted from 0."""
        number: int | None = self.cleaned_data["paragraph"]
        if number is not None and number > self.count:
            raise ValidationError(_("The document has %(count)d paragraphs only.") % {"count": self.count})
        return None if number is None else number - 1


class SolutionChoiceForm(forms.Form):
    """Which solution an added commitment belongs to; `chosen` is the one whose words hold the place."""

    solution = forms.ModelChoiceField(label=gettext_lazy("Solution"), queryset=Solution.objects.none())

    def __init__(self, *args: Any, plan: Plan, chosen: Solution | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Solution]", self.fields["solution"])
        field.queryset, field.initial = plan.solutions.all(), chosen


class SplitForm(forms.Form):
    """With which sentence the second record begins."""

    at = forms.TypedChoiceField(
        label=gettext_lazy("The second record begins with"), coerce=int, widget=forms.RadioSelect
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.TypedChoiceField", self.fields["at"]).choices = choices
