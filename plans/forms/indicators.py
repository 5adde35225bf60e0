"""An indicator as a form: on the check page of a draft, and with a reason once its plan is published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.enums import IndicatorKind, RollUp
from plans.forms.numbers import WrittenNumberField
from plans.forms.record_base import RecordForm
from plans.forms.units import UnitNamesField
from plans.models import Indicator, Schedule
from plans.models.indicator import LONGEST_CONDITION, LONGEST_LEVEL
from plans.pasting import TOO_LONG, fits
from plans.record_values import parts_of
from units.models import UnitKind

MOST_LINES = 20  # conditions or levels of one indicator
#: How results of each kind may add up, as the constraint of the model says too.
ROLL_UPS: Final[dict[str, frozenset[str]]] = {
    IndicatorKind.NUMBER: frozenset(RollUp.values) - {RollUp.WEIGHTED.value},
    IndicatorKind.RATIO: frozenset(RollUp.values) - {RollUp.SUM.value},
    IndicatorKind.LEVEL: frozenset({RollUp.COUNT_UNITS.value, RollUp.LATEST.value, RollUp.NONE.value}),
}


_NUMBERS: Final = (IndicatorKind.NUMBER.value, IndicatorKind.RATIO.value)
#: Which fields speak for which kinds; the page hides the others where JavaScript runs.
_SHOWN_FOR: Final[dict[str, tuple[str, ...]]] = {
    "comparator": _NUMBERS,
    "value": _NUMBERS,
    "unit_of_measure": _NUMBERS,
    "levels_reaching": (IndicatorKind.LEVEL.value,),
    "levels_below": (IndicatorKind.LEVEL.value,),
    "fed_by": (IndicatorKind.RATIO.value,),
}


def _lines(label: Any, help_text: Any, rows: int = 3) -> forms.CharField:  # translated words
    return forms.CharField(label=label, help_text=help_text, required=False, widget=forms.Textarea({"rows": rows}))


class IndicatorForm(RecordForm):
    """What is measured, how far it must come, for which periods, and who gives results."""

    slug = "indicator"
    conditions = _lines(
        gettext_lazy("Conditions"), gettext_lazy("One a line. The same person or thing must fulfil all of them.")
    )
    levels_reaching = _lines(
        gettext_lazy("Levels that reach the target"),
        gettext_lazy("For a level in words: one a line, the best first, such as “Tốt”."),
        2,
    )
    levels_below = _lines(gettext_lazy("Levels below the target"), gettext_lazy("One a line, the best first."), 2)
    owner_units = UnitNamesField(
        label=gettext_lazy("Units that give results"),
        required=False,
        help_text=gettext_lazy("One unit a line. No unit and no kind: the issuing unit."),
    )
    owner_kinds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Every unit of these kinds"),
        required=False,
        queryset=UnitKind.objects.filter(may_be_assigned=True),
        widget=forms.CheckboxSelectMultiple,
    )
    field_order: tuple[str, ...] = (
        "text", "kind", "comparator", "value", "unit_of_measure", "levels_reaching", "levels_below", "audience",
        "conditions", "frequency", "cumulative", "start", "due", "owner_units", "owner_kinds", "roll_up", "fed_by",
        "group", "solution",
    )  # fmt: skip

    class Meta:
        model = Indicator
        fields = (
            "text", "kind", "comparator", "value", "unit_of_measure", "audience", "frequency", "cumulative",
            "start", "due", "owner_units", "owner_kinds", "roll_up", "fed_by", "group", "solution",
        )  # fmt: skip
        field_classes: ClassVar[dict[str, Any]] = {"value": WrittenNumberField}
        widgets: Final = {"text": forms.Textarea(attrs={"rows": 3})}

    def limit(self) -> None:
        """Offer groups, solutions and commitments of this plan; show conditions and levels line by line."""
        self._choices("group").queryset = self.plan.groups.all()
        standing = Q(dropped_at__isnull=True) | Q(pk=self.instance.solution_id)
        self._choices("solution").queryset = self.plan.solutions.filter(standing)
        self._choices("fed_by").queryset = Schedule.objects.filter(solution__plan=self.plan)
        self.fields["fed_by"].help_text = _("Results are then counted from its deadlines: those done of those owed.")
        for name, kinds in _SHOWN_FOR.items():
            self.fields[name].widget.attrs["data-for"] = " ".join(kinds)
        if not self.instance.pk:
            return
        if self.instance.value is not None:
            self.initial["value"] = self.instance.value
        self.initial["conditions"] = "\n".join(parts_of(self.instance, "conditions"))
        levels = parts_of(self.instance, "levels")
        self.initial["levels_reaching"] = "\n".join(name for name, reaches in levels if reaches)
        self.initial["levels_below"] = "\n".join(name for name, reaches in levels if not reaches)

    def clean_value(self) -> Decimal | None:
        """Refuse a target that the database would not give back as it is."""
        value: Decimal | None = self.cleaned_data["value"]
        if value is not None and not fits(value):
            raise forms.ValidationError(TOO_LONG)
        return value

    def clean_conditions(self) -> list[str]:
        """Return the conditions in order."""
        return self._entries("conditions", LONGEST_CONDITION)

    def clean_levels_reaching(self) -> list[str]:
        """Return the levels that reach the target in order."""
        return self._entries("levels_reaching", LONGEST_LEVEL)

    def clean_levels_below(self) -> list[str]:
        """Return the other levels in order."""
        return self._entries("levels_below", LONGEST_LEVEL)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind needs, and say it at the field."""
        data = super().clean() or self.cleaned_data
        kind, roll_up = data.get("kind"), data.get("roll_up")
        names = [*data.get("levels_reaching", ()), *data.get("levels_below", ())]
        if len(set(names)) < len(names):
            self.add_error("levels_below", _("A level is named twice. Name each level once."))
        if kind != IndicatorKind.RATIO:
            data["fed_by"] = None
        if kind == IndicatorKind.LEVEL:
            data["value"] = None
            if not data.get("levels_reaching") and "levels_reaching" not in self.errors:
                self.add_error("levels_reaching", _("Name at least one level that reaches the target."))
        elif names:
            self.add_error("kind", _("Levels belong to a level in words. Choose that kind, or empty the levels."))
        if kind in ROLL_UPS and roll_up and roll_up not in ROLL_UPS[kind]:
            self.add_error("roll_up", _("Results of this kind don't add up that way. Choose another way."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the action takes: conditions and levels as lists."""
        data = self.cleaned_data
        levels = [(name, True) for name in data["levels_reaching"]] + [(name, False) for name in data["levels_below"]]
        return {**super().values(), "conditions": data["conditions"], "levels": levels}

    def _entries(self, name: str, longest: int) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data[name].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("Give at most %(most)d lines.") % {"most": MOST_LINES})
        if any(len(line) > longest for line in lines):
            raise forms.ValidationError(_("A line holds at most %(most)d characters.") % {"most": longest})
        return lines


class PublishedIndicatorForm(IndicatorForm):
    """An indicator of a published plan, and why it changes or comes in."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("It stays in the history of the plan with the old and the new target."),
    )
    field_order = (*IndicatorForm.field_order, "reason")

    class Meta(IndicatorForm.Meta):
        model = Indicator
