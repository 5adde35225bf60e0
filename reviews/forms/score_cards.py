"""The form of a score card: eight rows of criterion, weight and kind; rows left empty are none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainSelect
from plans.forms.seen import GREATEST
from reviews.actions.score_cards import Wanted
from reviews.enums import CriterionKind
from reviews.forms.evaluations import MonthField, mark_field
from reviews.models import ScoreCard
from units.models import Post

ROWS = 8


class CardForm(forms.Form):
    """A card: whose, from when, its criteria."""

    body = forms.ChoiceField(label=gettext_lazy("Body"), widget=PlainSelect)
    month = MonthField(label=gettext_lazy("In force from (month)"))
    names_shown = forms.BooleanField(label=gettext_lazy("The person rated sees who gave an opinion"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST, initial=0, localize=False)

    def __init__(self, *args: Any, bodies: Sequence[Post.Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = [(b.value, b.label) for b in bodies]
        for n in range(1, ROWS + 1):
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Criterion %(n)d") % {"n": n}, required=False, max_length=200
            )
            self.fields[f"weight_{n}"] = mark_field(_("Weight %(n)d, in percent") % {"n": n}, required=False)
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("How criterion %(n)d is scored") % {"n": n},
                choices=CriterionKind,
                required=False,
                initial=CriterionKind.JUDGED,
                widget=PlainSelect,
            )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each criterion."""
        return [(self[f"name_{n}"], self[f"weight_{n}"], self[f"kind_{n}"]) for n in range(1, ROWS + 1)]

    def clean(self) -> dict[str, Any]:
        """Ask for name and weight together."""
        for n in range(1, ROWS + 1):
            name, weight = (self.cleaned_data.get(f"{part}_{n}") for part in ("name", "weight"))
            if bool(name) != bool(weight) and not self.errors:
                self.add_error(f"weight_{n}", _("Give a criterion its name and its weight, or leave both empty."))
        return self.cleaned_data

    @property
    def criteria(self) -> list[Wanted]:
        """Return the criteria entered, in order."""
        data = self.cleaned_data
        rows = ((data[f"name_{n}"], data[f"weight_{n}"], data[f"kind_{n}"]) for n in range(1, ROWS + 1))
        return [
            Wanted(name, weight or Decimal(0), kind or CriterionKind.JUDGED) for name, weight, kind in rows if name
        ]

    @staticmethod
    def initial_of(card: ScoreCard) -> dict[str, Any]:
        """Return the present values."""
        shown = {"body": card.body, "month": card.month, "names_shown": card.names_shown, "version": card.version}
        for n, c in enumerate(card.criteria.all(), start=1):
            shown |= {f"name_{n}": c.name, f"weight_{n}": c.weight, f"kind_{n}": c.kind}
        return shown
