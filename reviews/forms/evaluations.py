"""Forms of the monthly evaluation: a round, marks and words, decisions, ratings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.forms.directives import DraftSeenForm
from plans.forms.numbers import WrittenNumberField
from plans.forms.seen import GREATEST
from plans.validators import limited_text, sane_day
from reviews.enums import RatingLevel
from reviews.evaluation_register import Term
from reviews.models import Evaluation, Meeting, MonthShortcoming, ScoreCriterion
from units.models import Post


class MonthField(forms.DateField):
    """A month, as mm/yyyy; its first day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off"})
        facts = {"input_formats": ["%m/%Y", "%Y-%m"], "widget": widget, "validators": [sane_day], **kwargs}
        super().__init__(**{"help_text": gettext_lazy("mm/yyyy"), **facts})


def mark_field(label: Any, **more: Any) -> forms.DecimalField:
    """Return a field for a number from 0 to 100."""
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "mark form-control"})
    limits: Any = {"min_value": 0, "max_value": 100, "max_digits": 7, "decimal_places": 2}
    wrong = dict.fromkeys(("min_value", "max_value"), gettext_lazy("Enter a number from 0 to 100."))
    return WrittenNumberField(label=label, widget=widget, error_messages=wrong, **limits, **more)


def plain(number: Decimal | None) -> str:
    """Return a number for a field without the zeros after it."""
    return "" if number is None else number_format(number.normalize() + 0, use_l10n=True)


def words_field(label: Any, *, rows: int = 3, **more: Any) -> forms.CharField:
    """Return an optional field for some sentences."""
    facts = {"required": False, "validators": [limited_text], "widget": forms.Textarea({"rows": rows}), **more}
    return forms.CharField(label=label, **facts)


class RoundForm(forms.Form):
    """A month to evaluate."""

    body = forms.ChoiceField(label=gettext_lazy("Body"), widget=PlainSelect)
    month = MonthField(label=gettext_lazy("Month"))
    self_by = forms.DateField(
        label=gettext_lazy("Self scores by"),
        widget=PlainDate,
        validators=[sane_day],
        help_text=gettext_lazy("dd/mm/yyyy. The register of deadlines reminds of this day."),
    )

    def __init__(self, *args: Any, bodies: Sequence[Post.Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = [(b.value, b.label) for b in bodies]


class _MarksForm(forms.Form):
    """Marks by judged criteria, one a field."""

    marks_required = True

    def __init__(self, *args: Any, criteria: Sequence[ScoreCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = [c for c in criteria if not c.computed]
        fields = {
            f"mark_{c.pk}": mark_field(c.name, required=self.marks_required, help_text=_("0 to 100"))
            for c in self.criteria
        }
        self.fields = {**fields, **self.fields}

    @property
    def marks(self) -> dict[int, Decimal]:
        """Return the marks given, by criterion."""
        given = ((c.pk, self.cleaned_data[f"mark_{c.pk}"]) for c in self.criteria)
        return {pk: mark for pk, mark in given if mark is not None}

    @property
    def named(self) -> list[str]:
        """Return the shortcomings, one a line."""
        return [line.strip() for line in self.cleaned_data["shortcomings"].splitlines() if line.strip()]


class SelfForm(_MarksForm, DraftSeenForm):
    """What members say of themselves."""

    words = words_field(gettext_lazy("What you did this month"))
    shortcomings = words_field(
        gettext_lazy("Shortcomings you recognise"),
        help_text=gettext_lazy("One a line. Next month's evaluation counts whether they were remedied."),
    )

    def __init__(self, *args: Any, notes: Sequence[MonthShortcoming], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes = notes
        for note in notes:
            label = _("What you did about: %(text)s") % {"text": note.text}
            self.fields[f"answer_{note.pk}"] = forms.CharField(
                label=label, required=False, max_length=500, initial=note.answer
            )

    @property
    def answers(self) -> dict[int, str]:
        """Return what was said of each shortcoming of last month."""
        return {note.pk: self.cleaned_data[f"answer_{note.pk}"] for note in self.notes}

    @staticmethod
    def initial_of(row: Evaluation) -> dict[str, Any]:
        """Return the present values."""
        marks = {f"mark_{m.criterion_id}": plain(m.mark) for m in row.self_marks.all()}
        named = "\n".join(n.text for n in row.shortcomings.all() if n.author_id == row.person_id)
        return marks | {"words": row.self_words, "shortcomings": named, "version": row.version}


class OpinionForm(_MarksForm):
    """What a member says of a colleague."""

    marks_required = False
    words = words_field(gettext_lazy("Opinion"))
    shortcomings = words_field(
        gettext_lazy("Shortcomings to remedy"),
        help_text=gettext_lazy("One a line. Next month's evaluation counts whether they were remedied."),
    )


class MeetingForm(DraftSeenForm):
    """In which meeting a round is decided."""

    meeting = forms.ChoiceField(label=gettext_lazy("Meeting that decides"), widget=PlainSelect)

    def __init__(self, *args: Any, meetings: Sequence[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(m.pk): m for m in meetings}
        field: Any = self.fields["meeting"]
        field.choices = [(pk, _meeting_label(m)) for pk, m in self.meetings.items()]

    @property
    def chosen(self) -> Meeting:
        """Return the meeting chosen."""
        return self.meetings[self.cleaned_data["meeting"]]


def _meeting_label(meeting: Meeting) -> str:
    day: dt.date | None = meeting.event.day
    return f"{meeting.title} ({day:%d/%m/%Y})" if day else meeting.title


class ScoresForm(DraftSeenForm):
    """The scores that the meeting decided, one a member; a row left empty is left as it is."""

    def __init__(self, *args: Any, evaluations: Sequence[Evaluation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evaluations = evaluations
        for row in evaluations:
            shown = plain(row.proposed if row.decided is None else row.decided)
            score = mark_field(_("Decided score: %(person)s") % {"person": row.person}, required=False, initial=shown)
            self.fields[f"score_{row.pk}"] = score
            self.fields[f"reason_{row.pk}"] = forms.CharField(
                label=_("Reason: %(person)s") % {"person": row.person},
                required=False,
                max_length=1000,
                initial=row.reason,
                widget=forms.TextInput({"class": "form-control"}),
            )

    def rows(self) -> list[tuple[Evaluation, Any, Any]]:
        """Return each member with the two fields."""
        return [(row, self[f"score_{row.pk}"], self[f"reason_{row.pk}"]) for row in self.evaluations]

    @property
    def scores(self) -> dict[int, tuple[Decimal, str]]:
        """Return the scores entered, with their reasons."""
        data = self.cleaned_data
        given = ((row.pk, data[f"score_{row.pk}"], data[f"reason_{row.pk}"]) for row in self.evaluations)
        return {pk: (score, reason) for pk, score, reason in given if score is not None}


class ReopenForm(DraftSeenForm):
    """Why a locked month is opened again."""

    reason = words_field(gettext_lazy("Reason"), required=True)


class SettleForm(forms.Form):
    """Whether a shortcoming of last month is remedied, or which record will tell."""

    YES, NO = "yes", "no"
    way = forms.ChoiceField(label=gettext_lazy("How it stands"), widget=PlainSelect)

    def __init__(self, *args: Any, terms: Sequence[Term], ledger: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deadlines = {f"deadline-{t.deadline}": t for t in terms if t.deadline is not None}
        self.ledger = {f"ledger-{row.pk}": row for row in ledger}
        field: Any = self.fields["way"]
        field.choices = [
            (self.YES, _("Remedied")),
            (self.NO, _("Not remedied")),
            *(
                (key, _("As this deadline tells: %(text)s") % {"text": t.label[:120]})
                for key, t in self.deadlines.items()
            ),
            *(
                (key, _("As the ledger tells: %(text)s") % {"text": row.text[:120]})
                for key, row in self.ledger.items()
            ),
        ]


class RateForm(forms.Form):
    """The rating of a year, with what the register does not know."""

    beyond = mark_field(
        gettext_lazy("Share of work done beyond what was asked, in percent"),
        help_text=gettext_lazy("The register does not know it; the best level asks for it."),
    )
    disciplined = forms.BooleanField(label=gettext_lazy("Disciplined in the year"), required=False)
    level = forms.ChoiceField(label=gettext_lazy("Rating"), choices=RatingLevel, widget=PlainSelect)
    reason = words_field(gettext_lazy("Reason, where it differs from the proposed one"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=GREATEST, localize=False)

    def __init__(self, *args: Any, proposed_only: str | None = None, **kwargs: Any) -> None:
        """With `proposed_only` (a level) the form is about oneself: that level and no figures."""
        super().__init__(*args, **kwargs)
        if proposed_only is not None:
            for name in ("beyond", "disciplined", "reason"):
                del self.fields[name]
            level: Any = self.fields["level"]
            level.choices = [choice for choice in RatingLevel.choices if choice[0] == proposed_only]
