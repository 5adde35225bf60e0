"""Putting in a template: it is tried on a sample first."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from jinja2 import TemplateError

from doantracker.papers.models import PaperTemplate
from doantracker.papers.paper import Column, Head, Heading, Level, Paper, Signature, Table, Text
from doantracker.papers.rendering import as_docx
from plans.file_names import shown_name
from plans.forms.record_base import AnyModelForm

MOST_BYTES = 2 * 1024 * 1024
#: What every template must be able to show.
SAMPLE = Paper(
    kind="BC",
    head=Head(body="Đoàn mẫu", superior="Cấp trên mẫu", place="Nơi", day=dt.date(2026, 1, 1), number="01-BC/TĐTN"),
    abstract="Báo cáo mẫu",
    blocks=(
        *(Heading(level, "Mục") for level in Level),
        Text("Nội dung."),
        Table("Bảng", (Column("TT"), Column("Nội dung")), ((1, "Một"),)),
    ),
    signature=Signature("TM. Ban Thường vụ", "Bí thư", "Người ký"),
    recipients=("Như trên", "Lưu VT"),
)


class TemplateForm(AnyModelForm):
    """A .docx with placeholders; see `doantracker.papers.docx.words_of` for their names."""

    class Meta:
        model = PaperTemplate
        fields = ("kind", "file", "in_use")

    sha256 = ""

    def clean_file(self) -> Any:
        """Refuse what is too large or does not work on the sample."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("A template has at most 2 MB. Take out the pictures."))
        data = upload.read()
        upload.seek(0)
        try:
            as_docx(SAMPLE, data)
        except (TemplateError, ValueError, KeyError, OSError) as error:
            raise forms.ValidationError(
                _("The template does not work: %(why)s. Download ours, change it, and try again."),
                params={"why": error},
            ) from error
        upload.name = shown_name(upload.name)
        self.sha256 = hashlib.sha256(data).hexdigest()
        return upload
