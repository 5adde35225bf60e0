"""Forms at and after the visits: the checklist on a phone, days, requests, the report, conclusions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainSelect
from plans.actions.proof import Upload
from plans.evidence_files import ENDINGS
from plans.forms.directives import DraftSeenForm
from plans.forms.evidence import FilesField
from plans.forms.seen import GREATEST
from plans.validators import LONGEST_TEXT, limited_text
from reviews.actions.visits import NOTE_LENGTH, Found
from reviews.enums import Finding
from reviews.forms.inspections import day_field, number_field, number_of
from reviews.forms.meetings import NO_CHOICE
from reviews.models import Conclusion, InspectionVisit, Meeting, VisitItem
from units.models import User


@dataclass(frozen=True, slots=True)
class ItemFields:
    """One item in the form: finding, note, and the version that was seen."""

    item: VisitItem
    finding: Any  # a bound field
    note: Any
    seen: Any


class CheckForm(forms.Form):
    """The checklist of a visit: a finding and a note for each item, and the notes of the team."""

    notes = forms.CharField(
        label=gettext_lazy("Notes of the team"),
        required=False,
        validators=[limited_text],
        widget=forms.Textarea({"rows": 5, "class": "form-control"}),
    )
    notes_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=GREATEST)

    def __init__(self, *args: Any, visit: InspectionVisit, items: Sequence[VisitItem], **kwargs: Any) -> None:
        kwargs["initial"] = _initial(visit, items)
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"finding_{item.pk}"] = forms.ChoiceField(
                label=item.text, choices=Finding.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[f"note_{item.pk}"] = forms.CharField(
                label=gettext_lazy("Note"),
                max_length=NOTE_LENGTH,
                required=False,
                widget=forms.TextInput({"class": "form-control"}),
            )
            self.fields[f"seen_{item.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, min_value=1, max_value=GREATEST
            )

    @property
    def rows(self) -> Iterator[tuple[str, list[ItemFields]]]:
        """Yield the items under their headings."""
        head: str = ""
        rows: list[ItemFields] = []
        for item in self.items:
            if item.head != head and rows:
                yield head, rows
                rows = []
            head = item.head
            rows.append(ItemFields(item, *(self[f"{name}_{item.pk}"] for name in ("finding", "note", "seen"))))
        if rows:
            yield head, rows

    def show_newest(self, visit: InspectionVisit, items: Sequence[VisitItem]) -> None:
        """Let the next click mean the visit as it is now, with what the person typed."""
        data = cast("QueryDict", self.data).copy()
        for name, value in _initial(visit, items).items():
            if name == "notes_version" or name.startswith("seen_"):
                data[name] = str(value)
        self.data = data

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        data = self.cleaned_data
        found = {i.pk: Found(data[f"finding_{i.pk}"], data[f"note_{i.pk}"], data[f"seen_{i.pk}"]) for i in self.items}
        return {"found": found, "notes": data["notes"], "notes_version": data["notes_version"]}


def _initial(visit: InspectionVisit, items: Sequence[VisitItem]) -> dict[str, Any]:
    shown: dict[str, Any] = {"notes": visit.notes, "notes_version": visit.version}
    for item in items:
        shown |= {f"finding_{item.pk}": item.finding, f"note_{item.pk}": item.note, f"seen_{item.pk}": item.version}
    return shown


class VisitDayForm(forms.Form):
    """The day on which a unit is visited."""

    day = day_field(gettext_lazy("Day of the visit"))


class VisitedForm(forms.Form):
    """That the visit took place."""

    on = day_field(gettext_lazy("Visited on"))


class RequestForm(forms.Form):
    """What a unit asks the team for."""

    text = forms.CharField(
        label=gettext_lazy("Request or proposal"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class AnswerForm(forms.Form):
    """The answer of the team."""

    words = forms.CharField(label=gettext_lazy("Answer"), max_length=4000, widget=forms.Textarea({"rows": 4}))


class EndVisitsForm(DraftSeenForm):
    """To which meeting, or by which day, the report is owed."""

    field_order = ("meeting", "due")
    meeting = forms.ChoiceField(label=gettext_lazy("Report at the meeting"), required=False, widget=PlainSelect)
    due = day_field(
        gettext_lazy("Or by the day"),
        required=False,
        help_text=gettext_lazy("dd/mm/yyyy. Where no meeting is planned yet."),
    )

    def __init__(self, *args: Any, meetings: Sequence[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meetings = {str(m.pk): m for m in meetings}
        field: Any = self.fields["meeting"]
        field.choices = [*NO_CHOICE, *((pk, _dated(m)) for pk, m in self.meetings.items())]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        facts = super().clean()
        if not self.errors and bool(facts.get("meeting")) == bool(facts.get("due")):
            self.add_error("due", _("Choose a meeting or give a day: one of the two."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        data = self.cleaned_data
        return {"meeting": self.meetings.get(data["meeting"]), "due": data["due"], "version": data["version"]}


class ReportForm(DraftSeenForm):
    """The report of the team."""

    accepted = ",".join((*ENDINGS, "image/*"))
    field_order = ("text", "symbol", "uploads")
    text = forms.CharField(
        label=gettext_lazy("Report"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 10})
    )
    symbol = number_field(gettext_lazy("Number of the report"), gettext_lazy("Such as 31-BC/TĐTN."))
    uploads = FilesField(label=gettext_lazy("Files of the report"), required=False)

    def __init__(self, *args: Any, has_files: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_files = has_files

    @property
    def lost_files(self) -> bool:
        """Return whether the person has to choose files again: no browser keeps them."""
        return bool(self.files) and bool(self.errors) and "uploads" not in self.errors

    def clean_symbol(self) -> str:
        """Take the number of a document only."""
        return number_of(self.cleaned_data["symbol"])

    def clean(self) -> dict[str, Any]:
        """Ask for words or a file."""
        facts = super().clean()
        if not self.errors and not (facts.get("text", "").strip() or facts.get("uploads") or self.has_files):
            self.add_error("text", _("Write the report, or attach its file."))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        data = self.cleaned_data
        files = tuple(Upload.of(file) for file in data["uploads"])
        return {name: data[name] for name in ("text", "symbol", "version")} | {"files": files}


class ConclusionForm(DraftSeenForm):
    """A conclusion about one unit. A new one names the visit and carries no version."""

    field_order = ("visit", "text", "due", "follower")
    visit = forms.ChoiceField(label=gettext_lazy("About"), widget=PlainSelect)
    text = forms.CharField(
        label=gettext_lazy("What is concluded"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 5})
    )
    due = day_field(gettext_lazy("To be carried out by"))
    follower = forms.ChoiceField(
        label=gettext_lazy("Followed by"),
        widget=PlainSelect,
        help_text=gettext_lazy("The member who sees to it and closes the conclusion."),
    )

    def __init__(
        self,
        *args: Any,
        visits: Sequence[InspectionVisit],
        people: Sequence[User],
        changed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = changed
        self.visits = {str(v.pk): v for v in visits}
        self.people = {str(p.pk): p for p in people}
        visit: Any = self.fields["visit"]
        visit.choices = [(pk, str(v.unit.label)) for pk, v in self.visits.items()]
        follower: Any = self.fields["follower"]
        follower.choices = [*NO_CHOICE, *((pk, p.full_name) for pk, p in self.people.items())]
        if changed:
            del self.fields["visit"]

    @staticmethod
    def initial_of(row: Conclusion, version: int) -> dict[str, Any]:
        """Return the present values."""
        return {"text": row.text, "due": row.due, "follower": row.follower_id, "version": version}

    @property
    def chosen_visit(self) -> InspectionVisit:
        """Return the visit it is about."""
        return self.visits[self.cleaned_data["visit"]]

    def facts(self) -> dict[str, Any]:
        """Return the values that the acts take."""
        data = self.cleaned_data
        return {"text": data["text"], "due": data["due"], "follower": self.people[data["follower"]]}


class IssueForm(DraftSeenForm):
    """By which document the conclusions are issued; where none is drafted, that none is meant."""

    field_order = ("symbol", "on", "nothing")
    symbol = number_field(gettext_lazy("Number of the conclusions"), gettext_lazy("Such as 08-KL/TĐTN."))
    on = day_field(gettext_lazy("Issued on"))
    nothing = forms.BooleanField(label=gettext_lazy("There is no conclusion to carry out"))

    def __init__(self, *args: Any, drafted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if drafted:
            del self.fields["nothing"]

    def clean_symbol(self) -> str:
        """Take the number of a document only."""
        return number_of(self.cleaned_data["symbol"])

    def facts(self) -> dict[str, Any]:
        """Return what the act takes."""
        return {name: self.cleaned_data[name] for name in ("symbol", "on", "version")}


class CloseForm(forms.Form):
    """What was seen when a conclusion is closed."""

    words = forms.CharField(
        label=gettext_lazy("What was seen"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("By what the conclusion is carried out: a visit, a paper, a figure."),
    )


def _dated(meeting: Meeting) -> str:
    day: dt.date | None = meeting.planned_on
    return f"{meeting.title} ({day:%d/%m/%Y})" if day else meeting.title
