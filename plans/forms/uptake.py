"""The form with which a unit chooses which priority tasks it takes up: a row a task, all saved at once."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.actions.uptake import Choice
from plans.enums import Uptake
from plans.forms.seen import GREATEST
from plans.models import Plan, PriorityTask, TaskUptake
from plans.validators import LONGEST_TEXT


class TaskChoiceForm(forms.Form):
    """What one unit chooses about one task; nothing ticked: it has not chosen yet."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Choice"), choices=Uptake.choices, required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why not"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2})
    )
    own_plan = forms.ChoiceField(label=gettext_lazy("Carried out in our own plan"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST)

    def __init__(
        self, data: Any, *, task: PriorityTask, stored: TaskUptake | None, plans: list[Plan], usual: int | None
    ) -> None:
        initial = {
            "choice": stored.choice if stored else "",
            "reason": stored.reason if stored else "",
            "own_plan": stored.own_plan_id if stored else usual,
            "version": stored.version if stored else 0,
        }
        super().__init__(data, prefix=f"t{task.pk}", initial=initial)
        self.task, self.stored = task, stored
        offered = [("", _("no plan of our own yet")), *((str(p.pk), str(p)) for p in plans)]
        cast("forms.ChoiceField", self.fields["own_plan"]).choices = offered
        self.plans = {str(p.pk): p for p in plans}
        if not plans:
            del self.fields["own_plan"]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason beside the task that is not taken up."""
        data = self.cleaned_data
        if data.get("choice") == Uptake.NOT_TAKEN and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why the unit does not take up this task."))
        return data

    def chosen(self, *, all_taken: bool) -> Choice | None:
        """Return what was chosen, None for a task left open; `all_taken` takes up what is left open."""
        data = self.cleaned_data
        choice = data.get("choice") or (Uptake.TAKEN if all_taken else "")
        if not choice:
            return None
        plan = self.plans.get(data.get("own_plan") or "")
        return Choice(self.task, choice, data["version"], data.get("reason", ""), plan)
