"""Asking for a later day, deciding about it, excusing lateness; raising a difficulty and answering it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doantracker.lib.widgets import PlainDate
from plans.forms.seen import StateForm, VersionForm
from plans.models import Difficulty, Extension
from plans.rights import units_serving
from plans.validators import sane_day
from units.models import Unit

OBJECTIVE_HELP = _("Outside the power of the unit: a storm, an epidemic, an order of a higher body.")


def _words(label: Any, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **kwargs)


class LaterDayForm(VersionForm):
    """What a unit asks for."""

    day = forms.DateField(label=_("Day asked for"), help_text=_("dd/mm/yyyy"), widget=PlainDate, validators=[sane_day])
    reason = _words(_("Reason"), max_length=1000)
    claims_objective = forms.BooleanField(label=_("The cause is objective"), required=False, help_text=OBJECTIVE_HELP)


class DecisionForm(StateForm):
    """The day granted and the words of the decision; the button says which decision it is."""

    day = forms.DateField(
        label=_("Day granted"), help_text=_("dd/mm/yyyy"), widget=PlainDate, validators=[sane_day], required=False
    )
    objective = forms.BooleanField(
        label=_("Objective cause confirmed"),
        required=False,
        help_text=_("Lateness up to the day granted is then excused and counted apart."),
    )
    words = _words(
        _("Words of the decision"),
        max_length=1000,
        required=False,
        help_text=_("Needed for a refusal, and for another day than the one asked for."),
    )

    def __init__(self, *args: Any, extension: Extension, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": extension.asked_day, "objective": extension.claims_objective})
        super().__init__(*args, about=extension, **kwargs)


class ExcuseForm(VersionForm):
    """The objective cause of a late result."""

    cause = _words(_("Objective cause"), max_length=1000, help_text=OBJECTIVE_HELP)


class DifficultyForm(VersionForm):
    """What is in the way."""

    text = _words(_("What is in the way, and what you ask for"), rows=4, max_length=2000)


class AnswerForm(StateForm):
    """The answer, and the work it may become."""

    words = _words(_("Answer"), rows=4, max_length=4000)
    unit: Any = forms.ModelChoiceField(
        queryset=None,
        label=_("Who takes it on"),
        required=False,
        empty_label=_("Nobody: the answer is enough"),
        help_text=_("The answer then becomes a commitment of this unit in the same plan."),
    )
    due = forms.DateField(
        label=_("Last day"), help_text=_("dd/mm/yyyy"), widget=PlainDate, validators=[sane_day], required=False
    )

    def __init__(self, *args: Any, difficulty: Difficulty, side: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, about=difficulty, **kwargs)
        choice: Any = self.fields["unit"]
        choice.queryset = units_serving(side, today)


class PassOnForm(StateForm):
    """Why a level hands a difficulty on upwards."""

    words = _words(_("Why this level cannot answer"), max_length=1000)
