"""The life of a plan: putting a draft before a leader, amendments, closing with the final report, the copy."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib.widgets import PlainDate
from plans.actions.closing import FinalReport
from plans.actions.proof import Upload
from plans.enums import OpenWork
from plans.evidence_files import ENDINGS
from plans.forms.evidence import checked_link, checked_number
from plans.forms.records import SolutionForm
from plans.models import Plan, Solution
from plans.validators import LONGEST_TEXT, sane_day, validate_evidence
from units.models import User

LONGEST_REASON: Final = 500
AMENDED: Final = ("text", "lead_unit", "supporting_units", "overseer", "level", "deliverable")
_READ_BY_UNITS = gettext_lazy("The units read it with the notice, and it stays in the history.")


def _words(label: Any, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("max_length", LONGEST_REASON)
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 2}), **kwargs)


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    kwargs.setdefault("help_text", gettext_lazy("dd/mm/yyyy"))
    return forms.DateField(label=label, widget=PlainDate, validators=[sane_day], **kwargs)


class AskForm(forms.Form):
    """Before whom a draft is put."""

    asked_of = forms.ModelChoiceField(
        label=gettext_lazy("Put before"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("any leader of the issuing unit"),
    )
    note = _words(gettext_lazy("Note"), required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[User]", self.fields["asked_of"])
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("sort_key", "pk")


class DecideForm(forms.Form):
    """What a leader says to a draft, as it was read (`seen`)."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    reason = _words(
        gettext_lazy("What has to be changed"), required=False, help_text=gettext_lazy("Only when you send it back.")
    )


class ReopenForm(forms.Form):
    """Why a closed plan is opened again."""

    reason = _words(gettext_lazy("Reason"), help_text=gettext_lazy("It stays in the history of the plan."))


class CloseForm(forms.Form):
    """The final report: a file, a link or a document; and what becomes of open work, where there is some."""

    upload = forms.FileField(label=gettext_lazy("Final report as a file"), required=False, allow_empty_file=True)
    document_number = forms.CharField(
        label=gettext_lazy("Or its number"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Such as 245-BC/TĐTN-TCKT."),
    )
    document_day = _day(gettext_lazy("Day of the document"), required=False)
    link = forms.CharField(label=gettext_lazy("Or a link to it"), required=False, max_length=500)
    open_work = forms.ChoiceField(
        label=gettext_lazy("What becomes of the open work"), choices=OpenWork.choices, widget=forms.RadioSelect
    )
    reason = _words(gettext_lazy("Why it is called off"), required=False, help_text=gettext_lazy("Its units read it."))

    def __init__(self, *args: Any, undone: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = ",".join(ENDINGS)
        if not undone:
            del self.fields["open_work"], self.fields["reason"]

    def clean_upload(self) -> UploadedFile[bytes] | None:
        """Take what evidence may be, within the same limits."""
        file: UploadedFile[bytes] | None = self.cleaned_data["upload"]
        if file:
            validate_evidence(file, limit=settings.UPLOAD_MAX_BYTES)
        return file

    def clean_document_number(self) -> str:
        """Take the number of a document as an office writes it."""
        number = " ".join(str(self.cleaned_data["document_number"]).split())
        return checked_number(number) if number else ""

    def clean_link(self) -> str:
        """Take the address of a page on the web."""
        link = str(self.cleaned_data["link"]).strip()
        return checked_link(link) if link else ""

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one report, and for the reason where work is called off."""
        data = self.cleaned_data
        if not self.errors:
            given = [bool(data.get(name)) for name in ("upload", "document_number", "link")]
            if sum(given) != 1:
                raise ValidationError(
                    _("Give the final report as one thing: a file, a link, or the number of the document.")
                )
            if data.get("document_number") and not data.get("document_day"):
                self.add_error("document_day", _("Give the day of the document as well."))
            if data.get("open_work") == OpenWork.CANCEL and not data.get("reason"):
                self.add_error("reason", _("Say why the open work is called off: the units will read it."))
        return data

    def report(self) -> FinalReport:
        """Return the final report."""
        data = self.cleaned_data
        file = Upload.of(data["upload"]) if data["upload"] else None
        day = data["document_day"] if data["document_number"] else None
        return FinalReport(file, data["link"], data["document_number"], day)


class NextYearForm(forms.Form):
    """For which year a plan is copied."""

    year = forms.IntegerField(label=gettext_lazy("For the year"), min_value=2000, max_value=2100, localize=False)
    again = forms.BooleanField(
        label=gettext_lazy("Make another copy, although there is one for this year"), required=False
    )

    def __init__(self, *args: Any, copied: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not copied and "again" not in self.data:
            del self.fields["again"]


class AmendmentForm(forms.Form):
    """What an amendment is about, and why."""

    title = forms.CharField(label=gettext_lazy("What it is about"), max_length=500)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}))


class IssueAmendmentForm(forms.Form):
    """The document by which an amendment is issued."""

    symbol = forms.CharField(
        label=gettext_lazy("Number and symbol of the document"),
        max_length=60,
        help_text=gettext_lazy("Such as 245-KH/TĐTN-TCKT."),
    )
    issued_on = _day(gettext_lazy("Day of issue"))

    def clean_symbol(self) -> str:
        """Take the number of a document as an office writes it."""
        return checked_number(" ".join(str(self.cleaned_data["symbol"]).split()))


class AmendSolutionForm(SolutionForm):
    """A solution of a published plan: its words, who leads and supports it, and why it changes."""

    reason = _words(gettext_lazy("Reason"), help_text=_READ_BY_UNITS)
    field_order: tuple[str, ...] = (*AMENDED, "reason")

    class Meta(SolutionForm.Meta):
        model = Solution
        fields: tuple[str, ...] = AMENDED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("fingerprint", None)

    def limit(self) -> None:
        """Offer the people who may look after it; groups and answers stay as they were published."""
        self.limit_overseers()

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        return {"values": self.values()}


class NewSolutionForm(AmendSolutionForm):
    """A solution that an amendment adds."""

    field_order = ("text", "group", *AMENDED[1:], "reason")

    class Meta(AmendSolutionForm.Meta):
        fields = ("text", "group", *AMENDED[1:])

    def limit(self) -> None:
        """Offer the groups of the plan too."""
        super().limit()
        self._choices("group").queryset = self.plan.groups.all()


class DropForm(forms.Form):
    """Why a solution is dropped."""

    reason = _words(gettext_lazy("Reason"), help_text=_READ_BY_UNITS)

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        return {}


class PeriodEndForm(forms.Form):
    """Until when a plan runs."""

    period_end = _day(
        gettext_lazy("New end of the period"), required=False, help_text=gettext_lazy("Empty: open end.")
    )
    reason = _words(gettext_lazy("Reason"), help_text=_READ_BY_UNITS)

    def facts(self) -> dict[str, Any]:
        """Return what the act takes besides the reason."""
        return {"period_end": self.cleaned_data["period_end"]}


class CompareForm(forms.Form):
    """With which past day a plan is compared."""

    day = _day(gettext_lazy("Compare with the end of this day"))

    def __init__(self, *args: Any, plan: Plan, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.today = plan, today

    def clean_day(self) -> dt.date:
        """Take a day on which the plan was published, before today."""
        day: dt.date = self.cleaned_data["day"]
        published = self.plan.published_at
        if day >= self.today:
            raise ValidationError(_("Choose a day before today."))
        if published and day < timezone.localdate(published):
            words = _("The plan was published on %(day)s. Choose that day or a later one.")
            raise ValidationError(words % {"day": f"{timezone.localdate(published):%d/%m/%Y}"})
        return day
