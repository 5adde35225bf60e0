"""Sending a plan down, answering its items, pilots, compiled reports; every choice is limited to what it may name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.text import shortened
from doantracker.lib.widgets import PlainDate, PlainSearch, PlainSelect
from plans.enums import ItemAnswer
from plans.forms.directives import DraftSeenForm
from plans.forms.numbers import WrittenNumberField
from plans.forms.seen import GREATEST
from plans.forms.units import UnitNamesField
from plans.models import CascadeAnswer, Plan, PlanRecipient, Schedule, Solution
from plans.models.cascade import MOST_PILOTS
from plans.resolving import UnitNames
from plans.validators import LONGEST_TEXT, sane_day
from units.models import Unit, UnitKind

OFFERED = 500
OPTION = 90  # characters of a choice
#: The answers as what a person does, not as the state that follows.
ANSWERS = (
    (ItemAnswer.ACCEPTED.value, gettext_lazy("Accept")),
    (ItemAnswer.ADAPTED.value, gettext_lazy("Adapt")),
    (ItemAnswer.MERGED.value, gettext_lazy("Merge into an own plan")),
    (ItemAnswer.NOT_APPLICABLE.value, gettext_lazy("Does not apply")),
)


class SendDownForm(forms.Form):
    """Which units get the plan, and by when each owes its own."""

    kinds: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Every unit of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    units = UnitNamesField(label=gettext_lazy("Units"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Own plan owed by"),
        required=False,
        help_text=gettext_lazy("dd/mm/yyyy. Empty: no own plan is asked for by a day."),
        widget=PlainDate,
        validators=[sane_day],
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=GREATEST)

    def __init__(self, *args: Any, issuer: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Unit.objects.below(issuer).exclude(pk=issuer.pk).order_by()
        kinds: Any = self.fields["kinds"]
        kinds.queryset = UnitKind.objects.filter(pk__in=below.values("kind"))
        self.names = UnitNames.below(issuer, today)
        units: Any = self.fields["units"]
        units.names = self.names

    def clean(self) -> dict[str, Any]:
        """Ask for somebody to send it to."""
        facts: dict[str, Any] = super().clean() or {}
        if not self.errors and not facts.get("units") and not facts.get("kinds"):
            raise forms.ValidationError(_("Choose kinds of unit, or name units."))
        return facts

    def show(self, count: int) -> None:
        """Let the next click mean the number of units that is shown now."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["seen"] = str(count)
        self.data = data


class UnitsForm(forms.Form):
    """Which units of a plan that was sent down are listed."""

    SHOWN = (
        ("", gettext_lazy("All units")),
        ("no_plan", gettext_lazy("No plan yet")),
        ("open", gettext_lazy("Not everything answered")),
        ("no_answer", gettext_lazy("No answer at all")),
        ("diluted", gettext_lazy("Asks for less")),
        ("waiting", gettext_lazy("Changes not decided on")),
        ("not_taken", gettext_lazy("Changes not taken")),
        ("no_report", gettext_lazy("A report is missing")),
    )

    q = forms.CharField(label=gettext_lazy("Unit"), max_length=200, required=False, widget=PlainSearch)
    show = forms.ChoiceField(label=gettext_lazy("Show"), choices=SHOWN, required=False, widget=PlainSelect)


class AnswerForm(DraftSeenForm):
    """The answer to one item."""

    field_order = ("answer", "reason", "text", "number", "last_day", "own_solution", "version")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)
    answer = forms.ChoiceField(label=gettext_lazy("Answer"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Required where the item does not apply. The level above reads it."),
    )
    text = forms.CharField(
        label=gettext_lazy("Own words (adapted)"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    number = WrittenNumberField(
        label=gettext_lazy("Own number (adapted)"), max_digits=14, decimal_places=2, min_value=0, required=False
    )
    last_day = forms.DateField(
        label=gettext_lazy("Own last day (adapted)"),
        required=False,
        help_text=gettext_lazy("dd/mm/yyyy"),
        widget=PlainDate,
        validators=[sane_day],
    )
    own_solution = forms.ChoiceField(
        label=gettext_lazy("Goes into this item of the own plan (merged)"), required=False, widget=PlainSelect
    )

    def __init__(self, *args: Any, recipient: PlanRecipient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = (
            list(recipient.own_plan.solutions.filter(dropped_at__isnull=True)[:OFFERED]) if recipient.own_plan else []
        )
        choice: Any = self.fields["own_solution"]
        choice.choices = [("", _("None")), *((str(s.pk), _option(s)) for s in self._own)]
        if not self._own:
            del self.fields["own_solution"]
        if recipient.own_plan is None:
            answers: Any = self.fields["answer"]
            answers.choices = [c for c in ANSWERS if c[0] != ItemAnswer.MERGED]

    @classmethod
    def initial_of(cls, answer: CascadeAnswer | None, solution: Solution) -> dict[str, Any]:
        """Return what the form shows of an answer, or of none yet."""
        if answer is None:
            return {"version": 0, "text": solution.text}
        return {
            "version": answer.version,
            "answer": answer.answer,
            "reason": answer.reason,
            "text": answer.text or solution.text,
            "number": answer.number,
            "last_day": answer.last_day,
            "own_solution": answer.own_solution_id,
        }

    def facts(self) -> dict[str, Any]:
        """Return what `answer_item` takes."""
        chosen = self.cleaned_data.get("own_solution") or ""
        own = next((s for s in self._own if str(s.pk) == chosen), None)
        return {**{k: v for k, v in self.cleaned_data.items() if k != "own_solution"}, "own_solution": own}


class AllForm(forms.Form):
    """One answer for every item that has none."""

    answer = forms.ChoiceField(choices=[(a, a) for a in (ItemAnswer.ACCEPTED, ItemAnswer.NOT_APPLICABLE)])
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


class ChangeForm(DraftSeenForm):
    """What a unit does about an item that has changed: take the change, or keep its answer for a reason."""

    act = forms.ChoiceField(choices=[("take", "take"), ("keep", "keep")])
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


class OwnPlanForm(forms.Form):
    """Start an own plan, or name one the unit has already."""

    act = forms.ChoiceField(choices=[("start", "start"), ("link", "link"), ("merge", "merge")])
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    plan = forms.ChoiceField(label=gettext_lazy("A plan of the unit"), required=False, widget=PlainSelect)

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: list[Plan] = list(offered[:OFFERED])
        choice: Any = self.fields["plan"]
        choice.choices = [("", _("Choose"))] + [
            (str(p.pk), f"{shortened(str(p), OPTION)} ({p.get_status_display()})") for p in self._plans
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the plan where one is named."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("act") in {"link", "merge"} and not self.chosen():
            self.add_error("plan", _("Choose a plan of the unit."))
        return facts

    def chosen(self) -> Plan | None:
        """Return the plan that was chosen."""
        return next((p for p in self._plans if str(p.pk) == self.cleaned_data.get("plan")), None)


class SlotForm(forms.Form):
    """Pilots that every unit of a kind has to choose."""

    solution = forms.ChoiceField(label=gettext_lazy("Solution"), widget=PlainSelect)
    words = forms.CharField(
        label=gettext_lazy("Pilot"),
        max_length=300,
        help_text=gettext_lazy("What is piloted, such as: one OCOP pilot union."),
    )
    kind: Any = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Chosen by every unit of this kind"), empty_label=None
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many each unit chooses"), min_value=1, max_value=MOST_PILOTS, initial=1
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._solutions = {str(s.pk): s for s in plan.solutions.filter(dropped_at__isnull=True)}
        solution: Any = self.fields["solution"]
        solution.choices = [(pk, _option(s)) for pk, s in self._solutions.items()]
        kinds = plan.sent_to.order_by().values("unit__kind")
        kind: Any = self.fields["kind"]
        kind.queryset = UnitKind.objects.filter(pk__in=kinds)

    def clean_solution(self) -> Solution:
        """Return the solution chosen."""
        found: Solution = self._solutions[self.cleaned_data["solution"]]
        return found


class PilotForm(forms.Form):
    """The pilots of one unit. `seen`: those chosen when the page was opened."""

    units = UnitNamesField(label=gettext_lazy("Units chosen"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def __init__(self, *args: Any, unit: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = UnitNames.below(unit, today)
        units: Any = self.fields["units"]
        units.names = self.names

    def clean_seen(self) -> list[int]:
        """Return the ids of the units that were seen as chosen."""
        return [int(pk) for pk in self.cleaned_data["seen"].split(",") if pk.isdecimal()]


class CompiledForm(forms.Form):
    """The report that a report goes into. `seen`: the one chosen when the page was opened."""

    whole = forms.ChoiceField(label=gettext_lazy("Goes into the report"), required=False, widget=PlainSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=GREATEST)

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reports: list[Schedule] = list(offered.select_related("solution__plan")[:OFFERED])
        whole: Any = self.fields["whole"]
        whole.choices = [("", _("None")), *((str(s.pk), _report_option(s)) for s in self._reports)]

    def chosen(self) -> Schedule | None:
        """Return the report that was chosen."""
        return next((s for s in self._reports if str(s.pk) == self.cleaned_data["whole"]), None)


def _option(solution: Solution) -> str:
    return f"{solution.ordinal}. {shortened(solution.text, OPTION)}"


def _report_option(schedule: Schedule) -> str:
    plan = schedule.solution.plan
    return f"{plan.symbol or shortened(plan.title, 40)}: {_option(schedule.solution)}"
