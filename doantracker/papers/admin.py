"""Terms of office and templates in the admin site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from doantracker.lib import clock
from doantracker.papers.forms.templates import TemplateForm
from doantracker.papers.models import PaperTemplate, Term
from units.admin_base import CommonAdmin, ConfigAdmin, acting


@admin.register(Term)
class TermAdmin(ConfigAdmin):
    """Terms of office, in which papers are numbered."""

    path_of = "unit__path"
    list_display = ("unit", "start", "end", "first_number")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)


@admin.register(PaperTemplate)
class PaperTemplateAdmin(CommonAdmin):
    """Templates: tried on a sample before they are taken; one in use is changed by putting in another."""

    form = TemplateForm
    list_display = ("original_name", "kind", "in_use", "added_at", "added_by")
    fields = ("kind", "file", "in_use")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # noqa: ARG002  # Django's
        """Keep the file of a template as it was tried."""
        return ("kind", "file") if obj else ()

    def save_model(self, request: HttpRequest, obj: PaperTemplate, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's signature
        """Take the file with its name and hash; the one in use before is put aside."""
        if not change:
            upload = form.cleaned_data["file"]
            obj.original_name, obj.size, obj.sha256 = upload.name, upload.size, form.sha256
            obj.added_by, obj.added_at = acting(request), clock.now()
        if obj.in_use:
            PaperTemplate.objects.filter(kind=obj.kind, in_use=True).exclude(pk=obj.pk).update(in_use=False)
        super().save_model(request, obj, form, change)
