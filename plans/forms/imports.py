"""How a plan comes in: as a file, or as an empty draft."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doantracker.lib import clock
from plans.enums import PlanKind
from plans.forms.units import UnitNameField
from plans.labels import plan_period_label
from plans.models import Plan
from plans.reading.legacy_text import CONVERTERS, TCVN3, UTF8_AS_1252, VIQR, VNI, WINDOWS_1258
from plans.resolving import UnitNames
from plans.templates_of_kinds import SKELETONS, usual_period
from units.models import Unit

#: What a person is told about a file that can't be read, by the code of `ReadError`.
READ_MESSAGES: Final[dict[str, str | Promise]] = {
    "empty": gettext_lazy("The file is empty. Choose the file that holds the text of the plan."),
    "too_large": gettext_lazy("The file or its text is too large for a plan. Remove pictures and save it anew."),
    "unknown_type": gettext_lazy(
        "Only .docx, .pdf, .txt and .md files can be read. Open the file in Word and save it as .docx."
    ),
    "wrong_type": gettext_lazy("The content of the file is not what its ending says. Save it anew from Word."),
    "old_doc": gettext_lazy(
        "This is an old Word file (.doc). Open it in Word, choose “Save as”, type “Word document (.docx)”, "
        "and import that file."
    ),
    "old_rtf": gettext_lazy(
        "This is a file in Rich Text Format (.rtf). Open it in Word, choose “Save as”, type “Word document (.docx)”, "
        "and import that file."
    ),
    "open_document": gettext_lazy(
        "This is an OpenDocument file (.odt). Open it in LibreOffice or Word, choose “Save as”, type “Word document "
        "(.docx)”, and import that file."
    ),
    "spreadsheet": gettext_lazy(
        "This is a spreadsheet, not a document. Copy the table into a Word document, save that as .docx and import it."
    ),
    "pages": gettext_lazy(
        "This is a file of Apple Pages. Open it there, choose “Export to”, “Word”, and import the exported file."
    ),
    "picture": gettext_lazy("This is a picture. Import the Word file the plan was written in, or type the text."),
    "macros": gettext_lazy(
        "This is a Word file with macros (.docm). Open it in Word, choose “Save as”, type “Word document (.docx)”, "
        "and import that file."
    ),
    "scan": gettext_lazy(
        "The file holds a picture of the text, not the text itself: it was scanned. Import the Word file the plan was "
        "written in, or run text recognition (OCR) on the scan, check the text and paste it below."
    ),
    "locked": gettext_lazy(
        "The file is protected by a password. Open it, save it without a password, and import that file."
    ),
    "too_many_pages": gettext_lazy("The file has more than 300 pages. Import the part that holds the plan."),
    "pdf_unsafe": gettext_lazy(
        "The PDF holds scripts, attached files or commands a plan does not need. Print it into a new PDF, or import "
        "the Word file."
    ),
    "legacy": gettext_lazy(
        "The text is written in an old Vietnamese encoding (such as TCVN3 or VNI). The page “Import a plan” offers to "
        "convert it; elsewhere, convert it to Unicode first."
    ),
    "not_text": gettext_lazy("The text is not in Unicode (UTF-8). Open it, save it as UTF-8 or as .docx."),
    "nul_bytes": gettext_lazy("The file holds NUL bytes, so it is not a text. Save it anew as .docx or as UTF-8."),
    "long_line": gettext_lazy("A paragraph is longer than 10,000 characters. Break it into paragraphs."),
    "not_a_docx": gettext_lazy("The file is not a Word document, whatever its ending says. Save it anew from Word."),
    "broken": gettext_lazy("The file is damaged or cut off. Open it in Word, save it anew, or copy it again."),
    "zip_bomb": gettext_lazy("The file unpacks to far more than a document can be. It was not opened."),
    "unsafe": gettext_lazy(
        "The file holds macros or other parts that a plan does not need. Save it as .docx without macros."
    ),
    "secret_mark": gettext_lazy(
        "The document is marked MẬT, TỐI MẬT or TUYỆT MẬT. State secrets must not be kept in a system with a network, "
        "so the file was refused and not stored."
    ),
    "too_expensive": gettext_lazy(
        "Reading the file took too long or too much memory. Remove pictures, drawings and comments and save it anew."
    ),
}


#: Old encodings as an office calls them; names, the same in every language.
ENCODING_NAMES: Final[dict[str, str]] = {
    TCVN3: "TCVN3 (ABC, .VnTime)",
    VNI: "VNI (VNI-Times)",
    WINDOWS_1258: "Windows-1258",
    VIQR: "VIQR",
    UTF8_AS_1252: "UTF-8 → Windows-1252",
}


def read_message(code: str) -> str:
    """Return what to tell about a refused file, also for a reason that is new to this table."""
    return str(READ_MESSAGES.get(code) or _("The file could not be read. Save it anew as .docx and try again."))


class IssuingUnitForm(forms.Form):
    """Base of both ways in: which unit issues the plan, asked only where there is a choice."""

    issuing_unit = UnitNameField(label=gettext_lazy("Issuing unit"))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_unit = units[0] if len(units) == 1 else None
        if self.only_unit:
            del self.fields["issuing_unit"]
            return
        field = self.fields["issuing_unit"]
        assert isinstance(field, UnitNameField)  # noqa: S101  # for the type checker: declared above
        field.names = UnitNames(units)
        field.initial = field.names.label(units[0])

    def unit(self) -> Unit:
        """Return the issuing unit: the one chosen, or the only one."""
        unit = self.only_unit or self.cleaned_data["issuing_unit"]
        assert isinstance(unit, Unit)  # noqa: S101  # the field is required and gives a unit
        return unit

    @property
    def names(self) -> UnitNames | None:
        """Return what the page offers while a person types."""
        field = self.fields.get("issuing_unit")
        return field.names if isinstance(field, UnitNameField) else None


PASTE_LIMIT: Final = 500_000  # characters: some 200 pages, and less than a request may hold


class ImportForm(IssuingUnitForm):
    """A plan as a file or as pasted text. A file's size is refused before anything is read into memory.

    Either way `cleaned_data["file"]` is the file.
    """

    file = forms.FileField(
        label=gettext_lazy("File of the plan"),
        help_text=gettext_lazy(
            "Word (.docx), PDF with text (.pdf) or text (.txt, .md). Nothing marked MẬT, TỐI MẬT or TUYỆT MẬT: it is "
            "refused."
        ),
        required=False,
        allow_empty_file=True,  # so that an empty file gets our own words
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt,.md"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the text of the plan"),
        help_text=gettext_lazy("At most 500,000 characters, about 200 pages."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_file(self) -> UploadedFile[bytes] | None:
        """Return the file, neither empty nor larger than the office allows."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return None
        if not file.size:
            raise ValidationError(read_message("empty"))
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(limit)s. Remove pictures and save it anew, or import the text only.")
                % {"limit": filesizeformat(settings.UPLOAD_MAX_BYTES)}
            )
        return file

    def clean_text(self) -> str:
        """Return the pasted text. The browser is not told the limit: it would cut the text without a word."""
        text = str(self.cleaned_data["text"])
        if len(text) > PASTE_LIMIT:
            raise ValidationError(_("The text is longer than 500,000 characters. Save it as a file and import that."))
        return text

    def clean(self) -> dict[str, Any]:
        """Make a file of pasted text; exactly one of both must be there."""
        facts = super().clean() or self.cleaned_data
        text, file = facts.get("text", ""), facts.get("file")
        if file and text.strip():
            self.add_error("text", _("Choose a file or paste the text, not both."))
        elif text.strip():
            facts["file"] = ContentFile(text.encode(), name=_("Pasted text") + ".txt")
        elif not file and not self.errors:
            self.add_error("file", _("Choose the file of the plan, or paste its text."))
        return facts


class ConvertForm(IssuingUnitForm):
    """A person agrees to convert a kept file from an old encoding."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=1000)
    encoding = forms.ChoiceField(choices=[(code, code) for code in CONVERTERS], widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "issuing_unit" in self.fields:
            self.fields["issuing_unit"].widget = forms.HiddenInput()


if TYPE_CHECKING:
    PlanModelForm = forms.ModelForm[Plan]
else:
    PlanModelForm = forms.ModelForm  # takes no parameter when it runs


class NewPlanForm(IssuingUnitForm, PlanModelForm):
    """A new draft, filled by hand on the check page, or laid out by its kind first."""

    skeleton = forms.BooleanField(
        label=gettext_lazy("Lay out the headings and the usual work of this kind"),
        required=False,
        help_text=gettext_lazy("Progress reports, reviews and the like, each to be looked at before publishing."),
    )
    field_order = ("title", "kind", "skeleton", "period_start", "period_end", "issuing_unit")

    class Meta:
        model = Plan
        fields = ("title", "kind", "period_start", "period_end")


@dataclass(frozen=True, slots=True)
class KindOffered:
    """One kind of plan to begin with: what it usually holds, and the address that begins it."""

    value: str
    label: str
    period: str
    works: int
    headings: list[str]
    current: bool


def kinds_offered(chosen: str) -> list[KindOffered]:
    """Return the kinds that have a template."""
    today = clock.today()
    return [
        KindOffered(
            kind.value,
            str(kind.label),
            plan_period_label(*usual_period(kind, today.year)),
            skeleton.count,
            [part.title for part in skeleton.parts],
            kind.value == chosen,
        )
        for kind, skeleton in SKELETONS.items()
    ]


def initial_of(chosen: str, today: dt.date) -> dict[str, Any]:
    """Return what the form of a new plan of a kind begins with; nothing for no kind."""
    if chosen not in PlanKind.values:
        return {}
    start, end = usual_period(PlanKind(chosen), today.year)
    return {"kind": chosen, "skeleton": True, "period_start": start, "period_end": end}
