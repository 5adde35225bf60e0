"""By which way and when a person wants notices, which ones the inbox shows, and what a chasing letter needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate, PlainSelect
from plans.enums import NoticeKind
from plans.reminders.channels.schemes import LONGEST
from plans.validators import sane_day


class WaysForm(forms.Form):
    """A tick a kind and way, and the days on which nothing comes."""

    mail = forms.MultipleChoiceField(
        label=gettext_lazy("Also by mail"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    chat = forms.MultipleChoiceField(
        label=gettext_lazy("Also by chat"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    start = forms.DateField(label=gettext_lazy("Away from"), required=False, widget=PlainDate)
    end = forms.DateField(label=gettext_lazy("to and including"), required=False, widget=PlainDate)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Every week quiet on"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, with_chat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_chat:
            del self.fields["chat"]

    def clean(self) -> dict[str, Any]:
        """Refuse days no calendar of ours has."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("start", "end"):
            if cleaned.get(name):
                try:
                    sane_day(cleaned[name])
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned


class ChatForm(forms.Form):
    """One chat address."""

    address = forms.CharField(
        label=gettext_lazy("Address of the chat"),
        max_length=LONGEST,
        widget=forms.TextInput(
            {"class": "form-control", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
    )


class InboxForm(forms.Form):
    """Which notices to show."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, widget=PlainSelect)
    plan = forms.TypedChoiceField(
        label=gettext_lazy("Plan"), required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    unread = forms.BooleanField(
        label=gettext_lazy("Unread only"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    by = forms.CharField(required=False, widget=forms.HiddenInput)  # the tab

    def __init__(self, *args: Any, plans: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, plan = self.fields["kind"], self.fields["plan"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  # for the type checker
        assert isinstance(plan, forms.ChoiceField)  # noqa: S101  # for the type checker
        kind.choices = [("", _("All kinds")), *NoticeKind.choices]
        plan.choices = [("", _("All plans")), *((str(pk), label) for pk, label in plans)]


class LetterForm(forms.Form):
    """To whom, and by when to answer."""

    unit = forms.TypedChoiceField(label=gettext_lazy("To"), required=False, coerce=int, empty_value=None)
    answer_by = forms.DateField(label=gettext_lazy("Answer by"), widget=PlainDate)

    def __init__(self, *args: Any, units: list[tuple[int, str]], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)  # noqa: S101  # for the type checker
        unit.widget = PlainSelect()
        unit.choices = [("", _("All units that are late")), *((str(pk), label) for pk, label in units)]

    def clean_answer_by(self) -> dt.date:
        """Return a day to come."""
        day: dt.date = self.cleaned_data["answer_by"]
        if not self.today < day <= self.today + dt.timedelta(days=366):
            raise ValidationError(_("Give a day after today, at most a year ahead."))
        return day
