"""What a person hands in as proof: photos and files, links, numbers of documents, evidence given before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from doantracker.lib.text import nfc
from plans.actions.proof import Proof, Upload
from plans.evidence_files import ENDINGS
from plans.models import Deadline, Evidence
from plans.secrecy import secrecy_mark
from plans.symbols import is_document_number
from plans.validators import validate_evidence
from units.models import User

MOST_FILES = 10  # of one report
MOST_LINES = 10  # links, or numbers, of one report
LONGEST_LINK = 500
LONGEST_NUMBER = 60
_LINE_ENDS = re.compile(r"[\r\n;]+")
_link = forms.URLField(assume_scheme="https", max_length=LONGEST_LINK)


class FilesInput(forms.ClearableFileInput):
    """Several files at once; drawn by `plans/picker.html`, with the camera as a second input of the same name."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, each checked on its own, and their number and sum."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:  # noqa: ARG002  # Django's signature
        """Return the files; whatever is wrong with each of them is said at once."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise ValidationError(
                _("At most %(most)s files at once. Send the others in another report."), params={"most": MOST_FILES}
            )
        if sum(file.size or 0 for file in given) > settings.REPORT_MAX_BYTES:
            raise ValidationError(
                _("The files together are larger than %(limit)s. Send some of them in another report."),
                params={"limit": filesizeformat(settings.REPORT_MAX_BYTES)},
            )
        faults: list[ValidationError] = []
        for file in given:
            try:
                validate_evidence(file, limit=settings.UPLOAD_MAX_BYTES)
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        return list(given)


class LinesField(forms.CharField):
    """Several short texts, one a line, each checked on its own."""

    def __init__(self, *, check: Callable[[str], str], **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 1, "class": "lines"}))
        super().__init__(required=False, **kwargs)
        self.check = check

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the texts, each once, in their order."""
        lines = (nfc(" ".join(line.split())) for line in _LINE_ENDS.split(super().clean(value)))
        found = dict.fromkeys(line for line in lines if line)
        if len(found) > MOST_LINES:
            raise ValidationError(_("At most %(most)s at once."), params={"most": MOST_LINES})
        return tuple(dict.fromkeys(self.check(line) for line in found))


def checked_link(raw: str) -> str:
    """Return the address of a page on the web, whole."""
    try:
        link = str(_link.clean(raw))
    except ValidationError as error:
        raise ValidationError(
            _("“%(text)s” is not a link. Copy it whole from the address bar, like https://…"),
            params={"text": raw[:80]},
        ) from error
    if not link.lower().startswith(("https://", "http://")):
        raise ValidationError(_("Only links that begin with https:// or http:// are taken."))
    return link


def checked_number(raw: str) -> str:
    """Return the number of a document, as the Party, the Union or the State writes it."""
    if secrecy_mark(raw):
        raise ValidationError(
            _("“%(text)s” carries a mark of secrecy. Papers with state secrets must not be named here."),
            params={"text": raw[:80]},
        )
    if len(raw) > LONGEST_NUMBER or not is_document_number(raw):
        raise ValidationError(
            _("“%(text)s” is not the number of a document. Write it like 245-BC/TĐTN-TCKT or 12/QĐ-UBND."),
            params={"text": raw[:80]},
        )
    return raw


class ProofForm(forms.Form):
    """The fields of proof. `lost_files` says that files came in and have to be chosen again: no browser keeps them."""

    accepted = ",".join((*ENDINGS, "image/*"))  # what the browser offers to choose

    uploads = FilesField(label=_("Photos or files"), required=False)
    links = LinesField(label=_("Links"), check=checked_link, max_length=6000, help_text=_("One a line."))
    document_numbers = LinesField(
        label=_("Numbers of documents"), check=checked_number, max_length=1000, help_text=_("One a line.")
    )
    shared = forms.ModelMultipleChoiceField(
        label=_("Evidence given for other work"), queryset=Evidence.objects.none(), required=False
    )

    def __init__(self, *args: Any, deadline: Deadline, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"e{deadline.pk}-%s")  # several reports can be open on one page
        super().__init__(*args, **kwargs)
        self.fields["shared"].queryset = Evidence.objects.usable_for(deadline, by)  # type: ignore[attr-defined]

    @property
    def lost_files(self) -> bool:
        """Return whether the person has to choose files again."""
        return bool(self.files) and bool(self.errors) and "uploads" not in self.errors

    @property
    def ticked(self) -> list[Evidence]:
        """Return the evidence of other work that was ticked: it stays so when something else is wrong."""
        return list(self.cleaned_data.get("shared", ())) if self.is_bound else []

    def proof(self) -> Proof:
        """Return what is handed in."""
        data = self.cleaned_data
        files = tuple(Upload.of(file) for file in data["uploads"])
        return Proof(files, data["links"], data["document_numbers"], tuple(data["shared"]))


class ReplaceForm(ProofForm):
    """One thing as the newer version of a piece of evidence."""

    field_order = ("uploads", "links", "document_numbers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].label = _("Newer photo or file")
        self.fields["links"].label, self.fields["links"].help_text = _("Or a link"), ""
        self.fields["document_numbers"].label = _("Or the number of a document")
        self.fields["document_numbers"].help_text = ""
        del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        """Take exactly one thing."""
        given = [len(self.cleaned_data.get(n) or ()) for n in ("uploads", "links", "document_numbers")]
        if not self.errors and sum(given) != 1:
            raise ValidationError(
                _("Give one thing as the newer version: a file, a link or the number of a document.")
            )
        return self.cleaned_data

    def proof(self) -> Proof:
        """Return the newer version."""
        self.cleaned_data["shared"] = ()
        return super().proof()
