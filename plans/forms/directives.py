"""Drafting and issuing directives and activities; every choice is limited to the issuer and what one sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.enums import DirectiveKind, Opinion
from plans.filters import plan_choices
from plans.forms.seen import GREATEST, SeenForm
from plans.forms.units import UnitNameField, UnitNamesField
from plans.models import Activity, Directive, Plan, Solution
from plans.resolving import UnitNames
from plans.rights import units_serving
from plans.validators import LONGEST_TEXT, sane_day
from units.models import Unit, UnitKind, User

MOST_SOLUTIONS = 9999


def _text(label: Any, *, length: int, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea({"rows": rows}), **kwargs)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    help_text = kwargs.pop("help_text", gettext_lazy("dd/mm/yyyy"))
    return forms.DateField(label=label, help_text=help_text, widget=PlainDate, validators=[sane_day], **kwargs)


class DraftSeenForm(SeenForm):
    """An act on a draft in the version that was seen; without it the answer says to look again."""

    seen = "version"
    missing = gettext_lazy(
        "This page does not say what you saw. Look at it as it is now, then press the button again."
    )

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)


class DraftForm(DraftSeenForm):
    """What drafts of an issuer have in common: who drafted it, and the plan it belongs to. A new one: no version."""

    drafting_unit: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Drafted by"), empty_label=None)
    plan: Any = forms.ChoiceField(label=gettext_lazy("Plan it belongs to"), required=False, widget=PlainSelect)

    def __init__(
        self, *args: Any, issuer: Unit, user: User, today: dt.date, drafted: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = drafted
        self.user = user
        drafting: Any = self.fields["drafting_unit"]
        drafting.queryset = units_serving(issuer, today)
        chosen = str(self.data.get("plan", "") or self.initial.get("plan") or "")
        plan: Any = self.fields["plan"]
        plan.choices = [("", _("None")), *plan_choices(user, chosen)]
        self.names = UnitNames.below(issuer, today)
        for field in self.fields.values():
            if isinstance(field, UnitNameField | UnitNamesField):
                field.names = self.names

    def clean_plan(self) -> Plan | None:
        """Return the plan chosen, one that the person sees."""
        chosen = self.cleaned_data["plan"]
        return Plan.objects.visible_to(self.user).get(pk=chosen) if chosen else None


class DirectiveForm(DraftForm):
    """A directive as drafted."""

    field_order = (
        "title", "kind", "drafting_unit", "text", "units", "kinds", "agreed_with", "plan", "ordinal", "rolls_out_on",
        "urgent", "urgent_reason",
    )  # fmt: skip
    title = _text(gettext_lazy("Title"), length=500, rows=2)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=DirectiveKind, widget=PlainSelect)
    text = _text(gettext_lazy("What units are to do"), length=LONGEST_TEXT, rows=5, required=False)
    units = UnitNamesField(label=gettext_lazy("Units addressed"), required=False)
    kinds: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Every unit of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agreed_with = forms.CharField(
        label=gettext_lazy("Agreed with"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("With which departments and units it was agreed, when and how."),
    )
    ordinal = forms.IntegerField(
        label=gettext_lazy("Number of the solution in the plan"),
        required=False,
        min_value=1,
        max_value=MOST_SOLUTIONS,
        localize=False,
    )
    rolls_out_on = _day(gettext_lazy("Units roll out from"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    urgent_reason = forms.CharField(
        label=gettext_lazy("Reason for urgency"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Such as: directed by the central union. It is shown to everybody who gets it."),
    )

    def __init__(self, *args: Any, issuer: Unit, **kwargs: Any) -> None:
        super().__init__(*args, issuer=issuer, **kwargs)
        kinds: Any = self.fields["kinds"]
        below = Unit.objects.below(issuer).exclude(pk=issuer.pk).order_by()
        kinds.queryset = UnitKind.objects.filter(pk__in=below.values("kind"))

    @classmethod
    def initial_of(cls, row: Directive) -> dict[str, Any]:
        """Return what the form shows of a draft."""
        names = ("title", "kind", "text", "agreed_with", "rolls_out_on", "urgent", "urgent_reason", "version")
        return {name: getattr(row, name) for name in names} | {
            "drafting_unit": row.drafting_unit_id,
            "plan": row.plan_id,
            "ordinal": row.solution.ordinal if row.solution else None,
            "units": list(row.addressed_units.all()),
            "kinds": list(row.addressed_kinds.all()),
        }

    def clean(self) -> dict[str, Any]:
        """Find the solution of the plan; ask for somebody to address and for the reason of urgency."""
        facts = super().clean()
        plan, ordinal = facts.get("plan"), facts.get("ordinal")
        facts["solution"] = None
        if ordinal and "plan" in facts:
            found = Solution.objects.visible_to(self.user).filter(plan=plan, ordinal=ordinal).first() if plan else None
            if found is None:
                self.add_error("ordinal", _("The plan chosen has no solution of this number."))
            facts["solution"] = found
        if not facts.get("units") and not facts.get("kinds") and "units" not in self.errors:
            self.add_error("units", _("Name the units it is addressed to, or tick their kinds."))
        _check_urgency(self)
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the acts `draft_directive` and `change_directive` take."""
        values = dict(self.cleaned_data)
        addressed = {"units": values.pop("units"), "kinds": values.pop("kinds")}
        values.pop("version", None)
        values.pop("ordinal")
        return {"values": values, **addressed}


class DirectiveIssueForm(DraftSeenForm):
    """The day and number of issue, and what the rule of lead time asks for."""

    symbol = forms.CharField(label=gettext_lazy("Number and symbol"), max_length=60)
    issued_on = _day(gettext_lazy("Issued on"))
    rolls_out_on = _day(gettext_lazy("Units roll out from"))
    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    urgent_reason = forms.CharField(label=gettext_lazy("Reason for urgency"), max_length=500, required=False)
    despite_short_notice = forms.BooleanField(
        label=gettext_lazy("Issue with too short a notice all the same"),
        required=False,
        help_text=gettext_lazy(
            "It is counted as notice not kept. Not needed where the notice is long enough or urgent."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of urgency."""
        super().clean()
        _check_urgency(self)
        return self.cleaned_data


class ActivityForm(DraftForm):
    """A provincial activity as drafted."""

    field_order = ("title", "drafting_unit", "text", "held_on", "host_unit", "plan")
    title = _text(gettext_lazy("Title"), length=500, rows=2)
    text = _text(gettext_lazy("Content"), length=LONGEST_TEXT, rows=8)
    held_on = _day(gettext_lazy("Held on"), required=False)
    host_unit = UnitNameField(
        label=gettext_lazy("Host unit"), required=False, help_text=gettext_lazy("May be left open until the issue.")
    )

    @classmethod
    def initial_of(cls, row: Activity) -> dict[str, Any]:
        """Return what the form shows of a draft."""
        plain = {name: getattr(row, name) for name in ("title", "text", "held_on", "version")}
        links = {"drafting_unit": row.drafting_unit_id, "plan": row.plan_id, "host_unit": row.host_unit}
        return plain | links

    def facts(self) -> dict[str, Any]:
        """Return what the acts `draft_activity` and `change_activity` take."""
        values = dict(self.cleaned_data)
        values.pop("version", None)
        return {"values": values}


class CommentForm(forms.Form):
    """What a department says."""

    unit: Any = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Department"), empty_label=None)
    text = _text(gettext_lazy("Comment"), length=4000)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = units


class OpinionForm(DraftSeenForm):
    """What the standing body said."""

    opinion = forms.TypedChoiceField(
        label=gettext_lazy("Opinion"), choices=Opinion.choices, coerce=Opinion, widget=forms.RadioSelect
    )
    words = _text(gettext_lazy("Words of the opinion"), length=4000, rows=4)
    symbol = forms.CharField(
        label=gettext_lazy("Number of its document"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as a conclusion of a session; empty where it was given by word of mouth."),
    )
    given_on = _day(gettext_lazy("Given on"))


class ActivityIssueForm(DraftSeenForm):
    """The plan of an activity as issued."""

    symbol = forms.CharField(label=gettext_lazy("Number and symbol"), max_length=60)
    issued_on = _day(gettext_lazy("Issued on"))
    host_unit = UnitNameField(label=gettext_lazy("Host unit"))
    despite_no_comment = forms.BooleanField(
        label=gettext_lazy("Issue although no department has commented"), required=False
    )

    def __init__(self, *args: Any, issuer: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = UnitNames.below(issuer, today)
        host: Any = self.fields["host_unit"]
        host.names = self.names


class PeriodForm(forms.Form):
    """The days of issue that are counted."""

    issued_from = _day(gettext_lazy("Issued from"), required=False, help_text="")
    issued_to = _day(gettext_lazy("Issued to"), required=False, help_text="")


def _check_urgency(form: forms.Form) -> None:
    urgent, reason = form.cleaned_data.get("urgent"), str(form.cleaned_data.get("urgent_reason") or "").strip()
    if urgent and not reason:
        form.add_error("urgent_reason", _("Say why it is urgent: the units read it."))
    if reason and not urgent:
        form.add_error("urgent", _("Tick that it is urgent, or leave the reason out."))
