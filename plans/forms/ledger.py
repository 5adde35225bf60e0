"""Forms of the ledger: origins of many, lineage, merging, a review, the next year's draft."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.text import shortened
from doantracker.lib.widgets import PlainDate, PlainNumber
from plans.actions.next_year import usual_next_year, year_of
from plans.enums import Origin, ShortcomingState
from plans.forms.seen import GREATEST, SeenForm
from plans.models import Plan, Shortcoming
from plans.validators import FIRST_YEAR, LAST_YEAR, LONGEST_TEXT, sane_day

NO_SOURCE = "none"
SHOWN_OF_TEXT = 220


class RowForm(SeenForm):
    """An act on one shortcoming in the version that was seen."""

    seen = "version"
    missing = gettext_lazy(
        "This page does not say what you saw. Look at the shortcoming as it is now, then try again."
    )

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)

    def __init__(self, *args: Any, row: Shortcoming, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": row.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class ReviewForm(RowForm):
    """What a meeting or paper said of a shortcoming."""

    field_order = ("day", "review", "document_number", "state", "note", "is_effectiveness_check")
    day = forms.DateField(
        label=gettext_lazy("Day of the review"),
        help_text=gettext_lazy("dd/mm/yyyy"),
        widget=PlainDate,
        validators=[sane_day],
    )
    review = forms.CharField(
        label=gettext_lazy("Meeting or paper"),
        max_length=200,
        help_text=gettext_lazy("The review that says so, such as the year-end meeting of the standing committee."),
    )
    document_number = forms.CharField(label=gettext_lazy("Number of the paper"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("What it said"), choices=ShortcomingState.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("What it found"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    is_effectiveness_check = forms.BooleanField(
        label=gettext_lazy("This is the check of effectiveness, some time after it was remedied"), required=False
    )

    def __init__(self, *args: Any, row: Shortcoming, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        if row.remedied_on is None:
            del self.fields["is_effectiveness_check"]


class SourceForm(RowForm):
    """Which earlier shortcoming this one goes on with."""

    source = forms.ChoiceField(label=gettext_lazy("Carried over from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: Shortcoming, offered: Iterable[Shortcoming], **kwargs: Any) -> None:
        known = row.carried_over_from_id
        kwargs["initial"] = {"source": str(known) if known else ""}
        super().__init__(*args, row=row, **kwargs)
        self.offered = {str(s.pk): s for s in offered}
        source: Any = self.fields["source"]
        source.choices = [(key, earlier_label(s)) for key, s in self.offered.items()]
        if known:
            source.choices += [(NO_SOURCE, _("None of these: take the link back"))]

    @property
    def chosen(self) -> Shortcoming | None:
        """Return the one chosen; None takes the link back."""
        return self.offered.get(self.cleaned_data["source"])


class MergeForm(RowForm):
    """Into which other shortcoming of the plan this one is merged."""

    into = forms.ChoiceField(label=gettext_lazy("The same as"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: Shortcoming, offered: Iterable[Shortcoming], **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.offered = {str(s.pk): s for s in offered}
        into: Any = self.fields["into"]
        into.choices = [(key, numbered_label(s)) for key, s in self.offered.items()]

    @property
    def chosen(self) -> Shortcoming:
        """Return the one chosen."""
        return self.offered[self.cleaned_data["into"]]


class NextLedgerForm(forms.Form):
    """The year and title of the next draft."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False, widget=PlainNumber
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Empty: the title of this plan with the new year in it."),
    )
    despite_draft = forms.BooleanField(
        label=gettext_lazy("Make one more draft of that year"),
        required=False,
        help_text=gettext_lazy("Needed only where there is one from this plan already."),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        kwargs["initial"] = {"year": usual_next_year(plan)}
        super().__init__(*args, **kwargs)


class OriginsForm(forms.Form):
    """The origin of each shortcoming of a plan, and what the page showed of it."""

    def __init__(self, *args: Any, rows: Iterable[Shortcoming], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[f"origin-{row.pk}"] = forms.ChoiceField(
                label=_("Origin of shortcoming %(number)d") % {"number": row.ordinal},
                choices=Origin.choices,
                required=False,
                initial=row.origin,
                widget=forms.RadioSelect,
            )
            self.fields[f"seen-{row.pk}"] = forms.CharField(
                required=False, max_length=12, initial=row.origin, widget=forms.HiddenInput
            )

    def of(self, pk: int) -> tuple[Any, Any]:
        """Return the two fields of a row, to be drawn beside it."""
        return self[f"origin-{pk}"], self[f"seen-{pk}"]

    @property
    def origins(self) -> dict[int, str]:
        """Return the origin chosen for each row; rows left open are not in it."""
        found = {row.pk: self.cleaned_data[f"origin-{row.pk}"] for row in self.rows}
        return {pk: origin for pk, origin in found.items() if origin}

    @property
    def seen(self) -> dict[int, str]:
        """Return what the page showed."""
        return {row.pk: self.cleaned_data[f"seen-{row.pk}"] for row in self.rows}


def earlier_label(row: Shortcoming) -> str:
    """Return "2025, no. 3: words" of a shortcoming of another plan."""
    facts = {"year": year_of(row.plan) or "–", "number": row.ordinal, "words": shortened(row.text, SHOWN_OF_TEXT)}
    return _("%(year)s, no. %(number)d: %(words)s") % facts


def numbered_label(row: Shortcoming) -> str:
    """Return "3. words": read by those who run the plan only."""
    return f"{row.ordinal}. {shortened(row.text, SHOWN_OF_TEXT)}"
