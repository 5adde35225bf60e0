"""Putting in a template: it is tried on samples first, and what is wrong is told by the name of the mark."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from doantracker.papers.docx import words_of
from doantracker.papers.filling import fill_template
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.template_sample import REPORT, SAMPLES

MOST_BYTES: Final = 2 * 1024 * 1024
#: Marks without which a paper could not be sent.
WANTED: Final = frozenset({"number", "place_and_day", "issuer", "abstract", "recipients", "authority", "signer"})
#: What is wrong, and what to do; `about` is the mark or part it is about.
FAULTS: Final = {
    "broken": _("This is no .docx that can be opened (%(about)s). Open it in Word, save it as .docx, send it again."),
    "unsafe": _("The file holds parts that no template needs (%(about)s). Begin again with our template."),
    "too_large": _("The file unpacks to more than a template may hold. Take out the pictures."),
    "too_expensive": _("Filling the template took too long. Take out loops other than those of our template."),
    "macros": _("The file holds macros. Save it as .docx without macros."),
    "embedded": _("The file embeds another document (%(about)s). Take it out."),
    "external": _("The file fetches something from outside (%(about)s). Put pictures into the file itself."),
    "field": _("The field %(about)s fetches something from outside. Take it out."),
    "unknown_mark": _("The mark {{ %(about)s }} is not known. Correct its name or take it out."),
    "forbidden": _("The template reaches for what templates may not use: %(about)s. Take that mark out."),
    "syntax": _("A mark is not closed or not spelt right: %(about)s. Compare it with our template."),
    "body": _("The mark {{ body }} must stand alone in exactly one paragraph outside tables; it stands in %(about)s."),
    "style": _("The style “%(about)s” is missing. Begin with our template, which has all styles."),
}


def explained(fault: TemplateFaultError) -> str:
    """Return what is wrong and its cure."""
    return str(FAULTS[fault.code]) % {"about": fault.about or "–"}


class TemplateForm(forms.Form):
    """A .docx with marks; `words_of` knows their names."""

    file = forms.FileField(
        label=_("Template (.docx)"),
        help_text=format_lazy(
            "{} {}", _("These marks may stand in it:"), ", ".join(f"{{{{ {name} }}}}" for name in words_of(REPORT))
        ),
        widget=forms.FileInput({"accept": ".docx"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large or does not work on the samples."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A template has at most 2 MB. Take out the pictures."))
        data = upload.read()
        upload.seek(0)
        try:
            for sample in SAMPLES:
                fill_template(sample, data)
        except TemplateFaultError as fault:
            raise forms.ValidationError(explained(fault)) from fault
        return upload
