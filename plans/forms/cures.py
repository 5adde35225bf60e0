"""Forms that fill gaps of a plan: which solutions answer, who leads, when the report is due, evidence afterwards."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate
from plans.enums import PlanStatus
from plans.forms.evidence import ProofForm
from plans.forms.units import UnitNameField, offered
from plans.models import Plan, Solution
from plans.resolving import UnitNames
from plans.validators import sane_day


class SolutionsForm(forms.Form):
    """The solutions of a plan that answer one shortcoming or task; `seen` are those that did when it was opened."""

    solutions = forms.ModelMultipleChoiceField(
        label=_("Solutions that answer it"),
        queryset=Solution.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)

    def __init__(self, *args: Any, plan: Plan, linked: list[int], **kwargs: Any) -> None:
        kwargs["initial"] = {"solutions": linked, "seen": " ".join(map(str, linked))}
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Solution]", self.fields["solutions"]).queryset = plan.solutions.filter(
            Q(dropped_at__isnull=True) | Q(pk__in=linked)
        )

    def clean_seen(self) -> set[int]:
        """Return the ids of what was linked when the form was opened; nonsense is nothing."""
        return {int(pk) for pk in self.cleaned_data["seen"].split() if pk.isdecimal() and len(pk) < 19}  # noqa: PLR2004  # bigint


class LeadForm(forms.Form):
    """The unit that leads a solution, by name."""

    lead = UnitNameField(
        label=_("Lead unit"),
        must_lead=True,
        help_text=_("It owes the commitments of this solution that name nobody, and answers for the result."),
    )

    def __init__(self, *args: Any, names: UnitNames, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("UnitNameField", self.fields["lead"])
        field.names = names
        self.offered = offered(names)


class ReportDayForm(forms.Form):
    """By which day the report on the plan is due, and which solution owes it."""

    day = forms.DateField(label=_("Last day"), help_text=_("dd/mm/yyyy"), widget=PlainDate, validators=[sane_day])
    solution = forms.ModelChoiceField(label=_("Solution that owes the report"), queryset=Solution.objects.none())

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Solution]", self.fields["solution"])
        field.queryset = plan.solutions.filter(dropped_at__isnull=True)
        if plan.status == PlanStatus.DRAFT:
            field.required, field.empty_label = False, _("A new solution: report on the results")


class AddProofForm(ProofForm):
    """Evidence handed in after the work was reported done."""

    field_order = ("uploads", "links", "document_numbers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one thing."""
        if not self.errors and not any(self.cleaned_data.get(n) for n in ("uploads", "links", "document_numbers")):
            raise forms.ValidationError(_("Give a file, a link or the number of a document."))
        self.cleaned_data["shared"] = ()
        return self.cleaned_data
