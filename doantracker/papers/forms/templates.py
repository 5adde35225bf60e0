"""Putting in a template: it is tried on samples first, and what is wrong is told by the name of the mark."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from doantracker.papers.docx import words_of
from doantracker.papers.filling import fill_template
from doantracker.papers.template_checks import TemplateFaultError
from doantracker.papers.template_sample import REPORT, SAMPLES, needed_by

MOST_BYTES: Final = 2 * 1024 * 1024
#: What is wrong, and what to do; `about` is the mark or part it is about.
FAULTS: Final = {
    "broken": _("This is no .docx that can be opened (%(about)s). Open it in Word, save it as .docx, send it again."),
    "not_word": _("This is not a Word file. Open it in Word, save it as .docx, then send it again."),
    "unsafe": _("The file holds parts that no template needs (%(about)s). Begin again with our template."),
    "too_large": _("The file unpacks to more than a template may hold. Take out the pictures."),
    "too_expensive": _("Filling the template took too long. Take out loops other than those of our template."),
    "failed": _("A mark computes what does not work for this paper: %(about)s. Write marks as our template has them."),
    "macros": _("The file holds macros. Save it as .docx without macros."),
    "embedded": _("The file embeds another document (%(about)s). Take it out."),
    "external": _("The file fetches something from outside (%(about)s). Put pictures into the file itself."),
    "field": _("The field %(about)s fetches something from outside. Take it out."),
    "unknown_mark": _("The mark {{ %(about)s }} is not known. Correct its name or take it out."),
    "forbidden": _("The template reaches for what templates may not use: %(about)s. Take that mark out."),
    "syntax": _("A mark is not closed or not spelt right: %(about)s. Compare it with our template."),
    "body": _("The mark {{ body }} must stand alone in exactly one paragraph outside tables; it stands in %(about)s."),
    "missing_mark": _("Marks are missing that these papers need, or their words do not show: %(about)s. Put them in."),
    "style": _("The style “%(about)s” is missing. Begin with our template, which has all styles."),
}


#: What each mark gives way to; `words_of` fills them.
MARKS: Final = {
    "title": _("The words “Đoàn TNCS Hồ Chí Minh” above the right column of the head."),
    "superior": _("The body above the one that issues; empty at the top."),
    "issuer": _("The body that issues the paper."),
    "number": _("Number and symbol, such as 12-BC/TĐTN-VP."),
    "place_and_day": _("Place and date, such as “Nơi ban hành, ngày 09 tháng 02 năm 2026”."),
    "subject": _("What a letter is about, below its number; empty for other kinds."),
    "marks": _("Marks of urgency, secrecy or draft: a list, one a line."),
    "note": _("A note below the symbol, such as “Tài liệu họp”."),
    "kind": _("Name of the kind of paper, such as BÁO CÁO; empty for a letter."),
    "abstract": _("What the paper is about, below its kind; empty for a letter."),
    "addressees": _("To whom a letter goes (Kính gửi): a list, one a line."),
    "recipients": _("Nơi nhận: a list, one a line."),
    "authority": _("In whose name it is signed, such as “TM. BAN THƯỜNG VỤ TỈNH ĐOÀN”."),
    "post": _("Post of the signer."),
    "signer": _("Name of the signer."),
    "left_post": _("Post of who signs at the left beside the signer, such as the secretary of a meeting; else empty."),
    "left_signer": _("Name of who signs at the left; else empty."),
    "below_post": _("Who signs below both, such as a witness; else empty."),
    "below_signer": _("Name of who signs below both; else empty."),
    "file_code": _("Code of the file, in small letters at the foot."),
    "body": _("The whole text with headings and tables: alone in a paragraph of its own."),
}
#: How a list is written, and what stands only where there is something.
LOOPS: Final = (
    (
        "{%p for recipient in recipients %} … {{ recipient }} … {%p endfor %}",
        _("Repeats the paragraphs between for each line of a list: marks, addressees, recipients."),
    ),
    (
        "{%p if superior %} … {%p endif %}",
        _("Shows the paragraphs between only where the mark holds something. Each of the two stands in a paragraph."),
    ),
    ("{% if loop.first %} … {% endif %}", _("In a list: shows words before its first line only.")),
)


def explained(fault: TemplateFaultError) -> str:
    """Return what is wrong and its cure; of marks that are missing also what each is for."""
    about = fault.about
    if fault.code == "missing_mark":
        about = "; ".join(f"{{{{ {name} }}}} – {str(MARKS[name]).rstrip('.')}" for name in about.split(", "))
    return str(FAULTS[fault.code]) % {"about": about or "–"}


class TemplateForm(forms.Form):
    """A .docx with marks for papers of a `kind` ("": all); `words_of` knows their names."""

    file = forms.FileField(
        label=_("Template (.docx)"),
        help_text=_("The marks that may stand in it are explained above."),
        widget=forms.FileInput({"accept": ".docx"}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needed = needed_by(kind)

    @property
    def marks(self) -> list[tuple[str, Any, bool]]:
        """Return each mark as it is written, with what takes its place, and whether a template needs it."""
        needed = {*self.needed, "body"}
        named = [(f"{{{{ {name} }}}}", MARKS.get(name, ""), name in needed) for name in words_of(REPORT)]
        return named + [(loop, meaning, False) for loop, meaning in LOOPS]

    def clean_file(self) -> Any:
        """Refuse what is too large or does not work on the samples."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A template has at most 2 MB. Take out the pictures."))
        data = upload.read()
        upload.seek(0)
        try:
            for sample in SAMPLES:
                fill_template(sample, data, self.needed)
        except TemplateFaultError as fault:
            raise forms.ValidationError(explained(fault)) from fault
        return upload
